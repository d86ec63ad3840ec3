"""How a file that somebody brought differs from the one that was issued. Safe on hostile input.

First the bytes: a copy that is cut, longer, or differs in a few places is told without parsing it. Otherwise both files
are taken apart (see `anatomy`) and what a reader is shown is compared. Parse strangers' files in a limited process.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from certs.errors import InputError
from certs.ground.number import parse
from certs.model import Number
from certs.pdf.raster import page_text
from certs.wording import mark

if TYPE_CHECKING:
    from certs.pdf.anatomy import Anatomy

MAX_BYTES = 32 << 20
"""A larger file is not looked into; certificates have well under a tenth of a megabyte."""

KINDS = {
    "identical": mark("The file is the one that was issued, byte for byte."),
    "truncated": mark("The file is cut off: its end is missing."),
    "trailing_bytes": mark("Something that is no part of the certificate was added after the end of the file."),
    "bytes_changed": mark("Bytes inside the file were changed after it was sealed."),
    "byte_range_removed": mark("The seal was disabled: the list of what it covers was removed or emptied."),
    "contents_removed": mark("The seal was removed: its place in the file is empty."),
    "overlay": mark("What is printed on the page was changed after the certificate was sealed."),
    "form_filled": mark("A form field was added or filled in after the certificate was sealed."),
    "annotation": mark("A note or mark was laid over the page after the certificate was sealed."),
    "catalog": mark("Settings or attachments of the document were changed after the certificate was sealed."),
    "metadata": mark("The document's description was changed after the certificate was sealed."),
    "rewritten": mark("The file was saved anew by another program; it looks the same, but the seal no longer holds."),
    "unreadable": mark("The file is damaged: it cannot be read as a PDF."),
    "other_file": mark("The file is not a copy of the certificate that was issued."),
}
"""Every answer of `compare`, with its sentence."""

_FEW_BYTES = 4096
"""A copy is said to have changed bytes if all changes lie within so many."""
_IDENTIFIER = re.compile(rb"<dc:identifier>([0-9A-Z-]{1,20})</dc:identifier>")
_PRINTED_NUMBER = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}(?![0-9A-Z])")
_MAX_CANDIDATES = 20
_BYTE_RANGE = re.compile(rb"/ByteRange\[[^\]]*\]")
_CONTENTS = re.compile(rb"/Contents<[0-9a-f]+>")
_NOTHING = re.compile(rb"(?:[0\s\x00\[\]<>]|null)*\Z")
_BY_PART = (
    ("byte_range", "byte_range_removed"),
    ("contents", "contents_removed"),
    ("pages", "overlay"),
    ("form", "form_filled"),
    ("annotations", "annotation"),
    ("catalog", "catalog"),
    ("metadata", "metadata"),
    ("damaged", "bytes_changed"),
)
"""Which changed part gives which answer, the gravest first."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What was done to the file: *kind* is a stable word (a key of `KINDS`), *text* a sentence."""

    kind: str
    text: str


def compare(issued: bytes, brought: bytes) -> Difference:
    """Say how *brought* differs from *issued*."""
    kind = _by_bytes(issued, brought) or _by_parts(issued, brought)
    return Difference(kind, KINDS[kind])


def _by_bytes(issued: bytes, brought: bytes) -> str:
    """Return the kind of difference where the bytes alone tell it, else nothing."""
    if issued == brought:
        return "identical"
    if len(brought) > MAX_BYTES:
        return "other_file"
    if issued.startswith(brought):
        return "truncated"
    if brought.startswith(issued):
        return "" if b"startxref" in brought[len(issued) :] else "trailing_bytes"
    start = _common_start(issued, brought)
    end = _common_start(issued[start:][::-1], brought[start:][::-1])
    old, new = (start, len(issued) - end), (start, len(brought) - end)
    if max(old[1] - old[0], new[1] - new[0]) > _FEW_BYTES:
        return ""
    return _by_place(issued, old, brought[slice(*new)])


def _by_place(issued: bytes, changed: tuple[int, int], now: bytes) -> str:
    """Return what a change in one place of the file is, by where it lies and what stands there *now*."""
    for pattern, kind in ((_BYTE_RANGE, "byte_range_removed"), (_CONTENTS, "contents_removed")):
        found = list(pattern.finditer(issued))[-1:]
        if found and _touches(found[0].span(), changed) and (_NOTHING.match(now) or len(now) < len(found[0][0]) // 2):
            return kind
    return "bytes_changed"


def _touches(span: tuple[int, int], changed: tuple[int, int]) -> bool:
    """Say whether *changed* is a large part of *span* and hardly more."""
    shared = min(span[1], changed[1]) - max(span[0], changed[0])
    return shared > 0 and 2 * shared >= changed[1] - changed[0] and 2 * shared >= span[1] - span[0]


def _common_start(a: bytes, b: bytes) -> int:
    """Return how many bytes *a* and *b* share at their beginning."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if a[low:middle] == b[low:middle] else (low, middle - 1)
    return low


def _by_parts(issued: bytes, brought: bytes) -> str:
    """Return the kind of difference between what the two files show."""
    from certs.pdf.anatomy import changed_parts, dissect  # noqa: PLC0415 -- issuing needs no pikepdf

    ours, theirs = dissect(issued), dissect(brought)
    if ours is None or theirs is None:
        return "unreadable"
    appended = brought.startswith(issued)
    if not appended and not _is_copy(ours, theirs) and find_number(brought) != find_number(issued):
        return "other_file"
    changed = changed_parts(ours, theirs) - _not_telling(theirs, appended=appended)
    return next((kind for part, kind in _BY_PART if part in changed), "trailing_bytes" if appended else "rewritten")


def _is_copy(ours: "Anatomy", theirs: "Anatomy") -> bool:
    """Say whether a file has the page or the seal of the one that was issued."""
    return ours.pages == theirs.pages or ours.contents == theirs.contents


def _not_telling(theirs: "Anatomy", *, appended: bool) -> set[str]:
    """Return parts whose change is no answer: what programs touch when they save, and seals that are still there."""
    ignored = set() if appended else {"metadata"}
    return ignored | {part for part in ("byte_range", "contents") if getattr(theirs, part)}


def find_number(brought: bytes) -> Number | None:
    """Return the certificate number that a file states in its metadata or prints on its page; None if none.

    Raises:
        Nothing: what cannot be read states no number.
    """
    stated = [found.decode() for found in _IDENTIFIER.findall(brought)[-1:]]
    for text in stated or _PRINTED_NUMBER.findall(page_text(brought))[:_MAX_CANDIDATES]:
        try:
            return parse(text)
        except InputError:
            continue
    return None
