"""A session is known by its event and its name alone; nobody read the rest, which stands in the event's definition."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the columns."""
    for name in ("title", "starts_at", "ends_at"):
        op.drop_column("session", name)
