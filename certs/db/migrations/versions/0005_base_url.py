"""A batch keeps the address that its codes lead to.

Batches issued before have it from their files: the link in a certificate's own bytes is `/URI(ADDRESS/V/CLAIM)`, with
scheme and host in capitals as in the QR code.
"""

import re
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_FIRST_ISSUED = """
    SELECT c.batch_id, i.claim_text, t.data FROM certificate c
    JOIN issued i ON i.certificate_id = c.id JOIN tail t ON t.certificate_id = c.id
    WHERE c.id IN (SELECT min(c.id) FROM certificate c JOIN issued i ON i.certificate_id = c.id GROUP BY c.batch_id)
"""


def upgrade() -> None:
    """Add the column, fill it, and let it never change again."""
    op.add_column("batch", sa.Column("base_url", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    for batch, claim_text, tail in connection.execute(sa.text(_FIRST_ISSUED)).all():
        found = re.search(rb"/URI\(((?:[^()\\]|\\.)+)/V/" + claim_text.encode() + rb"\)", bytes(tail))
        if found:
            address = _lowered(re.sub(rb"\\(.)", rb"\1", found[1]).decode())
            keep = sa.text("UPDATE batch SET base_url = :address WHERE id = :batch")
            connection.execute(keep, {"address": address, "batch": batch})
    _keep(connection.dialect.name)


def _lowered(address: str) -> str:
    """Return the address with scheme and host as settings have them."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path}"


def _keep(dialect: str) -> None:
    """Let an address that a batch has never change."""
    changes = (
        "BEFORE UPDATE OF base_url ON batch FOR EACH ROW WHEN (OLD.base_url <> '' AND NEW.base_url <> OLD.base_url)"
    )
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if dialect == "postgresql":
        refuse = "EXECUTE FUNCTION certs_refuse()"
    op.execute(f"CREATE TRIGGER batch_keeps_its_address {changes} {refuse}")
