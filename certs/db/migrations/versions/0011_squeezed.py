"""Tails may stand squeezed beside another; those that are here already stay whole."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the reference to the tail beside which one is squeezed."""
    beside = sa.ForeignKey("tail.certificate_id", name=op.f("fk_tail_beside_id"))
    op.add_column("tail", sa.Column("beside_id", sa.Integer(), beside, nullable=True), inline_references=True)
