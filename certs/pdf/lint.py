"""The full look at a finished file, for the first of each plate and one in fifty.

The page is read as a visitor's program reads it, by PDFium and a QR reader, and compared with what was ordered. By
structure and digest every file is checked anyway (see `check`).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from certs.ground.number import printed
from certs.model import Statement
from certs.pdf.expected import Box, Expected
from certs.pdf.raster import Extent, Look, look

_PLACEHOLDER = re.compile(r"\{\w*\}")
_UNKNOWN = "\x00\ufffd\ufffe"
"""What readers give for a glyph without a character."""
_TOLERANCE = 0.5
"""Points by which the rectangles around two texts may overlap."""
_OVERHANG = 0.15
"""Share of a text's height by which the ink of its first and last letter may reach beyond its sides."""
_REORDERED = re.compile(
    "[\u0590-\u1fff\ua800-\uabff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00011fff\U0001e800-\U0001efff]"
)
"""Scripts whose letters readers may give in another order, and what stands beside them too."""
_NOTHING = Expected()


def lint(file: bytes, statement: Statement, claim_url: str, expected: Expected = _NOTHING) -> list[str]:
    """Return a sentence for everything that is wrong with the page as it is seen; empty when all is well.

    Whatever the page is *expected* to show is looked for, the facts of the claim among it.
    """
    seen = look(file)
    if seen is None:
        return ["The file cannot be opened."]
    return [
        *_wrong_code(seen, claim_url),
        *_wrong_text(seen, statement, expected),
        *_wrong_words(seen, expected),
        *_wrong_sides(seen, expected),
        *_wrong_places(seen),
    ]


def _wrong_code(seen: Look, claim_url: str) -> Iterator[str]:
    """Yield what is wrong with the QR code."""
    if seen.code != claim_url:
        yield f"The QR code on the page reads {seen.code!r}."


def _wrong_text(seen: Look, statement: Statement, expected: Expected) -> Iterator[str]:
    """Yield what is wrong with the words: readers may reorder a name's letters, but none may be missing."""
    if not seen.all_embedded:
        yield "A font is not embedded."
    if any(char in seen.text for char in _UNKNOWN):
        yield "A glyph on the page stands for no character."
    own = " ".join((statement.name, *expected.words))
    turned = "{" in own and _REORDERED.search(own)  # a reader may turn braces of a name round
    if not turned and (left := next((found for found in _PLACEHOLDER.findall(seen.text) if found not in own), "")):
        yield f"The page still has the placeholder {left}."
    if printed(statement.number) not in seen.text:
        yield "The page does not show the certificate's number."
    if not _shows_name(seen, statement.name):
        yield f"The page does not show the name “{statement.name}”."


def _shows_name(seen: Look, name: str) -> bool:
    """Say whether the letters of *name* are those of a tall text; a name without letters stands somewhere as it is."""
    letters = _letters(name)
    return letters in map(_letters, seen.tallest) if letters else name in seen.text


def _letters(text: str) -> Counter[str]:
    """Count the letters of *text*, its marks and ligatures taken apart and left out."""
    return Counter(filter(str.isalpha, unicodedata.normalize("NFKD", text)))


def _wrong_words(seen: Look, expected: Expected) -> Iterator[str]:
    """Yield the words that the page lacks; lines may break anywhere, and some scripts put others out of order too."""
    page, reordered = _characters(seen.text), _REORDERED.search(seen.text) is not None
    for words in expected.words:
        wanted = _characters(words)
        if wanted not in page and not (reordered and Counter(wanted) <= Counter(page)):
            yield f"The page does not say “{words}”."
    marks = expected.marks
    if _unspaced(marks) not in _unspaced(seen.text) and not _REORDERED.search(marks):
        yield f"The page does not say of the sessions “{marks}”."


def _unspaced(text: str) -> str:
    """Return *text* without its spaces and ends of lines."""
    return "".join(text.split())


def _characters(text: str) -> str:
    """Return letters and digits of *text* in their order, ligatures taken apart, marks left out."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text)))


def _wrong_sides(seen: Look, expected: Expected) -> Iterator[str]:
    """Yield what reaches beyond the box that its text has."""
    for identifier, (left, right) in expected.sides.items():
        if (extent := seen.texts.get(identifier)) is None:
            continue
        overhang = _TOLERANCE + _OVERHANG * (extent.top - extent.bottom)
        if extent.left < left - overhang or extent.right > right + overhang:
            yield f"On the page text {identifier} stands outside its box."
    for picture in seen.pictures:
        if expected.frames and not any(_within(picture, frame) for frame in expected.frames):
            yield "On the page a picture stands outside its box."


def _within(picture: Extent, frame: Box) -> bool:
    """Say whether *picture* keeps inside *frame*."""
    over = (
        frame.left - picture.left,
        frame.bottom - picture.bottom,
        picture.right - frame.right,
        picture.top - frame.top,
    )
    return max(over) <= _TOLERANCE


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
