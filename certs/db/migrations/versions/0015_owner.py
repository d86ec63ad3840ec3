"""PostgreSQL: evidence and rulings refuse to be emptied, as other history does: triggers alone keep history now.

Until here migrations withdrew rights over history from the owner of its tables too; `certs.db.migrate` gives them back.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the triggers; SQLite empties a table by deleting its rows, which is refused already."""
    if op.get_bind().dialect.name == "postgresql":
        for table in ("evidence", "ruling"):
            refuse = "FOR EACH STATEMENT EXECUTE FUNCTION certs_refuse()"
            op.execute(f"CREATE TRIGGER {table}_never_empties BEFORE TRUNCATE ON {table} {refuse}")
