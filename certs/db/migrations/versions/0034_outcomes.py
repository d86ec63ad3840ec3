"""What an errand found, beside the sentence in which it ended."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what ended before found nothing that was kept."""
    op.add_column("errand", sa.Column("outcome", sa.Text(), nullable=False, server_default=""))
