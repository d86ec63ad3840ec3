"""What pages show of the register, some at a time; a page costs the same wherever it begins."""

from collections.abc import Mapping
from typing import Protocol

from certs.model import (
    AskedQuestion,
    AuditEntry,
    Batch,
    BatchesSought,
    CertificatesSought,
    EntriesSought,
    EventLine,
    EventsSought,
    Kid,
    Listed,
    Page,
    QuestionsSought,
)


class Lists(Protocol):
    """Lists that come a page at a time: *limit* of them from *after* on, which is the `Page.after` of the page before.

    Rows that come or go meanwhile move nothing. Every list raises `InputError` where *after* is no place in it.
    """

    def certificates(self, slug: str, sought: CertificatesSought, after: str = "", limit: int = 50) -> Page[Listed]:
        """Return certificates of an event, in whatever state.

        Raises:
            InputError: *after* is no place in that list.
            NotFoundError: no such event.
        """
        ...

    def count(self, slug: str, sought: CertificatesSought) -> int:
        """Return how many certificates of an event are *sought*.

        Raises:
            NotFoundError: no such event.
        """
        ...

    def signed(self) -> Mapping[Kid, int]:
        """Return how many issued certificates each key signed, whatever it signs them with."""
        ...

    def entries(self, sought: EntriesSought, after: str = "", limit: int = 50) -> Page[AuditEntry]:
        """Return entries of the trail.

        Raises:
            InputError: *after* is no place in that list.
        """
        ...

    def questions(self, slug: str, sought: QuestionsSought, after: str = "", limit: int = 50) -> Page[AskedQuestion]:
        """Return questions ever asked about an event.

        Raises:
            InputError: *after* is no place in that list.
            NotFoundError: no such event.
        """
        ...

    def batches(self, sought: BatchesSought, after: str = "", limit: int = 20) -> Page[Batch]:
        """Return batches.

        Raises:
            InputError: *after* is no place in that list.
        """
        ...

    def events(self, sought: EventsSought, after: str = "", limit: int = 20) -> Page[EventLine]:
        """Return events.

        Raises:
            InputError: *after* is no place in that list.
        """
        ...
