"""The register's tables, as Flask-SQLAlchemy models.

They describe the schema and bear no behaviour: the store reads and writes them by Core statements, in bulk where there
are many rows. Nothing is ever deleted; what must not change after it was written is held by triggers that the first
migration creates (`audit`, `issued`, `tail`, `plate`, `import_file` never change; no table loses a row).

Times are UTC; columns ending in `_us` are microseconds since 1970-01-01T00:00Z, because exports bring many of them.
"""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime in any database: SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time; SQLite gets the UTC wall clock."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("the register takes aware times only")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every time its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The declarative base; constraints have names that both databases and migrations agree on."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UtcTime, date: Date, str: Text, bytes: LargeBinary},
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class Event(Model):
    """An event by its file, as given: the definition is parsed again whenever it is needed.

    `asked_as_of` is the newest entry of the trail about its imports that was there when doubts were looked for.
    """

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    definition: Mapped[str]
    added_at: Mapped[datetime]
    asked_as_of: Mapped[int] = mapped_column(server_default="0")


class Session(Model):
    """A sitting of an event, so that imports can point to it."""

    __tablename__ = "session"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    session: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class ImportFile(Model):
    """An export kept as it was first received; the same bytes are kept once for an event."""

    __tablename__ = "import_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    name: Mapped[str]
    sha256: Mapped[str]
    format: Mapped[str]
    session: Mapped[str | None]
    received_at: Mapped[datetime]
    content: Mapped[bytes]
    __table_args__ = (UniqueConstraint("event_id", "sha256"),)


class Reading(Model):
    """One reading of an export: its rows count unless it was undone; a file has one reading that counts, or none.

    `number` counts from 1. Rows of an import name their reading by `import_id` and `reading`.
    """

    __tablename__ = "reading"
    import_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    format: Mapped[str]
    session: Mapped[str | None]
    received_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
    undone_reason: Mapped[str | None]
    __table_args__ = (
        Index(
            "uq_reading_in_force",
            "import_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
            sqlite_where=text("undone_at IS NULL"),
        ),
    )


class Person(Model):
    """Somebody, known by a cleaned address; `ref` is what personal links carry."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    ref: Mapped[str] = mapped_column(unique=True)


class Join(Model):
    """One join-leave interval of an import; without interval the stated minutes count."""

    __tablename__ = "joins"
    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"), index=True)
    reading: Mapped[int] = mapped_column(server_default="1")
    session: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    start_us: Mapped[int | None] = mapped_column(BigInteger)
    end_us: Mapped[int | None] = mapped_column(BigInteger)
    line: Mapped[int]
    name: Mapped[str]
    role: Mapped[str]
    stated_seconds: Mapped[int]
    basis: Mapped[str]


class Registration(Model):
    """One registered person as an import names her; `listed` in a registration list, else in an attendee table."""

    __tablename__ = "registration"
    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"), index=True)
    reading: Mapped[int] = mapped_column(server_default="1")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    line: Mapped[int]
    country: Mapped[str]
    listed: Mapped[bool] = mapped_column(server_default=false())


class UnusableRow(Model):
    """A row of an import that could not be credited to a person."""

    __tablename__ = "unusable_row"
    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"), index=True)
    reading: Mapped[int] = mapped_column(server_default="1")
    line: Mapped[int]
    reason: Mapped[str]
    name: Mapped[str]
    section: Mapped[str]
    seconds: Mapped[int | None]


class Unmatched(Model):
    """A join of a row without an address; an answer may say whose it is."""

    __tablename__ = "unmatched"
    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"), index=True)
    reading: Mapped[int] = mapped_column(server_default="1")
    session: Mapped[str]
    start_us: Mapped[int | None] = mapped_column(BigInteger)
    end_us: Mapped[int | None] = mapped_column(BigInteger)
    line: Mapped[int]
    name: Mapped[str]
    role: Mapped[str]
    stated_seconds: Mapped[int]
    basis: Mapped[str]


class Mark(Model):
    """A status letter that an import gives instead of times."""

    __tablename__ = "mark"
    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"), index=True)
    reading: Mapped[int] = mapped_column(server_default="1")
    session: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    letter: Mapped[str]
    line: Mapped[int]


class Question(Model):
    """A doubt about people and its answer; lists are JSON."""

    __tablename__ = "question"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    session: Mapped[str | None]
    candidates: Mapped[str]
    assumed: Mapped[str]
    evidence: Mapped[str]
    people: Mapped[str]
    answer: Mapped[str]
    answered_by: Mapped[str]
    open: Mapped[bool]


class Evidence(Model):
    """What somebody vouches for beside the exports; withdrawn by a mark."""

    __tablename__ = "evidence"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    session: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    seconds: Mapped[int]
    kind: Mapped[str]
    note: Mapped[str]
    author: Mapped[str]
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str]
    withdrawn_reason: Mapped[str]


class Ruling(Model):
    """What somebody decided on one person in place of the rule; the newest one on a person and kind counts."""

    __tablename__ = "ruling"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    ruled: Mapped[str]
    reason: Mapped[str]
    author: Mapped[str]
    at: Mapped[datetime]
    rule: Mapped[str] = mapped_column(server_default="")
    criteria: Mapped[str]
    found: Mapped[str]


class Batch(Model):
    """Certificates ordered and approved together; `facts` is the frozen `EventFacts` as JSON.

    `base_url` is where their codes lead: empty until the first of them is issued, then unchangeable.
    """

    __tablename__ = "batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    kind: Mapped[str]
    facts: Mapped[str]
    issued_on: Mapped[date]
    approval: Mapped[str]
    ordered_at: Mapped[datetime]
    ordered_by: Mapped[str]
    reason: Mapped[str]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None]
    error: Mapped[str]
    base_url: Mapped[str] = mapped_column(server_default="")


class Certificate(Model):
    """One person's certificate from the moment it is ordered: a row in state `ordered` is the job.

    `plate` names the plate that it shares, `lease` the holder that works on it, `attended` a JSON list of session ids.
    `decision` is JSON: the sentence that it was ordered for, and what it rests on beside the exports.
    """

    __tablename__ = "certificate"
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    version: Mapped[int]
    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str]
    attended: Mapped[str]
    quarter_hours: Mapped[int]
    decision: Mapped[str] = mapped_column(server_default="")
    plate: Mapped[str]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), index=True)
    state: Mapped[str]
    lease: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    error: Mapped[str]
    __table_args__ = (
        UniqueConstraint("event_id", "person_id", "kind", "version"),
        Index("ix_certificate_batch_id_state_plate", "batch_id", "state", "plate"),
        Index(
            "ix_certificate_lease",
            "lease",
            postgresql_where=text("lease IS NOT NULL"),
            sqlite_where=text("lease IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},  # an id is a place in the status lists: never used again, restored or not
    )


class Plate(Model):
    """The shared beginning of many PDFs, by its SHA-256."""

    __tablename__ = "plate"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes]


class Issued(Model):
    """What issuing added to an ordered certificate, once; the primary key is the promise."""

    __tablename__ = "issued"
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True, autoincrement=False)
    registered_at: Mapped[datetime]
    claim_text: Mapped[str]
    claim_kid: Mapped[str] = mapped_column(index=True)
    seal_kid: Mapped[str] = mapped_column(index=True)
    credential_kid: Mapped[str]
    plate_sha256: Mapped[str] = mapped_column(ForeignKey("plate.sha256"))
    pdf_sha256: Mapped[str] = mapped_column(unique=True)
    pdf_bytes: Mapped[int]


class Tail(Model):
    """A certificate's own bytes: the file is its plate followed by them."""

    __tablename__ = "tail"
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True, autoincrement=False)
    data: Mapped[bytes]


class Revocation(Model):
    """That a certificate was withdrawn, why, and whether that was undone in time."""

    __tablename__ = "revocation"
    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
    detail: Mapped[str]
    undone_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_revocation_in_force",
            "certificate_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
            sqlite_where=text("undone_at IS NULL"),
        ),
    )


class StatusList(Model):
    """The newest signed list of withdrawn credentials; `state` is the SHA-256 of what it was made from."""

    __tablename__ = "status_list"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str]
    data: Mapped[bytes]


class SpentNumber(Model):
    """A number that some other history of this register has used; it is never drawn again."""

    __tablename__ = "spent_number"
    number: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


class Audit(Model):
    """Who changed what and why; each entry holds the SHA-256 of the one before."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[str]
    actor: Mapped[str]
    role: Mapped[str]
    act: Mapped[str]
    event: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    old: Mapped[str]
    new: Mapped[str]
    reason: Mapped[str]
    software: Mapped[str]
    previous: Mapped[str]
    sha256: Mapped[str]
