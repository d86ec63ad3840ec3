"""Vector artwork as one form of a page: operators, and the shadings and opacities that they refer to."""

from dataclasses import dataclass
from zlib import crc32

from certs.pdf.gradient import Gradient
from certs.pdf.objects import Objects, deflated, number, numbers, reference

_REACH = 5_000
"""Units from its corner that a drawing may reach on every side, and twice its size; a form needs some end."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Operators in the SVG's own coordinates (y downwards), its size, and what the operators refer to by its place.

    On a page it is one form.
    """

    width: float
    height: float
    operators: bytes
    gradients: tuple[Gradient, ...] = ()
    opacities: tuple[tuple[float, float], ...] = ()
    """Of areas and of lines."""

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
        shadings = b"".join(b"/S%d %b" % (i, one.write(objects)) for i, one in enumerate(self.gradients))
        states = b"".join(
            b"/O%d<</ca %b/CA %b>>" % (i, number(area), number(line)) for i, (area, line) in enumerate(self.opacities)
        )
        resources = (b"/Shading<<%b>>" % shadings if shadings else b"") + (
            b"/ExtGState<<%b>>" % states if states else b""
        )
        form = b"/Type/XObject/Subtype/Form/BBox[%b]/Resources<<%b>>" % (
            numbers(-reach, -reach, reach, reach),
            resources,
        )
        return b"/%b %b" % (self._name, reference(objects.add(deflated(self.operators, form))))

    @property
    def _name(self) -> bytes:
        """Its name on a page, different for different drawings."""
        return b"Drawing%08x" % crc32(repr((self.gradients, self.opacities)).encode(), crc32(self.operators))
