"""A mistaken revocation can be taken back at any time, and the page tells of it; none changes what it said."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

AS_SAID = "certificate_id, at, reason, detail"
"""What never changes; only whether it was taken back does, once. `detail` was public before and stays so."""


def upgrade() -> None:
    """Add the mark; what was undone before, was so within ten minutes, and no page tells of it."""
    op.add_column("revocation", sa.Column("reinstated", sa.Boolean(), nullable=False, server_default=sa.false()))
    marked = sa.text("reinstated")
    op.create_index(
        "ix_revocation_reinstated", "revocation", ["certificate_id"], postgresql_where=marked, sqlite_where=marked
    )
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if op.get_bind().dialect.name == "postgresql":
        refuse = "EXECUTE FUNCTION certs_refuse()"
    op.execute(
        f"CREATE TRIGGER revocation_stays_as_said BEFORE UPDATE OF {AS_SAID} ON revocation FOR EACH ROW {refuse}"
    )
    undone = "FOR EACH ROW WHEN (OLD.undone_at IS NOT NULL)"
    op.execute(f"CREATE TRIGGER revocation_stays_undone BEFORE UPDATE ON revocation {undone} {refuse}")
