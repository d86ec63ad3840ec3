"""Each import is one reading of a file, and can be undone: its rows stay and no longer count."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROWS = ("joins", "registration", "unusable_row", "unmatched", "mark")
"""Tables of rows that belong to a reading; what they hold already is of the first."""
AS_READ = "import_id, number, name, format, session, received_at"
"""What never changes; only whether it was undone does, once."""


def upgrade() -> None:
    """Add the readings, one for each file there is, and let no row of them go or come back."""
    op.create_table(
        "reading",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("undone_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import_file.id"], name=op.f("fk_reading_import_id")),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_reading")),
    )
    in_force = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_reading_in_force",
        "reading",
        ["import_id"],
        unique=True,
        postgresql_where=in_force,
        sqlite_where=in_force,
    )
    op.execute(
        "INSERT INTO reading (import_id, number, name, format, session, received_at) "
        "SELECT id, 1, name, format, session, received_at FROM import_file"
    )
    for table in ROWS:
        op.add_column(table, sa.Column("reading", sa.Integer(), nullable=False, server_default="1"))
    _keep(op.get_bind().dialect.name)


def _keep(dialect: str) -> None:
    """Let no reading be deleted, read otherwise, or be undone twice."""
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if dialect == "postgresql":
        refuse = "EXECUTE FUNCTION certs_refuse()"
        op.execute(f"CREATE TRIGGER reading_never_empties BEFORE TRUNCATE ON reading FOR EACH STATEMENT {refuse}")
        op.execute("REVOKE DELETE, TRUNCATE ON reading FROM PUBLIC, CURRENT_USER")
    op.execute(f"CREATE TRIGGER reading_never_goes BEFORE DELETE ON reading FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER reading_stays_as_read BEFORE UPDATE OF {AS_READ} ON reading FOR EACH ROW {refuse}")
    undone = "FOR EACH ROW WHEN (OLD.undone_at IS NOT NULL)"
    op.execute(f"CREATE TRIGGER reading_stays_undone BEFORE UPDATE ON reading {undone} {refuse}")
