"""The pictures of events, logo and signatures, kept once by their digest; what was ordered shows them for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, whose rows stay as they are, and the column that says which picture is called how today."""
    op.create_table(
        "picture",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_picture")),
    )
    op.add_column("event", sa.Column("pictures", sa.Text(), nullable=False, server_default=""))
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if op.get_bind().dialect.name == "postgresql":
        refuse = "EXECUTE FUNCTION certs_refuse()"
        op.execute(f"CREATE TRIGGER picture_never_empties BEFORE TRUNCATE ON picture FOR EACH STATEMENT {refuse}")
    for trigger, change in (("never_changes", "UPDATE"), ("never_goes", "DELETE")):
        op.execute(f"CREATE TRIGGER picture_{trigger} BEFORE {change} ON picture FOR EACH ROW {refuse}")
