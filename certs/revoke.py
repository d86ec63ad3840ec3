"""Withdraw certificates for a reason, and take a mistake back for ten minutes. Nothing is ever deleted."""

from collections.abc import Sequence
from datetime import timedelta

from certs.errors import InputError
from certs.model import Act, Number, Revocation, RevocationReason
from certs.ports import Store

UNDO_WINDOW = timedelta(minutes=10)


def revoke(store: Store, numbers: Sequence[Number], reason: RevocationReason, act: Act) -> int:
    """Withdraw all of *numbers* or none; the act's reason is what visitors read. Return how many.

    Raises:
        InputError: no number, or no reason.
        NotFoundError: one of them was never issued.
        ConflictError: one of them is revoked already.
        StorageError: the database fails.
    """
    unique = list(dict.fromkeys(numbers))
    if not unique:
        raise InputError("Say which certificates to revoke.")
    if not act.reason.strip():
        raise InputError("Say why, with --reason: whoever checks the certificate will read it.")
    store.revocations.add(unique, Revocation(act.at, reason, act.reason.strip()), act)
    return len(unique)


def undo(store: Store, numbers: Sequence[Number], act: Act) -> None:
    """Take the revocation of all of *numbers* back, within ten minutes, or of none.

    Raises:
        InputError: no reason.
        NotFoundError: one of them was never issued.
        ConflictError: one of them is not revoked, or was so longer ago.
        StorageError: the database fails.
    """
    if not act.reason.strip():
        raise InputError("Say why, with --reason: it stays in the audit trail.")
    store.revocations.undo(numbers, act.at - UNDO_WINDOW, act)
