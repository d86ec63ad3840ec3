"""What is checked on every file before it is stored.

The checks read the bytes that were made and trust nothing of how they were made: where the seal's gap lies, what digest
the seal holds, whether the cross-reference stream finds every object of the tail.
"""

import re

from certs.pdf.plate import Imprint, Plate
from certs.pdf.tail import Own

_BYTE_RANGE = re.compile(rb"/Contents<([0-9a-f]+)>/ByteRange\[0 (\d+) (\d+) (\d+)\]")
_END = re.compile(rb"startxref\n(\d+)\n%%EOF\n\Z")
_TABLE = re.compile(rb"9 0 obj\n<</Type/XRef[^\n]*>>\nstream\n")
_ENTRY = 4
"""Bytes of a cross-reference entry: one of kind, three of offset."""


def check_structure(plate: Plate, imprint: Imprint) -> list[str]:
    """Return a sentence for every fault in the file's structure, digest or signed range; empty when it is sound.

    Raises:
        Nothing.
    """
    tail, start = imprint.tail, len(plate.data)
    faults = []
    if imprint.size != start + len(tail) or imprint.sha256 != plate.digest(tail):
        faults.append("The file's size or digest is not what was noted.")
    faults += _seal_faults(plate, tail, start)
    faults += _table_faults(tail, start)
    return faults


def _seal_faults(plate: Plate, tail: bytes, start: int) -> list[str]:
    """Return what is wrong with the seal: it must cover everything but itself, and hold that digest."""
    found = _BYTE_RANGE.search(tail)
    if not found:
        return ["The tail has no seal."]
    contents, (gap, resumes, rest) = found[1], map(int, found.groups()[1:])
    opening, closing = found.start(1) - 1, found.end(1) + 1
    if (gap, resumes, resumes + rest) != (start + opening, start + closing, start + len(tail)):
        return ["The seal does not cover the whole file."]
    if plate.digest(tail[:opening] + tail[closing:]).encode() not in contents:
        return ["The seal holds another digest than the file's."]
    return []


def _table_faults(tail: bytes, start: int) -> list[str]:
    """Return what is wrong with the cross-reference stream, as far as the tail's own objects go."""
    end = _END.search(tail)
    table = _TABLE.match(tail, int(end[1]) - start) if end and int(end[1]) >= start else None
    if table is None:
        return ["The file's end does not lead to its cross-reference stream."]
    for number in Own:
        entry = table.end() + number * _ENTRY
        kind, offset = tail[entry], int.from_bytes(tail[entry + 1 : entry + _ENTRY], "big")
        if kind != 1 or offset < start or not tail.startswith(b"%d 0 obj\n" % number, offset - start):
            return [f"The cross-reference stream does not find object {number}."]
    return []
