"""What PDFium sees: the QR code in a raster of the page, and the page's text.

A file may be hostile here; whoever reads strangers' files does so in a process with little memory and time.
"""

from collections.abc import Callable

import pypdfium2
import zxingcpp

_QR_ONLY = zxingcpp.barcode_formats_from_str("QRCode")
_DPI = 150
"""Coarser than any office scanner, so what reads here reads on paper."""
_QUIET_SHARE = 0.12
"""How much of a symbol's side is taken in around it; its quiet zone is a little less."""


def read_back(pdf: bytes) -> str:
    """Return the text of the QR code, read from a raster of the page where it stands; empty if none is readable.

    Raises:
        Nothing: a file that cannot be rendered has no readable QR code.
    """
    return _from_first_page(pdf, _read_qr)


def page_text(pdf: bytes) -> str:
    """Return the text of the first page; empty if there is none.

    Raises:
        Nothing: a file that cannot be read has no text.
    """
    return _from_first_page(pdf, lambda page: page.get_textpage().get_text_bounded())


def _from_first_page(pdf: bytes, read: Callable[[pypdfium2.PdfPage], str]) -> str:
    """Return what *read* finds on the first page, nothing where PDFium cannot open the file."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        return ""
    try:
        return read(document[0]) if len(document) else ""
    except (pypdfium2.PdfiumError, ValueError):
        return ""
    finally:
        document.close()


def _read_qr(page: pypdfium2.PdfPage) -> str:
    """Return the first QR code found among the page's images, each rendered alone."""
    width, height = page.get_size()
    for image in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = image.get_bounds()
        margin = _QUIET_SHARE * (right - left)
        crop = (
            max(left - margin, 0),
            max(bottom - margin, 0),
            max(width - right - margin, 0),
            max(height - top - margin, 0),
        )
        picture = page.render(scale=_DPI / 72, crop=crop, grayscale=True).to_pil()
        found = zxingcpp.read_barcodes(picture, formats=_QR_ONLY)
        if found:
            return found[0].text
    return ""
