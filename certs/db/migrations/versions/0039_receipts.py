"""Receipts that were given, which nobody changes or takes away."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, whose rows stay as they are."""
    moment = sa.DateTime(timezone=True)
    columns = (sa.Column(name, sa.Text(), nullable=False) for name in ("kid", "sha256", "counts"))
    op.create_table(
        "receipt",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("number", name=op.f("pk_receipt")),
    )
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if op.get_bind().dialect.name == "postgresql":
        refuse = "EXECUTE FUNCTION certs_refuse()"
        op.execute(f"CREATE TRIGGER receipt_never_empties BEFORE TRUNCATE ON receipt FOR EACH STATEMENT {refuse}")
    op.execute(f"CREATE TRIGGER receipt_never_goes BEFORE DELETE ON receipt FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER receipt_never_changes BEFORE UPDATE ON receipt FOR EACH ROW {refuse}")
