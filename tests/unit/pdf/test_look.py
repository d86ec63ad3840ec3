"""The page as somebody sees it: whose logos and signatures, colours to be read, ornaments inside their frames."""

import io
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from certs.model import EventFacts, Partner, PictureFile, Signatory
from certs.pdf import Design, artwork, draw_plate, lint
from tests.interop.judges import pdfium, poppler
from tests.unit.pdf import cast

CLASSIC = Design.load("classic")
MARK = artwork.read("mark.svg", (Path(__file__).parent / "mark.svg").read_bytes())
WHITE, PANEL = (255, 255, 255), (0xF5, 0xF8, 0xF8)
LEAST_CONTRAST = 4.5
"""Of text on what lies behind it (WCAG 2.2, 1.4.3)."""


def wordmark(ratio: float) -> PictureFile:
    body = f'<rect width="{100 * ratio}" height="100" fill="#c00"/>'
    data = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {100 * ratio} 100">{body}</svg>'
    return artwork.read(f"{ratio}.svg", data.encode())


def png(colour: str) -> PictureFile:
    data = io.BytesIO()
    Image.new("RGBA", (60, 30), colour).save(data, "PNG")
    return artwork.read(f"{colour}.png", data.getvalue())


def file_of(event: EventFacts) -> bytes:
    """Return a certificate of *event*, after a full look at it."""
    statement = cast.statement(event=event)
    plate = draw_plate(CLASSIC, [statement], cast.BASE_URL, cast.sealer())
    file = plate.data + plate.imprint(statement, cast.claim_url(statement)).tail
    assert lint(file, statement, cast.claim_url(statement), plate.expected(statement)) == []
    return file


def figures(file: bytes) -> dict[str, list[float]]:
    """Return the boxes of all figures by what they show."""
    with pikepdf.open(io.BytesIO(file)) as document:
        (whole,) = document.Root.StructTreeRoot.K
        return {
            str(one.Alt): [float(value) for value in one.A.BBox]
            for one in whole.K
            if isinstance(one, pikepdf.Dictionary) and one.S == "/Figure"
        }


def red(file: bytes) -> tuple[int, int, int, int]:
    """Return the box of what is red on the page, in points from its upper left corner."""
    picture = pdfium.picture(file, 72).convert("RGB")
    mask = Image.eval(picture.getchannel("R"), lambda value: 255 * (value > 180))
    others = Image.eval(picture.getchannel("G"), lambda value: 255 * (value < 40))
    box = Image.composite(mask, Image.new("L", mask.size), others).getbbox()
    assert box is not None
    return box


def test_without_a_logo_there_is_no_mark() -> None:
    """Neither on the page nor among the tags; the issuer's name stands at the edge."""
    file = file_of(cast.EVENT)
    assert [alt for alt in figures(file) if "ogo" in alt] == []
    assert f"Logo of {cast.EVENT.issuer}" in figures(file_of(replace(cast.EVENT, logo_picture=MARK)))


@pytest.mark.parametrize(("ratio", "height"), [(1, 51), (3, 51), (6, 37), (12, 18)])
def test_a_wordmark_has_room(ratio: float, height: float) -> None:
    """Six times as wide as high it is as high as a name in print, not eight points."""
    left, top, right, bottom = red(file_of(replace(cast.EVENT, logo_picture=wordmark(ratio))))
    assert bottom - top >= height
    assert left == pytest.approx(62, abs=1)
    assert right <= 602 / 2


def test_partners_stand_at_the_right_each_with_its_name() -> None:
    """Smaller the more there are, beside the issuer, over nothing."""
    partners = tuple(Partner(name, "", png(name)) for name in ("red", "green", "blue", "black"))
    shown = figures(file_of(replace(cast.EVENT, logo_picture=wordmark(6), partners=partners)))
    boxes = [shown[f"Logo of {one.name}"] for one in partners]
    assert all(before[2] < after[0] for before, after in pairwise(boxes))
    assert boxes[-1][2] == pytest.approx(602, abs=0.01)
    assert boxes[0][0] > shown[f"Logo of {cast.EVENT.issuer}"][2]


def test_a_logo_that_reaches_over_its_edges_is_cut_off() -> None:
    """As every browser does; it never lies over something else."""
    body = b'<path d="M-99-99h999v999h-999z" fill="red"/>'
    data = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">%b</svg>' % body
    large = artwork.read("large.svg", data)
    left, top, right, bottom = red(file_of(replace(cast.EVENT, logo_picture=large)))
    assert [left, right] == pytest.approx([62, 114], abs=1)
    assert bottom - top == pytest.approx(52, abs=1)


def test_a_signature_stands_on_a_line_and_without_one_there_is_no_line() -> None:
    """An empty line looks unsigned."""
    signed = Signatory("Dr Amara Okafor", "Director", "a.svg", wordmark(4))
    unsigned = Signatory("Prof. Henrik Sandvall", "Chair")
    file = file_of(replace(cast.EVENT, signatories=(signed, unsigned)))
    assert "Signature of Dr Amara Okafor" in figures(file)
    assert "Signature of Prof. Henrik Sandvall" not in figures(file)
    assert [gold(file, x) for x in (100, 300)] == [True, False]
    assert not gold(file_of(replace(cast.EVENT, signatories=(unsigned,))), 100)


def gold(file: bytes, x: int) -> bool:
    """Say whether the line for signatures passes *x*."""
    column = pdfium.picture(file, 144).convert("RGB").crop((2 * x, 2 * 520, 2 * x + 1, 2 * 532))
    reds, blues = (column.getchannel(name).tobytes() for name in "RB")
    return any(blue < 160 < red for red, blue in zip(reds, blues, strict=True))


@cache
def standard() -> bytes:
    return file_of(cast.EVENT)


@pytest.mark.parametrize("dpi", [60, 72, 96, 110, 150, 200, 300])
@pytest.mark.parametrize("reader", [pdfium.picture, poppler.picture], ids=["pdfium", "poppler"])
def test_no_ornament_reaches_the_edge_of_the_page(dpi: int, reader: poppler.Picture) -> None:
    """At any size: the braid ends inside its frame."""
    picture = reader(standard(), dpi).convert("L")
    margin = int(15 / 72 * dpi)
    width, height = picture.size
    edges = [(0, 0, width, margin), (0, height - margin, width, height)]
    edges += [(0, 0, margin, height), (width - margin, 0, width, height)]
    assert [picture.crop(edge).getextrema() for edge in edges] == [(255, 255)] * 4


def luminance(colour: tuple[int, int, int]) -> float:
    parts = [value / 255 for value in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("style", [name for name in CLASSIC.styles if name != "stamp"])
def test_every_text_stands_out_from_what_lies_behind_it(style: str) -> None:
    """On the white page and on the panel; the demo's stamp is an ornament behind."""
    red, green, blue = (round(float(part) * 255) for part in CLASSIC.styles[style].paint.split())
    assert min(contrast((red, green, blue), behind) for behind in (WHITE, PANEL)) >= LEAST_CONTRAST


@pytest.mark.parametrize("style", ["facts", "small", "session", "day", "attended", "missed", "function", "panel"])
def test_words_are_of_nine_points_where_there_is_room(style: str) -> None:
    assert CLASSIC.styles[style].size >= 9
