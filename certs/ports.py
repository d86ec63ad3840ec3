"""What the use cases need from the outside world, as Protocols.

Each has one embedded default (SQLite, the key folder, the system clock); tests use in-memory ones. The contract tests
in `tests/ports` run on every implementation.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from certs.model import (
    Act,
    AskedQuestion,
    Batch,
    Certificate,
    Event,
    Evidence,
    Finished,
    Join,
    Kid,
    Mark,
    Number,
    Order,
    PersonKey,
    Purpose,
    Received,
    Registration,
    Revocation,
    Sheet,
    Standing,
    TrustedKey,
)

Clock = Callable[[], datetime]
"""Returns the present moment as an aware UTC datetime."""


class Signer(Protocol):
    """A private key at work; Ed25519 signers sign the message, seal signers its SHA-256 with their algorithm."""

    @property
    def key(self) -> TrustedKey:
        """The public part."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the raw signature of *message* (Ed25519: 64 bytes, ECDSA: DER, RSA: PKCS#1 v1.5).

        Raises:
            SigningError: the key is out of reach.
        """
        ...


class Authority(Protocol):
    """Those outside who vouch for a seal: a time-stamp authority, and the publishers of revocation."""

    def stamp(self, digest: bytes) -> bytes:
        """Return a DER TimeStampToken (RFC 3161) over the SHA-256 *digest*.

        Raises:
            SigningError: the authority is out of reach or refuses.
        """
        ...

    def evidence(self, chain: Sequence[bytes], token: bytes) -> Evidence:
        """Return what proves the certificates of *chain* (DER, leaf first) and of the *token*'s authority good today.

        Raises:
            SigningError: one is revoked, or its publisher is out of reach or says nothing about it.
        """
        ...


class Keys(Protocol):
    """The signing keys: the newest active one signs, all listed ones are known to verification."""

    def signer(self, purpose: Purpose) -> Signer:
        """Return the newest active signer for *purpose*.

        Raises:
            SigningError: there is none, or its private part cannot be opened; says which command makes one.
        """
        ...

    def trusted(self, purpose: Purpose) -> Sequence[TrustedKey]:
        """Return every known key of *purpose*, newest first, whatever its state."""
        ...

    def find(self, purpose: Purpose, kid: Kid) -> TrustedKey | None:
        """Return the key *kid* if it exists for *purpose*."""
        ...


@dataclass(frozen=True, slots=True)
class StoredPdf:
    """A sealed PDF as the register keeps it: the file is *plate* followed by *tail*, byte for byte."""

    plate: bytes
    tail: bytes
    sha256: str


class Register(Protocol):
    """What verification and delivery read; only issued certificates are ever visible through it."""

    def status_list(self, number: int) -> bytes | None:
        """Return the newest signed status list of that number, from 1."""
        ...

    def certificate(self, number: Number) -> Certificate | None:
        """Return the issued certificate with that number."""
        ...

    def certificate_by_digest(self, pdf_sha256: str) -> Certificate | None:
        """Return the issued certificate whose PDF has that SHA-256 (hex, lower case)."""
        ...

    def certificates_of(self, person_ref: str) -> Sequence[Certificate]:
        """Return the issued certificates of the person behind *person_ref*, newest first."""
        ...

    def person_exists(self, person_ref: str) -> bool:
        """Say whether the register knows that person reference."""
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


class Deliveries(Protocol):
    """What exporting and mailing read."""

    def deliveries(self, slug: str) -> Iterator[Delivery]:
        """Yield every issued certificate of the event in the order of numbers, a few at a time in memory.

        Raises:
            NotFoundError: no such event.
            StorageError: stored bytes do not match their digest.
        """
        ...


# ---------------------------------------------------------------- the writing side of the register


class Events(Protocol):
    """Events by their file."""

    def add(self, event: Event, definition: str, act: Act) -> bool:
        """Store *event*, or its new definition; return False where the register holds just this already.

        Raises:
            ConflictError: a session that has imports would vanish.
        """
        ...

    def definition(self, slug: str) -> str:
        """Return the event file's text.

        Raises:
            NotFoundError: no such event; names those that exist.
        """
        ...


class Imports(Protocol):
    """Exports as received, and what was read from them."""

    def known(self, slug: str) -> Mapping[str, str]:
        """Return the SHA-256 of every file imported for that event, with the name it came by."""
        ...

    def add(self, slug: str, files: Sequence[Received], act: Act) -> None:
        """Store all *files* or none.

        Raises:
            ConflictError: one of them is there already.
        """
        ...

    def joins(self, slug: str) -> Sequence[Join]:
        """Return every join of the event."""
        ...

    def registrations(self, slug: str) -> Sequence[Registration]:
        """Return every registration of the event, later imports last."""
        ...

    def records(self, slug: str) -> Iterator[tuple[str, Join | Registration | Mark]]:
        """Yield everything that was read for the event, each with its file's name; some joins have no person."""
        ...


class Questions(Protocol):
    """Doubts about people, and the answers that organisers gave."""

    def all(self, slug: str) -> Sequence[AskedQuestion]:
        """Return every question ever asked about an event, answered or not.

        Raises:
            NotFoundError: no such event.
        """
        ...

    def ask(self, slug: str, questions: Sequence[AskedQuestion]) -> None:
        """Make *questions* the open ones; those asked before keep their answers, those not raised now are closed.

        Raises:
            NotFoundError: no such event.
        """
        ...

    def answer(self, slug: str, question: str, answer: str, act: Act) -> None:
        """Keep *answer*, in place of an earlier one.

        Raises:
            NotFoundError: no such event or question.
        """
        ...


class Batches(Protocol):
    """Certificates from order to approval."""

    def certified(self, slug: str, kind: str) -> Collection[PersonKey]:
        """Return the people who have an ordered or issued certificate of that kind."""
        ...

    def spent(self, numbers: Sequence[Number]) -> Collection[Number]:
        """Return those of *numbers* that any certificate has ever had."""
        ...

    def order(self, order: Order, act: Act) -> int:
        """Store the intent: numbers reserved, statements frozen; return the batch.

        Certificates of the same people that a check had held are cancelled.

        Raises:
            ConflictError: one of the people got a certificate of that kind meanwhile.
        """
        ...

    def standing(self, number: Number) -> Standing:
        """Return the issued certificate *number* with its person.

        Raises:
            NotFoundError: no certificate was issued with that number.
        """
        ...

    def signed_by(self, kid: Kid) -> Sequence[Standing]:
        """Return the certificates that key *kid* signed for any purpose, by batch, if still in force.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def get(self, batch: int) -> Batch:
        """Return the batch.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def approve(self, batch: int, act: Act) -> None:
        """Note that somebody approved the batch.

        Raises:
            ConflictError: it is approved already.
        """
        ...

    def pause(self, batch: int, error: str) -> None:
        """Note why issuing stopped; an empty *error* clears the note."""
        ...


class Sheets(Protocol):
    """The table as a queue: leases on ordered certificates, and the transaction that makes them public."""

    def claim(self, batch: int, token: str, now: datetime, until: datetime, most: int | None = None) -> Sheet | None:
        """Lease ordered certificates of one plate until *until*, at most *most* of them; None if none is free.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def leases(self, batch: int) -> Collection[str]:
        """Return the tokens under which certificates of the batch are leased now."""
        ...

    def release(self, token: str) -> None:
        """Give back what is still leased under *token*; it is free at once."""
        ...

    def store(self, sheet: Sheet, finished: Finished, act: Act) -> bool:
        """Store bytes, digests, states and the audit entry in one transaction; only then are they public.

        Return False where the lease was lost meanwhile: nothing was stored, another holder does the same work.

        Raises:
            ConflictError: one of the certificates was issued before; nothing was stored.
        """
        ...


class Revocations(Protocol):
    """Certificates withdrawn, with a reason."""

    def add(self, numbers: Sequence[Number], revocation: Revocation, act: Act) -> None:
        """Revoke all of *numbers* or none.

        Raises:
            ConflictError: one of them is revoked already.
            NotFoundError: one of them was never issued.
        """
        ...

    def undo(self, numbers: Sequence[Number], since: datetime, act: Act) -> None:
        """Undo the revocations of all of *numbers*, if made at *since* or later, or of none.

        Raises:
            ConflictError: one is not revoked, or was so before *since*.
            NotFoundError: one was never issued.
        """
        ...


class StatusLists(Protocol):
    """The signed lists that tell foreign verifiers which credentials no longer hold."""

    def last_index(self) -> int:
        """Return the highest status index ever given, 0 if none was."""
        ...

    def renew(self, number: int, indexes: range, terms: str, edition: Callable[[Collection[int]], bytes]) -> bool:
        """Store a new *edition* of list *number* if the old one is out of date; return whether it was.

        The list speaks of certificates with status *indexes*. It is out of date when others of them are revoked or
        superseded now, or when it was made under other *terms* (key and address). No two renew a list at a time.

        Raises:
            SigningError: *edition* cannot sign; the old list stays.
        """
        ...


class Store(Register, Deliveries, Protocol):
    """The whole register, by noun."""

    @property
    def events(self) -> Events:
        """Events by their file."""
        ...

    @property
    def imports(self) -> Imports:
        """Exports as received."""
        ...

    @property
    def batches(self) -> Batches:
        """Certificates from order to approval."""
        ...

    @property
    def sheets(self) -> Sheets:
        """Certificates from approval to issue."""
        ...

    @property
    def questions(self) -> Questions:
        """Doubts about people."""
        ...

    @property
    def revocations(self) -> Revocations:
        """Certificates withdrawn."""
        ...

    @property
    def status_lists(self) -> StatusLists:
        """Signed lists of withdrawn credentials."""
        ...


Task = TypeVar("Task")
Done = TypeVar("Done")


class Queue(Protocol):
    """Where CPU work is done: in this process, or in others on this machine."""

    @property
    def holder(self) -> str:
        """Name this process for leases: machine, boot, process and its start, so that nobody else ever has it."""
        ...

    def gone(self, token: str) -> bool:
        """Say whether the holder of *token* was a process of this machine that is dead now."""
        ...

    def run(self, work: Callable[[Task], Done], tasks: Iterator[Task]) -> Iterator[Done]:
        """Do *work* on each of *tasks*, which are drawn only as workers become free; results in any order.

        Raises:
            SigningError: a task has killed its worker several times.
        """
        ...
