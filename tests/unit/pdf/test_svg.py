"""Artwork is drawn as SVG says, and what is not read is refused by name."""

import re

import pytest

from certs.errors import InputError
from certs.pdf.objects import Objects
from certs.pdf.outline import path
from certs.pdf.svg import colour, parse

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
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{body}</svg>'.encode()


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
        ('<path d="M0 0A1 1 0 0 0 2 2"/>', "outline of a <path>"),
        ('<path d="M0 0L1"/>', "outline of a <path>"),
        ('<path d="L1 1"/>', "outline of a <path>"),
        ('<polygon points="1 2 3"/>', "outline of a <polygon>"),
        ("<text>hello</text>", "<text> is not read"),
        ('<rect style="fill:red"/>', "attribute style"),
        ('<rect opacity="0.5"/>', "attribute opacity"),
        ('<rect fill="red"/>', "fill='red'"),
        ('<g transform="skewX(3)"/>', "skewX"),
        ('<use href="#nowhere"/>', "#nowhere"),
        (TENFOLD, "more than 10000 shapes"),
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
