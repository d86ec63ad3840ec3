"""Outlines: shapes and SVG path data as PDF path operators, which reportlab writes.

Path data is read as SVG 1.1 section 8.3 defines it, all commands but the elliptical arc. Quadratic curves become cubic
ones, which is all that PDF has. Coordinates are passed on as they are; the drawing's matrix turns them upright.
"""

import re
from collections.abc import Iterator

from reportlab.pdfgen.pathobject import PDFPathObject

Point = tuple[float, float]

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_COMMAND = re.compile(r"([A-Za-z])([^A-DF-Za-df-z]*)")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "Z": 0}


def floats(text: str) -> list[float]:
    """Return the numbers in *text*."""
    return [float(match) for match in _NUMBER.findall(text)]


def rectangle(x: float, y: float, width: float, height: float) -> bytes:
    """Return a rectangle."""
    outline = PDFPathObject()
    outline.rect(x, y, width, height)
    return _operators(outline)


def ellipse(x: float, y: float, rx: float, ry: float) -> bytes:
    """Return the ellipse around (*x*, *y*) as curves."""
    outline = PDFPathObject()
    outline.ellipse(x - rx, y - ry, 2 * rx, 2 * ry)
    outline.close()
    return _operators(outline)


def polygon(values: list[float], *, closed: bool) -> bytes:
    """Return straight lines through points, given as x, y, x, y and so on.

    Raises:
        ValueError: fewer than two points, or an odd coordinate.
    """
    if len(values) < 4 or len(values) % 2:
        raise ValueError("a polygon needs pairs of coordinates")
    outline = PDFPathObject()
    outline.moveTo(*values[:2])
    for i in range(2, len(values), 2):
        outline.lineTo(*values[i : i + 2])
    if closed:
        outline.close()
    return _operators(outline)


def path(data: str) -> bytes:
    """Return the operators of path data.

    Raises:
        ValueError: a command is unknown or has the wrong number of coordinates, or the first is no move.
    """
    pen = _Pen()
    for step in _steps(data):
        pen.draw(*step)
    return pen.operators


def _operators(outline: PDFPathObject) -> bytes:
    """Return the operators without the empty path that reportlab puts first: PDF has no place for one there."""
    return outline.getCode().removeprefix("n ").encode()


def _steps(data: str) -> Iterator[tuple[str, list[float]]]:
    """Yield each command with the arguments of one step; a move's further pairs are lines."""
    for command, text in _COMMAND.findall(data):
        size, values = _ARGUMENTS.get(command.upper()), floats(text)
        if size is None or (len(values) % size if size else values) or (size and not values):
            raise ValueError(f"{command}{text}")
        yield command, values[:size]
        follow = {"M": "L", "m": "l"}.get(command, command)
        for start in range(size, len(values), size or 1):
            yield follow, values[start : start + size]


class _Pen:
    """Where a path has come to; *handle* is the last curve's second control point, for smooth continuation."""

    def __init__(self) -> None:
        self._outline = PDFPathObject()
        self._at: Point = (0, 0)
        self._start: Point = (0, 0)
        self._handle: Point = (0, 0)
        self._last = ""

    @property
    def operators(self) -> bytes:
        """What was drawn."""
        return _operators(self._outline)

    def draw(self, command: str, values: list[float]) -> None:
        """Draw one step and move on.

        Raises:
            ValueError: the first step is no move.
        """
        kind = command.upper()
        if not self._last and kind != "M":
            raise ValueError("a path begins with a move")
        self._step(kind, self._absolute(kind, values, relative=command != kind))
        self._last = kind

    def _absolute(self, kind: str, values: list[float], *, relative: bool) -> list[Point]:
        """Return the step's points."""
        x, y = self._at if relative else (0.0, 0.0)
        if kind == "H":
            return [(x + values[0], self._at[1])]
        if kind == "V":
            return [(self._at[0], y + values[0])]
        return [(x + values[i], y + values[i + 1]) for i in range(0, len(values), 2)]

    def _step(self, kind: str, points: list[Point]) -> None:
        """Draw one step with absolute points."""
        match kind:
            case "M":
                self._at = self._start = points[0]
                self._outline.moveTo(*self._at)
            case "L" | "H" | "V":
                self._at = points[0]
                self._outline.lineTo(*self._at)
            case "C":
                self._curve(*points)
            case "S":
                self._curve(self._mirrored("CS"), *points)
            case "Q":
                self._quadratic(*points)
            case "T":
                self._quadratic(self._mirrored("QT"), *points)
            case _:
                self._at = self._start
                self._outline.close()

    def _mirrored(self, after: str) -> Point:
        """Return the control point that continues the last curve smoothly."""
        if self._last not in after or not self._last:
            return self._at
        return 2 * self._at[0] - self._handle[0], 2 * self._at[1] - self._handle[1]

    def _curve(self, first: Point, second: Point, end: Point) -> None:
        """Draw a cubic curve."""
        self._outline.curveTo(*first, *second, *end)
        self._at, self._handle = end, second

    def _quadratic(self, control: Point, end: Point) -> None:
        """Draw a quadratic curve as a cubic one."""
        first, second = (
            (p[0] + 2 * (control[0] - p[0]) / 3, p[1] + 2 * (control[1] - p[1]) / 3) for p in (self._at, end)
        )
        self._curve(first, second, end)
        self._handle = control


class GlyphPen:
    """Collects a glyph's outline as path operators, *scale* points to a font unit, *left* points to the right."""

    def __init__(self, scale: float, left: float) -> None:
        self._scale = scale
        self._left = left
        self._pen = _Pen()

    @property
    def operators(self) -> bytes:
        """The outline."""
        return self._pen.operators

    def _draw(self, command: str, *points: Point) -> None:
        """Draw one step."""
        placed = [value for x, y in points for value in (self._left + x * self._scale, y * self._scale)]
        self._pen.draw(command, placed)

    def moveTo(self, point: Point) -> None:  # noqa: N802 -- the five names are those of font tools
        """Begin a contour."""
        self._draw("M", point)

    def lineTo(self, point: Point) -> None:  # noqa: N802
        """Draw a straight line."""
        self._draw("L", point)

    def curveTo(self, first: Point, second: Point, end: Point) -> None:  # noqa: N802
        """Draw a cubic curve."""
        self._draw("C", first, second, end)

    def qCurveTo(self, control: Point, end: Point) -> None:  # noqa: N802
        """Draw a quadratic curve."""
        self._draw("Q", control, end)

    def closePath(self) -> None:  # noqa: N802
        """End a contour."""
        self._draw("Z")
