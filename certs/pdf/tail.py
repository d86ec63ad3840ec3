"""The tail: a certificate's own objects, its seal, and the table that makes plate and tail one file.

    objects 1 to 7      content, QR code, the name's element, link, metadata, information, credential
    object 8            the signature dictionary; /Contents is the gap that the seal does not cover
    object 9            the cross-reference stream: where each object begins, and what the trailer says
    startxref, %%EOF

The numbers are fixed, so the plate, whose numbers follow, already refers to them. There is one revision, and the seal
covers every byte of it but the gap. The SHA-256 state after the plate is kept and copied, so sealing costs no more
than the tail is long. A cross-reference stream (ISO 32000-1, 7.5.8) spends four bytes on an object where a table
spends twenty.
"""

import hashlib
from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import accumulate

from certs.pdf.objects import byte_string, date, indirect, reference, text_string
from certs.pdf.seal import Seals


class Own(IntEnum):
    """Numbers of the tail's objects, in the order in which they stand; the plate's follow."""

    CONTENT = 1
    QR = 2
    NAME = 3
    LINK = 4
    METADATA = 5
    INFORMATION = 6
    CREDENTIAL = 7
    SEAL = 8
    TABLE = 9


FIRST_OF_PLATE = Own.TABLE + 1


ABSENT = b"null"
"""The body of an object that this certificate does not have."""

_BYTE_RANGE = b"/ByteRange[0 %d %d %d]"
_BYTE_RANGE_WIDTH = len(_BYTE_RANGE % (10**9, 10**9, 10**9))
_FREE = b"\x00\x00\x00\x00"
_IN_USE = 0x01000000
"""An entry is a byte 1 and the object's offset in three bytes."""


def entries(offsets: Iterable[int]) -> bytes:
    """Return the cross-reference entries of objects that begin at *offsets*."""
    return b"".join([(_IN_USE | offset).to_bytes(4, "big") for offset in offsets])


CERTIFICATE = "Certificate issued"
"""The reason that the seal of a certificate states."""


class TailWriter:
    """Writes sealed tails behind one plate."""

    def __init__(
        self, plate: bytes, offsets: Sequence[int], catalog: int, issuer: str, sealer: Seals, reason: str = CERTIFICATE
    ) -> None:
        self._plate_size = len(plate)
        self._after_plate = hashlib.sha256(plate)
        self._plate_entries = entries(offsets)
        self._sealer = sealer
        self._seal_opening = b"%d 0 obj\n<</Type/Sig%b/Contents" % (Own.SEAL, _PADES)
        name, moment = text_string(issuer), date(sealer.signed_at)
        self._seal_closing = b"%b/Reason%b/Name%b/M%b>>\nendobj\n" % (
            _CERTIFIES,
            byte_string(reason),
            name,
            moment,
        )
        size = FIRST_OF_PLATE + len(offsets)
        self._table_head = b"%d 0 obj\n<</Type/XRef/Size %d/W[1 3 0]/Root %b/Info %b/Length %d" % (
            Own.TABLE,
            size,
            reference(catalog),
            reference(Own.INFORMATION),
            size * len(_FREE),
        )

    def write(self, bodies: Sequence[bytes], identifier: bytes) -> tuple[bytes, str]:
        """Return the sealed tail with *bodies* as objects 1 to 7, and the SHA-256 of the whole file in hex.

        *identifier* is the file's, in hex.

        Raises:
            SigningError: the key is out of reach.
        """
        objects = [indirect(number, body) for number, body in enumerate(bodies, 1)]
        offsets = list(accumulate(map(len, objects), initial=self._plate_size))
        before = b"".join((*objects, self._seal_opening))
        gap = self._plate_size + len(before)
        resumes = gap + self._sealer.digits + len("<>")
        table = resumes + _BYTE_RANGE_WIDTH + len(self._seal_closing)
        end = self._seal_closing + self._table([*offsets, table], identifier)
        byte_range = _BYTE_RANGE % (gap, resumes, _BYTE_RANGE_WIDTH + len(end))
        after = byte_range.ljust(_BYTE_RANGE_WIDTH) + end
        whole = self.digest(before)
        covered = whole.copy()
        covered.update(after)
        sealed = b"<%b>%b" % (self._sealer.seal(covered.digest()), after)
        whole.update(sealed)
        return before + sealed, whole.hexdigest()

    def digest(self, behind: bytes) -> "hashlib._Hash":
        """Return the state of SHA-256 after the plate and *behind*."""
        state = self._after_plate.copy()
        state.update(behind)
        return state

    def _table(self, offsets: Sequence[int], identifier: bytes) -> bytes:
        """Return the cross-reference stream and what leads to it; *offsets* are those of the tail's objects."""
        rows = _FREE + entries(offsets) + self._plate_entries
        ending = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % offsets[-1]
        return b"%b/ID[<%b><%b>]>>\nstream\n%b%b" % (self._table_head, identifier, identifier, rows, ending)


_PADES = b"/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
_CERTIFIES = b"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]"
"""A certification signature that allows no change; PDF/A-3, 6.1.12 forbids a digest in the reference."""
