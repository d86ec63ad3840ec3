"""A batch may end before all of it is issued: rejected or cancelled, for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ENDED = "ended, ended_at, ended_by, ended_reason"


def upgrade() -> None:
    """Add how, when, by whom and why, and let neither an ended batch nor a certificate that was given up come back."""
    op.add_column("batch", sa.Column("ended", sa.Text(), nullable=True))
    op.add_column("batch", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("batch", sa.Column("ended_by", sa.Text(), nullable=True))
    op.add_column("batch", sa.Column("ended_reason", sa.Text(), nullable=True))
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if op.get_bind().dialect.name == "postgresql":
        refuse = "EXECUTE FUNCTION certs_refuse()"
    op.execute(
        f"CREATE TRIGGER batch_stays_ended BEFORE UPDATE OF {ENDED}, approved_at, approved_by ON batch "
        f"FOR EACH ROW WHEN (OLD.ended IS NOT NULL) {refuse}"
    )
    op.execute(
        "CREATE TRIGGER certificate_stays_given_up BEFORE UPDATE OF state ON certificate "
        f"FOR EACH ROW WHEN (OLD.state = 'cancelled' AND NEW.state <> 'cancelled') {refuse}"
    )
