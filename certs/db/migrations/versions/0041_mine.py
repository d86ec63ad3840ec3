"""Who asked for the list of her certificates, until it is answered, and the links that opened it."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create both tables; their rows do not stay."""
    op.create_table(
        "list_asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_asked")),
    )
    op.create_table(
        "list_link",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.Column("used_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_list_link_person_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_list_link")),
    )
    op.create_index("ix_list_link_person", "list_link", ["person_id"])
