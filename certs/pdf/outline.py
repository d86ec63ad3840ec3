"""Outlines: shapes and SVG path data as PDF path operators, which reportlab writes.

Path data is read as SVG 1.1 section 8.3 defines it. Quadratic curves and elliptical arcs become cubic curves, which is
all that PDF has. Coordinates are passed on as they are; the drawing's matrix turns them upright.
"""

import re
from collections.abc import Iterator
from math import acos, ceil, cos, hypot, pi, radians, sin, sqrt, tan

from reportlab.pdfgen.pathobject import PDFPathObject

Point = tuple[float, float]

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_COMMAND = re.compile(r"([A-Za-z])([^A-DF-Za-df-z]*)")
_PARTS = (*[_NUMBER.pattern] * 3, *["[01]"] * 2, *[_NUMBER.pattern] * 2)
_FLAGGED = re.compile(r"\s*,?\s*".join(f"({part})" for part in _PARTS))
"""The arguments of one arc: its two flags may stand without anything between them and what follows."""
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


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
        size = _ARGUMENTS.get(command.upper())
        values = _arcs(text) if size == _ARGUMENTS["A"] else floats(text)
        if size is None or (len(values) % size if size else values) or (size and not values):
            raise ValueError(f"{command}{text}")
        yield command, values[:size]
        follow = {"M": "L", "m": "l"}.get(command, command)
        for start in range(size, len(values), size or 1):
            yield follow, values[start : start + size]


def _arcs(text: str) -> list[float]:
    """Return the arguments of arcs.

    Raises:
        ValueError: something else stands there.
    """
    if _FLAGGED.sub("", text).strip(" \t\r\n,"):
        raise ValueError(f"A{text}")
    return [float(value) for values in _FLAGGED.findall(text) for value in values]


def rounded(x: float, y: float, width: float, height: float, rx: float, ry: float) -> bytes:
    """Return a rectangle with rounded corners."""
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    right, bottom = x + width, y + height
    arc = f"A{rx} {ry} 0 0 1"
    return path(
        f"M{x + rx} {y}H{right - rx}{arc} {right} {y + ry}V{bottom - ry}{arc} {right - rx} {bottom}"
        f"H{x + rx}{arc} {x} {bottom - ry}V{y + ry}{arc} {x + rx} {y}Z"
    )


def bounds(operators: bytes) -> tuple[float, float, float, float]:
    """Return the left, least, right and greatest coordinates that path *operators* reach; all 0 for an empty path."""
    xs, ys, stack = list[float](), list[float](), list[float]()
    for token in operators.split():
        if token == b"re":
            x, y, width, height = stack[-4:]
            stack[-4:] = [x, y, x + width, y + height]
        if token.isalpha():
            points = list(zip(stack[::2], stack[1::2], strict=True))
            if token == b"c":
                points += [_on_curve((xs[-1], ys[-1]), points, step / 16) for step in range(1, 16)] + [points[2]]
                points = points[3:]
            xs += [x for x, _ in points]
            ys += [y for _, y in points]
            stack = []
        else:
            stack.append(float(token))
    return (min(xs), min(ys), max(xs), max(ys)) if xs else (0, 0, 0, 0)


def _on_curve(start: Point, points: list[Point], share: float) -> Point:
    """Return the point of a cubic curve from *start* at *share* of its way."""
    rest = 1 - share
    weights = rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3
    corners = (start, *points[:3])
    x, y = (sum(weight * corner[axis] for weight, corner in zip(weights, corners, strict=True)) for axis in (0, 1))
    return x, y


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
        if kind == "A":
            end = self._absolute(kind, values[5:], relative=command != kind)[0]
            self._arc(values, end)
        else:
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

    def _arc(self, values: list[float], end: Point) -> None:
        """Draw an elliptical arc as curves of a quarter turn at most (SVG 1.1, appendix F.6.5)."""
        rx, ry, turn = abs(values[0]), abs(values[1]), radians(values[2])
        (x1, y1), c, s = self._at, cos(turn), sin(turn)
        across, down = (x1 - end[0]) / 2, (y1 - end[1]) / 2
        x, y = c * across + s * down, c * down - s * across
        if not (rx and ry) or (x, y) == (0, 0):
            self._step("L", [end])
            return
        scale = max(1, hypot(x / rx, y / ry))
        rx, ry = rx * scale, ry * scale
        rest = max(0, (rx * ry) ** 2 / ((rx * y) ** 2 + (ry * x) ** 2) - 1)
        sign = 1 if values[3] != values[4] else -1
        cx, cy = sign * sqrt(rest) * rx * y / ry, -sign * sqrt(rest) * ry * x / rx
        first = _angle((x - cx) / rx, (y - cy) / ry)
        sweep = _angle((-x - cx) / rx, (-y - cy) / ry) - first
        sweep += 2 * pi if values[4] and sweep < 0 else -2 * pi if not values[4] and sweep > 0 else 0
        middle = (x1 + end[0]) / 2 + c * cx - s * cy, (y1 + end[1]) / 2 + s * cx + c * cy
        self._turn(middle, (c * rx, s * rx), (-s * ry, c * ry), first, sweep)
        self._at = end

    def _turn(self, middle: Point, across: Point, down: Point, first: float, sweep: float) -> None:
        """Draw the curve from angle *first* through *sweep* about *middle*, whose half axes are *across* and *down*."""
        parts = max(1, ceil(abs(sweep) / (pi / 2) - 1e-9))
        handle = 4 / 3 * tan(sweep / parts / 4)

        def at(c: float, s: float) -> Point:
            return middle[0] + c * across[0] + s * down[0], middle[1] + c * across[1] + s * down[1]

        for part in range(parts):
            a, b = (first + sweep * (part + step) / parts for step in (0, 1))
            before = at(cos(a) - handle * sin(a), sin(a) + handle * cos(a))
            after = at(cos(b) + handle * sin(b), sin(b) - handle * cos(b))
            self._curve(before, after, at(cos(b), sin(b)))

    def _quadratic(self, control: Point, end: Point) -> None:
        """Draw a quadratic curve as a cubic one."""
        first, second = (
            (p[0] + 2 * (control[0] - p[0]) / 3, p[1] + 2 * (control[1] - p[1]) / 3) for p in (self._at, end)
        )
        self._curve(first, second, end)
        self._handle = control


def _angle(x: float, y: float) -> float:
    """Return the angle of a direction, from -pi to pi."""
    return (1 if y >= 0 else -1) * acos(max(-1, min(1, x / hypot(x, y))))


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
