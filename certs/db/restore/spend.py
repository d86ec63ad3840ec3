"""Nothing is given twice: numbers, places in the status lists and batches that some history of the register has given.

What the backup holds as ordered may have been issued since. Unless a register shows that it was not, it is given up:
its number stays taken, and an order anew gives new ones. Where nobody can say what was given after the backup, places
and batches go on far beyond it.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from certs.db import amendments, bulk, tables
from certs.model import Act, CertificateState, Number

MARGIN_OF_PLACES = 500_000
"""Places passed over where it is unknown how many were given since: four status lists."""
MARGIN_OF_BATCHES = 1_000
_ANY = ""
"""Stands for every event."""
_WAITING = (CertificateState.ORDERED.value, CertificateState.HELD.value)
_AT_ONCE = 500


@dataclass(slots=True)
class Given:
    """What registers have given away."""

    numbers: set[str] = field(default_factory=set)
    place: int = 0
    batches: dict[str, int] = field(default_factory=dict)
    """The highest number of a batch by the slug of its event, under the empty slug of any event."""

    def reach(self, slug: str, ordinal: int) -> None:
        """Let batches of the event *slug* go on behind *ordinal*."""
        self.batches[slug] = max(ordinal, self.batches.get(slug, 0))

    def widen(self) -> None:
        """Let places and batches go on far beyond what is known."""
        self.place += MARGIN_OF_PLACES
        self.reach(_ANY, max(self.batches.values(), default=0) + MARGIN_OF_BATCHES)


def note(connection: Connection, found: Given) -> None:
    """Add to *found* what the register of *connection* has given; a damaged or old one, as far as it can be read."""
    for read in (_numbers, _places, _batches, _reach):
        with suppress(DatabaseError), connection.begin_nested():
            read(connection, found)


def _numbers(connection: Connection, found: Given) -> None:
    for column in (tables.Certificate.number, tables.SpentNumber.number):
        found.numbers.update(connection.execute(select(column)).scalars())


def _places(connection: Connection, found: Given) -> None:
    """The counter knows of rows that were never committed, too."""
    highest = connection.execute(text("SELECT coalesce(max(id), 0) FROM certificate")).scalar_one()
    counter = "SELECT seq FROM sqlite_sequence WHERE name = 'certificate'"
    if connection.dialect.name == "postgresql":
        counter = "SELECT last_value FROM pg_sequences WHERE schemaname = current_schema() AND sequencename = :name"
        name = connection.execute(text("SELECT pg_get_serial_sequence('certificate', 'id')")).scalar_one()
        counted = connection.execute(text(counter), {"name": str(name).rpartition(".")[2].strip('"')}).scalar()
    else:
        counted = connection.execute(text(counter)).scalar()
    found.place = max(found.place, int(highest), int(counted or 0))


def _batches(connection: Connection, found: Given) -> None:
    batch, event = tables.Batch, tables.Event
    highest = select(event.slug, func.max(batch.ordinal)).join(batch, batch.event_id == event.id).group_by(event.slug)
    for slug, ordinal in connection.execute(highest):
        found.reach(slug, int(ordinal))


def _reach(connection: Connection, found: Given) -> None:
    row = tables.Restoration
    for place, batches in connection.execute(select(row.place, row.batches)):
        found.place = max(found.place, place)
        for slug, ordinal in json.loads(batches).items():
            found.reach(slug, ordinal)


def spend(connection: Connection, found: Given, backup: str, act: Act) -> int:
    """Let nothing that was *found* be given again; return how many numbers only others than this register had given."""
    here = set(connection.execute(select(tables.Certificate.number)).scalars())
    here |= set(connection.execute(select(tables.SpentNumber.number)).scalars())
    spent = sorted(found.numbers - here)
    bulk.insert(connection, tables.SpentNumber, ("number", "since"), ((number, act.at) for number in spent))
    row = tables.Restoration
    connection.execute(
        insert(row), {"at": act.at, "backup": backup, "place": found.place, "batches": json.dumps(found.batches)}
    )
    _lift_place(connection, found.place)
    return len(spent)


def _lift_place(connection: Connection, place: int) -> None:
    """Let the next certificate come behind *place*; in SQLite, where every register is prepared."""
    changed = connection.execute(
        text("UPDATE sqlite_sequence SET seq = max(seq, :place) WHERE name = 'certificate'"), {"place": place}
    )
    if not changed.rowcount:
        connection.execute(text("INSERT INTO sqlite_sequence VALUES ('certificate', :place)"), {"place": place})


def give_up_waiting(connection: Connection, act: Act) -> Sequence[tuple[str, str, str]]:
    """Give up every certificate that is not issued; return number, name and event of each."""
    row, event = tables.Certificate, tables.Event
    query = select(row.number, row.name, event.slug).join(event, event.id == row.event_id).order_by(row.id)
    found = [(number, name, slug) for number, name, slug in connection.execute(query.where(row.state.in_(_WAITING)))]
    given_up = {"state": CertificateState.CANCELLED.value, "lease": None, "lease_until": None}
    connection.execute(update(row).where(row.state.in_(_WAITING)).values(**given_up))
    for slug in sorted({slug for _, _, slug in found}):
        amendments.note(connection, slug, [Number(number) for number, _, of in found if of == slug], act)
    return found


def release(connection: Connection) -> None:
    """Let nothing be leased: nobody works on a register that has just come back."""
    row = tables.Certificate
    connection.execute(update(row).where(row.lease.is_not(None)).values(lease=None, lease_until=None))


def lift_counters(connection: Connection, place: int) -> None:
    """Let each counter of PostgreSQL go on behind its table's rows, and that of certificates behind *place*."""
    for table in tables.Base.metadata.sorted_tables:
        if _counts_itself(table):
            least = place if table.name == "certificate" else 0
            highest = f"GREATEST((SELECT coalesce(max(id), 0) FROM {table.name}), :least)"  # noqa: S608 -- our own names
            lifted = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {highest} + 1, false)"
            connection.execute(text(lifted), {"least": least})


def _counts_itself(table: Table) -> bool:
    return "id" in table.c and table.c["id"].autoincrement is not False
