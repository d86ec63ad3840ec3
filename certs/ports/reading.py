"""What verification and delivery read of the register: issued certificates and nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from certs.model import Certificate, Kid, Number, PersonKey


@dataclass(frozen=True, slots=True)
class StoredPdf:
    """A sealed PDF as the register keeps it: the file is *plate* followed by *tail*, byte for byte."""

    plate: bytes
    tail: bytes
    sha256: str


class Register(Protocol):
    """What verification and delivery read; only issued certificates are ever visible through it."""

    def knows_key(self, kid: Kid) -> bool:
        """Say whether this register is one in which certificates under the key *kid* would be found."""
        ...

    def status_list(self, number: int) -> bytes | None:
        """Return the newest signed status list of that number, from 1."""
        ...

    def certificate(self, number: Number) -> Certificate | None:
        """Return the issued certificate with that number."""
        ...

    def begins_like_ours(self, data: bytes) -> bool:
        """Say whether *data* begins with a plate on which certificates were issued, or is the beginning of one."""
        ...

    def certificates_of(self, person_ref: str) -> Sequence[Certificate]:
        """Return the issued certificates of the person behind *person_ref*, newest first; none if it was withdrawn."""
        ...

    def link_withdrawn(self, person_ref: str) -> bool:
        """Say whether that reference was behind a link that was withdrawn."""
        ...

    def pdf(self, number: Number) -> StoredPdf | None:
        """Return the exact bytes of an issued certificate's PDF, their digest checked.

        Raises:
            StorageError: the stored bytes do not match their digest.
        """
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """An issued certificate on its way to its person."""

    certificate: Certificate
    person: PersonKey
    pdf: StoredPdf


@dataclass(frozen=True, slots=True)
class Addressed:
    """An issued certificate, whose it is, what its batch is called, and whether her link leads to it."""

    certificate: Certificate
    person: PersonKey
    batch: str
    linked: bool = True


class Deliveries(Protocol):
    """What exporting and mailing read."""

    def addressed(self, slug: str) -> Iterator[Addressed]:
        """Yield every issued certificate of the event in the order of numbers, without its file.

        Raises:
            NotFoundError: no such event.
        """
        ...

    def deliveries(self, slug: str) -> Iterator[Delivery]:
        """Yield every issued certificate of the event in the order of numbers, a few at a time in memory.

        Raises:
            NotFoundError: no such event.
            StorageError: stored bytes do not match their digest.
        """
        ...
