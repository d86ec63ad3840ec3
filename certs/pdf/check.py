"""What is checked on every file before it is stored.

The checks read the bytes that were made and trust nothing of how they were made: where the seal's gap lies, what digest
the seal holds, whether the cross-reference stream finds every object of the tail.
"""

import re
from typing import NamedTuple

from certs.pdf.plate import Imprint, Plate
from certs.pdf.tail import Own

_SEAL_OPENING = b"\n%d 0 obj\n<</Type/Sig" % Own.SEAL
_SEAL = re.compile(_SEAL_OPENING + rb"[^\n<>]*/Contents<([^>]+)>/ByteRange\[0 (\d+) (\d+) (\d+)\]")
_HEX = b"0123456789abcdef"
_END = re.compile(rb"startxref\n(\d+)\n%%EOF\n\Z")
_TABLE = re.compile(b"%d 0 obj\n<</Type/XRef[^\n]*>>\nstream\n" % Own.TABLE)
_ENTRY = 4
"""Bytes of a cross-reference entry: one of kind, three of offset."""
_OPENINGS = tuple((number, b"%d 0 obj\n" % number) for number in map(int, Own))


def check_structure(plate: Plate, imprint: Imprint) -> list[str]:
    """Return a sentence for every fault in the file's structure, digest or signed range; empty when it is sound."""
    tail, start = imprint.tail, len(plate.data)
    faults = [] if imprint.size == start + len(tail) else ["The file's size is not what was noted."]
    return faults + _seal_faults(plate, imprint) + _table_faults(tail, start)


class SealPlace(NamedTuple):
    """Where the seal's hex string with its brackets stands in a tail, and the byte range that the file states."""

    opening: int
    closing: int
    byte_range: tuple[int, int, int]
    """Without its leading zero."""


def find_seal(tail: bytes) -> SealPlace | None:
    """Return where the seal of *tail* stands; None where there is none, or it is no hex."""
    found = _SEAL.match(tail, max(tail.rfind(_SEAL_OPENING), 0))
    if not found or found[1].translate(None, delete=_HEX):
        return None
    gap, resumes, rest = map(int, found.groups()[1:])
    return SealPlace(found.start(1) - 1, found.end(1) + 1, (gap, resumes, rest))


def _seal_faults(plate: Plate, imprint: Imprint) -> list[str]:
    """Return what is wrong with digest and seal, which must cover everything but itself and hold that digest.

    What stands before the seal is read once for both digests.
    """
    tail, start = imprint.tail, len(plate.data)
    seal = find_seal(tail)
    if seal is None:
        return ["The tail has no seal."]
    opening, closing = seal.opening, seal.closing
    covered = plate.digest(tail[:opening])
    whole = covered.copy()
    whole.update(tail[opening:])
    covered.update(tail[closing:])
    faults = [] if whole.hexdigest() == imprint.sha256 else ["The file's digest is not what was noted."]
    gap, resumes, rest = seal.byte_range
    if (gap, resumes, resumes + rest) != (start + opening, start + closing, start + len(tail)):
        faults.append("The seal does not cover the whole file.")
    elif tail.rfind(covered.hexdigest().encode(), opening, closing) < 0:  # it stands near the end
        faults.append("The seal holds another digest than the file's.")
    return faults


def _table_faults(tail: bytes, start: int) -> list[str]:
    """Return what is wrong with the cross-reference stream, as far as the tail's own objects go."""
    end = _END.match(tail, max(tail.rfind(b"startxref"), 0))
    table = _TABLE.match(tail, int(end[1]) - start) if end and int(end[1]) >= start else None
    if table is None:
        return ["The file's end does not lead to its cross-reference stream."]
    for number, opening in _OPENINGS:
        entry = table.end() + number * _ENTRY
        kind, offset = tail[entry], int.from_bytes(tail[entry + 1 : entry + _ENTRY], "big")
        if kind != 1 or offset < start or not tail.startswith(opening, offset - start):
            return [f"The cross-reference stream does not find object {number}."]
    return []
