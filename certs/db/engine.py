"""Connections and transactions: SQLite in WAL with foreign keys, or PostgreSQL; every writer is alone on SQLite.

`writing` begins SQLite transactions with BEGIN IMMEDIATE, so that a writer waits for its turn before it reads what it
will change; PostgreSQL runs at READ COMMITTED, where conditional UPDATEs and constraints decide.
"""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from certs.db.errors import CONFLICT, translated
from certs.errors import StorageError

BUSY_MILLISECONDS = 10_000
"""How long a SQLite writer waits for another; a stored sheet takes a tenth of a second."""
_WRITES = "certs_writes"
_ACTS = "certs_acts"
_FILE = "certs_file"
_log = logging.getLogger("certs.register")


def prepare(engine: Engine) -> None:
    """Set up every connection that *engine* will open; make the folder of a SQLite file, and at first use the file.

    Raises:
        StorageError: the folder cannot be made.
    """
    if engine.dialect.name != "sqlite":
        return
    if engine.url.database and engine.url.database != ":memory:":
        _make_folder(Path(engine.url.database).parent)
        event.listen(engine, "do_connect", partial(_make_file, Path(engine.url.database)))
    event.listen(engine, "connect", partial(_on_sqlite_connect, engine.url.database))
    event.listen(engine, "begin", _on_sqlite_begin)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"The folder {folder} of the database cannot be made: {error.strerror}.") from error


def _make_file(file: Path, *_: object) -> None:
    """Make a new database's file its owner's alone; SQLite would ask the umask, and says itself what it cannot open."""
    with suppress(OSError):
        file.touch(mode=0o600, exist_ok=False)


def _on_sqlite_connect(path: str | None, connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    """Take transactions into our own hands; FULL, because what was once public must survive a power cut."""
    connection.isolation_level = None  # the driver begins no transaction by itself
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
    entry.info[_FILE] = _file(path)


def _file(path: str | None) -> tuple[int, int] | None:
    """Return which file is at *path* now, None if there is none."""
    try:
        found = os.stat(path or "")  # noqa: PTH116 -- before every transaction
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _demand_same_file(connection: Connection) -> None:
    """Check that nobody moved or replaced the open file: what is written to it would be lost with it.

    Raises:
        StorageError: somebody did.
    """
    path = connection.engine.url.database
    if _file(path) != connection.info.get(_FILE):
        raise StorageError(
            f"The database {path} was moved away or replaced while it was in use; nothing is written to it any more. "
            f"Put it back together with {path}-wal, then run the command again."
        )


def _on_sqlite_begin(connection: Connection) -> None:
    """Writers queue up here; a reader's BEGIN waits for nothing and goes straight to the driver."""
    if connection.get_execution_options().get(_WRITES):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.connection.cursor().execute("BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees one state of the register.

    Raises:
        StorageError: the database is out of reach.
    """
    with translated(), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine, conflict: str = CONFLICT) -> Iterator[Connection]:
    """Yield a connection in a transaction that is committed at the end, or rolled back by any exception.

    Raises:
        ConflictError: a constraint refused a row; says *conflict*.
        StorageError: the database is out of reach, locked, full or was moved away; nothing was changed.
    """
    with translated(conflict), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        acts: list[Mapping[str, object]] = []
        connection.info[_ACTS] = acts
        with connection.begin():
            if connection.dialect.name == "sqlite":
                _demand_same_file(connection)
            yield connection
    for act in acts:
        _log.info("act", extra=act)


def log_when_committed(connection: Connection, act: Mapping[str, object]) -> None:
    """Put a line with the fields of *act* into the log as soon as the transaction of `writing` is committed."""
    connection.info[_ACTS].append(act)
