"""What people decided in place of the rule."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; none of its rows ever changes or goes."""
    op.create_table(
        "ruling",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "event_id", "person_id")),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("kind", "ruled", "reason", "author", "criteria", "found")
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_ruling_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ruling_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
    )
    op.create_index(op.f("ix_ruling_event_id"), "ruling", ["event_id"])
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if op.get_bind().dialect.name == "postgresql":
        refuse = "FOR EACH ROW EXECUTE FUNCTION certs_refuse()"
    op.execute(f"CREATE TRIGGER ruling_never_goes BEFORE DELETE ON ruling {refuse}")
    op.execute(f"CREATE TRIGGER ruling_never_changes BEFORE UPDATE ON ruling {refuse}")
