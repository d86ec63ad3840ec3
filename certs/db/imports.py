"""Exports in the register: the files as received, and the joins and registrations read from them."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVarTuple

from sqlalchemy import Connection, Engine, Select, func, insert, select

from certs.db import audit, bulk, tables
from certs.db.engine import reading, writing
from certs.db.events import id_of
from certs.errors import ConflictError
from certs.model import (
    Act,
    Basis,
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
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_JOIN = (
    "import_id",
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
_REGISTRATION = ("import_id", "person_id", "name", "line", "country", "listed")
_PIECE = 1 << 20
_REMEMBERED = 200_000
"""People whose row ids are kept while a long file is stored."""
_KEYS_AT_ONCE = 1_000
"""Parameters in one IN list; SQLite takes 32,766."""


class Imports:
    """Exports as received, and what was read from them; implements `certs.ports.Imports`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def known(self, slug: str) -> Mapping[str, str]:
        """Return the SHA-256 of every file imported for that event, with the name it came by.

        Raises:
            StorageError: the database fails.
        """
        query = _of_event(select(tables.ImportFile.sha256, tables.ImportFile.name), slug)
        with reading(self._engine) as connection:
            return {row.sha256: row.name for row in connection.execute(query)}

    def add(self, slug: str, files: Sequence[Received], act: Act) -> None:
        """Store all *files* or none.

        Raises:
            ConflictError: one of them is there already.
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with writing(self._engine, "One of the files has been imported already; nothing was changed.") as connection:
            event_id = id_of(connection, slug)
            people = _Known(connection)
            for file in files:
                import_id = _store_file(connection, event_id, file, act.at)
                summary = Counter(_summary(file))
                _store_rows(connection, import_id, file, people.ids(file))
                for portion in file.portions:
                    summary.update(_summary(portion))
                    _store_rows(connection, import_id, portion, people.ids(portion))
                about = {"sha256": file.sha256, "format": file.format, "session": file.session}
                audit.append(connection, act, audit.Change("import.add", slug, file.name, new={**about, **summary}))

    def joins(self, slug: str) -> Sequence[Join]:
        """Return every join of the event whose row had an address.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return [join for _, join in _joins(connection, slug)]

    def registrations(self, slug: str) -> Sequence[Registration]:
        """Return every registration of the event, later imports last.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return [registration for _, registration in _registrations(connection, slug)]

    def records(self, slug: str) -> Iterator[tuple[str, Record]]:
        """Yield everything that was read for the event, each with the name of its file.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            for records in (_registrations, _joins, _unmatched, _marks):
                yield from records(connection, slug)

    def unusable(self, slug: str) -> Sequence[UnusableRow]:
        """Return every row that could not be credited to a person.

        Raises:
            StorageError: the database fails.
        """
        row = tables.UnusableRow
        query = (
            select(tables.ImportFile.name, row.line, row.reason, row.name, row.section, row.seconds)
            .select_from(row)
            .join(tables.ImportFile, tables.ImportFile.id == row.import_id)
            .order_by(row.id)
        )
        with reading(self._engine) as connection:
            return [UnusableRow(*found) for found in connection.execute(_of_event(query, slug))]


_ROLES = {role.value: role for role in Role}
_BASES = {basis.value: basis for basis in Basis}


def _joins(connection: Connection, slug: str) -> Iterator[tuple[str, Join]]:
    join = tables.Join
    query = (
        select(tables.ImportFile.name, join.session, tables.Person.key, join.start_us, join.end_us)
        .add_columns(join.line, join.name, join.role, join.stated_seconds, join.basis)
        .select_from(join)
        .join(tables.Person, tables.Person.id == join.person_id)
        .join(tables.ImportFile, tables.ImportFile.id == join.import_id)
        .order_by(join.id)
    )
    for file, session, person, start, end, line, name, role, stated, basis in connection.execute(
        _of_event(query, slug)
    ):
        interval = _interval(start, end)
        yield file, Join(session, person, interval, line, name, _ROLES[role], stated, _BASES[basis])


def _unmatched(connection: Connection, slug: str) -> Iterator[tuple[str, Join]]:
    row = tables.Unmatched
    query = (
        select(tables.ImportFile.name, row.session, row.start_us, row.end_us)
        .add_columns(row.line, row.name, row.role, row.stated_seconds, row.basis)
        .select_from(row)
        .join(tables.ImportFile, tables.ImportFile.id == row.import_id)
        .order_by(row.id)
    )
    for file, session, start, end, line, name, role, stated, basis in connection.execute(_of_event(query, slug)):
        nobody, interval = PersonKey(""), _interval(start, end)
        yield file, Join(SessionId(session), nobody, interval, line, name, _ROLES[role], stated, _BASES[basis])


def _registrations(connection: Connection, slug: str) -> Iterator[tuple[str, Registration]]:
    row = tables.Registration
    query = (
        select(tables.ImportFile.name, tables.Person.key, row.name, row.line, row.country, row.listed)
        .select_from(row)
        .join(tables.Person, tables.Person.id == row.person_id)
        .join(tables.ImportFile, tables.ImportFile.id == row.import_id)
        .order_by(row.id)
    )
    for file, key, name, line, country, listed in connection.execute(_of_event(query, slug)):
        yield file, Registration(PersonKey(key), name, line, country, listed)


def _marks(connection: Connection, slug: str) -> Iterator[tuple[str, Mark]]:
    row = tables.Mark
    query = (
        select(tables.ImportFile.name, row.session, tables.Person.key, row.letter, row.line)
        .select_from(row)
        .join(tables.Person, tables.Person.id == row.person_id)
        .join(tables.ImportFile, tables.ImportFile.id == row.import_id)
        .order_by(row.id)
    )
    for file, session, key, letter, line in connection.execute(_of_event(query, slug)):
        yield file, Mark(SessionId(session), PersonKey(key), letter, line)


def person_ids(connection: Connection, keys: Iterable[PersonKey]) -> dict[PersonKey, int]:
    """Return the row id of each person, who is made known where the register does not know her yet."""
    wanted = sorted(set(keys))
    if wanted:
        rows = [{"key": key, "ref": secrets.token_hex(16)} for key in wanted]
        connection.execute(bulk.insert_missing(connection, tables.Person), rows)
    found: dict[PersonKey, int] = {}
    for start in range(0, len(wanted), _KEYS_AT_ONCE):
        part = wanted[start : start + _KEYS_AT_ONCE]
        query = select(tables.Person.key, tables.Person.id).where(tables.Person.key.in_(part))
        found.update((PersonKey(row.key), row.id) for row in connection.execute(query))
    return found


def _of_event(query: Select[*Columns], slug: str) -> Select[*Columns]:
    return query.join(tables.Event, tables.Event.id == tables.ImportFile.event_id).where(tables.Event.slug == slug)


class _Known:
    """Row ids of people, remembered from one portion of rows to the next."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ids: dict[PersonKey, int] = {}

    def ids(self, rows: Received | Portion) -> Mapping[PersonKey, int]:
        """Return the row id of everybody in *rows*."""
        if len(self._ids) > _REMEMBERED:
            self._ids.clear()
        self._ids.update(person_ids(self._connection, {p for p in _people(rows) if p not in self._ids}))
        return self._ids


def _people(rows: Received | Portion) -> Iterator[PersonKey]:
    yield from (join.person for join in rows.joins)
    yield from (registration.person for registration in rows.registrations)
    yield from (mark.person for mark in rows.marks)


def _store_file(connection: Connection, event_id: int, file: Received, now: datetime) -> int:
    added = insert(tables.ImportFile).values(
        event_id=event_id,
        name=file.name,
        sha256=file.sha256,
        format=file.format,
        session=file.session,
        received_at=now,
        content=file.data if isinstance(file.data, bytes) else _content(connection, file, file.data),
    )
    import_id = int(connection.execute(added.returning(tables.ImportFile.id)).scalar_one())
    if isinstance(file.data, Path) and connection.dialect.name == "sqlite":
        _fill(connection, import_id, file, file.data)
    return import_id


def _content(connection: Connection, file: Received, path: Path) -> object:
    """Return what to insert for a long file: room for it where it can be filled piece by piece, else all of it.

    Raises:
        ConflictError: it is no longer the file that was read.
    """
    if connection.dialect.name == "sqlite":
        return func.zeroblob(path.stat().st_size)
    data = path.read_bytes()
    _check(file, hashlib.sha256(data).hexdigest())
    return data


def _fill(connection: Connection, import_id: int, file: Received, path: Path) -> None:
    """Copy a long file into its row, a piece at a time.

    Raises:
        ConflictError: it is no longer the file that was read.
    """
    driver: Any = connection.connection.driver_connection
    digest = hashlib.sha256()
    with path.open("rb") as source, driver.blobopen(tables.ImportFile.__tablename__, "content", import_id) as blob:
        while piece := source.read(_PIECE):
            digest.update(piece)
            if len(piece) > len(blob) - blob.tell():
                break
            blob.write(piece)
    _check(file, digest.hexdigest())


def _check(file: Received, sha256: str) -> None:
    """Refuse a file that changed between its reading and its storing.

    Raises:
        ConflictError: it did.
    """
    if sha256 != file.sha256:
        raise ConflictError(f"{file.name} changed while it was imported; nothing was stored.")


def _store_rows(
    connection: Connection, import_id: int, file: Received | Portion, people: Mapping[PersonKey, int]
) -> None:
    joins = (
        (
            import_id,
            join.session,
            people[join.person],
            *_microseconds(join.interval),
            join.line,
            join.name,
            *_words(join),
        )
        for join in file.joins
    )
    bulk.insert(connection, tables.Join, _JOIN, joins)
    unmatched = (
        (import_id, join.session, *_microseconds(join.interval), join.line, join.name, *_words(join))
        for join in file.unmatched
    )
    bulk.insert(connection, tables.Unmatched, _UNMATCHED, unmatched)
    marks = ((import_id, mark.session, people[mark.person], mark.letter, mark.line) for mark in file.marks)
    bulk.insert(connection, tables.Mark, ("import_id", "session", "person_id", "letter", "line"), marks)
    registrations = ((import_id, people[r.person], r.name, r.line, r.country, r.listed) for r in file.registrations)
    bulk.insert(connection, tables.Registration, _REGISTRATION, registrations)
    unusable = ((import_id, row.line, row.reason, row.name, row.section, row.seconds) for row in file.unusable)
    bulk.insert(connection, tables.UnusableRow, ("import_id", "line", "reason", "name", "section", "seconds"), unusable)


def _summary(file: Received | Portion) -> dict[str, int]:
    return {
        "joins": len(file.joins),
        "registrations": len(file.registrations),
        "unusable": len(file.unusable),
    }


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
