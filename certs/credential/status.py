"""Which credentials no longer hold: signed bitstring status lists."""

from collections.abc import Iterable
from datetime import datetime

from certs.ports import Signer

LIST_BITS = 131_072
"""Entries of one list: the least that Bitstring Status List 1.0 allows, so that one entry hides among many."""


def list_of(status_index: int) -> tuple[int, int]:
    """Return the number of the list, from 1, and the position in it, from 0, of *status_index*.

    Raises:
        ValueError: negative.
    """
    raise NotImplementedError


def status_list_path(number: int) -> str:
    """Return the path below the base URL where status list *number* is served; also its id.

    Raises:
        Nothing.
    """
    return f"/status/{number}"


def status_list(base_url: str, number: int, withdrawn: Iterable[int], now: datetime, signer: Signer) -> bytes:
    """Return the signed JSON of list *number*; *withdrawn* are status indexes of the whole register, revoked or superseded.

    Raises:
        SigningError: the private key is out of reach.
    """
    raise NotImplementedError
