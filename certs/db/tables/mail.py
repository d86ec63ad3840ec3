"""Mails: what is meant, under way or done with; events that wait; who wants none; texts that somebody changed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from certs.db.tables.base import Model

_OPEN = text("state IN ('queued', 'sending', 'deferred')")


class Message(Model):
    """One mail to one person about one occasion; `link` goes once it is sent, `token` begins its `Message-ID`."""

    __tablename__ = "message"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    slug: Mapped[str]
    person: Mapped[str]
    occasion: Mapped[str]
    address: Mapped[str]
    language: Mapped[str]
    facts: Mapped[str]
    link: Mapped[str]
    page: Mapped[str]
    state: Mapped[str]
    token: Mapped[str]
    bulk: Mapped[bool]
    edition: Mapped[int] = mapped_column(server_default="1")
    tries: Mapped[int] = mapped_column(server_default="0")
    queued_at: Mapped[datetime]
    queued_by: Mapped[str]
    next_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    lease: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    said: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        UniqueConstraint("slug", "person", "kind", "occasion"),
        Index("ix_message_open", "state", "bulk", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_message_begun", "begun_at"),
        Index("ix_message_person", "person"),
        Index("ix_message_token", "token"),
    )


class MailPause(Model):
    """Whether the mails of an event wait, and who said so last."""

    __tablename__ = "mail_pause"
    slug: Mapped[str] = mapped_column(primary_key=True)
    paused: Mapped[bool]
    at: Mapped[datetime]
    by: Mapped[str]


class MailDeclined(Model):
    """Somebody who wants no mail but what she asks for."""

    __tablename__ = "mail_declined"
    person: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class MailText(Model):
    """Subject and text of a kind of mail, as an event has them in a language; empty for ours."""

    __tablename__ = "mail_text"
    slug: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    body: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]


class ListAsked(Model):
    """An address that somebody typed to get her list by mail, until a worker has looked whose it is."""

    __tablename__ = "list_asked"
    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    language: Mapped[str]
    at: Mapped[datetime]


class ListLink(Model):
    """A mailed link to a person's list by the SHA-256 of its secret; it opens once, and goes a day after it ended."""

    __tablename__ = "list_link"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    until: Mapped[datetime]
    used_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_list_link_person", "person_id"),)
