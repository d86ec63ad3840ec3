"""What participants ask for; and who was decided on is found by her address."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; of one person, event and kind one request at a time waits."""
    op.create_table(
        "request",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "event_id", "person_id")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "state", "words", "name", "before")),
        sa.Column("number", sa.Text(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("attached", "media")),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False, server_default="") for name in ("ended_by", "answer")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_request_event_id_event")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_request_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    op.create_index("ix_request_person", "request", ["person_id"])
    op.create_index("ix_request_event", "request", ["event_id", "state"])
    waits = sa.text("state = 'asked'")
    columns = ["event_id", "person_id", "kind"]
    op.create_index("ix_request_waiting", "request", columns, unique=True, sqlite_where=waits, postgresql_where=waits)
    op.create_index("ix_decision_person", "decision", ["person"])
