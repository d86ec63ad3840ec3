"""A person's link can be withdrawn, for ever; she may get another."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, whose rows stay as they are."""
    op.create_table(
        "withdrawn_link",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_withdrawn_link_person_id")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_withdrawn_link")),
    )
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if op.get_bind().dialect.name == "postgresql":
        refuse = "EXECUTE FUNCTION certs_refuse()"
        empties = "BEFORE TRUNCATE ON withdrawn_link FOR EACH STATEMENT"
        op.execute(f"CREATE TRIGGER withdrawn_link_never_empties {empties} {refuse}")
    for trigger, change in (("never_changes", "UPDATE"), ("never_goes", "DELETE")):
        op.execute(f"CREATE TRIGGER withdrawn_link_{trigger} BEFORE {change} ON withdrawn_link FOR EACH ROW {refuse}")
