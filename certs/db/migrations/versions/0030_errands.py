"""Errands that workers do, the files that wait with them, and when each worker was last heard of."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Create the tables; errands stay for ever, what waits with them does not."""
    op.create_table(
        "errand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("slug", "what", "options")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("asked_by", "role", "reason")),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("begun_at", _TIME, nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False, server_default="0") for name in ("done", "total", "tries")),
        sa.Column("again", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("lease", sa.Text(), nullable=True),
        sa.Column("lease_until", _TIME, nullable=True),
        sa.Column("ended_at", _TIME, nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False, server_default="") for name in ("sentence", "code")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_errand_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
    )
    op.create_index(
        "ix_errand_open", "errand", ["kind", "slug", "what"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("ix_errand_event", "errand", ["event_id"])
    op.create_table(
        "errand_file",
        sa.Column("errand_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["errand_id"], ["errand.id"], name=op.f("fk_errand_file_errand_id_errand")),
        sa.PrimaryKeyConstraint("errand_id", "place", name=op.f("pk_errand_file")),
    )
    op.create_table(
        "worker",
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("holder", name=op.f("pk_worker")),
    )
    _keep()


def _keep() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if op.get_bind().dialect.name == "postgresql":
        refuse = "EXECUTE FUNCTION certs_refuse()"
        op.execute(f"CREATE TRIGGER errand_never_empties BEFORE TRUNCATE ON errand FOR EACH STATEMENT {refuse}")
    op.execute(f"CREATE TRIGGER errand_never_goes BEFORE DELETE ON errand FOR EACH ROW {refuse}")
