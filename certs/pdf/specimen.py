"""Pages to look at before anything is ordered: as certificates will look, with SPECIMEN across, and worth nothing.

They are printed like certificates, then copied by PDFium into a file of their own: without seal, without credential,
without links. Their codes say that they are specimens (`claim.specimen`), so nobody who reads one takes it for a claim.
"""

from collections.abc import Iterable, Sequence
from ctypes import c_ushort
from datetime import UTC, datetime, time
from io import BytesIO
from math import atan2, cos, hypot, sin

import pypdfium2
from pypdfium2 import raw

from certs.model import Statement
from certs.pdf.design import Design
from certs.pdf.plate import draw_plate
from certs.pdf.rehearse import NoSeal
from certs.pdf.typeface import plate_group

WORD = "SPECIMEN"
END = b"%SPECIMEN of certs: it certifies nothing.\n"
"""How every file of specimens ends, by which it is known again."""
_FONT = b"Helvetica-Bold"
_RED, _GREEN, _BLUE, _ALPHA = 196, 0, 32, 96
_WIDTH_OF_LETTER = 0.72
"""Of a capital in the font, in its size."""
_SHARE = 0.8
"""Of the page's diagonal that the word takes."""


def specimens(statements: Sequence[tuple[Statement, str]], base_url: str) -> bytes:
    """Return one PDF with a page for each statement, whose code reads the address beside it.

    Raises:
        InputError: a design is missing or wrong, or a name cannot be printed; `unprintable` says so beforehand.
    """
    return _marked(_printed(statement, address, base_url) for statement, address in statements)


def _printed(statement: Statement, address: str, base_url: str) -> bytes:
    """Return the page of one statement as a file with nothing where its seal would be."""
    moment = datetime.combine(statement.issued_on, time(), UTC)
    plate = draw_plate(Design.of(statement.event), [statement], base_url, NoSeal(moment))
    return plate.data + plate.imprint(statement, address).tail


def group(statement: Statement) -> str:
    """Return the scripts that the name of *statement* is written in, as `plate_group` calls them."""
    return plate_group(statement.name, statement.language)


def _marked(files: Iterable[bytes]) -> bytes:
    """Return the pages of *files* in one, with the word across each."""
    whole = pypdfium2.PdfDocument.new()
    for file in files:
        source = pypdfium2.PdfDocument(file)
        for page in source:
            _strip(page)
            page.close()
        whole.import_pages(source)
        source.close()
    for page in whole:
        _mark(whole, page)
        page.close()
    out = BytesIO()
    whole.save(out)
    whole.close()
    return out.getvalue().rstrip() + b"\n" + END


def _strip(page: pypdfium2.PdfPage) -> None:
    """Take away what could be clicked: the link to the verdict, the field of the seal."""
    while raw.FPDFPage_GetAnnotCount(page.raw) > 0 and raw.FPDFPage_RemoveAnnot(page.raw, 0):
        pass


def _mark(whole: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> None:
    """Write the word along the diagonal of *page*."""
    width, height = page.get_size()
    angle, length = atan2(height, width), _SHARE * hypot(width, height)
    size = length / (_WIDTH_OF_LETTER * len(WORD))
    text = raw.FPDFPageObj_NewTextObj(whole, _FONT, size)
    units = [*map(ord, WORD), 0]
    raw.FPDFText_SetText(text, (c_ushort * len(units))(*units))
    raw.FPDFPageObj_SetFillColor(text, _RED, _GREEN, _BLUE, _ALPHA)
    across, up = cos(angle), sin(angle)
    left = (width - length * across + size * 0.7 * up) / 2
    bottom = (height - length * up - size * 0.7 * across) / 2
    raw.FPDFPageObj_Transform(text, across, up, -up, across, left, bottom)
    raw.FPDFPage_InsertObject(page.raw, text)
    raw.FPDFPage_GenerateContent(page.raw)
