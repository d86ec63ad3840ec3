"""Text shrinks first, then wraps, and is never cut."""

import re
from dataclasses import replace

import pytest

from certs.errors import InputError
from certs.pdf import Design
from certs.pdf.bidi import levels, visual_order
from certs.pdf.design import Style
from certs.pdf.layout import set_text, widest
from certs.pdf.text import Typesetter, split_runs
from certs.pdf.typeface import legible

NAME = Design.load("classic").styles["name"]
WIDTH = 540.0


@pytest.mark.parametrize(
    ("name", "lines", "size"),
    [
        ("Pelé", 1, 42),
        ("Žofía Ångström-Nguyễn Thị Hồng Đào Svobodová", 1, 26),
        ("Maria-Magdalena Wilhelmina Konstantinopolitanskaya van der Bergh-Hohenstaufen", 2, 25),
    ],
)
def test_a_long_name_shrinks_and_then_wraps(name: str, lines: int, size: float) -> None:
    """On one line as long as that is large enough."""
    setting = set_text(Typesetter(), name, NAME, WIDTH, "")
    assert (len(setting.lines), setting.size) == (lines, size)
    assert setting.width <= WIDTH


@pytest.mark.parametrize(
    "name", ["အောင်ဆန်းစုကြည် မောင်မောင်အေး ကျော်ဇင်လတ် သန်းသန်းနွယ် ဒေါ်ခင်မာလာ ဦးကျော်", "عبد الرحمن بن عبد الله بن محمد " * 4]
)
def test_scripts_with_deep_signs_have_their_lines_further_apart(name: str) -> None:
    """They would stand in each other; yet they reach no higher than two Latin lines."""
    setting = set_text(Typesetter(), name.strip(), NAME, WIDTH, "")
    assert len(setting.lines) == 2
    assert setting.leading >= 1.4 * setting.size
    assert setting.depth <= NAME.wrapped * NAME.leading


def test_lines_are_of_nearly_equal_length() -> None:
    """Not one long and one short."""
    setting = set_text(Typesetter(), "Anna Beta Carla Delta Erika Fausta Gerda Helga Irma Jutta Klara", NAME, 400, "")
    first, second = setting.lines
    assert abs(first.width - second.width) < 0.2 * first.width


def test_han_names_break_between_characters() -> None:
    """They have no spaces."""
    assert len(set_text(Typesetter(), "山" * 30, NAME, WIDTH, "ja").lines) == 2


@pytest.mark.parametrize("name", ["Adébáyọ̀ Ọ̀ṣúntókun", "Kwábɛ́ná Mɔ́ŋ", "Али Ѯения"])
def test_marks_that_the_serif_cannot_place_change_the_face_of_the_whole_name(name: str) -> None:
    """A mark would stand beside its letter, or a letter come from a face that does not match."""
    style = legible(name, "serif")
    assert style == "marked"
    (run,) = split_runs(name, style, "")
    assert run.face.name == "NotoSerif-500Medium"


@pytest.mark.parametrize("name", ["Jana Nováková", "Nguyễn Thị Hồng Đào", "Žofía Ångström", "Ẋ x̂", "هالة Ọ̀ṣun", "山田"])
def test_other_names_keep_the_serif(name: str) -> None:
    """Accented letters that are one character, marks it does place, and names that need other scripts anyway."""
    assert legible(name, "serif") == "serif"


def test_lines_of_a_wrapped_name_have_one_face() -> None:
    """Though the mark stands on one of them only."""
    setting = set_text(Typesetter(), "Ọ̀ṣun " + "Adelabu " * 8 + "Olu", NAME, WIDTH, "")
    fonts = [re.findall(rb"/F\d+ 1 Tf", line.operators) for line in setting.lines]
    assert fonts == [[b"/F0 1 Tf"], [b"/F0 1 Tf"]]


def test_what_does_not_fit_is_an_error() -> None:
    """With the text, and what to do."""
    with pytest.raises(InputError, match=r"too long .* shorten it"):
        set_text(Typesetter(), "x" * 300, NAME, WIDTH, "")


@pytest.mark.parametrize("name", ["Jana Nováková", "Tôn Nữ", "山田 花子", "هالة البنا", "শ্রীমতী", "สมชาย ใจดี"])
def test_the_quick_width_is_never_too_little(name: str) -> None:
    """It only decides whether the exact one is needed."""
    exact = Typesetter().line(name, "serif", "").width * NAME.least
    assert exact <= widest(name, NAME, "")


def test_style_sizes_are_tried_downwards() -> None:
    """A style without smaller sizes does not shrink."""
    rigid = replace(NAME, least=42, wrapped=42, smallest=42, lines=1)
    with pytest.raises(InputError):
        set_text(Typesetter(), "Žofía Ångström-Nguyễn Thị Hồng Đào Svobodová", rigid, WIDTH, "")


def test_right_to_left_runs_stand_in_visual_order() -> None:
    """Latin inside Hebrew is read from its own left."""
    runs = split_runs("רות Ruth כהן", "serif", "")
    assert [run.text.strip() for run in runs if run.text.strip()] == ["כהן", "Ruth", "רות"]
    assert {run.text.strip(): run.level % 2 for run in runs}["Ruth"] == 0


def test_levels_are_one_number_where_all_are_alike() -> None:
    """As in nearly every name."""
    assert (levels("Ruth"), levels("רות"), levels("")) == (0, 1, 0)


@pytest.mark.parametrize(
    ("run_levels", "order"),
    [([], []), ([0, 1, 0], [0, 1, 2]), ([1, 2, 1], [2, 1, 0]), ([0, 1, 2, 1, 0], [0, 3, 2, 1, 4])],
)
def test_runs_are_turned_level_by_level(run_levels: list[int], order: list[int]) -> None:
    """Rule L2 of the bidirectional algorithm."""
    assert visual_order(run_levels) == order


def test_a_space_stands_behind_a_line_that_breaks_at_one() -> None:
    """So that its last word and the next line's first do not run together; behind a hyphen there is none."""
    typesetter = Typesetter()
    style = Style(face="regular", size=10, least=10, lines=2, wrapped=10, smallest=10, colour="ink")
    for text, spaced in (("contamination control", True), ("contamination-control", False)):
        first, last = set_text(typesetter, text, style, 80, "en").lines
        shown = typesetter.line(text[:14].rstrip() + " " * spaced, "regular", "en").operators
        assert first.operators == shown
        assert last.operators == typesetter.line("control", "regular", "en").operators
        assert first.width == typesetter.line(text[:14].rstrip(), "regular", "en").width
