"""The QR code in a photo or screenshot of a certificate. Hostile pictures are opened in a limited process.

PNG, JPEG, WebP, GIF, TIFF and HEIC, the first frame of each. A picture is read small first, which is quick and forgives
blur, then as large as it is.
"""

from io import BytesIO
from typing import TYPE_CHECKING

from certs.pdf.raster import claim_in, codes

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "HEIF", "AVIF")
MOST_PIXELS = 120_000_000
"""Of a picture that is opened; telephones make up to 108 million."""
_SIDES = (1600, 3200, 6400)
"""Pixels of the longer side at which it is read, one after the other."""


def code_in(data: bytes) -> str:
    """Return the claim in the first QR code of a certificate that the picture *data* shows, empty if it shows none.

    Raises:
        ValueError: it has too many pixels.
        OSError: it is no picture that can be read.
    """
    picture = _opened(data)
    longest = max(picture.size)
    for side in _SIDES:
        small = picture if longest <= side else picture.reduce(-(-longest // side))
        if found := next(filter(None, map(claim_in, codes(small))), ""):
            return found
        if longest <= side:
            break
    return ""


def _opened(data: bytes) -> "Image.Image":
    """Return the picture in grey, what is transparent in it white.

    Raises:
        ValueError: it has too many pixels.
        OSError: it cannot be read.
    """
    from PIL import Image  # noqa: PLC0415 -- only the limited process opens pictures

    if data[4:8] == b"ftyp":
        import pi_heif  # noqa: PLC0415 -- what Pillow itself does not read

        pi_heif.register_heif_opener()
    picture: Image.Image = Image.open(BytesIO(data), formats=FORMATS)
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    picture.draft("L", (_SIDES[-1], _SIDES[-1]))
    if "A" in picture.getbands() or "transparency" in picture.info:
        shown = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown).convert("L")
    return picture.convert("L")
