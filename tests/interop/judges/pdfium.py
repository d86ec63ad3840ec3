"""PDFium, the reader inside Chrome: its text and its picture of a page."""

import pypdfium2
from PIL import Image

POINTS_PER_INCH = 72


def words(pdf: bytes) -> str:
    """Return the text of the first page in reading order."""
    document = pypdfium2.PdfDocument(pdf)
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    return text


def picture(pdf: bytes, dpi: int) -> Image.Image:
    """Return the first page at *dpi*."""
    document = pypdfium2.PdfDocument(pdf)
    image = document[0].render(scale=dpi / POINTS_PER_INCH).to_pil().copy()
    document.close()
    return image
