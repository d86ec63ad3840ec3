"""The words of a certificate, as the text extractors of common readers give them back."""

import pytest

from certs.ground.number import printed
from tests.interop.judges import pdfium, poppler
from tests.interop.sealed import Sealed
from tests.interop.text import plain

READERS = pytest.mark.parametrize("words", [poppler.words, pdfium.words], ids=["pdftotext", "pdfium"])


GARBLED = {
    "adlam": "both readers take its letters, beyond the first plane, from left to right",
    "chakma": "both readers put zero-width spaces between its clusters",
}
"""Scripts whose text alone comes back otherwise, as docs/certificates.md says; the page and ActualText are right."""


@READERS
def test_the_name_comes_back_in_logical_order(
    sealed: Sealed, words: poppler.Words, request: pytest.FixtureRequest
) -> None:
    if (why := GARBLED.get(sealed.person.label)) is not None:
        request.applymarker(pytest.mark.xfail(reason=why, strict=True))
    assert plain(sealed.person.name) in plain(words(sealed.data))


@READERS
def test_the_facts_come_back(sealed: Sealed, words: poppler.Words) -> None:
    """Number, event and issuer can be copied from the page."""
    text = plain(words(sealed.data))
    facts = (printed(sealed.statement.number), sealed.statement.event.title, sealed.statement.event.issuer)
    assert [fact for fact in facts if fact not in text] == []
