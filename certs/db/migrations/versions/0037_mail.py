"""Mails that are meant, under way or done with; events whose mails wait; who wants none; texts of an event's own."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_OPEN = sa.text("state IN ('queued', 'sending', 'deferred')")


def upgrade() -> None:
    """Create the tables; messages stay for ever, so that nobody gets one twice."""
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        *(_text(name) for name in ("slug", "person", "occasion", "address", "language", "facts", "link", "page")),
        *(_text(name) for name in ("state", "token")),
        sa.Column("bulk", sa.Boolean(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("queued_at", _TIME, nullable=False),
        _text("queued_by"),
        *(sa.Column(name, _TIME, nullable=True) for name in ("next_at", "begun_at", "changed_at")),
        sa.Column("lease", sa.Text(), nullable=True),
        sa.Column("lease_until", _TIME, nullable=True),
        sa.Column("said", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_message_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("slug", "person", "kind", "occasion", name=op.f("uq_message_slug_person_kind_occasion")),
    )
    op.create_index("ix_message_open", "message", ["state", "bulk", "id"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    for name, column in (("begun", "begun_at"), ("person", "person"), ("token", "token")):
        op.create_index(f"ix_message_{name}", "message", [column])
    _beside()
    _keep()


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False)


def _beside() -> None:
    op.create_table(
        "mail_pause",
        _text("slug"),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        _text("by"),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_mail_pause")),
    )
    op.create_table(
        "mail_declined",
        _text("person"),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_mail_declined")),
    )
    op.create_table(
        "mail_text",
        *(_text(name) for name in ("slug", "kind", "language", "subject", "body")),
        sa.Column("at", _TIME, nullable=False),
        _text("by"),
        sa.PrimaryKeyConstraint("slug", "kind", "language", name=op.f("pk_mail_text")),
    )


def _keep() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if op.get_bind().dialect.name == "postgresql":
        refuse = "EXECUTE FUNCTION certs_refuse()"
        op.execute(f"CREATE TRIGGER message_never_empties BEFORE TRUNCATE ON message FOR EACH STATEMENT {refuse}")
    op.execute(f"CREATE TRIGGER message_never_goes BEFORE DELETE ON message FOR EACH ROW {refuse}")
