"""Decisions are kept as they were counted; they are worked out from the rest, so they may be deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, empty: nothing is counted before somebody asks."""
    op.add_column("event", sa.Column("asked", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "counted",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        sa.Column("odd", sa.Text(), nullable=False),
        sa.Column("odd_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_counted_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_counted")),
    )
    ordered = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    flags = ("certain", "eligible", "near_miss", "by_rule")
    texts = ("reason", "found", "roles", "attended", "tallies", "evidence")
    op.create_table(
        "decision",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", ordered, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        *(sa.Column(flag, sa.Boolean(), nullable=False) for flag in flags),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("ruling", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("sorted", ordered, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_decision_event_id")),
        sa.PrimaryKeyConstraint("event_id", "kind", "person", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_sorted", "decision", ["event_id", "kind", "sorted", "person"])
    op.create_index("ix_decision_seconds", "decision", ["event_id", "kind", "seconds", "person"])
