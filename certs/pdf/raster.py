"""What PDFium sees: the QR code in a raster of the page, the page's text, and where everything stands.

A file may be hostile here; whoever reads strangers' files does so in a process with little memory and time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from ctypes import byref, c_char, c_float, c_ushort
from dataclasses import dataclass
from heapq import nsmallest
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pypdfium2 import raw

if TYPE_CHECKING:
    from PIL import Image

_DPIS = (100, 150)
"""Coarser than any office scanner, so what reads here reads on paper; a large symbol may need the finer one."""
_QUIET_SHARE = 0.09
"""How much of a symbol's side is taken in around it: its quiet zone of four modules, for a claim needs 45 or more."""
_UNMARKED = -1
"""What PDFium gives for the identifier of an object that is no marked content."""
_TALLEST = 8
"""Texts among which the person's name certainly is."""
_MOST_UNITS = 4
"""UTF-16 units to a character of a page's text: two, and as many for the end of a line."""
_SCAN_DPIS = (110, 200)
"""For a whole page of a stranger; at the second, a code of 3 cm has 4 pixels a module."""
_MOST_PIXELS = 3000
_MOST_POINTS = 14_400
"""Of a page's side: no PDF has more (ISO 32000-1, annex C)."""
_MOST_OF_IT = 0.8
_CLAIM_PATH = "/V/"
_Found = TypeVar("_Found")
_Handle = TypeVar("_Handle")
_COLOURS = 48
"""Of a picture: more cannot be seen on a specimen, and it is half as large."""


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

    def around(self, other: "Extent") -> "Extent":
        """Return the rectangle that holds both."""
        left, bottom = min(self.left, other.left), min(self.bottom, other.bottom)
        return Extent(left, bottom, max(self.right, other.right), max(self.top, other.top))


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
    """Return what PDFium sees on the first page, or None if it cannot open the file."""
    return _from_first_page(pdf, _look, None)


def picture(pdf: bytes, width: int = 702) -> bytes:
    """Return the first page as a PNG of *width* pixels in few colours, for a person to look at.

    Raises:
        PdfiumError: PDFium cannot open it.
    """
    import pypdfium2  # noqa: PLC0415 -- whoever only orders or approves draws no pictures
    from PIL import Image  # noqa: PLC0415

    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    drawn = page.render(scale=width / page.get_size()[0]).to_pil()
    page.close()
    document.close()
    out = BytesIO()
    drawn.convert("RGB").quantize(_COLOURS, Image.Quantize.MEDIANCUT).save(out, "PNG", optimize=True)
    return out.getvalue()


def page_text(pdf: bytes) -> str:
    """Return the text of the first page; empty if there is none.

    Raises:
        Nothing: a file that cannot be read has no text.
    """
    return _from_first_page(pdf, _text, "")


def page_code(pdf: bytes) -> str:
    """Return the QR code of a certificate on the first page, wherever and however it stands there; empty if none."""
    return _from_first_page(pdf, _code_anywhere, "")


def is_scan(pdf: bytes) -> bool:
    """Say whether the first page is one picture, as scanners make it; the words that they lay behind do not count."""
    return _from_first_page(pdf, _is_covered, False)


def grey(pdf: bytes, width: int) -> "Image.Image | None":
    """Return the first page in grey, *width* pixels wide, None if PDFium cannot open it.

    Raises:
        ValueError: the page has no size.
    """
    from PIL import Image  # noqa: PLC0415 -- whoever only orders or approves draws no pictures

    def draw(page: raw.FPDF_PAGE, _: raw.FPDF_TEXTPAGE) -> Image.Image:
        across, down = _size(page)
        pixels = _rendered(page, across, down, (0, 0, 0, 0), width / across)
        rows = len(pixels)
        return Image.frombytes("L", (pixels.nbytes // rows, rows), pixels.tobytes())

    return _from_first_page(pdf, draw, None)


def _from_first_page(pdf: bytes, read: Callable[[raw.FPDF_PAGE, raw.FPDF_TEXTPAGE], _Found], nothing: _Found) -> _Found:
    """Return what *read* finds on the first page and in its text, *nothing* where PDFium cannot open the file.

    PDFium reads from *pdf* itself, not from a copy.
    """
    try:
        with (
            _opened(raw.FPDF_LoadMemDocument64(pdf, len(pdf), None), raw.FPDF_CloseDocument) as document,
            _opened(raw.FPDF_LoadPage(document, 0), raw.FPDF_ClosePage) as page,
            _opened(raw.FPDFText_LoadPage(page), raw.FPDFText_ClosePage) as words,
        ):
            return read(page, words)
    except ValueError:
        return nothing


@contextmanager
def _opened(handle: _Handle, close: Callable[[_Handle], None]) -> Iterator[_Handle]:
    """Close *handle* in the end.

    Raises:
        ValueError: it is null, for PDFium could not open it.
    """
    if not handle:
        raise ValueError("PDFium cannot open it")
    try:
        yield handle
    finally:
        close(handle)


def _look(page: raw.FPDF_PAGE, words: raw.FPDF_TEXTPAGE) -> Look:
    """Look at an open page; what ornaments are made of is passed over."""
    extent_of = _measure()
    texts: dict[int, Extent] = {}
    pictures, embedded = [], True
    for place in range(raw.FPDFPage_CountObjects(page)):
        item = raw.FPDFPage_GetObject(page, place)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            pictures.append(extent_of(item))
        elif kind == raw.FPDF_PAGEOBJ_TEXT:
            extent, identifier = extent_of(item), raw.FPDFPageObj_GetMarkedContentID(item)
            texts[identifier] = texts[identifier].around(extent) if identifier in texts else extent
            embedded = embedded and raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(item)) == 1
    texts.pop(_UNMARKED, None)
    tallest = nsmallest(_TALLEST, texts.values(), lambda extent: extent.bottom - extent.top)
    text_in = _reader(words)
    size = raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page)
    code = _read_pictures(page, *size, pictures)
    said = tuple(map(text_in, tallest))
    return Look(*size, code, text_in(_edges(page)), texts, said, tuple(pictures), embedded)


def _measure() -> Callable[[raw.FPDF_PAGEOBJECT], Extent]:
    """Return a function that tells where an object stands.

    Raises:
        ValueError: PDFium cannot tell.
    """
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()

    def extent_of(item: raw.FPDF_PAGEOBJECT) -> Extent:
        if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            raise ValueError("an object without bounds")
        return Extent(left.value, bottom.value, right.value, top.value)

    return extent_of


def _text(page: raw.FPDF_PAGE, words: raw.FPDF_TEXTPAGE) -> str:
    """Return the text within the page's edges."""
    return _reader(words)(_edges(page))


def _edges(page: raw.FPDF_PAGE) -> Extent:
    """Return the page itself."""
    edges = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, edges)
    return Extent(edges.left, edges.bottom, edges.right, edges.top)


def _reader(words: raw.FPDF_TEXTPAGE) -> Callable[[Extent], str]:
    """Return a function that tells what text stands within an extent."""
    length = _MOST_UNITS * raw.FPDFText_CountChars(words) + 1
    units = bytearray(2 * length)
    buffer = byref(c_ushort.from_buffer(units))

    def text_in(extent: Extent) -> str:
        left, bottom, right, top = extent
        count = raw.FPDFText_GetBoundedText(words, left, top, right, bottom, buffer, length)
        return units[: 2 * max(count - 1, 0)].decode("utf-16-le", "ignore")  # a zero ends it

    return text_in


def _read_pictures(page: raw.FPDF_PAGE, width: float, height: float, pictures: Sequence[Extent]) -> str:
    """Return the first QR code found in *pictures*, each rendered alone with some room around it."""
    for extent in pictures:
        margin = _QUIET_SHARE * (extent.right - extent.left)
        edges = extent.left, height - extent.top, width - extent.right, extent.bottom
        cut = [max(edge - margin, 0) for edge in edges]
        for dpi in _DPIS:
            if code := _read_code(_rendered(page, width, height, cut, dpi / 72)):
                return code
    return ""


def _code_anywhere(page: raw.FPDF_PAGE, _: raw.FPDF_TEXTPAGE) -> str:
    """Return the first code that a certificate may have, from coarse to fine."""
    across, down = _size(page)
    for dpi in _SCAN_DPIS:
        scale = min(dpi / 72, _MOST_PIXELS / max(across, down))
        for code in codes(_rendered(page, across, down, (0, 0, 0, 0), scale)):
            if claimed := claim_in(code):
                return claimed
    return ""


def _is_covered(page: raw.FPDF_PAGE, _: raw.FPDF_TEXTPAGE) -> bool:
    """Say whether pictures cover most of a page; one that PDFium cannot measure covers nothing."""
    across, down = _size(page)
    extent_of, covered = _measure(), 0.0
    for place in range(raw.FPDFPage_CountObjects(page)):
        item = raw.FPDFPage_GetObject(page, place)
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = extent_of(item)
            covered += max(min(right, across) - max(left, 0), 0) * max(min(top, down) - max(bottom, 0), 0)
    return covered >= _MOST_OF_IT * across * down


def _size(page: raw.FPDF_PAGE) -> tuple[float, float]:
    """Return how wide and high a page is, in points.

    Raises:
        ValueError: it is nothing, or larger than any paper.
    """
    across, down = raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page)
    if not (1 <= across <= _MOST_POINTS and 1 <= down <= _MOST_POINTS):
        raise ValueError("no page that can be looked at")
    return across, down


def claim_in(code: str) -> str:
    """Return the claim in the text of a QR code, empty if that is no certificate's."""
    return code.rpartition(_CLAIM_PATH)[2] if _CLAIM_PATH in code else ""


def codes(pixels: "memoryview | Image.Image") -> list[str]:
    """Return the texts of all QR codes in *pixels*: small or large, dark on light or light on dark."""
    import zxingcpp  # noqa: PLC0415 -- whoever only orders or approves reads no codes

    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return [found.text for found in zxingcpp.read_barcodes(pixels, formats=formats)]


def _rendered(page: raw.FPDF_PAGE, width: float, height: float, cut: Sequence[float], scale: float) -> memoryview:
    """Return rows of grey pixels, what is *cut* off the page's left, top, right and lower side left out.

    Raises:
        ValueError: nothing is left.
    """
    across, down = ceil(width * scale), ceil(height * scale)
    left, top, right, bottom = (ceil(edge * scale) for edge in cut)
    columns, rows = across - left - right, down - top - bottom
    if columns < 1 or rows < 1:
        raise ValueError("nothing of it is on the page")
    pixels = bytearray(b"\xff") * (columns * rows)
    paper = byref(c_char.from_buffer(pixels))
    bitmap = raw.FPDFBitmap_CreateEx(columns, rows, raw.FPDFBitmap_Gray, paper, columns)
    with _opened(bitmap, raw.FPDFBitmap_Destroy):
        raw.FPDF_RenderPageBitmap(bitmap, page, -left, -top, across, down, 0, raw.FPDF_GRAYSCALE | raw.FPDF_ANNOT)
    return memoryview(pixels).cast("B", (rows, columns))


def _read_code(pixels: memoryview) -> str:
    """Return the QR code in *pixels*, dark on light as it is printed; empty if there is none."""
    import zxingcpp  # noqa: PLC0415 -- whoever only orders or approves reads no codes

    found = zxingcpp.read_barcodes(
        pixels,
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        try_downscale=False,
        try_invert=False,
        try_rotate=False,  # a QR code's corners tell how it is turned
    )
    return found[0].text if found else ""
