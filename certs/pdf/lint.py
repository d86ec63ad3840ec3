"""The full look at a finished file, for the first of each plate and one in fifty.

The page is read as a visitor's program reads it, by PDFium and a QR reader, and compared with what was ordered. By
structure and digest every file is checked anyway (see `check`).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from certs.model import Statement
from certs.number import printed
from certs.pdf.raster import Look, look

_PLACEHOLDER = re.compile(r"\{\w*\}")
_UNKNOWN = "\x00\ufffd\ufffe"
"""What readers give for a glyph without a character."""
_TOLERANCE = 0.5
"""Points by which the rectangles around two texts may overlap."""


def lint(file: bytes, statement: Statement, claim_url: str) -> list[str]:
    """Return a sentence for everything that is wrong with the page as it is seen; empty when all is well.

    Raises:
        Nothing.
    """
    seen = look(file)
    if seen is None:
        return ["The file cannot be opened."]
    return [*_wrong_code(seen, claim_url), *_wrong_text(seen, statement), *_wrong_places(seen)]


def _wrong_code(seen: Look, claim_url: str) -> Iterator[str]:
    """Yield what is wrong with the QR code."""
    if seen.code != claim_url:
        yield f"The QR code on the page reads {seen.code!r}."


def _wrong_text(seen: Look, statement: Statement) -> Iterator[str]:
    """Yield what is wrong with the words: readers may reorder a name's letters, but none may be missing."""
    if not seen.all_embedded:
        yield "A font is not embedded."
    if any(char in seen.text for char in _UNKNOWN):
        yield "A glyph on the page stands for no character."
    if found := _PLACEHOLDER.search(seen.text):
        yield f"The page still has the placeholder {found[0]}."
    if printed(statement.number) not in seen.text:
        yield "The page does not show the certificate's number."
    if _letters(statement.name) not in map(_letters, seen.tallest):
        yield f"The page does not show the name “{statement.name}”."


def _letters(text: str) -> Counter[str]:
    """Count the letters of *text*, its marks and ligatures taken apart and left out."""
    return Counter(filter(str.isalpha, unicodedata.normalize("NFKD", text)))


def _wrong_places(seen: Look) -> Iterator[str]:
    """Yield what stands outside the page, or over something else."""
    things = [(extent, f"text {identifier}") for identifier, extent in seen.texts.items()]
    things += [(extent, "a picture") for extent in seen.pictures]
    things.sort(key=lambda thing: thing[0].bottom)
    for place, (extent, what) in enumerate(things):
        if extent.left < 0 or extent.bottom < 0 or extent.right > seen.width or extent.top > seen.height:
            yield f"On the page {what} stands outside its edges."
        for other, name in things[place + 1 :]:
            if other.bottom > extent.top:
                break
            if other.left < extent.right and extent.left < other.right and extent.overlaps(other, _TOLERANCE):
                yield f"On the page {name} stands over {what}."
