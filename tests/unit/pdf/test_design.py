"""A new look is a folder; what is wrong with it is said by file and key."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from certs.errors import InputError
from certs.ground import places
from certs.pdf import Design, design, draw_plate, lint
from certs.pdf.raster import look
from tests.unit.pdf import cast

CLASSIC = Path(design.__file__).parents[2] / "templates" / "certificates" / "classic"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A copy of the classic design under another name, in a folder of the deployment's own."""
    shutil.copytree(CLASSIC, tmp_path / "modern")
    places.add_designs(tmp_path)
    yield tmp_path / "modern"
    places.add_designs(None)


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("design.toml", 'kind = "qr"', 'kind = "barcode"', "is of kind 'barcode'"),
        ("design.toml", 'words = "qr"\n', "", "(qr) lacks words"),
        (
            "design.toml",
            "x = 664\ny = 172\nwidth = 146",
            'x = 664\ny = 172\nwidth = "wide"',
            "width of block 15 (qr) has the wrong type",
        ),
        (
            "design.toml",
            "x = 664\ny = 172\nwidth = 146",
            "x = 664\ny = 172\nwidth = 146\nheigth = 3",
            "unknown key heigth",
        ),
        ("design.toml", 'face = "serif"', 'face = "script"', "names a face or colour that does not exist"),
        ("design.toml", 'ink = "#12303f"', 'ink = "navy"', "ink"),
        ("design.toml", "[colours]", "[colors]", "lacks colours"),
        ("design.toml", "[styles]", "[styles", "cannot be read"),
        ("design.toml", 'art = "art.svg"', 'art = "../classic/art.svg"', "is not beside it"),
        ("words.toml", 'months_short = ["Jan", ', "months_short = [", "twelve month_names"),
    ],
)
def test_a_wrong_design_is_refused_by_name(folder: Path, file: str, old: str, new: str, says: str) -> None:
    """Before anything is drawn with it."""
    edit(folder / file, old, new)
    with pytest.raises(InputError) as caught:
        Design.load("modern")
    assert says in str(caught.value)


def test_a_design_without_a_place_for_the_code_is_refused(folder: Path) -> None:
    """The name, the link, the code and the seal are on every certificate."""
    edit(folder / "design.toml", 'kind = "qr"', 'kind = "logo"\nheight = 9')
    with pytest.raises(InputError, match="no place for: qr"):
        draw_plate(Design.load("modern"), [cast.statement()], cast.BASE_URL, cast.sealer())


def test_a_logo_may_be_a_picture(folder: Path) -> None:
    """In PNG, with transparency; the file stays as readable as before."""
    Image.new("RGBA", (900, 400), (200, 30, 60, 128)).save(folder / "logo.png")
    statement = cast.statement(event=replace(cast.EVENT, logo="logo.png"))
    plate = draw_plate(Design.load("modern"), [statement], cast.BASE_URL, cast.sealer())
    assert b"/SMask" in plate.data
    file = plate.data + plate.imprint(statement, cast.claim_url(statement)).tail
    assert lint(file, statement, cast.claim_url(statement), plate.expected(statement)) == []


@pytest.mark.parametrize(
    ("logo", "prepare"),
    [
        ("absent.svg", lambda folder: None),
        ("../classic/mark.svg", lambda folder: None),
        ("broken.png", lambda folder: (folder / "broken.png").write_bytes(b"\x89PNG")),
    ],
)
def test_a_logo_that_is_not_there_is_said(folder: Path, logo: str, prepare: Callable[[Path], object]) -> None:
    """Only files of the design's own folder are read."""
    prepare(folder)
    statement = cast.statement(event=replace(cast.EVENT, logo=logo))
    with pytest.raises(InputError, match=r"no file|no picture"):
        draw_plate(Design.load("modern"), [statement], cast.BASE_URL, cast.sealer())


DEEP = ("محمد عبد الرحمن الحسيني", "علي", "صبري", "Jyğų Ŋǫ", "ក្រ្ដីស្ត្រី", "သိန္တြိုဋ္ဌျွ", "སྒྲོལ་མ་བསྒྲུབས")
"""Names with letters that reach far below the line: a final yeh with its dots, stacked consonants."""


@pytest.mark.parametrize("name", [*DEEP, *cast.NAMES.values()])
def test_nobodys_name_touches_the_rule_beneath_it(name: str) -> None:
    """Nor does the line of words under the rule."""
    rule = re.search(r'<line x1="62" y1="(\S+)" .*stroke-width="(\S+)"', (CLASSIC / "art.svg").read_text())
    assert rule is not None
    y, weight = map(float, rule.groups())
    statement = cast.statement(name)
    plate = draw_plate(Design.load("classic"), [statement], cast.BASE_URL, cast.sealer())
    seen = look(plate.data + plate.imprint(statement, cast.claim_url(statement)).tail)
    assert seen is not None
    page_y = seen.height - y
    assert [
        text for text in seen.texts.values() if text.left < 600 and text.bottom - weight < page_y < text.top + weight
    ] == []
