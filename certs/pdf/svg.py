"""Vector artwork: a plain subset of SVG 1.1 becomes PDF operators; reportlab writes the outlines.

Read are `g`, `path` (all commands but arcs), `rect`, `circle`, `ellipse`, `line`, `polyline`, `polygon`, and `use` of a
shape or group in `defs` (a guilloche is one curve turned round). What is used is written out each time: compressed that
takes less than a form of its own, and viewers, which read a form anew whenever it is shown, are quicker.
Paint is `fill`, `stroke`, `stroke-width`, `stroke-linecap`, `stroke-linejoin` and `fill-rule` as attributes; places by
`transform`. Lengths are numbers. Anything else is refused by name, never left out silently.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin
from pathlib import Path
from xml.etree import ElementTree
from zlib import crc32

from certs.errors import InputError
from certs.pdf.objects import Objects, deflated, number, numbers, reference
from certs.pdf.outline import ellipse, floats, path, polygon, rectangle

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_SILENT = frozenset({"title", "desc", "metadata", "defs"})
_PAINT = ("fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "fill-rule")
_CAPS = {"butt": 0, "round": 1, "square": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}
_MOST_USES = 10_000
"""Of shapes in one drawing; uses of uses grow without bound."""
_REACH = 5_000
"""Units from its corner that a drawing may reach on every side, and twice its size; a form needs some end."""
_TRANSFORM = re.compile(r"(\w+)\s*\(([^)]*)\)")

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Operators in the SVG's own coordinates (y downwards), and its size. On a page it is one form."""

    width: float
    height: float
    operators: bytes

    def placed(self, x: float, y: float, width: float, height: float) -> bytes:
        """Return the operators that show the drawing in a box, upright, as large as its proportions allow.

        The box's corner (*x*, *y*) is its lower left one, in points.
        """
        scale = min(width / self.width, height / self.height)
        left = x + (width - scale * self.width) / 2
        top = y + (height + scale * self.height) / 2
        return b"q %b cm /%b Do Q\n" % (numbers(scale, 0, 0, -scale, left, top), self._name)

    def write(self, objects: Objects) -> bytes:
        """Add the form to *objects* and return its entry in the page's XObject resources."""
        reach = max(_REACH, 2 * self.width, 2 * self.height)
        form = b"/Type/XObject/Subtype/Form/BBox[%b]/Resources<<>>" % numbers(-reach, -reach, reach, reach)
        return b"/%b %b" % (self._name, reference(objects.add(deflated(self.operators, form))))

    @property
    def _name(self) -> bytes:
        """Its name on a page, different for different drawings."""
        return b"Drawing%08x" % crc32(self.operators)


def load(path: Path) -> Drawing:
    """Read the drawing in *path*.

    Raises:
        InputError: it is no SVG, or uses what is not read; says what and where.
    """
    return parse(path.read_bytes(), path.name)


@lru_cache(maxsize=32)
def parse(data: bytes, name: str) -> Drawing:
    """Read a drawing; *name* stands in messages.

    Raises:
        InputError: as `load`.
    """
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 -- a design is the operator's own file
    except ElementTree.ParseError as error:
        line, column = error.position
        raise InputError(f"{name}:{line}:{column + 1}: this is no SVG file: {error.msg}.") from error
    return _Reader(name, root).drawing()


class _Reader:
    """One SVG file being read."""

    def __init__(self, name: str, root: ElementTree.Element) -> None:
        self._name = name
        self._root = root
        self._defined = {
            f"#{element.get('id')}": element
            for definitions in root.iter(f"{_NAMESPACE}defs")
            for element in definitions
            if element.get("id")
        }
        self._uses = 0
        self._inside: list[str] = []

    def drawing(self) -> Drawing:
        """Return the whole drawing."""
        box = floats(self._root.get("viewBox", ""))
        if self._root.tag != f"{_NAMESPACE}svg" or len(box) != 4:
            raise self._error("its root must be an svg element with a viewBox")
        paint = {"fill": "#000000", "stroke": "none", "fill-rule": "nonzero"}
        shift = b"" if box[0] == box[1] == 0 else b"%b cm\n" % numbers(1, 0, 0, 1, -box[0], -box[1])
        operators = shift + self._group(self._root, paint)
        return Drawing(box[2], box[3], operators)

    def _error(self, what: str) -> InputError:
        """Return the error that says what is wrong with this file."""
        return InputError(f"{self._name}: {what}.")

    def _group(self, group: ElementTree.Element, paint: Mapping[str, str]) -> bytes:
        """Return the operators of everything inside *group*."""
        return b"".join(self._element(child, paint) for child in group)

    def _element(self, element: ElementTree.Element, inherited: Mapping[str, str]) -> bytes:
        """Return the operators of one element, with its own paint and place."""
        kind = str(element.tag).removeprefix(_NAMESPACE)
        if kind in _SILENT:
            return b""
        self._refuse_unread(element, kind)
        own = {key: value for key in _PAINT if (value := element.get(key)) is not None}
        paint = {**inherited, **own}
        state = self._matrix(element) + b"".join(self._paint(key, value) for key, value in own.items())
        body = self._body(element, kind, paint)
        return b"q %b%bQ\n" % (state, body) if state else body

    def _body(self, element: ElementTree.Element, kind: str, paint: Mapping[str, str]) -> bytes:
        """Return the operators of an element's content."""
        if kind == "g":
            return self._group(element, paint)
        if kind == "use":
            return self._use(element, paint)
        return b"%b %b\n" % (self._outline(element, kind), self._painting(paint))

    def _refuse_unread(self, element: ElementTree.Element, kind: str) -> None:
        """Refuse attributes that would change the picture but are not read."""
        for key in ("style", "class", "opacity", "fill-opacity", "stroke-opacity", "clip-path", "filter", "mask"):
            if element.get(key) is not None:
                raise self._error(f"the attribute {key} of <{kind}> is not read; write plain fill and stroke")

    def _use(self, element: ElementTree.Element, paint: Mapping[str, str]) -> bytes:
        """Return the operators of a defined element, painted as the place where it is used says."""
        link = element.get("href") or element.get(_HREF) or ""
        target = self._defined.get(link)
        if target is None:
            raise self._error(f"<use> wants {link!r}, which is not in <defs>")
        self._uses += 1
        if self._uses > _MOST_USES:
            raise self._error(f"more than {_MOST_USES} shapes are used")
        if link in self._inside:
            raise self._error(f"{link!r} uses itself")
        self._inside.append(link)
        operators = self._element(target, paint)
        self._inside.pop()
        return operators

    def _matrix(self, element: ElementTree.Element) -> bytes:
        """Return the `cm` operators of an element's transform."""
        text = element.get("transform", "")
        x, y = _length(element, "x"), _length(element, "y")
        matrices = [self._transform(kind, floats(arguments)) for kind, arguments in _TRANSFORM.findall(text)]
        if element.tag == f"{_NAMESPACE}use" and (x or y):
            matrices.append((1, 0, 0, 1, x, y))
        return b"".join(b"%b cm " % b" ".join(b"%.5f" % value for value in matrix) for matrix in matrices)

    def _transform(self, kind: str, values: list[float]) -> Matrix:
        """Return the matrix of one transform function."""
        match kind, values:
            case "translate", [x, *y]:
                return 1, 0, 0, 1, x, y[0] if y else 0
            case "scale", [x, *y]:
                return x, 0, 0, y[0] if y else x, 0, 0
            case "rotate", [angle]:
                c, s = cos(radians(angle)), sin(radians(angle))
                return c, s, -s, c, 0, 0
            case "rotate", [angle, x, y]:
                c, s = cos(radians(angle)), sin(radians(angle))
                return c, s, -s, c, x - c * x + s * y, y - s * x - c * y
            case "matrix", [a, b, c, d, e, f]:
                return a, b, c, d, e, f
        raise self._error(f"the transform {kind} with {len(values)} values is not read")

    def _paint(self, key: str, value: str) -> bytes:
        """Return the operator that sets one paint attribute."""
        try:
            match key:
                case "fill" | "stroke":
                    return b"" if value == "none" else b"%b %b " % (colour(value), b"rg" if key == "fill" else b"RG")
                case "stroke-width":
                    return b"%b w " % number(float(value))
                case "stroke-linecap":
                    return b"%d J " % _CAPS[value]
                case "stroke-linejoin":
                    return b"%d j " % _JOINS[value]
        except (KeyError, ValueError):
            raise self._error(f"{key}={value!r} is not read") from None
        return b""

    def _painting(self, paint: Mapping[str, str]) -> bytes:
        """Return the operator that paints an outline."""
        fill, stroke = paint["fill"] != "none", paint["stroke"] != "none"
        even_odd = b"*" if fill and paint["fill-rule"] == "evenodd" else b""
        return {(True, True): b"B", (True, False): b"f", (False, True): b"S", (False, False): b"n"}[
            fill, stroke
        ] + even_odd

    def _outline(self, element: ElementTree.Element, kind: str) -> bytes:
        """Return the path operators of a shape."""
        try:
            match kind:
                case "path":
                    return path(element.get("d", ""))
                case "rect":
                    return rectangle(*_lengths(element, "x", "y", "width", "height"))
                case "circle":
                    x, y, radius = (_length(element, key) for key in ("cx", "cy", "r"))
                    return ellipse(x, y, radius, radius)
                case "ellipse":
                    return ellipse(*_lengths(element, "cx", "cy", "rx", "ry"))
                case "line":
                    return polygon([*_lengths(element, "x1", "y1", "x2", "y2")], closed=False)
                case "polyline" | "polygon":
                    return polygon(floats(element.get("points", "")), closed=kind == "polygon")
        except ValueError as error:
            raise self._error(f"the outline of a <{kind}> cannot be read: {error}") from error
        raise self._error(f"the element <{kind}> is not read")


def colour(text: str) -> bytes:
    """Return `#rgb` or `#rrggbb` as three numbers from 0 to 1.

    Raises:
        ValueError: it is neither.
    """
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    if len(digits) != 6 or not text.startswith("#"):
        raise ValueError(text)
    return numbers(*(int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)))


def _length(element: ElementTree.Element, key: str) -> float:
    """Return a length, 0 if absent."""
    return float(element.get(key, "0"))


def _lengths(element: ElementTree.Element, *keys: str) -> Iterator[float]:
    """Return several lengths."""
    return (_length(element, key) for key in keys)
