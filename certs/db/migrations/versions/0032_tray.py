"""Exports that arrived and do not count yet."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; what is in it goes once it counts, or was put away."""
    op.create_table(
        "tray_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "sha256", "given_by")),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False, server_default="[]") for name in ("said", "asked")),
        sa.Column("given", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("replaces", sa.Text(), nullable=False, server_default=""),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_tray_file_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tray_file")),
        sa.UniqueConstraint("event_id", "sha256", name=op.f("uq_tray_file_event_id_sha256")),
    )
