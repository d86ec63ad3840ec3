"""Certificates from order to revocation, and the audit trail."""

from datetime import date, datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from certs.db.tables.base import ORDERED, Model


class Batch(Model):
    """Certificates ordered and approved together; `facts` is the frozen `EventFacts` as JSON.

    `base_url` is where their codes lead: empty until the first of them is issued, then unchangeable. `accepted` is a
    JSON list of what was found wrong before the order and taken for right. `ended` is how the batch ended, where
    somebody rejected or cancelled it, with the moment, who it was and why. `ordinal` counts the batches of an event
    from 1 without a gap, whatever became of orders that failed; only a restore passes over what may have been given.
    `entry` is the entry of the trail that tells of the order.
    `begun_…` is under what it was issued last, empty until that began: kids of claim, seal and credential, version of
    the program, address.
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
    accepted: Mapped[str] = mapped_column(server_default="[]")
    ended: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_reason: Mapped[str | None]
    ordinal: Mapped[int] = mapped_column(server_default="0")
    entry: Mapped[int] = mapped_column(server_default="0")
    begun_kids: Mapped[str] = mapped_column(server_default="")
    begun_software: Mapped[str] = mapped_column(server_default="")
    begun_base_url: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (Index("uq_batch_event_id_ordinal", "event_id", "ordinal", unique=True),)


class Certificate(Model):
    """One person's certificate from the moment it is ordered: a row in state `ordered` is the job.

    `plate` names the plate that it shares, `lease` the holder that works on it, `attended` a JSON list of session ids,
    `folded` the name without case and accents, by which it is found and sorted.
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
    folded: Mapped[str] = mapped_column(ORDERED, server_default="")
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
        Index("ix_certificate_event_id_id", "event_id", "id"),
        Index("ix_certificate_folded", "event_id", "folded", "id"),
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
    claim_kid: Mapped[str]
    seal_kid: Mapped[str]
    credential_kid: Mapped[str]
    plate_sha256: Mapped[str] = mapped_column(ForeignKey("plate.sha256"))
    pdf_sha256: Mapped[str]
    pdf_bytes: Mapped[int]


class Roll(Model):
    """Our signature over everything that the certificates of one sheet state; see `certs.roll`."""

    __tablename__ = "roll"
    id: Mapped[int] = mapped_column(primary_key=True)
    kid: Mapped[str]
    signed_at: Mapped[datetime]
    facts: Mapped[str]
    entries: Mapped[bytes]
    signature: Mapped[bytes]


class Enrolled(Model):
    """On which roll a certificate stands, and at which place, from 0."""

    __tablename__ = "enrolled"
    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("issued.certificate_id"), primary_key=True, autoincrement=False
    )
    roll_id: Mapped[int] = mapped_column(ForeignKey("roll.id"))
    place: Mapped[int]


class Pack(Model):
    """A pack of tails outside the register, by its SHA-256 and its size in bytes."""

    __tablename__ = "pack"
    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]


class Tail(Model):
    """A certificate's own bytes: the file is its plate followed by them.

    They stand here whole, or squeezed beside those of the certificate `beside_id`, whose own are whole and which is the
    older: PostgreSQL checks that it is there while rows are restored in their order. Or `data` is empty and they lie in
    a pack, `length` bytes from `start` on; those beside which they are squeezed lie in the same.
    """

    __tablename__ = "tail"
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True, autoincrement=False)
    data: Mapped[bytes]
    beside_id: Mapped[int | None] = mapped_column(ForeignKey("tail.certificate_id"))
    pack_id: Mapped[int | None] = mapped_column(ForeignKey("pack.id"))
    start: Mapped[int | None]
    length: Mapped[int | None]


class Revocation(Model):
    """That a certificate was withdrawn, why, and until when if it counts again.

    `detail` is what everybody may read. `reinstated` says that the page tells of it although it is undone.
    """

    __tablename__ = "revocation"
    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
    detail: Mapped[str]
    undone_at: Mapped[datetime | None]
    reinstated: Mapped[bool] = mapped_column(server_default=false())
    __table_args__ = (
        Index(
            "ix_revocation_reinstated",
            "certificate_id",
            postgresql_where=text("reinstated"),
            sqlite_where=text("reinstated"),
        ),
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


class Gathered(Model):
    """A correction that waits to be ordered together with others; `changes` is JSON."""

    __tablename__ = "gathered"
    number: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    changes: Mapped[str]
    reason: Mapped[str]
    given_by: Mapped[str]
    given_at: Mapped[datetime]


class SpentNumber(Model):
    """A number that some other history of this register has used; it is never drawn again."""

    __tablename__ = "spent_number"
    number: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


class Restoration(Model):
    """That a backup became the register, and how far everything given before it may reach.

    `place` is the highest place in the status lists that may have been given, `batches` JSON: the highest number of a
    batch by the slug of its event, under the empty slug of any event.
    """

    __tablename__ = "restoration"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    backup: Mapped[str]
    place: Mapped[int]
    batches: Mapped[str]


class Unsettled(Model):
    """What a restore left unknown, in words, until somebody says that it is settled."""

    __tablename__ = "unsettled"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    found_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str]
    settled_reason: Mapped[str]


class WithdrawnLink(Model):
    """A reference that was behind a person's link and leads nowhere any more; her own is in `person`."""

    __tablename__ = "withdrawn_link"
    ref: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str]


class Audit(Model):
    """Who changed what and why; each entry holds the SHA-256 of the one before."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[str]
    actor: Mapped[str]
    role: Mapped[str]
    act: Mapped[str]
    event: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(index=True)
    old: Mapped[str]
    new: Mapped[str]
    reason: Mapped[str]
    software: Mapped[str]
    previous: Mapped[str]
    sha256: Mapped[str]


class Checkpoint(Model):
    """The head of the trail at that many entries, as a note under our signature; see `certs.ground.checkpoint`."""

    __tablename__ = "checkpoint"
    entries: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]
