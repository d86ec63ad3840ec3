"""What verification and delivery read of the register: issued certificates and nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from certs.model import Act, Certificate, Kid, Number, PersonKey, Roll


@dataclass(frozen=True, slots=True)
class StoredPdf:
    """A sealed PDF as the register keeps it: the file is *plate* followed by *tail*, byte for byte."""

    plate: bytes
    tail: bytes
    sha256: str


class SignedFacts(Protocol):
    """Where the signatures stand over what certificates state."""

    def roll(self, id_: int) -> Roll | None:
        """Return the roll of that id, whatever its signature is worth."""
        ...


class Register(SignedFacts, Protocol):
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


class Rolls(Protocol):
    """Our signatures over what certificates state, and who is under none."""

    def all(self) -> Iterator[tuple[int, Roll | None]]:
        """Yield every roll with its id, one at a time in memory; None where it is garbled."""
        ...

    def missing(self) -> int:
        """Return how many issued certificates are on no roll."""
        ...

    def on_none(self) -> Iterator[tuple[Number, Delivery | None]]:
        """Yield the issued certificates that are on no roll, by batch, each with its file; None where it is not whole.

        Raises:
            StorageError: the database fails.
        """
        ...

    def lost(self) -> Iterator[Number]:
        """Yield who is on no roll, although the trail says that he was put on one and nobody took that for lost."""
        ...

    def enrol(self, batch: str, roll: Roll, numbers: Sequence[Number], act: Act) -> None:
        """Put the certificates of *numbers*, all of the *batch* called so, on *roll*, in its order.

        Raises:
            ConflictError: somebody else did so meanwhile; nothing was changed.
        """
        ...


class Deliveries(SignedFacts, Protocol):
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
