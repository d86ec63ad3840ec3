"""Signed heads of the audit trail are kept beside it, and what the trail says of one certificate is found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, which never changes; trails of before get their first checkpoint on purpose."""
    op.create_table(
        "checkpoint",
        sa.Column("entries", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entries", name=op.f("pk_checkpoint")),
    )
    op.create_index("ix_audit_subject", "audit", ["subject"])
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if op.get_bind().dialect.name == "postgresql":
        refuse = "EXECUTE FUNCTION certs_refuse()"
        empties = "BEFORE TRUNCATE ON checkpoint FOR EACH STATEMENT"
        op.execute(f"CREATE TRIGGER checkpoint_never_empties {empties} {refuse}")
    op.execute(f"CREATE TRIGGER checkpoint_never_goes BEFORE DELETE ON checkpoint FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER checkpoint_never_changes BEFORE UPDATE ON checkpoint FOR EACH ROW {refuse}")
