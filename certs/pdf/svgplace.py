"""Places in SVG: lengths with their units, and transforms as matrices."""

import re
from collections.abc import Iterator
from math import cos, radians, sin, tan

from certs.pdf.gradient import Matrix
from certs.pdf.outline import floats

IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 960 / 25.4, "in": 96.0}
"""In units of the drawing (CSS Values 3, section 6.2)."""
_LENGTH = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([a-z]*|%)")
_TRANSFORM = re.compile(r"(\w+)\s*\(([^)]*)\)")
_FLAT = 1e-12
"""The size of a matrix that leaves nothing of an area."""


def measure(text: str, whole: float = 0) -> float:
    """Return a length in units of the drawing; percentages are of *whole*.

    Raises:
        ValueError: it is none.
    """
    found = _LENGTH.fullmatch(text.strip())
    if not found or (found[2] not in _UNITS and not (found[2] == "%" and whole)):
        raise ValueError(text)
    return float(found[1]) * (whole / 100 if found[2] == "%" else _UNITS[found[2]])


def transforms(text: str) -> Iterator[Matrix]:
    """Yield the matrices of a transform attribute.

    Raises:
        ValueError: one of them is not read; the message names it.
    """
    if _TRANSFORM.sub("", text).strip(" ,\t\r\n"):
        raise ValueError(f"the transform {text!r}")
    for kind, arguments in _TRANSFORM.findall(text):
        yield _transform(kind, floats(arguments))


def _transform(kind: str, values: list[float]) -> Matrix:
    """Return the matrix of one transform function.

    Raises:
        ValueError: it is unknown, or has too many values or too few.
    """
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
        case "skewX", [angle]:
            return 1, 0, tan(radians(angle)), 1, 0, 0
        case "skewY", [angle]:
            return 1, tan(radians(angle)), 0, 1, 0, 0
        case "matrix", [a, b, c, d, e, f]:
            return a, b, c, d, e, f
    raise ValueError(f"the transform {kind} with {len(values)} values")


def moved(matrix: Matrix) -> bytes:
    """Return the operator that makes *matrix* the place of what follows."""
    return b"%b cm " % b" ".join(b"%.5f" % value for value in matrix)


def product(outer: Matrix, inner: Matrix) -> Matrix:
    """Return the matrix of *inner*, then *outer*."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f


def inverse(matrix: Matrix) -> Matrix:
    """Return the matrix that takes *matrix* back.

    Raises:
        ValueError: there is none.
    """
    a, b, c, d, e, f = matrix
    size = a * d - b * c
    if abs(size) < _FLAT:
        raise ValueError("a transform that leaves nothing")
    return d / size, -b / size, -c / size, a / size, (c * f - d * e) / size, (b * e - a * f) / size
