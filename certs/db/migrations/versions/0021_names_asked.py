"""Doubts about names are looked for in what was imported before they were known."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget as of which entry of the trail doubts were looked for: they are once more, at the first question."""
    op.execute("UPDATE event SET asked_as_of = 0")
