"""Certificates are found by their names without case and accents, which neither database can make of a name."""

import sqlalchemy as sa
from alembic import op

from certs.ground import names

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_AT_ONCE = 5_000


def upgrade() -> None:
    """Add the column with its index, and fill it, some rows at a time."""
    ordered = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("certificate", sa.Column("folded", ordered, nullable=False, server_default=""))
    connection, last = op.get_bind(), 0
    some = sa.text("SELECT id, name FROM certificate WHERE id > :last ORDER BY id LIMIT :most")
    change = sa.text("UPDATE certificate SET folded = :folded WHERE id = :id")
    while rows := connection.execute(some, {"last": last, "most": _AT_ONCE}).all():
        connection.execute(change, [{"id": row.id, "folded": names.fold(row.name)} for row in rows])
        last = rows[-1].id
    op.create_index("ix_certificate_event_id_id", "certificate", ["event_id", "id"])
    op.create_index("ix_certificate_folded", "certificate", ["event_id", "folded", "id"])
