"""Questions say who may be meant and why; rows that bear one name in several sessions are one question."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and look for doubts once more at the next question; answers about one session stay."""
    for name, default in (("rows", ""), ("whom", "[]"), ("suggestion", "")):
        op.add_column("question", sa.Column(name, sa.Text(), server_default=default, nullable=False))
    op.execute("UPDATE event SET asked_as_of = 0")
