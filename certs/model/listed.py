"""What is sought in lists of certificates, batches, events, questions and the trail, and what their lines say."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from certs.model.ids import Number, PersonKey


class Stands(StrEnum):
    """How a certificate stands, on its way or since."""

    ORDERED = "ordered"
    HELD = "held"
    """A check before signing stopped it."""
    CANCELLED = "cancelled"
    """Given up before it was issued."""
    VALID = "valid"
    """Issued, neither revoked nor replaced; whether it expired is not asked."""
    REPLACED = "replaced"
    """An issued one stands in its place."""
    REVOKED = "revoked"
    """Withdrawn, whether or not it is replaced as well."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A certificate in a list: *batch* is what people call its batch, *error* why a check holds it."""

    number: Number
    person: PersonKey
    name: str
    kind: str
    batch: str
    stands: Stands
    ordered_at: datetime
    issued_at: datetime | None = None
    error: str = ""
    superseded_by: Number | None = None


@dataclass(frozen=True, slots=True)
class CertificatesSought:
    """Which certificates of an event: those for which all holds that is said.

    Of *search* every word must stand in the name, whatever its case and accents, in the address or in the number,
    however it is typed. *batch* is a batch's number within the event. They come newest first, or *by_name*.
    """

    search: str = ""
    stands: Stands | None = None
    kind: str | None = None
    batch: int | None = None
    person: PersonKey | None = None
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class EntriesSought:
    """Which entries of the trail: those for which all holds that is said; they come newest first.

    *act* is one as it stands there, or its first word: `batch` finds `batch.order`. *since* belongs to the entries
    sought, *until* does not.
    """

    event: str | None = None
    actor: str | None = None
    act: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuestionsSought:
    """Which questions of an event: those for which all holds that is said; they come by kind and subject.

    Of *search* every word must stand in the question, its subject or its evidence, whatever its case and accents.
    """

    kind: str | None = None
    open: bool | None = None
    answered: bool | None = None
    search: str = ""


class BatchStands(StrEnum):
    """How far a batch is."""

    WAITING = "waiting"
    """For somebody to approve it."""
    UNDER_WAY = "under_way"
    """Approved, and not all of it issued."""
    DONE = "done"
    """Nothing of it is left to issue."""
    ENDED = "ended"
    """Somebody rejected or cancelled it."""


@dataclass(frozen=True, slots=True)
class BatchesSought:
    """Which batches: those for which all holds that is said; they come newest first. Of *events*, if given."""

    events: Collection[str] | None = None
    stands: BatchStands | None = None


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event in a list."""

    slug: str
    title: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class EventsSought:
    """Which events, newest first: those of *slugs*, if given, with every word of *search* in title or slug."""

    slugs: Collection[str] | None = None
    search: str = ""
