"""Exports in the register: the files as received; what was read from them is in `records`."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from certs.db import audit, records, tables
from certs.db.engine import reading, writing
from certs.db.events import id_of
from certs.db.people import Known
from certs.errors import ConflictError
from certs.model import Act, Called, Join, Portion, Received, Registration, UnusableRow

_PIECE = 1 << 20


class Imports:
    """Exports as received, and what was read from them; implements `certs.ports.Imports`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def known(self, slug: str) -> Mapping[str, str]:
        """Return the SHA-256 of every file imported for that event with the name it came by, in the order of import.

        Raises:
            StorageError: the database fails.
        """
        query = (
            select(tables.ImportFile.sha256, tables.ImportFile.name)
            .join(tables.Event, tables.Event.id == tables.ImportFile.event_id)
            .where(tables.Event.slug == slug)
            .order_by(tables.ImportFile.id)
        )
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
            known = Known(connection)
            for file in files:
                import_id = _store_file(connection, event_id, file, act.at)
                summary = Counter(_summary(file))
                records.store(connection, import_id, file, known.ids(records.people(file)))
                for portion in file.portions:
                    summary.update(_summary(portion))
                    records.store(connection, import_id, portion, known.ids(records.people(portion)))
                about = {"sha256": file.sha256, "format": file.format, "session": file.session}
                audit.append(connection, act, audit.Change("import.add", slug, file.name, new={**about, **summary}))

    def joins(self, slug: str) -> Sequence[Join]:
        """Return every join of the event whose row had an address.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return [join for _, join in records.joins(connection, slug)]

    def registrations(self, slug: str) -> Sequence[Registration]:
        """Return every registration of the event, later imports last.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return [registration for _, registration in records.registrations(connection, slug)]

    def records(self, slug: str, people: Collection[int] | None = None) -> Iterator[tuple[str, records.Record]]:
        """Yield everything that was read for the event, or for *people* and nobody, each with the name of its file.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            yield from records.registrations(connection, slug, people)
            yield from records.joins(connection, slug, people)
            yield from records.unmatched(connection, slug)
            yield from records.marks(connection, slug, people)

    def called(self, slug: str) -> Iterator[Called]:
        """Yield what the files call each person who has a name; see `certs.ports.Imports`.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            yield from records.called(connection, slug)

    def unusable(self, slug: str) -> Sequence[UnusableRow]:
        """Return every row that could not be credited to a person.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return list(records.unusable(connection, slug))


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


def _summary(file: Received | Portion) -> dict[str, int]:
    return {
        "joins": len(file.joins),
        "registrations": len(file.registrations),
        "unusable": len(file.unusable),
    }
