"""Artwork is drawn as SVG says, and what is not read is refused by name."""

import re
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from certs.errors import InputError
from certs.pdf.drawing import Drawing
from certs.pdf.objects import Objects, stream
from certs.pdf.outline import bounds, path
from certs.pdf.svg import colour, parse
from tests.interop.judges import pdfium

SHAPES = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">
<defs><path id="curl" d="M0 0C1 2 3 4 5 6"/></defs>
<g fill="none" stroke="#0af" stroke-width="2"><use href="#curl"/><use href="#curl" transform="translate(3 4)"/></g>
<rect x="1" y="2" width="3" height="4" fill="#ffffff"/>
</svg>"""

TENFOLD = (
    '<defs><path id="t0" d="M0 0H1"/>'
    + "".join(f'<g id="t{i + 1}">{f"""<use href="#t{i}"/>""" * 10}</g>' for i in range(9))
    + '</defs><use href="#t9"/>'
)


def svg(body: str) -> bytes:
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {spaces} viewBox="0 0 10 10">{body}</svg>'.encode()


def test_a_curve_shown_twice_is_written_twice() -> None:
    """Each time under its own matrix; paint is inherited."""
    operators = parse(SHAPES.encode(), "art.svg").operators
    assert operators.count(b"0 0 m 1 2 3 4 5 6 c S\n") == 2
    assert b"1.00000 0.00000 0.00000 1.00000 3.00000 4.00000 cm 0 0 m" in operators
    assert b"0 0.667 1 RG 2 w" in operators
    assert b"1 1 1 rg 1 2 3 4 re f" in operators


def test_a_curve_may_be_painted_in_two_ways() -> None:
    """Once as a line, once as an area."""
    body = """<defs><path id="curl" d="M0 0C1 2 3 4 5 6"/></defs>
        <g fill="none" stroke="#0af"><use href="#curl"/></g><g fill="#0af"><use href="#curl"/></g>"""
    operators = parse(svg(body), "art.svg").operators
    assert b"0 0 m 1 2 3 4 5 6 c S\n" in operators
    assert b"0 0 m 1 2 3 4 5 6 c f\n" in operators


def test_a_drawing_is_one_form() -> None:
    """Which the page's operators name; another drawing has another name, even from a file called the same."""
    objects, drawing = Objects(first=1), parse(SHAPES.encode(), "art.svg")
    name, _, number = drawing.write(objects).partition(b" ")
    assert (number, objects.reserve()) == (b"1 0 R", 2)
    assert name + b" Do" in drawing.placed(0, 0, 1, 1)
    other = parse(SHAPES.replace("#0af", "#000").encode(), "art.svg")
    assert name not in other.placed(0, 0, 1, 1)


@pytest.mark.parametrize("width", [10, 5_000, 20_000])
def test_no_drawing_is_cut_off_by_its_form(width: int) -> None:
    """However many units it has, and its strokes reach over its edges."""
    data = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 10"><path d="M0 0H{width}"/></svg>'
    objects = Objects(first=1)
    parse(data.encode(), "art.svg").write(objects)
    box = re.search(rb"/BBox\[(\S+) (\S+) (\S+) (\S+)\]", objects.write()[0])
    assert box is not None
    left, bottom, right, top = map(float, box.groups())
    assert left == bottom < 0
    assert max(width, 10) < right == top


def test_a_drawing_keeps_its_proportions_in_a_box() -> None:
    """Twice as wide as high, in the middle of a square, upright."""
    placed = parse(SHAPES.encode(), "art.svg").placed(10, 20, 50, 50)
    assert placed.startswith(b"q 0.5 0 0 -0.5 10 57.5 cm /")


@pytest.mark.parametrize(
    ("data", "operators"),
    [
        ("M1 2 3 4 5 6", b"1 2 m 3 4 l 5 6 l"),
        ("m1 2 3 4h5v6H0V0z", b"1 2 m 4 6 l 9 6 l 9 12 l 0 12 l 0 0 l h"),
        ("M0 0C1 1 2 2 3 3S5 5 6 6", b"0 0 m 1 1 2 2 3 3 c 4 4 5 5 6 6 c"),
        ("M0 0Q3 3 6 0", b"0 0 m 2 2 4 2 6 0 c"),
        ("M0 0Q3 3 6 0T12 0", b"0 0 m 2 2 4 2 6 0 c 8 -2 10 -2 12 0 c"),
        ("M.5-.5l1e1-1", b".5 -0.5 m 10.5 -1.5 l"),
    ],
)
def test_path_data_is_read_as_svg_defines_it(data: str, operators: bytes) -> None:
    """Repeated, relative, smooth and quadratic steps, and numbers without spaces."""
    assert path(data) == operators


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('<path d="M0 0A1 1 0 0 2 2 2"/>', "outline of a <path>"),
        ('<path d="M0 0L1"/>', "outline of a <path>"),
        ('<path d="L1 1"/>', "outline of a <path>"),
        ('<polygon points="1 2 3"/>', "outline of a <polygon>"),
        ("<text>hello</text>", "the element <text> is not read; turn it into paths"),
        ('<image href="a.png"/>', "the element <image> is not read"),
        ('<svg><path d="M0 0"/></svg>', "the element <svg> is not read"),
        ('<rect style="filter:url(#f)"/>', "<rect> has filter:url(#f), which is not read"),
        ('<rect mask="url(#m)"/>', "<rect> has mask:url(#m)"),
        ('<rect style="mix-blend-mode:multiply"/>', "mix-blend-mode:multiply"),
        ('<g opacity="0.5"><rect/><rect/></g>', "the opacity of a <g> that holds several shapes"),
        ('<rect fill="reddish"/>', "fill='reddish'"),
        ('<rect fill="url(#nowhere)"/>', "fill='url(#nowhere)' names nothing"),
        ('<pattern id="p"/><rect fill="url(#p)"/>', "names a <pattern>, which is not read as paint"),
        (
            '<linearGradient id="g"><stop stop-opacity="0"/></linearGradient><rect fill="url(#g)"/>',
            "fades into nothing",
        ),
        ('<linearGradient id="g" spreadMethod="repeat"/><rect fill="url(#g)"/>', "spreadMethod='repeat'"),
        ('<linearGradient id="g"/><path d="M0 0H1" stroke="url(#g)"/>', "a line has one colour"),
        ('<clipPath id="c"><rect/><rect/></clipPath><rect clip-path="url(#c)"/>', "is not of one shape"),
        ('<style>@import "a.css";</style>', "<style> has @import"),
        ("<style>g > path {fill:red}</style>", "selector g > path"),
        ('<g transform="perspective(3)"/>', "perspective"),
        ('<rect width="3em" height="2"/>', "outline of a <rect>"),
        ('<use href="#nowhere"/>', "#nowhere"),
        (TENFOLD, "more than 10000 shapes"),
        ("<g>" * 99 + "</g>" * 99, "more than 64 deep"),
        (
            '<defs><g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g></defs><use href="#a"/>',
            "'#a' uses itself",
        ),
    ],
)
def test_what_is_not_read_is_refused_by_name(body: str, says: str) -> None:
    """Nothing is left out silently."""
    with pytest.raises(InputError) as caught:
        parse(svg(body), "art.svg")
    assert says in str(caught.value)
    assert str(caught.value).startswith("art.svg: ")


SHOWN = {
    "a style attribute": ('<rect width="2" height="1" style="fill:#f00;-inkscape-stroke:none"/>', b"1 0 0 rg"),
    "a named colour": ('<rect fill="rebeccapurple"/>', b"0.4 0.2 0.6 rg"),
    "rgb()": ('<rect fill="rgb(255, 0, 51)"/>', b"1 0 0.2 rg"),
    "a class": ("<style>/* a */ .a, .b{fill:#0f0;}</style><rect class='c b'/>", b"0 1 0 rg"),
    "an id before a class": ("<style>#x{fill:#00f} .a{fill:#0f0}</style><rect id='x' class='a'/>", b"0 0 1 rg"),
    "style before the sheet": ("<style>rect{fill:#0f0}</style><rect style='fill:#00f' fill='#f00'/>", b"0 0 1 rg"),
    "the current colour": ('<g color="#00f"><rect fill="currentColor"/></g>', b"0 0 1 rg"),
    "half opaque": ('<rect fill="#00f" fill-opacity="50%"/>', b"/O0 gs"),
    "dashes": ('<path d="M0 0H9" stroke="#000" stroke-dasharray="2, 1"/>', b"[2 1]0 d"),
    "a slanted place": ('<rect transform="skewX(45)"/>', b"1.00000 0.00000 1.00000 1.00000 0.00000 0.00000 cm"),
    "millimetres": ('<rect width="25.4mm" height="2"/>', b"0 0 96 2 re"),
    "a per cent": ('<rect width="100%" height="50%"/>', b"0 0 10 5 re"),
    "a rounded corner": ('<rect width="9" height="8" rx="1"/>', b"1 0 m 8 0 l"),
    "a clip path": ('<clipPath id="c"><rect width="3" height="2"/></clipPath><rect clip-path="url(#c)"/>', b"re W n"),
    "a gradient": (
        '<linearGradient id="g"><stop stop-color="#f00"/><stop offset="1"/></linearGradient>'
        '<rect width="4" height="2" fill="url(#g)"/>',
        b"0 0 4 2 re W n 4 0 0 2 0 0 cm 1.00000 0.00000 0.00000 1.00000 0.00000 0.00000 cm /S0 sh",
    ),
    "a gradient that goes on from another": (
        '<linearGradient id="a"><stop/></linearGradient><radialGradient id="g" xlink:href="#a"/>'
        '<rect width="4" height="2" fill="url(#g)"/>',
        b"/S0 sh",
    ),
    "what is in a switch": (
        '<switch><foreignObject requiredExtensions="x"/><g><rect width="4" height="2"/></g></switch>',
        b"0 0 4 2 re f",
    ),
}


@pytest.mark.parametrize(("body", "operators"), SHOWN.values(), ids=SHOWN)
def test_what_drawing_programs_write_is_drawn(body: str, operators: bytes) -> None:
    assert operators in parse(svg(body), "logo.svg").operators


@pytest.mark.parametrize(
    "body",
    [
        '<sodipodi:namedview xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" pagecolor="#fff"/>',
        "<metadata><anything/></metadata>",
        '<rect display="none"/>',
        '<g style="display:none"><text>hidden</text></g>',
        '<rect visibility="hidden"/>',
        '<filter id="f"/><pattern id="p"/>',
        "<!-- a comment --><?xml-stylesheet?>",
    ],
)
def test_what_shows_nothing_is_passed_over(body: str) -> None:
    assert parse(svg(body), "logo.svg").operators == parse(svg(""), "logo.svg").operators


def test_an_arc_is_drawn_as_curves() -> None:
    """Of a quarter turn at most; its flags need nothing between them, and an arc too small for its ends grows."""
    quarter = path("M1 0A1 1 0 01 0 1").split()
    assert quarter[:3] == [b"1", b"0", b"m"]
    assert [round(float(value), 3) for value in quarter[3:9]] == [1, 0.552, 0.552, 1, 0, 1]
    assert path("M0 0A1 1 0 0 0 9 0").count(b" c") == 2
    assert path("M0 0A0 1 0 0 0 9 0") == b"0 0 m 9 0 l"


@pytest.mark.parametrize("large", [0, 1])
@pytest.mark.parametrize("sweep", [0, 1])
@pytest.mark.parametrize("turn", [0, 30])
def test_an_arc_ends_where_it_should_on_its_ellipse(large: int, sweep: int, turn: int) -> None:
    """Whichever of the four arcs it is."""
    values = [float(value) for value in path(f"M2 1A5 3 {turn} {large} {sweep} 6 3").split() if not value.isalpha()]
    assert values[-2:] == pytest.approx([6, 3], abs=1e-3)
    left, top, right, bottom = bounds(path(f"M2 1A5 3 {turn} {large} {sweep} 6 3"))
    assert (right - left > 5.5 or bottom - top > 5.5) == bool(large)


def test_a_gradient_becomes_a_shading() -> None:
    """With a function for the colours between each two stops; its bounds grow though two stops share a place."""
    body = """<radialGradient id="g"><stop stop-color="#f00"/><stop offset=".5" stop-color="#0f0"/>
        <stop offset=".5" stop-color="#00f"/><stop offset="1"/></radialGradient>
        <rect width="4" height="2" fill="url(#g)"/>"""
    objects = Objects(first=1)
    assert b"Do" in parse(svg(body), "logo.svg").placed(0, 0, 1, 1)
    parse(svg(body), "logo.svg").write(objects)
    data, _ = objects.write()
    assert b"/ShadingType 3" in data
    bounds_of = re.search(rb"/Bounds\[([^]]*)\]", data)
    assert bounds_of is not None
    grown = [float(value) for value in bounds_of[1].split()]
    assert grown == sorted(set(grown))
    assert max(grown) < 1


EXPORTED = Path(__file__).parent / "svg"


def picture(drawing: Drawing) -> Image.Image:
    """Return *drawing* as PDFium shows it, 240 pixels wide."""
    objects = Objects(first=1)
    catalog, pages, page = (objects.reserve() for _ in range(3))
    height = 240 * drawing.height / drawing.width
    content = objects.add(stream(drawing.placed(0, 0, 240, height)))
    objects.put(catalog, b"<</Type/Catalog/Pages %d 0 R>>" % pages)
    objects.put(pages, b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % page)
    resources = b"/Resources<</XObject<<%b>>>>" % drawing.write(objects)
    box = b"/MediaBox[0 0 240 %.3f]" % height
    objects.put(page, b"<</Type/Page/Parent %d 0 R%b%b/Contents %d 0 R>>" % (pages, box, resources, content))
    data, offsets = objects.write()
    return pdfium.picture(data + b"trailer<</Root %d 0 R/Size %d>>" % (catalog, len(offsets) + 1), 72).convert("RGB")


@pytest.mark.parametrize("name", ["inkscape", "illustrator"])
def test_a_drawing_programs_own_file_looks_as_in_a_browser(name: str) -> None:
    """Compared with the picture that Chromium made of it: hardly a point differs, but at edges."""
    seen = picture(parse((EXPORTED / f"{name}.svg").read_bytes(), f"{name}.svg"))
    wanted = Image.open(EXPORTED / f"{name}.png").convert("RGB").resize(seen.size)
    different = ImageChops.difference(seen, wanted).convert("L").point(lambda grey: 255 if grey > 70 else 0)
    assert sum(different.histogram()[1:]) < 0.01 * seen.width * seen.height


@pytest.mark.parametrize("data", [b"", b"<svg", b"<html/>", b'<svg xmlns="http://www.w3.org/2000/svg"/>'])
def test_a_file_that_is_no_drawing_is_refused(data: bytes) -> None:
    """Empty, broken, another document, without a size."""
    with pytest.raises(InputError, match=r"art\.svg"):
        parse(data, "art.svg")


def test_colours_have_three_or_six_digits() -> None:
    """And nothing else."""
    assert colour("#0af") == colour("#00aaff") == b"0 0.667 1"
    for wrong in ("red", "#12", "0000ff", "#12345g"):
        with pytest.raises(ValueError, match=r"."):
            colour(wrong)
