"""Readings and batches say which entry of the trail made them, so that nothing is read out of the trail's words."""

import json
from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_STAYS_UNDONE = "reading_stays_undone"
_SAID = "SELECT id, event, subject, new FROM audit WHERE act = :act ORDER BY id"
_READINGS = """
    SELECT event.slug, import_file.sha256, reading.import_id, reading.number FROM reading
    JOIN import_file ON import_file.id = reading.import_id JOIN event ON event.id = import_file.event_id
"""
_BATCHES = "SELECT event.slug, batch.id, batch.ordinal FROM batch JOIN event ON event.id = batch.event_id"
Rows = list[Mapping[str, object]]


def upgrade() -> None:
    """Add the columns, fill them from the trail as it stands, and let what is filled never change again."""
    for table in ("reading", "batch"):
        op.add_column(table, sa.Column("entry", sa.Integer(), nullable=False, server_default="0"))
    connection = op.get_bind()
    readings, batches = _readings(connection), _batches(connection)
    dialect = connection.dialect.name
    op.execute(f"DROP TRIGGER {_STAYS_UNDONE}" + (" ON reading" if dialect == "postgresql" else ""))
    if readings:
        change = "UPDATE reading SET entry = :entry WHERE import_id = :import_id AND number = :number"
        connection.execute(sa.text(change), readings)
    if batches:
        connection.execute(sa.text("UPDATE batch SET entry = :entry WHERE id = :id"), batches)
    _keep(dialect)


def _readings(connection: sa.Connection) -> Rows:
    """Return the entry of each reading; where two entries say the same, as after a restore, the newest one's is it."""
    said: dict[tuple[str, str, int], int] = {}
    for entry, event, _, new in connection.execute(sa.text(_SAID), {"act": "import.add"}):
        about = json.loads(new)
        said[event, about["sha256"], about.get("reading", 1)] = entry
    found = connection.execute(sa.text(_READINGS)).all()
    return [
        {"import_id": one.import_id, "number": one.number, "entry": said.get((one.slug, one.sha256, one.number), 0)}
        for one in found
    ]


def _batches(connection: sa.Connection) -> Rows:
    """Return the entry of each batch's order; the oldest entries call a batch by its row id."""
    said: dict[tuple[str, str], int] = {}
    for entry, event, subject, _ in connection.execute(sa.text(_SAID), {"act": "batch.order"}):
        said[event, subject.removeprefix("batch ")] = entry
    return [
        {"id": id_, "entry": said.get((slug, f"{slug}/{ordinal}")) or said.get((slug, str(id_)), 0)}
        for slug, id_, ordinal in connection.execute(sa.text(_BATCHES))
    ]


def _keep(dialect: str) -> None:
    """Let an entry that is known never change, and what was undone stay so, as before."""
    refuse = "BEGIN SELECT RAISE(ABORT, 'the register never forgets'); END"
    if dialect == "postgresql":
        refuse = "EXECUTE FUNCTION certs_refuse()"
    undone = "FOR EACH ROW WHEN (OLD.undone_at IS NOT NULL)"
    op.execute(f"CREATE TRIGGER {_STAYS_UNDONE} BEFORE UPDATE ON reading {undone} {refuse}")
    for table in ("reading", "batch"):
        known = "FOR EACH ROW WHEN (OLD.entry <> 0)"
        op.execute(f"CREATE TRIGGER {table}_keeps_its_entry BEFORE UPDATE OF entry ON {table} {known} {refuse}")
