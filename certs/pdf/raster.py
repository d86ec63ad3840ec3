"""What PDFium sees: the QR code in a raster of the page, the page's text, and where everything stands.

A file may be hostile here; whoever reads strangers' files does so in a process with little memory and time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from ctypes import c_float
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import pypdfium2
from PIL.Image import Image
from pypdfium2 import raw

_DPIS = (100, 150)
"""Coarser than any office scanner, so what reads here reads on paper; a large symbol may need the finer one."""
_QUIET_SHARE = 0.12
"""How much of a symbol's side is taken in around it; its quiet zone is a little less."""
_SEEN = (raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_IMAGE)
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
    for item, kind in _items(page):
        extent = _extent(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            pictures.append(extent)
            continue
        extents[raw.FPDFPageObj_GetMarkedContentID(item)].append(extent)
        embedded = embedded and raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(item)) == 1
    texts = {identifier: _around(parts) for identifier, parts in extents.items() if identifier >= 0}
    tallest = sorted(texts.values(), key=lambda extent: extent.bottom - extent.top)[:_TALLEST]
    words = page.get_textpage()
    said = tuple(words.get_text_bounded(*extent) for extent in tallest)
    code = _read_pictures(page, pictures)
    return Look(*page.get_size(), code, words.get_text_bounded(), texts, said, tuple(pictures), embedded)


def _items(page: pypdfium2.PdfPage) -> Iterator[tuple[object, int]]:
    """Yield texts and images that stand on the page itself, each with its kind."""
    for place in range(raw.FPDFPage_CountObjects(page)):
        item = raw.FPDFPage_GetObject(page, place)
        kind = raw.FPDFPageObj_GetType(item)
        if kind in _SEEN:
            yield item, kind


def _extent(item: object) -> Extent:
    """Return where *item* stands.

    Raises:
        ValueError: PDFium cannot tell.
    """
    edges = c_float(), c_float(), c_float(), c_float()
    if not raw.FPDFPageObj_GetBounds(item, *edges):
        raise ValueError("an object without bounds")
    return Extent(*[edge.value for edge in edges])


def _around(parts: list[Extent]) -> Extent:
    """Return the extent that holds all *parts*."""
    lefts, bottoms, rights, tops = zip(*parts, strict=True)
    return Extent(min(lefts), min(bottoms), max(rights), max(tops))


def _text(page: pypdfium2.PdfPage) -> str:
    """Return the page's text."""
    return page.get_textpage().get_text_bounded()


def _read_pictures(page: pypdfium2.PdfPage, pictures: Iterable[Extent]) -> str:
    """Return the first QR code found in *pictures*, each rendered alone with some room around it."""
    width, height = page.get_size()
    for extent in pictures:
        margin = _QUIET_SHARE * (extent.right - extent.left)
        edges = extent.left, extent.bottom, width - extent.right, height - extent.top
        left, bottom, right, top = (max(edge - margin, 0) for edge in edges)
        for dpi in _DPIS:
            picture = page.render(scale=dpi / 72, crop=(left, bottom, right, top), grayscale=True).to_pil()
            if code := _read_code(picture):
                return code
    return ""


def _read_code(picture: Image) -> str:
    """Return the QR code in *picture*, dark on light as it is printed; empty if there is none."""
    import zxingcpp  # noqa: PLC0415 -- whoever only orders or approves reads no codes

    found = zxingcpp.read_barcodes(
        picture,
        formats=zxingcpp.barcode_formats_from_str("QRCode"),
        try_downscale=False,
        try_invert=False,
        try_rotate=False,  # a QR code's corners tell how it is turned
    )
    return found[0].text if found else ""
