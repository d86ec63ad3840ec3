"""A batch keeps under what it is issued: keys, version and address, so that whoever helps does as the others do."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; nobody can help with a batch until it is issued once more."""
    for name in ("begun_kids", "begun_software", "begun_base_url"):
        op.add_column("batch", sa.Column(name, sa.Text(), nullable=False, server_default=""))
