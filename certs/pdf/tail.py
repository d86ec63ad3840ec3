"""The tail: a certificate's own objects, its seal, and the table that makes plate and tail one file.

    objects 1 to 7      content, QR code, the name's element, link, metadata, information, credential
    object 8            the signature dictionary; /Contents is the gap that the seal does not cover
    cross-reference     of all objects: the tail's come first in number, the plate's first in the file
    trailer, startxref, %%EOF

The numbers are fixed, so the plate already refers to them. There is one revision and the seal covers every byte of it
but the gap. The SHA-256 state after the plate is kept and copied, so sealing costs no more than the tail is long.
"""

import hashlib
from collections.abc import Sequence
from enum import IntEnum
from itertools import accumulate

from certs.pdf.objects import byte_string, date, indirect, reference, text_string
from certs.pdf.seal import Sealer


class Own(IntEnum):
    """Numbers of the tail's objects; the plate's follow."""

    CONTENT = 1
    QR = 2
    NAME = 3
    LINK = 4
    METADATA = 5
    INFORMATION = 6
    CREDENTIAL = 7
    SEAL = 8


ABSENT = b"null"
"""The body of an object that this certificate does not have."""

_BYTE_RANGE = b"/ByteRange[0 %d %d %d]"
_BYTE_RANGE_WIDTH = len(_BYTE_RANGE % (10**9, 10**9, 10**9))
_XREF_ENTRY = b"%010d 00000 n \n"


class TailWriter:
    """Writes sealed tails behind one plate."""

    def __init__(self, plate: bytes, offsets: Sequence[int], catalog: int, issuer: str, sealer: Sealer) -> None:
        self._plate_size = len(plate)
        self._after_plate = hashlib.sha256(plate)
        self._sealer = sealer
        size = Own.SEAL + 1 + len(offsets)
        self._seal_opening = (
            b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Contents" % Own.SEAL
        )
        self._seal_closing = b"%b/Name%b/M%b>>\nendobj\n" % (
            _CERTIFIES,
            text_string(issuer),
            date(sealer.signed_at),
        )
        self._xref_head = b"xref\n0 %d\n0000000000 65535 f \n" % size
        self._xref_plate = b"".join(_XREF_ENTRY % offset for offset in offsets)
        self._trailer = b"trailer\n<</Size %d/Root %b/Info %b/ID[<%%b><%%b>]>>\nstartxref\n%%d\n%%%%%%%%EOF\n" % (
            size,
            reference(catalog),
            reference(Own.INFORMATION),
        )

    def write(self, bodies: Sequence[bytes], identifier: bytes) -> bytes:
        """Return the sealed tail with *bodies* as objects 1 to 7; *identifier* is the file's, in hex.

        Raises:
            SigningError: the key is out of reach.
        """
        objects = [indirect(number, body) for number, body in enumerate(bodies, 1)]
        offsets = list(accumulate(map(len, objects), initial=self._plate_size))
        before = b"".join((*objects, self._seal_opening))
        gap = self._plate_size + len(before)
        resumes = gap + self._sealer.digits + len("<>")
        end = self._end(offsets, resumes, identifier)
        byte_range = _BYTE_RANGE % (gap, resumes, _BYTE_RANGE_WIDTH + len(end))
        after = byte_range.ljust(_BYTE_RANGE_WIDTH) + end
        container = self._sealer.seal(self.digest(before, after).digest())
        return b"".join((before, b"<", container, b">", after))

    def digest(self, *parts: bytes) -> "hashlib._Hash":
        """Return the state of SHA-256 after the plate and *parts*."""
        state = self._after_plate.copy()
        for part in parts:
            state.update(part)
        return state

    def _end(self, offsets: Sequence[int], resumes: int, identifier: bytes) -> bytes:
        """Return everything after the byte range: the rest of the signature dictionary, the table, the trailer."""
        xref = resumes + _BYTE_RANGE_WIDTH + len(self._seal_closing)
        own = b"".join([_XREF_ENTRY % offset for offset in offsets])
        trailer = self._trailer % (identifier, identifier, xref)
        return b"".join((self._seal_closing, self._xref_head, own, self._xref_plate, trailer))


_CERTIFIES = (
    b"/Reference[<</Type/SigRef/TransformMethod/DocMDP"
    b"/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]" + b"/Reason" + byte_string("Certificate issued")
)
"""A certification signature that allows no change; PDF/A-3, 6.1.12 forbids a digest in the reference."""
