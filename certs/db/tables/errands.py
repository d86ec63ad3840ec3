"""What workers do: errands, the files that wait with them, and when each worker was last heard of."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from certs.db.tables.base import Model

_OPEN = text("ended_at IS NULL")


class Errand(Model):
    """What somebody asked for; `again` where it was asked for anew after it was begun."""

    __tablename__ = "errand"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    slug: Mapped[str]
    what: Mapped[str]
    options: Mapped[str]
    asked_by: Mapped[str]
    role: Mapped[str]
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(server_default="0")
    total: Mapped[int] = mapped_column(server_default="0")
    tries: Mapped[int] = mapped_column(server_default="0")
    again: Mapped[bool] = mapped_column(server_default=text("false"))
    lease: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    sentence: Mapped[str] = mapped_column(server_default="")
    code: Mapped[str] = mapped_column(server_default="")
    outcome: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        Index(
            "ix_errand_open",
            "kind",
            "slug",
            "what",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_errand_event", "event_id"),
    )


class ErrandFile(Model):
    """A file that waits to be read; its row goes when the errand ends."""

    __tablename__ = "errand_file"
    errand_id: Mapped[int] = mapped_column(ForeignKey("errand.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    data: Mapped[bytes]


class Worker(Model):
    """A worker by its holder's name, and when it was last heard of, by the database's clock."""

    __tablename__ = "worker"
    holder: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
