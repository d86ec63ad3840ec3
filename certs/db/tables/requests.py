"""What participants ask for. No row goes; one that was answered says by whom, when and what."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from certs.db.tables.base import Model


class Request(Model):
    """A request; of one person, event and kind one at a time waits. `number` is of the certificate that it is about."""

    __tablename__ = "request"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    state: Mapped[str]
    words: Mapped[str]
    name: Mapped[str]
    before: Mapped[str]
    number: Mapped[str | None]
    attached: Mapped[str]
    media: Mapped[str]
    content: Mapped[bytes]
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(server_default="")
    answer: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        Index("ix_request_person", "person_id"),
        Index("ix_request_event", "event_id", "state"),
        Index(
            "ix_request_waiting",
            "event_id",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )
