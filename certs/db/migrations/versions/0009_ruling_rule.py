"""A ruling keeps the rule in canonical form, which no corrected title changes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a ruling from before counts under no rule until somebody decides again."""
    op.add_column("ruling", sa.Column("rule", sa.Text(), nullable=False, server_default=""))
