"""How a file that somebody brought differs from the one that was issued. Safe on hostile input."""

from dataclasses import dataclass

from certs.model import Number


@dataclass(frozen=True, slots=True)
class Difference:
    """What was done to the file: *kind* is a stable word (`identical`, `overlay`, …), *text* a sentence."""

    kind: str
    text: str


def compare(issued: bytes, brought: bytes) -> Difference:
    """Say how *brought* differs from *issued*.

    Raises:
        Nothing.
    """
    raise NotImplementedError


def find_number(brought: bytes) -> Number | None:
    """Return the certificate number that a file states, from its metadata or its QR code; None if it states none.

    Raises:
        Nothing: what cannot be read states no number.
    """
    raise NotImplementedError
