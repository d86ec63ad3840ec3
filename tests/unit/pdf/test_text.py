"""Shaped text: what the operators show is what HarfBuzz meant."""

import re
from unicodedata import category

import pytest

from certs.pdf.embed import Fonts
from certs.pdf.glyphs import Piece
from certs.pdf.objects import Objects
from certs.pdf.text import Typesetter, shape_piece, split_runs
from certs.pdf.typeface import STYLES, alphabet
from tests.unit.pdf import cast

MARKED = ("ลุงกี่ ญี่ปุ่น", "မြန်မာ နိုင်ငံ", "ກິ່ງ ພູ້", "שָׁלוֹם", "مُحَمَّد عَلِيّ", "Ṃ̀ḿ̀ ẋ̣́")
"""Names with marks that are put in place one beside the other."""


def shown_width(typesetter: Typesetter, operators: bytes) -> float:
    """Return how far *operators* move the pen, in ems: advances of the codes less the adjustments between them."""
    objects = Objects(first=1)
    typesetter.write(objects)
    tables = re.findall(rb"/W\[0\[([^\]]*)\]\]", objects.write()[0])
    widths = [[float(width) for width in table.split()] for table in tables]
    moved, font = 0.0, 0
    for chosen, codes, adjustment in re.findall(rb"/F(\d+) 1 Tf|<([0-9A-F]+)>|(?<=[>\[ ])(-?\d+)(?=[<\] ])", operators):
        if chosen:
            font = int(chosen)
        elif codes:
            moved += sum(widths[font][int(codes[i : i + 4], 16)] for i in range(0, len(codes), 4))
        else:
            moved -= int(adjustment)
    return moved / 1000


@pytest.mark.parametrize("name", [*cast.NAMES.values(), *MARKED])
def test_operators_move_the_pen_as_far_as_the_line_is_wide(name: str) -> None:
    """Two adjustments beside each other are two numbers; codes and adjustments are rounded to thousandths."""
    typesetter = Typesetter()
    line = typesetter.line(name, "serif", "")
    shown = re.sub(rb"/Span<<.*?>>BDC ", b"", line.operators, flags=re.DOTALL)
    assert shown_width(typesetter, shown) == pytest.approx(line.width, abs=0.001 * (len(name) + 1))


@pytest.mark.parametrize("name", ["علی‌رضا Ali", "Ali علی‌رضا", "گودرزی‌نژاد-رضایی", "علی‌رضا، رضا"])
def test_a_joiner_in_a_name_of_both_directions_stays_with_its_word(name: str) -> None:
    """The bidirectional algorithm takes joiners out; the runs hold the whole name all the same."""
    runs = split_runs(name, "serif", "")
    assert sorted("".join(run.text for run in runs)) == sorted(name)
    (joining,) = [run for run in runs if "\u200c" in run.text]
    assert joining.level == 1
    assert joining.text.strip("\u200c") == joining.text


@pytest.mark.parametrize("style", STYLES)
def test_no_letter_of_a_latin_face_kerns_with_a_space(style: str) -> None:
    """So words may be shaped one by one: each character before and after a space, and both by themselves."""
    face, fonts = alphabet(style).face, Fonts()
    for char in filter(stands_alone, map(chr, face.font.face.unicodes)):
        together = shape_piece(fonts, face, 0, f"{char} {char}", "")
        apart = [shape_piece(fonts, face, 0, text, "") for text in (char, " ", char)]
        assert (together.width, joined(together)) == (sum(piece.width for piece in apart), joined(*apart)), char


def stands_alone(char: str) -> bool:
    """Say whether a word can begin with *char*: no mark, no joiner."""
    return category(char)[0] in "LNPS"


def joined(*pieces: Piece) -> bytes:
    """Return the items of all *pieces*, neighbouring codes in one string."""
    return b"".join(piece.items for piece in pieces).replace(b"><", b"")


def test_words_are_joined_to_one_string() -> None:
    """A name without kerning is one string of codes, its spaces in it."""
    line = Typesetter().line("III III", "regular", "")
    assert re.fullmatch(rb"/F0 1 Tf \[<[0-9A-F]{28}>\]TJ ", line.operators)


@pytest.mark.parametrize("name", ["א. ב. יהושע", "עמית בן-דוד", "د. محمد", "علي-حسن"])
def test_punctuation_from_right_to_left_stays_in_its_run(name: str) -> None:
    """So that readers take the name for one text."""
    assert len(split_runs(name, "serif", "")) == 1


def test_punctuation_of_other_scripts_is_set_as_ever() -> None:
    """By the Latin face, which comes first."""
    assert [run.text for run in split_runs("王-小", "serif", "")] == ["王", "-", "小"]
