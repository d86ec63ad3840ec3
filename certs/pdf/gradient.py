"""Gradients of SVG as shadings of PDF (ISO 32000-1, 8.7.4.5), painted through the outline that they fill."""

from dataclasses import dataclass
from itertools import pairwise

from certs.pdf.objects import Objects, number, numbers, reference

Matrix = tuple[float, float, float, float, float, float]
_APART = 0.002
"""Between two stops in one place: PDF wants their bounds to grow."""


@dataclass(frozen=True, slots=True)
class Gradient:
    """Colours along a line, or between two circles; *coords* are four or six numbers, *stops* offsets and operands.

    *matrix* leads from the gradient to the drawing; for a gradient in shares of what it fills, after that one's box.
    """

    coords: tuple[float, ...]
    stops: tuple[tuple[float, bytes], ...]
    matrix: Matrix
    of_box: bool

    def operators(self, outline: bytes, rule: bytes, box: tuple[float, float, float, float], name: bytes) -> bytes:
        """Return what fills *outline*, which has the *box* left, top, right, bottom, under the resource *name*."""
        left, top, right, bottom = box
        if right <= left or bottom <= top:
            return b""
        place = numbers(right - left, 0, 0, bottom - top, left, top) + b" cm " if self.of_box else b""
        matrix = b" ".join(b"%.5f" % value for value in self.matrix)
        return b"q %b W%b n %b%b cm /%b sh Q\n" % (outline, rule, place, matrix, name)

    def write(self, objects: Objects) -> bytes:
        """Add the shading to *objects* and return the reference to it."""
        kind = 3 if len(self.coords) == 6 else 2
        function = objects.add(self._function())
        return reference(
            objects.add(
                b"<</ShadingType %d/ColorSpace/DeviceRGB/Coords[%b]/Extend[true true]/Function %b>>"
                % (kind, numbers(*self.coords), reference(function))
            )
        )

    def _function(self) -> bytes:
        """Return the function from 0 to 1 that gives the colour: a straight one between each two stops."""
        stops = _growing(self.stops)
        parts = [
            b"<</FunctionType 2/Domain[0 1]/C0[%b]/C1[%b]/N 1>>" % (before[1], after[1])
            for before, after in pairwise(stops)
        ]
        bounds = b" ".join(number(offset) for offset, _ in stops[1:-1])
        encode = b" ".join([b"0 1"] * len(parts))
        return b"<</FunctionType 3/Domain[0 1]/Functions[%b]/Bounds[%b]/Encode[%b]>>" % (
            b"".join(parts),
            bounds,
            encode,
        )


def _growing(stops: tuple[tuple[float, bytes], ...]) -> list[tuple[float, bytes]]:
    """Return *stops* from 0 to 1, no two in one place."""
    found: list[tuple[float, bytes]] = [(0.0, stops[0][1])]
    for offset, operands in stops:
        found.append((max(offset, found[-1][0] + _APART), operands))
    last = found[-1][0]
    scale = 1 / last if last > 1 else 1
    grown = [(offset * scale, operands) for offset, operands in found]
    return [*grown, (1.0, stops[-1][1])] if grown[-1][0] < 1 - _APART else [*grown[:-1], (1.0, stops[-1][1])]
