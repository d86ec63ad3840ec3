"""Receipts that were given, without what they say."""

from typing import Protocol

from certs.model import KeptReceipt, Number


class Receipts(Protocol):
    """What is kept of receipts; none ever changes or goes."""

    def keep(self, receipt: KeptReceipt) -> None:
        """Keep *receipt*.

        Raises:
            ConflictError: there is one of that number.
            StorageError: the database fails, or takes no changes.
        """
        ...

    def find(self, number: Number) -> KeptReceipt | None:
        """Return the receipt of that number.

        Raises:
            StorageError: the database fails.
        """
        ...
