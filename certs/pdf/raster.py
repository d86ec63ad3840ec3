"""What PDFium sees: the QR code in a raster of the page, the page's text, and where everything stands.

A file may be hostile here; whoever reads strangers' files does so in a process with little memory and time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import pypdfium2
import zxingcpp
from pypdfium2 import raw

_QR_ONLY = zxingcpp.barcode_formats_from_str("QRCode")
_DPI = 150
"""Coarser than any office scanner, so what reads here reads on paper."""
_QUIET_SHARE = 0.12
"""How much of a symbol's side is taken in around it; its quiet zone is a little less."""
_TALLEST = 8
"""Texts among which the person's name certainly is."""
_Found = TypeVar("_Found")


class Extent(NamedTuple):
    """A rectangle on the page, in points from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: "Extent", tolerance: float) -> bool:
        """Say whether the two share more than a strip of *tolerance*."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        return width > tolerance and height > tolerance


@dataclass(frozen=True, slots=True)
class Look:
    """A page as PDFium sees it.

    *texts* are the extents of marked texts by identifier, *tallest* what the tallest of them say, *pictures* where
    images are.
    """

    width: float
    height: float
    code: str
    text: str
    texts: Mapping[int, Extent]
    tallest: tuple[str, ...]
    pictures: tuple[Extent, ...]
    all_embedded: bool


def look(pdf: bytes) -> Look | None:
    """Return what PDFium sees on the first page, or None if it cannot open the file.

    Raises:
        Nothing.
    """
    return _from_first_page(pdf, _look, None)


def read_back(pdf: bytes) -> str:
    """Return the text of the QR code, read from a raster of the page where it stands; empty if none is readable.

    Raises:
        Nothing: a file that cannot be rendered has no readable QR code.
    """
    return _from_first_page(pdf, _read_qr, "")


def page_text(pdf: bytes) -> str:
    """Return the text of the first page; empty if there is none.

    Raises:
        Nothing: a file that cannot be read has no text.
    """
    return _from_first_page(pdf, _text, "")


def _from_first_page(pdf: bytes, read: Callable[[pypdfium2.PdfPage], _Found], nothing: _Found) -> _Found:
    """Return what *read* finds on the first page, *nothing* where PDFium cannot open the file."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        return nothing
    try:
        return read(document[0]) if len(document) else nothing
    except (pypdfium2.PdfiumError, ValueError):
        return nothing
    finally:
        document.close()


def _look(page: pypdfium2.PdfPage) -> Look:
    """Look at an open page; what ornaments are made of is passed over."""
    extents: defaultdict[int, list[Extent]] = defaultdict(list)
    pictures, embedded = [], True
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_IMAGE], max_depth=1):
        extent = Extent(*item.get_bounds())
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures.append(extent)
            continue
        extents[raw.FPDFPageObj_GetMarkedContentID(item.raw)].append(extent)
        embedded = embedded and raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(item.raw)) == 1
    texts = {identifier: _around(parts) for identifier, parts in extents.items() if identifier >= 0}
    tallest = sorted(texts.values(), key=lambda extent: extent.bottom - extent.top)[:_TALLEST]
    words = page.get_textpage()
    said = tuple(words.get_text_bounded(*extent) for extent in tallest)
    code = _read_pictures(page, pictures)
    return Look(*page.get_size(), code, words.get_text_bounded(), texts, said, tuple(pictures), embedded)


def _around(parts: list[Extent]) -> Extent:
    """Return the extent that holds all *parts*."""
    lefts, bottoms, rights, tops = zip(*parts, strict=True)
    return Extent(min(lefts), min(bottoms), max(rights), max(tops))


def _text(page: pypdfium2.PdfPage) -> str:
    """Return the page's text."""
    return page.get_textpage().get_text_bounded()


def _read_qr(page: pypdfium2.PdfPage) -> str:
    """Return the first QR code found among the page's images, in forms too."""
    images = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])
    return _read_pictures(page, [Extent(*image.get_bounds()) for image in images])


def _read_pictures(page: pypdfium2.PdfPage, pictures: Iterable[Extent]) -> str:
    """Return the first QR code found in *pictures*, each rendered alone with some room around it."""
    width, height = page.get_size()
    for extent in pictures:
        margin = _QUIET_SHARE * (extent.right - extent.left)
        edges = extent.left, extent.bottom, width - extent.right, height - extent.top
        left, bottom, right, top = (max(edge - margin, 0) for edge in edges)
        picture = page.render(scale=_DPI / 72, crop=(left, bottom, right, top), grayscale=True).to_pil()
        found = zxingcpp.read_barcodes(picture, formats=_QR_ONLY)
        if found:
            return found[0].text
    return ""
