"""Questions about people with their answers, and what they are about: rows without an address, status letters."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; no row of them may go."""
    op.create_table(
        "unmatched",
        *_of_import("unmatched"),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("start_us", "end_us")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("session", "name", "role", "basis")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("line", "stated_seconds")),
    )
    op.create_table(
        "mark",
        *_of_import("mark"),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mark_person_id")),
    )
    for table in ("unmatched", "mark"):
        op.create_index(op.f(f"ix_{table}_import_id"), table, ["import_id"])
    texts = ("kind", "subject", "text", "candidates", "assumed", "evidence", "people", "answer", "answered_by")
    op.create_table(
        "question",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_question_event_id")),
        sa.PrimaryKeyConstraint("event_id", "key", name=op.f("pk_question")),
    )
    for table in ("unmatched", "mark", "question"):
        _keep(table)


def _of_import(table: str) -> tuple[sa.Column[int] | sa.Constraint, ...]:
    """Return the columns of a row that belongs to an import."""
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import_file.id"], name=op.f(f"fk_{table}_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _keep(table: str) -> None:
    """Let no row of *table* be deleted."""
    if op.get_bind().dialect.name == "postgresql":
        refuse = "EXECUTE FUNCTION certs_refuse()"
        op.execute(f"CREATE TRIGGER {table}_never_goes BEFORE DELETE ON {table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER {table}_never_empties BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
    else:
        refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
        op.execute(f"CREATE TRIGGER {table}_never_goes BEFORE DELETE ON {table} {refuse}")
