"""Decisions in the register as they were counted; derived from the rest, so they are deleted and made anew.

They rest on the newest entry of the trail that decisions are based on, on how often doubts were looked for, and on the
program that counted. That is one text, `as_of`; whatever changes it makes the kept ones old.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    and_,
    delete,
    false,
    func,
    insert,
    not_,
    or_,
    select,
    tuple_,
    update,
)

from certs.db import audit, bulk, cursors, tables
from certs.db.decided import COLUMNS, KEPT, Beside, fields_of, finding, loaded, stated, tallies_of
from certs.db.engine import reading, writing
from certs.db.events import id_of
from certs.ground import names
from certs.ground.spool import in_parts, spooled
from certs.model import (
    By,
    Decision,
    Entitled,
    Finding,
    Page,
    PersonKey,
    SessionId,
    Sought,
    Tally,
    Totals,
)

_FORM = 2
"""Raised whenever the same files would be counted otherwise, or what is kept has another form."""
_AT_ONCE = 2_000
_row = tables.Decision
_counted = tables.Counted
_came = or_(_row.tallies != "{}", _row.roles != "")
_ORDERS = {
    By.ADDRESS: ((_row.person,), False),
    By.NAME: ((_row.sorted, _row.person), False),
    By.SECONDS: ((_row.seconds, _row.person), True),
}
"""By which columns people are sorted, and whether downwards."""


class Decisions:
    """Decisions kept; implements `certs.ports.Decisions`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def as_of(self, slug: str) -> str:
        """Return what decisions rest on now; see `certs.ports.Decisions`.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return _as_of(connection, slug)

    def kept(self, slug: str) -> str:
        """Return what the kept decisions rest on, empty where none are kept.

        Raises:
            StorageError: the database fails.
        """
        query = select(_counted.as_of).join(tables.Event, tables.Event.id == _counted.event_id)
        with reading(self._engine) as connection:
            return connection.execute(query.where(tables.Event.slug == slug)).scalar() or ""

    def keep(self, slug: str, as_of: str, decisions: Iterable[Decision]) -> bool:
        """Keep all *decisions* in place of those before, if *as_of* is now; see `certs.ports.Decisions`.

        Raises:
            NotFoundError: no such event.
            ReadOnlyError: the register takes no changes from here; no decision was asked for.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            event_id = id_of(connection, slug)
        self._demand_writable()
        made = in_parts((fields_of(event_id, one) for one in decisions), _AT_ONCE)
        with spooled(made) as parts, writing(self._engine) as connection:
            alone = select(tables.Event.id).where(tables.Event.id == event_id).with_for_update(key_share=True)
            connection.execute(alone)
            if _as_of(connection, slug) != as_of:
                return False
            _forget(connection, event_id)
            for part in parts:
                bulk.insert(connection, _row, COLUMNS, part)
            entry = audit.last_id(connection, slug, besides_orders=True)
            facts = {"event_id": event_id, "entry": entry, "as_of": as_of, "odd": "", "odd_until": None}
            connection.execute(insert(_counted).values(**facts))
        return True

    def _demand_writable(self) -> None:
        """Refuse where nothing can be kept, before anybody counts.

        Raises:
            ReadOnlyError: the register takes no changes from here.
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            for table in (_row, _counted):
                connection.execute(delete(table).where(false()))

    def note_odd(self, slug: str, as_of: str, odd: Sequence[Finding], until: datetime | None) -> None:
        """Keep what is odd about attendance, if the decisions of *as_of* are still kept.

        Raises:
            NotFoundError: no such event.
            ReadOnlyError: the register takes no changes from here.
            StorageError: the database fails.
        """
        said = json.dumps([stated(one) for one in odd], ensure_ascii=False)
        with writing(self._engine) as connection:
            mine = (_counted.event_id == id_of(connection, slug), _counted.as_of == as_of)
            connection.execute(update(_counted).where(*mine).values(odd=said, odd_until=until))

    def odd(self, slug: str, now: datetime) -> Sequence[Finding] | None:
        """Return what was found odd and is so still, None where nothing is known.

        Raises:
            StorageError: the database fails.
        """
        query = select(_counted.odd, _counted.odd_until).join(tables.Event, tables.Event.id == _counted.event_id)
        with reading(self._engine) as connection:
            found = connection.execute(query.where(tables.Event.slug == slug)).first()
        if found is None or not found.odd or (found.odd_until is not None and now >= found.odd_until):
            return None
        return [finding(one) for one in json.loads(found.odd)]

    def all(self, slug: str, kind: str) -> Iterator[Decision]:
        """Yield the decisions on *kind* by address, a few at a time in memory.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            event_id = id_of(connection, slug)
            beside = Beside(connection, event_id)
            query = _of_kind(event_id, kind).order_by(_row.person)
            for part in connection.execution_options(yield_per=_AT_ONCE).execute(query).partitions():
                yield from beside.decisions(part)

    def tallies(self, slug: str, kind: str) -> Iterator[Mapping[SessionId, Tally]]:
        """Yield the presence of everybody, as *kind* counts it, by session and in no order.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            mine = (_row.event_id == id_of(connection, slug), _row.kind == kind)
            query = select(_row.tallies).where(*mine, _row.tallies != "{}")
            for part in connection.execution_options(yield_per=_AT_ONCE).execute(query).scalars().partitions():
                yield from map(tallies_of, loaded(part))

    def entitled(self, slug: str, kind: str) -> Iterator[Entitled]:
        """Yield what certificates of those who earned *kind* would state, in no order.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        columns = (_row.person, _row.name, _row.attended, _row.seconds, _row.evidence, _row.ruling)
        with reading(self._engine) as connection:
            mine = (_row.event_id == id_of(connection, slug), _row.kind == kind, _row.eligible)
            found = connection.execution_options(yield_per=_AT_ONCE).execute(select(*columns).where(*mine))
            for person, name, attended, seconds, pieces, ruling in found:
                rests = tuple(json.loads(pieces)) if pieces else ()
                yield Entitled(PersonKey(person), name, frozenset(json.loads(attended)), seconds, rests, ruling)

    def earners(self, slug: str, kind: str) -> Sequence[PersonKey]:
        """Return who earned *kind*, in no order.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            mine = (_row.event_id == id_of(connection, slug), _row.kind == kind, _row.eligible)
            return [PersonKey(one) for one in connection.execute(select(_row.person).where(*mine)).scalars()]

    def forget(self, slug: str) -> None:
        """Keep no decisions on the event any more.

        Raises:
            NotFoundError: no such event.
            ReadOnlyError: the register takes no changes from here.
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            _forget(connection, id_of(connection, slug))

    def page(self, slug: str, sought: Sought, after: str = "", limit: int = 50) -> Page[Decision]:
        """Return the *limit* decisions from *after* on that are *sought*.

        Raises:
            InputError: *after* is no place in that list.
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        columns, down = _ORDERS[sought.by]
        with reading(self._engine) as connection:
            event_id = id_of(connection, slug)
            query = _sought(_of_kind(event_id, sought.kind), sought)
            if after:
                place = tuple_(*cursors.read(after, [int if one is _row.seconds else str for one in columns]))
                query = query.where(tuple_(*columns) < place if down else tuple_(*columns) > place)
            query = query.order_by(*(one.desc() if down else one for one in columns))
            found = connection.execute(query.limit(limit + 1)).all()
            beside = Beside(connection, event_id)
            shown = list(beside.decisions(found[:limit]))
        names_of = [one.key for one in columns]
        end = cursors.written([getattr(found[limit - 1], one) for one in names_of]) if len(found) > limit else ""
        return Page(shown, end)

    def count(self, slug: str, sought: Sought) -> int:
        """Return how many decisions are *sought*.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            query = _sought(_of_kind(id_of(connection, slug), sought.kind), sought)
            return connection.execute(query.with_only_columns(func.count())).scalar_one()

    def attended(self, slug: str, kind: str) -> Mapping[int, int]:
        """Return of how many people how many sessions count as attended, by that number of sessions.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        found: Counter[int] = Counter()
        with reading(self._engine) as connection:
            mine = (_row.event_id == id_of(connection, slug), _row.kind == kind)
            for said, people in connection.execute(
                select(_row.attended, func.count()).where(*mine).group_by(_row.attended)
            ):
                found[len(json.loads(said))] += people
        return found

    def one(self, slug: str, person: PersonKey) -> Sequence[Decision]:
        """Return the decisions on *person*, by kind.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            event_id = id_of(connection, slug)
            query = select(*KEPT).where(_row.event_id == event_id, _row.person == person)
            beside = Beside(connection, event_id)
            return list(beside.decisions(connection.execute(query.order_by(_row.kind)).all()))

    def where(self, person: PersonKey) -> Sequence[str]:
        """Return the slugs of the events in which decisions on *person* are kept, in order.

        Raises:
            StorageError: the database fails.
        """
        query = select(tables.Event.slug).join(_row, _row.event_id == tables.Event.id).where(_row.person == person)
        with reading(self._engine) as connection:
            return list(connection.execute(query.distinct().order_by(tables.Event.slug)).scalars())

    def totals(self, slug: str) -> Totals:
        """Count the decisions.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        people = func.count(_row.person.distinct())
        query = select(
            people,
            people.filter(_came),
            people.filter(_row.eligible),
            people.filter(_row.near_miss),
            func.count().filter(_row.near_miss),
            func.count().filter(_row.ruling != 0),
        )
        with reading(self._engine) as connection:
            mine = _row.event_id == id_of(connection, slug)
            kinds = select(_row.kind, func.count()).where(mine, _row.eligible).group_by(_row.kind)
            eligible = {row.kind: row[1] for row in connection.execute(kinds)}
            return Totals(*connection.execute(query.where(mine)).one(), eligible=eligible)


def _forget(connection: Connection, event_id: int) -> None:
    for table in (_row, _counted):
        connection.execute(delete(table).where(table.event_id == event_id))


def _as_of(connection: Connection, slug: str) -> str:
    """Return all that decisions on the event rest on.

    Raises:
        NotFoundError: no such event.
    """
    asked = connection.execute(select(tables.Event.asked).where(tables.Event.slug == slug)).scalar()
    if asked is None:
        id_of(connection, slug)
    return f"{audit.last_id(connection, slug, besides_orders=True)}/{asked}/{_FORM}/{audit.SOFTWARE}"


def _of_kind(event_id: int, kind: str) -> Select[Any]:
    return select(*KEPT).where(_row.event_id == event_id, _row.kind == kind)


def _sought(query: Select[Any], sought: Sought) -> Select[Any]:
    """Let *query* find only what is sought."""
    for column, wanted in ((_row.eligible, sought.eligible), (_row.near_miss, sought.near_miss)):
        if wanted is not None:
            query = query.where(column.is_(wanted))
    if sought.came is not None:
        query = query.where(_came if sought.came else not_(_came))
    if sought.ruled is not None:
        query = query.where(_row.ruling != 0 if sought.ruled else _row.ruling == 0)
    words = names.fold(sought.search).split()
    return query.where(and_(True, *(_row.folded.contains(word, autoescape=True) for word in words)))
