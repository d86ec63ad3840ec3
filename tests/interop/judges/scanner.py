"""Two QR readers on a picture of the page: zxing-cpp and zbar."""

import io

import zxingcpp
from PIL import Image

from tests.interop.judges import pdfium
from tests.interop.judges.component import absent

DPI = 150
"""An office scanner's ordinary setting."""


def by_zxing(picture: Image.Image) -> list[str]:
    """Return the texts of all QR codes that zxing-cpp finds in *picture*."""
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [code.text for code in found]


def by_zbar(picture: Image.Image) -> list[str]:
    """Return the texts of all QR codes that zbar finds in *picture*."""
    try:
        from pyzbar import pyzbar
    except ImportError:
        absent("zbar is not installed (Debian: libzbar0; `make system` installs it)")
    return [code.data.decode() for code in pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])]


def scanned(pdf: bytes, dpi: int = DPI) -> Image.Image:
    """Return the first page of *pdf* as a scanner at *dpi* would see it, in greys."""
    return pdfium.picture(pdf, dpi).convert("L")


def as_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    """Return *picture* as it looks after JPEG compression."""
    squeezed = io.BytesIO()
    picture.save(squeezed, "JPEG", quality=quality)
    return Image.open(squeezed)
