"""The plate, which a batch shares, and the tail that makes it one person's certificate."""

from collections.abc import Sequence
from dataclasses import dataclass

from certs.model import Statement
from certs.pdf.design import Design
from certs.pdf.seal import Sealer

MAX_CERTIFICATES = 1_000
"""More names on one plate would make its fonts heavy in every file."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """One certificate's own bytes: the file is the plate's data followed by *tail*."""

    tail: bytes
    sha256: str
    """Of the whole file, in hex."""
    size: int
    """Of the whole file, in bytes."""


class Plate:
    """A drawn plate: *data* is the constant beginning of every file, *sha256* its digest in hex."""

    data: bytes
    sha256: str

    def imprint(self, statement: Statement, claim_url: str, credential: bytes | None = None) -> Imprint:
        """Return the sealed tail of *statement*, one of those the plate was drawn for.

        Raises:
            ValueError: the statement is not one of the plate's.
            SigningError: the seal's key is out of reach.
        """
        raise NotImplementedError


def draw_plate(design: Design, statements: Sequence[Statement], base_url: str, sealer: Sealer) -> Plate:
    """Draw the plate for *statements*, which share one event.

    Raises:
        ValueError: no statement, more than `MAX_CERTIFICATES`, or several events.
        InputError: a name or word has a character that no font has.
    """
    raise NotImplementedError
