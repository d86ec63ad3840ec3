"""A registration keeps the organisation, which reports count by."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was imported before says nothing of it until it is read anew."""
    op.add_column("registration", sa.Column("organisation", sa.Text(), nullable=False, server_default=""))
