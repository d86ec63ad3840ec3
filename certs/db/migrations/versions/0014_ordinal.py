"""A batch has a number within its event, counted from 1 without a gap; with the slug it is what people call it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and count the batches of each event in the order in which they were ordered."""
    op.add_column("batch", sa.Column("ordinal", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE batch SET ordinal = (SELECT count(*) FROM batch AS other"
        " WHERE other.event_id = batch.event_id AND other.id <= batch.id)"
    )
    op.create_index("uq_batch_event_id_ordinal", "batch", ["event_id", "ordinal"], unique=True)
