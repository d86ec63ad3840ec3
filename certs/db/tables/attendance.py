"""Events, what was imported for them, the doubts about it, and what people added by hand."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from certs.db.tables.base import ORDERED, Model


class Event(Model):
    """An event by its file, as given: the definition is parsed again whenever it is needed.

    `asked_as_of` is the newest entry of the trail about its imports that was there when doubts were looked for, `asked`
    how often they were,
    `pictures` JSON that says the digest of each of its pictures by name, empty where it has none.
    """

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    definition: Mapped[str]
    added_at: Mapped[datetime]
    asked_as_of: Mapped[int] = mapped_column(server_default="0")
    asked: Mapped[int] = mapped_column(server_default="0")
    pictures: Mapped[str] = mapped_column(server_default="")


class Picture(Model):
    """A logo or signature by the SHA-256 of its bytes; batches and events name it so."""

    __tablename__ = "picture"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    data: Mapped[bytes]


class Session(Model):
    """A sitting of an event, so that imports can point to it; what it is stands in the event's definition."""

    __tablename__ = "session"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    session: Mapped[str] = mapped_column(primary_key=True)


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


class TrayFile(Model):
    """An export that arrived and does not count yet.

    `said` is why, `asked` what must be answered first, `given` the answers so far, all JSON;
    `replaces` is the SHA-256 of the file in whose place it shall count.
    """

    __tablename__ = "tray_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    name: Mapped[str]
    sha256: Mapped[str]
    given_by: Mapped[str]
    given_at: Mapped[datetime]
    said: Mapped[str] = mapped_column(server_default="[]")
    asked: Mapped[str] = mapped_column(server_default="[]")
    given: Mapped[str] = mapped_column(server_default="{}")
    replaces: Mapped[str] = mapped_column(server_default="")
    content: Mapped[bytes]
    __table_args__ = (UniqueConstraint("event_id", "sha256"),)


class Reading(Model):
    """One reading of an export: its rows count unless it was undone; a file has one reading that counts, or none.

    `number` counts from 1, `entry` is the trail's entry on it. Rows of an import name it by `import_id` and `reading`.
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
    entry: Mapped[int] = mapped_column(server_default="0")
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
    """Somebody, known by a cleaned address; `ref` is what personal links carry.

    Whoever was erased keeps her row, for certificates point to it; its `key` is no address any more.
    """

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    ref: Mapped[str] = mapped_column(unique=True)
    erased_at: Mapped[datetime | None]


class Erased(Model):
    """What is kept, and shown to nobody, of somebody who was erased.

    `address` is what signatures over her certificates and entries of the trail rest on, empty where none do; `words`
    are those of her addresses and names that the trail holds, JSON; `refs` every reference that was ever hers, JSON.
    """

    __tablename__ = "erased"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by: Mapped[str]
    address: Mapped[str]
    words: Mapped[str]
    refs: Mapped[str]


class _Row:
    """What each row that was read has: the import, which reading of its file, and the line."""

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"), index=True)
    reading: Mapped[int] = mapped_column(server_default="1")
    line: Mapped[int]


class _Presence(_Row):
    """A row that says when somebody was there; without interval the stated minutes count."""

    session: Mapped[str]
    start_us: Mapped[int | None] = mapped_column(BigInteger)
    end_us: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str]
    role: Mapped[str]
    stated_seconds: Mapped[int]
    basis: Mapped[str]


class Join(_Presence, Model):
    """A join of a person."""

    __tablename__ = "joins"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Registration(_Row, Model):
    """One registered person as an import names her; `listed` in a registration list, else in an attendee table."""

    __tablename__ = "registration"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    country: Mapped[str]
    listed: Mapped[bool] = mapped_column(server_default=false())
    organisation: Mapped[str] = mapped_column(server_default="")


class UnusableRow(_Row, Model):
    """A row of an import that could not be credited to a person."""

    __tablename__ = "unusable_row"
    reason: Mapped[str]
    name: Mapped[str]
    section: Mapped[str]
    seconds: Mapped[int | None]


class Unmatched(_Presence, Model):
    """A join of a row without an address; an answer may say whose it is."""

    __tablename__ = "unmatched"


class Mark(_Row, Model):
    """A status letter that an import gives instead of times."""

    __tablename__ = "mark"
    session: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    letter: Mapped[str]


class Question(Model):
    """A doubt about people and its answer; lists are JSON.

    `rows` says which rows of a session it is about, `whom` who may be meant and why, `suggestion` the one answer left.
    """

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
    rows: Mapped[str] = mapped_column(server_default="")
    whom: Mapped[str] = mapped_column(server_default="[]")
    suggestion: Mapped[str] = mapped_column(server_default="")


class Evidence(Model):
    """Evidence that somebody added beside the exports; withdrawn by a mark."""

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


class Counted(Model):
    """That the decisions of an event are kept, and as of what; `entry` is the entry of the trail that they rest on.

    `as_of` says all that they rest on: they are right as long as that is what stands now. `odd` are findings about
    attendance as JSON, right until `odd_until`; empty where they are not known.
    """

    __tablename__ = "counted"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    entry: Mapped[int]
    as_of: Mapped[str]
    odd: Mapped[str]
    odd_until: Mapped[datetime | None]


class Decision(Model):
    """A decision on one person and kind as it was counted last; derived, so it may be deleted and made anew.

    `reason` and `found` are sentences as `certs.wording.written` keeps them. `tallies` is JSON by session: seconds,
    seconds in the window, rows, merged intervals, basis. `person` is the address that she goes by, `folded` what is
    searched, `sorted` her name, both without case and accents. `ruling` is an id.
    """

    __tablename__ = "decision"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ORDERED, primary_key=True)
    name: Mapped[str]
    certain: Mapped[bool]
    eligible: Mapped[bool]
    near_miss: Mapped[bool]
    by_rule: Mapped[bool]
    reason: Mapped[str]
    found: Mapped[str]
    roles: Mapped[str]
    attended: Mapped[str]
    tallies: Mapped[str]
    evidence: Mapped[str]
    ruling: Mapped[int]
    seconds: Mapped[int]
    sorted: Mapped[str] = mapped_column(ORDERED)
    folded: Mapped[str]
    __table_args__ = (
        Index("ix_decision_sorted", "event_id", "kind", "sorted", "person"),
        Index("ix_decision_seconds", "event_id", "kind", "seconds", "person"),
        Index("ix_decision_person", "person"),
    )
