"""An issued file is found by the number that it bears, not by its digest, and certificates of a key by looking at all.

An index of digests, which come in no order, took longer to keep than everything else about a certificate.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the indexes. SQLite makes the table anew for that, without its triggers, so they are put back."""
    for index in ("ix_issued_claim_kid", "ix_issued_seal_kid"):
        op.drop_index(index, "issued")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("uq_issued_pdf_sha256", "issued")
        return
    before = op.get_bind().execute(sa.text("SELECT count(*) FROM issued")).scalar_one()
    with op.batch_alter_table("issued", recreate="always") as batch:
        batch.drop_constraint("uq_issued_pdf_sha256", type_="unique")
    if op.get_bind().execute(sa.text("SELECT count(*) FROM issued")).scalar_one() != before:
        raise RuntimeError("rows of the table issued were lost; the migration is undone")
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    op.execute(f"CREATE TRIGGER issued_never_changes BEFORE UPDATE ON issued {refuse}")
    op.execute(f"CREATE TRIGGER issued_never_goes BEFORE DELETE ON issued {refuse}")
