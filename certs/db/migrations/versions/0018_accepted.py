"""A batch keeps what was found wrong before it was ordered, and taken for right."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the sentences, as a JSON list; batches ordered before have none."""
    op.add_column("batch", sa.Column("accepted", sa.Text(), nullable=False, server_default="[]"))
