"""What PDFium sees is passed on whole: text, extents, code; every handle is closed."""

from collections.abc import Callable
from functools import cache

import pypdfium2
import pytest
from pypdfium2 import raw

from certs.pdf import Design, draw_plate
from certs.pdf.raster import look, page_text
from tests.unit.pdf import cast

CLOSERS = ("FPDFText_ClosePage", "FPDF_ClosePage", "FPDF_CloseDocument")


@cache
def made(name: str) -> bytes:
    statement = cast.statement(name)
    plate = draw_plate(Design.load("classic"), [statement], cast.BASE_URL, cast.sealer())
    return plate.data + plate.imprint(statement, cast.claim_url(statement)).tail


@pytest.mark.parametrize("name", cast.NAMES.values())
def test_text_is_what_pdfium_gives(name: str) -> None:
    """Neither cut off nor longer, of the page and of each of the tallest texts."""
    seen = look(made(name))
    words = pypdfium2.PdfDocument(made(name))[0].get_textpage()
    assert seen is not None
    assert seen.text == page_text(made(name)) == words.get_text_bounded()
    tallest = sorted(seen.texts.values(), key=lambda extent: extent.bottom - extent.top)[: len(seen.tallest)]
    assert seen.tallest == tuple(words.get_text_bounded(*extent) for extent in tallest)
    assert len(seen.tallest) == 8


def test_a_text_of_two_lines_is_one_extent() -> None:
    """From the first line's top to the last one's foot, and read as a whole."""
    seen = look(made("Wolfgang Amadeus Theophilus Chrysostomus Sigismundus Mozart"))
    assert seen is not None
    said = " ".join(seen.tallest[0].split())
    assert said == "Wolfgang Amadeus Theophilus Chrysostomus Sigismundus Mozart"
    assert "\n" in seen.tallest[0]


def test_text_without_a_mark_has_no_extent() -> None:
    """An ornament may stand over anything."""
    file = made("Jana Nováková")
    bare = file.replace(b"/H2<</MCID 3>>BDC", b"/Artifact BMC    ")
    seen, whole = look(bare), look(file)
    assert seen is not None
    assert whole is not None
    assert set(seen.texts) == set(whole.texts) - {3}


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"nothing"])
def test_what_is_no_file_is_not_seen(data: bytes) -> None:
    """And has no text."""
    assert look(data) is None
    assert page_text(data) == ""


def test_a_file_without_a_page_is_not_seen() -> None:
    """PDFium opens it, but finds nothing to look at."""
    file = made("Jana Nováková").replace(b"/Kids[12 0 R]/Count 1", b"/Kids[     ]/Count 0")
    assert file != made("Jana Nováková")
    assert look(file) is None
    assert page_text(file) == ""


def test_handles_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the last to the first, also where looking fails."""
    closed: list[str] = []
    for kind in CLOSERS:
        monkeypatch.setattr(raw, kind, noting(closed, kind))
    assert look(made("Jana Nováková")) is not None
    monkeypatch.setattr(raw, "FPDFPageObj_GetBounds", lambda *_: 0)
    assert look(made("Jana Nováková")) is None
    assert closed == [*CLOSERS, *CLOSERS]


def noting(closed: list[str], kind: str) -> Callable[[object], None]:
    close = getattr(raw, kind)

    def noted(handle: object) -> None:
        closed.append(kind)
        close(handle)

    return noted
