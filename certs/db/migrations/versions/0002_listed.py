"""Registrations say whether they come from a registration list, whose names go first."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was imported before counts as not from a list."""
    op.add_column("registration", sa.Column("listed", sa.Boolean(), nullable=False, server_default=sa.false()))
