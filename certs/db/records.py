"""What was read from exports, row by row: joins, registrations, marks, and rows that count for nobody.

The functions run inside the caller's transaction and fetch a few rows at a time. Times are kept as microseconds since
1970.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import groupby
from typing import TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Result,
    Select,
    and_,
    cast,
    func,
    null,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from certs.db import bulk, tables
from certs.model import (
    Basis,
    Called,
    Figures,
    Imported,
    Interval,
    Join,
    Mark,
    PersonKey,
    Portion,
    Received,
    Registration,
    Role,
    SessionId,
    UnusableRow,
)

Columns = TypeVarTuple("Columns")
Record = Join | Registration | Mark
Row = tables.Join | tables.Unmatched | tables.Registration | tables.Mark | tables.UnusableRow
_FETCHED = 2_000
"""Rows fetched from the database at once."""
_TOGETHER = 20_000
"""Records after which a list of `by_people` ends with the next person."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_READING = ("import_id", "reading")
_JOIN = (
    *_READING,
    "session",
    "person_id",
    "start_us",
    "end_us",
    "line",
    "name",
    "role",
    "stated_seconds",
    "basis",
)
_UNMATCHED = tuple(column for column in _JOIN if column != "person_id")
_REGISTRATION = (*_READING, "person_id", "name", "line", "country", "listed", "organisation")
_ROLES = {role.value: role for role in Role}
_BASES = {basis.value: basis for basis in Basis}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows are wanted: those of an event's imports that count, or of just these *imports*.

    Given *people*, ids of the table `person`, only rows of theirs come; rows without a person are not touched by that.
    """

    slug: str
    people: Collection[int] | None = None
    imports: Collection[Imported] | None = None
    by_person: bool = False
    """Whether rows come by person rather than in the order in which they were stored."""


def joins(connection: Connection, scope: Scope) -> Iterator[tuple[str, Join]]:
    """Yield every join of a row with an address, each with its file's name, as do the others."""
    join = tables.Join
    query = (
        select(tables.Reading.name, join.session, tables.Person.key, join.start_us, join.end_us)
        .add_columns(join.line, join.name, join.role, join.stated_seconds, join.basis)
        .select_from(join)
        .join(tables.Person, tables.Person.id == join.person_id)
    )
    found = _rows(connection, _of_people(connection, query, join.person_id, scope), join, scope)
    for file, session, person, start, end, line, name, role, stated, basis in found:
        interval = _interval(start, end)
        yield file, Join(session, person, interval, line, name, _ROLES[role], stated, _BASES[basis])


def by_people(connection: Connection, slug: str, apart: Collection[PersonKey]) -> Iterator[list[Record]]:
    """Yield everything that counts in lists, each all of some people; of those *apart* and of nobody first.

    Within a list records of one kind come in the order in which they were stored.
    """
    ids = set(
        connection.execute(select(tables.Person.id).where(bulk.among(connection, tables.Person.key, apart))).scalars()
    )
    first = Scope(slug, ids)
    yield [one for kind in (registrations, joins, unmatched, marks) for _, one in kind(connection, first)]
    ordered = Scope(slug, by_person=True)
    streams = [(one for _, one in kind(connection, ordered)) for kind in (registrations, joins, marks)]
    waiting: list[Record] = []
    last = PersonKey("")
    for record in merge(*streams, key=lambda one: one.person):
        if record.person != last and len(waiting) >= _TOGETHER:
            yield waiting
            waiting = []
        last = record.person
        if last not in apart:
            waiting.append(record)
    yield waiting


def unmatched(connection: Connection, scope: Scope) -> Iterator[tuple[str, Join]]:
    """Yield every join of a row without an address."""
    row = tables.Unmatched
    query = select(tables.Reading.name, row.session, row.start_us, row.end_us).add_columns(
        row.line, row.name, row.role, row.stated_seconds, row.basis
    )
    found = _rows(connection, query.select_from(row), row, scope)
    for file, session, start, end, line, name, role, stated, basis in found:
        nobody, interval = PersonKey(""), _interval(start, end)
        yield file, Join(SessionId(session), nobody, interval, line, name, _ROLES[role], stated, _BASES[basis])


def registrations(connection: Connection, scope: Scope) -> Iterator[tuple[str, Registration]]:
    """Yield every registration."""
    row = tables.Registration
    query = (
        select(tables.Reading.name, tables.Person.key, row.name, row.line, row.country, row.listed)
        .add_columns(row.organisation)
        .select_from(row)
        .join(tables.Person, tables.Person.id == row.person_id)
    )
    found = _rows(connection, _of_people(connection, query, row.person_id, scope), row, scope)
    for file, key, name, line, country, listed, organisation in found:
        yield file, Registration(PersonKey(key), name, line, country, listed, organisation)


def countries(
    connection: Connection, slug: str, people: Collection[int] | None = None
) -> Iterator[tuple[PersonKey, str]]:
    """Yield every country that registrations name for a person once, what was said last at the end.

    Of the rows *people* alone, where given.
    """
    row = tables.Registration
    query = select(row.person_id, row.country, func.max(row.id).label("last"))
    if people is not None:
        query = query.where(bulk.among(connection, row.person_id, people))
    said = _of_event(query, row, Scope(slug)).where(row.country != "").order_by(None)
    last = said.group_by(row.person_id, row.country).subquery()
    keyed = select(tables.Person.key, last.c.country).join(last, last.c.person_id == tables.Person.id)
    for key, country in connection.execute(keyed.order_by(last.c.last)):
        yield PersonKey(key), country


def marks(connection: Connection, scope: Scope) -> Iterator[tuple[str, Mark]]:
    """Yield every status letter."""
    row = tables.Mark
    query = (
        select(tables.Reading.name, row.session, tables.Person.key, row.letter, row.line)
        .select_from(row)
        .join(tables.Person, tables.Person.id == row.person_id)
    )
    found = _rows(connection, _of_people(connection, query, row.person_id, scope), row, scope)
    for file, session, key, letter, line in found:
        yield file, Mark(SessionId(session), PersonKey(key), letter, line)


def unusable(connection: Connection, scope: Scope) -> Iterator[UnusableRow]:
    """Yield every row that could not be credited to a person."""
    row = tables.UnusableRow
    query = select(tables.Reading.name, row.line, row.reason, row.name, row.section, row.seconds).select_from(row)
    for found in _rows(connection, query, row, scope):
        yield UnusableRow(*found)


def figures(connection: Connection, slug: str) -> dict[int, Figures]:
    """Count what every reading that counts for the event holds, by file."""
    joined = _counted(connection, tables.Join, slug, tables.Join.person_id)
    listed = _counted(connection, tables.Registration, slug, tables.Registration.person_id)
    marked = _counted(connection, tables.Mark, slug, tables.Mark.person_id)
    spoilt = _counted(connection, tables.UnusableRow, slug)
    found: dict[int, Figures] = {}
    for file in {*joined, *listed, *marked, *spoilt}:
        (rows, there), (registrations, named) = joined.get(file, (0, 0)), listed.get(file, (0, 0))
        lettered, lost = marked.get(file, (0, 0))[1], spoilt.get(file, (0, 0))[0]
        found[file] = Figures(there or named or lettered, rows, registrations, lost)
    return found


def _counted(
    connection: Connection, row: type[Row], slug: str, person: InstrumentedAttribute[int] | None = None
) -> dict[int, tuple[int, int]]:
    """Count rows and people of every reading that counts for the event, by file."""
    people = func.count(person.distinct()) if person is not None else null()
    query = select(row.import_id, func.count(), people).select_from(row)
    grouped = _of_event(query, row, Scope(slug)).order_by(None).group_by(row.import_id)
    return {file: (rows, some or 0) for file, rows, some in connection.execute(grouped)}


def called(connection: Connection, slug: str) -> Iterator[Called]:
    """Yield what the files call each person who has a name, in the order in which the others yield the names."""
    found = connection.execution_options(yield_per=_FETCHED).execute(_names(slug))
    for person, names in groupby(found, lambda row: row.person_id):
        ordered = sorted((row.registered is None, row.registered or row.joined, row.name) for row in names)
        yield Called(person, [name for _, _, name in ordered])


def _names(slug: str) -> Select[int, str, int | None, int | None]:
    """Select every name of every person once, with the first rows that hold it, by person."""
    one, other, nothing = tables.Registration, tables.Join, cast(null(), Integer)
    registered = select(one.person_id, one.name, one.id.label("registered"), nothing.label("joined"))
    joined = select(other.person_id, other.name, nothing, other.id)
    both = union_all(
        _of_event(registered, one, Scope(slug)).where(one.name != "").order_by(None),
        _of_event(joined, other, Scope(slug)).where(other.name != "").order_by(None),
    ).subquery()
    person, name = both.c.person_id, both.c.name
    first = func.min(both.c.registered).label("registered"), func.min(both.c.joined).label("joined")
    return select(person, name, *first).group_by(person, name).order_by(person)


def _of_people(
    connection: Connection, query: Select[*Columns], person_id: InstrumentedAttribute[int], scope: Scope
) -> Select[*Columns]:
    """Let *query* find only rows of the people of *scope*, by person where it says so."""
    if scope.people is not None:
        query = query.where(bulk.among(connection, person_id, scope.people))
    return query.order_by(in_order(connection, tables.Person.key)) if scope.by_person else query


def in_order(connection: Connection, column: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """Return what sorts by *column* as Python sorts texts, whatever the language of the database is."""
    return column.collate("C") if connection.dialect.name == "postgresql" else column.expression


def _rows(connection: Connection, query: Select[*Columns], row: type[Row], scope: Scope) -> Result[*Columns]:
    """Return the rows that *query* finds of one event's imports."""
    return connection.execution_options(yield_per=_FETCHED).execute(_of_event(query, row, scope))


def _of_event(query: Select[*Columns], row: type[Row], scope: Scope) -> Select[*Columns]:
    """Let *query* on *row* find the rows of *scope*, in the order in which they were stored."""
    reading, file = tables.Reading, tables.ImportFile
    query = (
        query.join(reading, of_reading(row))
        .join(file, file.id == reading.import_id)
        .join(tables.Event, tables.Event.id == file.event_id)
        .where(tables.Event.slug == scope.slug)
        .order_by(row.id)
    )
    if scope.imports is None:
        return query.where(reading.undone_at.is_(None))
    return query.where(tuple_(row.import_id, row.reading).in_([(one.file, one.number) for one in scope.imports]))


def of_reading(row: type[Row]) -> ColumnElement[bool]:
    """Return what joins *row* to the reading that it belongs to."""
    return and_(tables.Reading.import_id == row.import_id, tables.Reading.number == row.reading)


def people(rows: Received | Portion) -> Iterator[PersonKey]:
    """Yield whose rows they are, each person as often as she has some."""
    yield from (join.person for join in rows.joins)
    yield from (registration.person for registration in rows.registrations)
    yield from (mark.person for mark in rows.marks)


def store(
    connection: Connection, reading: tuple[int, int], file: Received | Portion, ids: Mapping[PersonKey, int]
) -> None:
    """Store the rows of *file*; *reading* is its file's row id and the reading's number, *ids* the people's."""
    matched = (
        (
            *reading,
            join.session,
            ids[join.person],
            *_microseconds(join.interval),
            join.line,
            join.name,
            *_words(join),
        )
        for join in file.joins
    )
    bulk.insert(connection, tables.Join, _JOIN, matched)
    nameless = (
        (*reading, join.session, *_microseconds(join.interval), join.line, join.name, *_words(join))
        for join in file.unmatched
    )
    bulk.insert(connection, tables.Unmatched, _UNMATCHED, nameless)
    letters = ((*reading, mark.session, ids[mark.person], mark.letter, mark.line) for mark in file.marks)
    bulk.insert(connection, tables.Mark, (*_READING, "session", "person_id", "letter", "line"), letters)
    registered = (
        (*reading, ids[r.person], r.name, r.line, r.country, r.listed, r.organisation) for r in file.registrations
    )
    bulk.insert(connection, tables.Registration, _REGISTRATION, registered)
    spoilt = ((*reading, row.line, row.reason, row.name, row.section, row.seconds) for row in file.unusable)
    bulk.insert(connection, tables.UnusableRow, (*_READING, "line", "reason", "name", "section", "seconds"), spoilt)


def _words(join: Join) -> tuple[str, int, str]:
    return join.role.value, join.stated_seconds, join.basis.value


def _microseconds(interval: Interval | None) -> tuple[int | None, int | None]:
    if interval is None:
        return None, None
    return (interval.start - _EPOCH) // _MICROSECOND, (interval.end - _EPOCH) // _MICROSECOND


def _interval(start_us: int | None, end_us: int | None) -> Interval | None:
    if start_us is None or end_us is None:
        return None
    return Interval(_EPOCH + timedelta(microseconds=start_us), _EPOCH + timedelta(microseconds=end_us))
