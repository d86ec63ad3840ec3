"""A restore says how far what was given before it may reach, and what it left unknown."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = ("restoration", "unsettled")


def upgrade() -> None:
    """Create the tables, which lose no row; what happened stays as it is written, what is unknown gets settled."""
    op.create_table(
        "restoration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("backup", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("batches", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restoration")),
    )
    op.create_table(
        "unsettled",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.Column("settled_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsettled")),
    )
    _keep()


def _keep() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if op.get_bind().dialect.name == "postgresql":
        refuse = "EXECUTE FUNCTION certs_refuse()"
        for table in TABLES:
            empties = f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
            op.execute(f"CREATE TRIGGER {table}_never_empties {empties} {refuse}")
    for table in TABLES:
        op.execute(f"CREATE TRIGGER {table}_never_goes BEFORE DELETE ON {table} FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER restoration_never_changes BEFORE UPDATE ON restoration FOR EACH ROW {refuse}")
    frozen = "BEFORE UPDATE OF kind, subject, text, found_at ON unsettled FOR EACH ROW"
    op.execute(f"CREATE TRIGGER unsettled_stays_as_found {frozen} {refuse}")
