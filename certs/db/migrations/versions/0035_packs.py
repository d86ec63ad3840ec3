"""Tails may lie in packs outside the register; those that are here already stay here."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of packs, whose rows stay as they are, and let a tail say where in one it lies."""
    op.create_table(
        "pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack")),
        sa.UniqueConstraint("sha256", name=op.f("uq_pack_sha256")),
    )
    pack = sa.ForeignKey("pack.id", name=op.f("fk_tail_pack_id"))
    op.add_column("tail", sa.Column("pack_id", sa.Integer(), pack, nullable=True), inline_references=True)
    op.add_column("tail", sa.Column("start", sa.Integer(), nullable=True))
    op.add_column("tail", sa.Column("length", sa.Integer(), nullable=True))
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if op.get_bind().dialect.name == "postgresql":
        refuse = "EXECUTE FUNCTION certs_refuse()"
        op.execute(f"CREATE TRIGGER pack_never_empties BEFORE TRUNCATE ON pack FOR EACH STATEMENT {refuse}")
    op.execute(f"CREATE TRIGGER pack_never_goes BEFORE DELETE ON pack FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER pack_never_changes BEFORE UPDATE ON pack FOR EACH ROW {refuse}")
