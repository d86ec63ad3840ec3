"""An event remembers for which of its imports doubts were looked for, so that a crash before that is noticed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; for what is imported already, doubts are looked for once more."""
    op.add_column("event", sa.Column("asked_as_of", sa.Integer(), nullable=False, server_default="0"))
