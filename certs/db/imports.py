"""Exports in the register: the files as received; what was read from them is in `records`."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Engine,
    Row,
    and_,
    func,
    insert,
    literal_column,
    select,
    union,
    update,
)

from certs.db import amendments, audit, bulk, records, tables
from certs.db.engine import reading, writing
from certs.db.events import id_of
from certs.db.people import Known
from certs.db.records import Record, Scope
from certs.errors import ConflictError
from certs.ground.spool import spooled
from certs.model import (
    Act,
    Amendment,
    Called,
    Figures,
    Imported,
    PersonKey,
    Portion,
    Received,
    Role,
    SessionId,
    UnusableRow,
)
from certs.wording import say

_PIECE = 1 << 20
_PEOPLE_AT_ONCE = 500
"""So many are named in one question to the database."""


class Imports:
    """Exports as received, and what was read from them; implements `certs.ports.Imports`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def listed(self, slug: str) -> Sequence[Imported]:
        """Return every reading of a file for that event, undone or not, in the order of import.

        Raises:
            StorageError: the database fails.
        """
        row, file = tables.Reading, tables.ImportFile
        query = (
            select(row.import_id, row.number, row.name, file.sha256, row.format, row.session, row.received_at)
            .add_columns(row.entry, row.undone_at, row.undone_by, row.undone_reason)
            .join(file, file.id == row.import_id)
            .join(tables.Event, tables.Event.id == file.event_id)
            .where(tables.Event.slug == slug)
            .order_by(row.received_at, row.import_id, row.number)
        )
        with reading(self._engine) as connection:
            return [_imported(found) for found in connection.execute(query)]

    def figures(self, slug: str) -> Mapping[int, Figures]:
        """Count what every reading that counts for that event holds, by file.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return records.figures(connection, slug)

    def known(self, slug: str) -> Mapping[str, str]:
        """Return the SHA-256 of every file that counts for that event, with the name it came by.

        Raises:
            StorageError: the database fails.
        """
        return {one.sha256: one.name for one in self.listed(slug) if one.counts}

    def add(self, slug: str, files: Sequence[Received], act: Act, amendment: Amendment | None = None) -> None:
        """Make *amendment* and store all *files*, or nothing of it; they are read before anybody has to wait.

        Raises:
            ConflictError: one of them is there already, or the event changed since the amendment was agreed to.
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with ExitStack() as laid_down:
            ready = [replace(file, portions=laid_down.enter_context(_laid_down(file.portions))) for file in files]
            with writing(
                self._engine, "One of the files has been imported already; nothing was changed."
            ) as connection:
                event_id = id_of(connection, slug)
                if amendment is not None:
                    amendments.make(connection, slug, amendment, act)
                known = Known(connection)
                for file in ready:
                    _add(connection, (event_id, slug), file, known, act)

    def undo(self, slug: str, amendment: Amendment, act: Act) -> None:
        """Let imports count no longer; what was read from them stays.

        Raises:
            ConflictError: one of them is undone already, or the event changed since that was agreed to.
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            amendments.make(connection, slug, amendment, act)

    def has_more_than(self, slug: str, people: int) -> bool:
        """Say whether the imports that count name more *people* than that; they are counted only where it may be.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            if (connection.execute(select(func.max(tables.Person.id))).scalar() or 0) <= people:
                return False
            named = _named(slug).subquery()
            return connection.execute(select(func.count()).select_from(named)).scalar_one() > people

    def people(self, slug: str) -> Sequence[PersonKey]:
        """Return whom joins and registrations that count name; see `certs.ports.Imports`.

        Raises:
            StorageError: the database fails.
        """
        row = tables.Person
        with reading(self._engine) as connection:
            query = select(row.key).where(row.id.in_(_named(slug))).order_by(row.key)
            return [PersonKey(one) for one in connection.execute(query).scalars()]

    def countries(self, slug: str, people: Collection[PersonKey] | None = None) -> Sequence[tuple[PersonKey, str]]:
        """Return which countries registrations name for whom; see `certs.ports.Imports`.

        Raises:
            StorageError: the database fails.
        """
        rows = None if people is None else self.rows_of(people)
        with reading(self._engine) as connection:
            return list(records.countries(connection, slug, rows))

    def records(self, slug: str, people: Collection[int] | None = None) -> Iterator[tuple[str, Record]]:
        """Yield everything that counts for the event, or for *people* and nobody, each with the name of its file.

        Raises:
            StorageError: the database fails.
        """
        yield from self._scoped(Scope(slug, people))

    def by_people(self, slug: str, apart: Collection[PersonKey] = ()) -> Iterator[Sequence[Record]]:
        """Yield everything that counts in lists, each all of some people; see `certs.ports.Imports`.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            yield from records.by_people(connection, slug, apart)

    def records_of(self, slug: str, imports: Collection[Imported]) -> Iterator[tuple[str, Record]]:
        """Yield in the same way everything that was read in just these *imports*, whether they count or not.

        Raises:
            StorageError: the database fails.
        """
        yield from self._scoped(Scope(slug, imports=imports))

    def _scoped(self, scope: Scope) -> Iterator[tuple[str, Record]]:
        with reading(self._engine) as connection:
            for kind in (records.registrations, records.joins, records.unmatched, records.marks):
                yield from kind(connection, scope)

    def rows_of(self, people: Collection[PersonKey]) -> frozenset[int]:
        """Return the rows that stand for those of *people* whom the register knows; see `certs.ports.Imports`.

        Raises:
            StorageError: the database fails.
        """
        row, wanted, found = tables.Person, sorted(people), set[int]()
        with reading(self._engine) as connection:
            for at in range(0, len(wanted), _PEOPLE_AT_ONCE):
                some = wanted[at : at + _PEOPLE_AT_ONCE]
                found.update(connection.execute(select(row.id).where(row.key.in_(some))).scalars())
        return frozenset(found)

    def contents(self, slug: str, most_bytes: int) -> Iterator[tuple[str, bytes]]:
        """Yield the files that count for the event as received; see `certs.ports.Imports`.

        Raises:
            StorageError: the database fails.
        """
        row, file = tables.Reading, tables.ImportFile
        query = (
            select(row.name, file.content)
            .join(file, file.id == row.import_id)
            .join(tables.Event, tables.Event.id == file.event_id)
            .where(tables.Event.slug == slug, row.undone_at.is_(None), func.length(file.content) <= most_bytes)
            .order_by(row.import_id)
        )
        with reading(self._engine) as connection:
            for name, content in connection.execution_options(yield_per=1).execute(query):
                yield name, bytes(content)

    def called(self, slug: str) -> Iterator[Called]:
        """Yield what the files call each person who has a name; see `certs.ports.Imports`.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            yield from records.called(connection, slug)

    def staff(self, slug: str) -> Sequence[tuple[PersonKey, str]]:
        """Return who joined as host or panelist, with a name, by address; see `certs.ports.Imports`.

        Raises:
            StorageError: the database fails.
        """
        row = tables.Join
        query = (
            select(tables.Person.key, func.max(row.name))
            .join(row, row.person_id == tables.Person.id)
            .join(tables.Reading, records.of_reading(row))
            .join(tables.ImportFile, tables.ImportFile.id == row.import_id)
            .join(tables.Event, tables.Event.id == tables.ImportFile.event_id)
            .where(tables.Event.slug == slug, tables.Reading.undone_at.is_(None), row.role != Role.ATTENDEE.value)
            .group_by(tables.Person.key)
            .order_by(tables.Person.key)
        )
        with reading(self._engine) as connection:
            return [(PersonKey(key), name) for key, name in connection.execute(query)]

    def unusable(self, slug: str) -> Sequence[UnusableRow]:
        """Return every row that could not be credited to a person.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return list(records.unusable(connection, Scope(slug)))


def _named(slug: str) -> CompoundSelect[int]:
    """Return the query for whom joins and registrations that count name, each once, by her row."""
    file, row = tables.ImportFile, tables.Reading
    return union(
        *(
            select(kind.person_id)
            .join(file, file.id == kind.import_id)
            .join(row, and_(row.import_id == kind.import_id, row.number == kind.reading))
            .join(tables.Event, tables.Event.id == file.event_id)
            .where(tables.Event.slug == slug, row.undone_at.is_(None))
            for kind in (tables.Join, tables.Registration)
        )
    )


@contextmanager
def _laid_down(portions: Iterable[Portion]) -> Iterator[Iterable[Portion]]:
    """Yield *portions*, all of them made; the first stays in memory, and most files have no other.

    Raises:
        StorageError: the temporary folder is full or not to be written to; says what to do.
    """
    waiting = iter(portions)
    first = list(islice(waiting, 1))
    with spooled(waiting) as rest:
        yield chain(first, rest)


def _add(connection: Connection, event: tuple[int, str], file: Received, known: Known, act: Act) -> None:
    """Store *file* and its rows for the *event* of that row id and slug."""
    event_id, slug = event
    of = _store_reading(connection, _store_file(connection, event_id, file, act.at), file, act.at)
    summary = Counter(_summary(file))
    records.store(connection, of, file, known.ids(records.people(file)))
    for portion in file.portions:
        summary.update(_summary(portion))
        records.store(connection, of, portion, known.ids(records.people(portion)))
    about = {"sha256": file.sha256, "reading": of[1], "format": file.format, "session": file.session}
    entry = audit.append(connection, act, audit.Change("import.add", slug, file.name, new={**about, **summary}))
    row = tables.Reading
    connection.execute(update(row).where(row.import_id == of[0], row.number == of[1]).values(entry=entry))


def _store_reading(connection: Connection, import_id: int, file: Received, now: datetime) -> tuple[int, int]:
    """Store that *file* was read; the database refuses a second reading that counts."""
    row = tables.Reading
    newest = select(func.coalesce(func.max(row.number), 0)).where(row.import_id == import_id)
    number = int(connection.execute(newest).scalar_one()) + 1
    facts = {"name": file.name, "format": file.format, "session": file.session, "received_at": now}
    connection.execute(insert(row).values(import_id=import_id, number=number, **facts))
    return import_id, number


def _store_file(connection: Connection, event_id: int, file: Received, now: datetime) -> int:
    """Store the bytes of *file* unless they are kept already; return the row id."""
    row = tables.ImportFile
    kept = connection.execute(select(row.id).where(row.event_id == event_id, row.sha256 == file.sha256)).scalar()
    if kept is not None:
        _check(file, _sha256(file.data))
        return int(kept)
    added = insert(row).values(
        event_id=event_id,
        name=file.name,
        sha256=file.sha256,
        format=file.format,
        session=file.session,
        received_at=now,
        content=file.data if isinstance(file.data, bytes) else _content(connection, file, file.data),
    )
    import_id = int(connection.execute(added.returning(row.id)).scalar_one())
    if isinstance(file.data, Path) and connection.dialect.name == "sqlite":
        _fill(connection, import_id, file, file.data)
    return import_id


def _content(connection: Connection, file: Received, path: Path) -> object:
    """Return what to insert for a long file: room for it on SQLite, else what puts its pieces together in the server.

    Raises:
        ConflictError: it is no longer the file that was read.
    """
    if connection.dialect.name == "sqlite":
        return func.zeroblob(path.stat().st_size)
    connection.exec_driver_sql("CREATE TEMP TABLE IF NOT EXISTS piece (place integer, data bytea) ON COMMIT DROP")
    connection.exec_driver_sql("TRUNCATE piece")
    bulk.copy(connection, "piece", ("place", "data"), enumerate(_pieces(file, path)))
    return literal_column("(SELECT string_agg(data, ''::bytea ORDER BY place) FROM piece)")


def _fill(connection: Connection, import_id: int, file: Received, path: Path) -> None:
    """Copy a long file into its row, a piece at a time.

    Raises:
        ConflictError: it is no longer the file that was read.
    """
    driver: Any = connection.connection.driver_connection
    with driver.blobopen(tables.ImportFile.__tablename__, "content", import_id) as blob:
        for piece in _pieces(file, path):
            if len(piece) > len(blob) - blob.tell():
                raise _changed(file)
            blob.write(piece)


def _pieces(file: Received, path: Path) -> Iterator[bytes]:
    """Yield the bytes of a long file.

    Raises:
        ConflictError: it is no longer the file that was read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(_PIECE):
            digest.update(piece)
            yield piece
    _check(file, digest.hexdigest())


def _sha256(data: bytes | Path) -> str:
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    with data.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _check(file: Received, sha256: str) -> None:
    """Refuse a file that changed between its reading and its storing.

    Raises:
        ConflictError: it did.
    """
    if sha256 != file.sha256:
        raise _changed(file)


def _changed(file: Received) -> ConflictError:
    return ConflictError(say("{name} changed while it was imported; nothing was stored.", name=file.name))


def _summary(file: Received | Portion) -> dict[str, int]:
    return {
        "joins": len(file.joins),
        "registrations": len(file.registrations),
        "unusable": len(file.unusable),
    }


def _imported(row: Row[*tuple[Any, ...]]) -> Imported:
    return Imported(
        file=row.import_id,
        number=row.number,
        name=row.name,
        sha256=row.sha256,
        format=row.format,
        session=SessionId(row.session) if row.session is not None else None,
        received_at=row.received_at,
        entry=row.entry,
        undone_at=row.undone_at,
        undone_by=row.undone_by or "",
        undone_reason=row.undone_reason or "",
    )
