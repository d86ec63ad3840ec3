"""Connections and transactions: SQLite in WAL with foreign keys, or PostgreSQL; every writer is alone on SQLite.

`writing` begins SQLite transactions with BEGIN IMMEDIATE, so that a writer waits for its turn before it reads what it
will change; PostgreSQL runs at READ COMMITTED, where conditional UPDATEs and constraints decide.
"""

import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from certs.db.errors import CONFLICT, translated
from certs.db.patience import TELL_SECONDS, USUAL, Patience
from certs.errors import MissingError, StorageError
from certs.wording import say

_IS_OURS = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
"""What another program made is left as it is; a new file of ours is in WAL from the beginning."""
_WRITES = "certs_writes"
_ACTS = "certs_acts"
_LAST = "certs_last"
_AFTER = "certs_after"
_FILE = "certs_file"
_WAITS = "Another command is writing to the register, an import of a large file perhaps: this one waits for its turn."
_log = logging.getLogger("certs.register")


def prepare(engine: Engine, patience: Patience = USUAL) -> None:
    """Set up every connection that *engine* will open; a SQLite file is opened only where it is, never made."""
    if engine.dialect.name != "sqlite":
        from certs.db.impatient import limit  # noqa: PLC0415 -- the driver of PostgreSQL, only where it is used

        limit(engine, patience)
        return
    if _on_disk(engine):
        event.listen(engine, "do_connect", partial(_open_only_what_is_there, str(engine.url.database)))
        event.listen(engine, "checkout", partial(_on_sqlite_checkout, engine.url.database))
    busy_seconds = min(TELL_SECONDS, patience.wait_seconds)
    event.listen(engine, "connect", partial(_on_sqlite_connect, engine.url.database, busy_seconds))
    event.listen(engine, "begin", partial(_on_sqlite_begin, patience))


def make_file(engine: Engine) -> None:
    """Make the file of a new SQLite database, and its folder: its owner's alone, whatever the umask says.

    Raises:
        StorageError: it cannot be made.
    """
    if not _on_disk(engine):
        return
    file = Path(str(engine.url.database))
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600, exist_ok=True)
        if file.stat().st_size == 0:
            with closing(sqlite3.connect(file)) as empty:
                empty.execute("PRAGMA journal_mode = WAL")
    except (OSError, sqlite3.Error) as error:
        raise StorageError(say("The database {file} cannot be made: {error}.", file=file, error=error)) from error


def _on_disk(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite" and engine.url.database not in {None, "", ":memory:"}


def _open_only_what_is_there(
    path: str, _: Dialect, __: ConnectionPoolEntry, arguments: list[str], options: dict[str, object]
) -> None:
    """Let SQLite make no file: an empty one would pass for a register without certificates.

    Raises:
        MissingError: there is no file, or an empty one.
    """
    if path.startswith("file:"):
        return
    try:
        found = os.stat(path)  # noqa: PTH116 -- as before every transaction
    except OSError as error:
        raise MissingError(say("There is no register at {path}: {why}.", path=path, why=error.strerror)) from error
    if found.st_size == 0:
        raise MissingError(say("There is no register at {path}: the file is empty.", path=path))
    arguments[0] = f"file:{quote(path)}?mode=rw"
    options["uri"] = True


def _on_sqlite_checkout(path: str | None, _: DBAPIConnection, entry: ConnectionPoolEntry, __: object) -> None:
    demand_same_file(path, entry.info)


def _on_sqlite_connect(
    path: str | None, busy_seconds: float, connection: DBAPIConnection, entry: ConnectionPoolEntry
) -> None:
    """Take transactions into our own hands; FULL, because what was once public must survive a power cut."""
    connection.isolation_level = None  # the driver begins no transaction by itself
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")
    if cursor.execute(_IS_OURS).fetchone():
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


def is_same_file(path: str | None, info: Mapping[Any, Any]) -> bool:
    """Say whether a connection with *info* leads to the file that is at *path* now; true where it is no file."""
    return _file(path) == info.get(_FILE)


def demand_same_file(path: str | None, info: Mapping[Any, Any]) -> None:
    """Check that nobody moved or replaced the open file: what is written to it would be lost with it.

    Raises:
        StorageError: somebody did.
    """
    if not is_same_file(path, info):
        raise StorageError(
            say(
                "The database {path} was moved away or replaced while it was in use; nothing is written to it "
                "any more. Put it back together with {path}-wal, then run the command again.",
                path=path,
            )
        )


def _on_sqlite_begin(patience: Patience, connection: Connection) -> None:
    """Writers queue up here; a reader's BEGIN waits for nothing and goes straight to the driver."""
    if not connection.get_execution_options().get(_WRITES):
        connection.connection.cursor().execute("BEGIN")
        return
    until, told = time.monotonic() + patience.wait_seconds, False
    while not _is_our_turn(connection, last=time.monotonic() >= until):
        if not told:
            patience.tell(_WAITS)
            told = True


def _is_our_turn(connection: Connection, *, last: bool) -> bool:
    """Begin to write; false if somebody else does still, after the time that SQLite waits, unless it is the *last* try.

    Raises:
        OperationalError: it is, or something else is wrong.
    """
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        if last or getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees one state of the register.

    Raises:
        StorageError: the database is out of reach.
    """
    with translated(), engine.connect() as connection:
        yield connection


@contextmanager
def writing(
    engine: Engine, conflict: str = CONFLICT, *, later: list[Mapping[str, object]] | None = None
) -> Iterator[Connection]:
    """Yield a connection in a transaction that is committed at the end, or rolled back by any exception.

    What is to be logged of its acts goes into *later*, if given, for `log_acts` when they count.

    Raises:
        ConflictError: a constraint refused a row; says *conflict*.
        StorageError: the database is out of reach, locked, full or was moved away; nothing was changed.
    """
    with translated(conflict), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        acts: list[Mapping[str, object]] = [] if later is None else later
        after: list[Callable[[], None]] = []
        connection.info.update({_ACTS: acts, _LAST: None, _AFTER: after})
        with connection.begin():
            if connection.dialect.name == "sqlite":
                demand_same_file(connection.engine.url.database, connection.info)
            yield connection
            if connection.info[_LAST] is not None:
                connection.info[_LAST](connection)
    if later is None:
        log_acts(acts)
    for call in after:
        call()


def log_acts(acts: Iterable[Mapping[str, object]]) -> None:
    """Put a line for each of *acts*, which have happened, into the log."""
    for act in acts:
        _log.info("act", extra=act)


def unhurried(connection: Connection) -> None:
    """Let a transaction on PostgreSQL take as long as it takes: a migration may rewrite the largest table."""
    from certs.db.impatient import lift  # noqa: PLC0415 -- the driver of PostgreSQL

    lift(connection.connection.driver_connection)


def log_when_committed(connection: Connection, act: Mapping[str, object]) -> None:
    """Put a line with the fields of *act* into the log as soon as the transaction of `writing` is committed."""
    connection.info[_ACTS].append(act)


def at_end(connection: Connection, call: Callable[[Connection], None]) -> None:
    """Let *call* be the last thing that the transaction of `writing` does; the first that asks for it is heard."""
    if connection.info[_LAST] is None:
        connection.info[_LAST] = call


def when_committed(connection: Connection, call: Callable[[], None]) -> None:
    """Do *call* as soon as the transaction of `writing` is committed."""
    connection.info[_AFTER].append(call)
