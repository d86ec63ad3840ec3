"""Corrections that wait to be ordered together."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; what is in it goes once it is ordered, or was taken out."""
    op.create_table(
        "gathered",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("changes", "reason", "given_by")),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_gathered_event_id_event")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_gathered")),
    )
    op.create_index("ix_gathered_event_id", "gathered", ["event_id"])
