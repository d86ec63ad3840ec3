"""A roll signs everything that the certificates of a sheet state, and each certificate knows its place there."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLES = ("roll", "enrolled")


def upgrade() -> None:
    """Create the tables, whose rows stay as they are; certificates of before are on no roll until they are enrolled."""
    op.create_table(
        "roll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll")),
    )
    op.create_table(
        "enrolled",
        sa.Column("certificate_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("roll_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["certificate_id"], ["issued.certificate_id"], name=op.f("fk_enrolled_certificate_id")),
        sa.ForeignKeyConstraint(["roll_id"], ["roll.id"], name=op.f("fk_enrolled_roll_id")),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_enrolled")),
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
        op.execute(f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE ON {table} FOR EACH ROW {refuse}")
