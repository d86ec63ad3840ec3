"""A picture of pixels, such as a logo in PNG, as image objects (ISO 32000-1, 8.9.5).

PDF/A-3 allows a soft mask, so transparency stays; colours are taken as sRGB, the file's output intent.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from zlib import crc32

from PIL import Image, UnidentifiedImageError

from certs.errors import InputError
from certs.pdf.objects import Objects, deflated, numbers, reference
from certs.wording import say

MOST_PIXELS = 600
"""On the longer side; a logo of an inch is finer than any printer then, and light in every file."""

_MOST_DECODED = 20_000_000
"""Pixels beyond which a file is refused before it is unpacked: 80 MB of memory."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels in rows from the top: three bytes of colour each, and one of opacity."""

    width: int
    height: int
    colour: bytes
    opacity: bytes

    def placed(self, x: float, y: float, width: float, height: float) -> bytes:
        """Return the operators that show the picture in a box whose lower left corner is (*x*, *y*), in proportion."""
        scale = min(width / self.width, height / self.height)
        across, up = scale * self.width, scale * self.height
        place = numbers(across, 0, 0, up, x + (width - across) / 2, y + (height - up) / 2)
        return b"q %b cm /%b Do Q\n" % (place, self._name)

    def write(self, objects: Objects) -> bytes:
        """Add the image to *objects* and return its entry in the page's XObject resources."""
        size = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8" % (self.width, self.height)
        mask = objects.add(deflated(self.opacity, size + b"/ColorSpace/DeviceGray"))
        image = objects.add(deflated(self.colour, size + b"/ColorSpace/DeviceRGB/SMask %b" % reference(mask)))
        return b"/%b %b" % (self._name, reference(image))

    @property
    def _name(self) -> bytes:
        """Its name on a page, different for different pictures."""
        return b"Picture%08x" % crc32(self.opacity, crc32(self.colour))


def load(path: Path) -> Picture:
    """Read the picture in *path*.

    Raises:
        InputError: it is no picture.
    """
    try:
        return parse(path.read_bytes(), path.name)
    except OSError as error:
        raise InputError(say("{name} cannot be read: {why}.", name=path.name, why=error.strerror)) from error


@lru_cache(maxsize=8)
def parse(data: bytes, name: str) -> Picture:
    """Read a PNG picture, made smaller where it has more pixels than paper shows; *name* stands in messages.

    Raises:
        InputError: it is no picture.
    """
    try:
        with Image.open(BytesIO(data), formats=["PNG"]) as image:
            if image.width * image.height > _MOST_DECODED:
                raise InputError(
                    say(
                        "{name} has {width} × {height} pixels: make it smaller.",
                        name=name,
                        width=image.width,
                        height=image.height,
                    )
                )
            pixels = image.convert("RGBA")
    except UnidentifiedImageError as error:
        raise InputError(say("{name} is no picture that can be read: it is no PNG.", name=name)) from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InputError(say("{name} is no picture that can be read: {error}.", name=name, error=error)) from error
    pixels.thumbnail((MOST_PIXELS, MOST_PIXELS))
    return Picture(pixels.width, pixels.height, pixels.convert("RGB").tobytes(), pixels.getchannel("A").tobytes())
