"""Users who sign in, with their roles, sign-ins, passkeys, codes and invitations."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = ("user_account", "user_role", "sign_in", "passkey", "recovery_code", "invitation")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables, which lose no row: what ended says when."""
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("administrator", sa.Boolean(), nullable=False),
        sa.Column("suspended_at", _TIME, nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False, server_default=""),
        sa.Column("app_secret", sa.LargeBinary(), nullable=False),
        sa.Column("app_step", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("added_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("ref", name=op.f("uq_user_account_ref")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    _create(
        "user_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_user_role_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_role")),
    )
    op.create_index("ix_user_role_event", "user_role", ["event_id"])
    _create(
        "sign_in",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.Column("again_at", _TIME, nullable=False),
        sa.Column("ends_at", _TIME, nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in")),
    )
    _create(
        "passkey",
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_passkey")),
    )
    _create(
        "recovery_code",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_code")),
    )
    _create(
        "invitation",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitation")),
    )
    _keep()


def _create(table: str, *columns: "sa.Column[object] | sa.Constraint") -> None:
    """Create a table of what a user has until it ends."""
    op.create_table(
        table,
        *columns,
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f(f"fk_{table}_user_id_user_account")),
    )
    op.create_index(f"ix_{table}_user", table, ["user_id"])


def _keep() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if op.get_bind().dialect.name == "postgresql":
        refuse = "EXECUTE FUNCTION certs_refuse()"
        for table in TABLES:
            empties = f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
            op.execute(f"CREATE TRIGGER {table}_never_empties {empties} {refuse}")
    for table in TABLES:
        op.execute(f"CREATE TRIGGER {table}_never_goes BEFORE DELETE ON {table} FOR EACH ROW {refuse}")
