"""The register that is there now, held so that nobody else works on it until it is replaced.

On SQLite nobody else may have it open: its journal is brought home, which works alone only, and a transaction keeps
everybody out until the file is replaced. On PostgreSQL no other session of a role that may read it may be there, and
its tables are locked in the one transaction in which everything happens.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect, select, text
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from certs.db import leases, migrate, tables
from certs.db.engine import unhurried
from certs.db.errors import sentence, translated
from certs.db.restore.workplace import file_of
from certs.errors import ConflictError, MissingError, StorageError
from certs.wording import say

Gone = Callable[[str], bool]
"""Says whether the holder of a lease is dead."""
_LOCK_WITHIN = "5s"
"""How long the locks are waited for: what tidies up in the database gives way after a second."""
_NOT_AVAILABLE = "55P03"
_LOOKS, _BETWEEN_SECONDS = 4, 0.5
OWN_TABLES = """
    SELECT tablename FROM pg_tables
    WHERE schemaname = current_schema() AND pg_has_role(tableowner, 'USAGE')
"""
_OTHERS = """
    SELECT a.pid, a.usename, coalesce(a.application_name, '') AS program
    FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
    WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
    AND NOT r.rolsuper AND has_table_privilege(a.usesysid, 'certificate', 'SELECT')
    ORDER BY a.pid
"""


@dataclass(frozen=True, slots=True)
class Present:
    """The register that is there: *connection* reads it, None where there is none or it cannot be read."""

    connection: Connection | None
    readable: bool
    """Whether it is a whole register of this program's schema; else some of it may be readable."""
    is_there: bool
    """Whether there is anything to be put aside."""


@contextmanager
def held(engine: Engine, gone: Gone) -> Iterator[Present]:
    """Yield the register that is there, nobody else working on it; on PostgreSQL in the transaction to be committed.

    Raises:
        ConflictError: somebody works on it; says who.
        StorageError: the database is out of reach, or refuses.
    """
    readable = _brought_up_to_date(engine)
    engine.dispose()
    file = file_of(engine)
    if file is None:
        with _held_database(engine, gone) as connection:
            yield Present(connection, readable, inspect(connection).has_table("alembic_version"))
    else:
        with _held_file(file) as found:
            yield Present(found, readable and found is not None, file.exists())


def _brought_up_to_date(engine: Engine) -> bool:
    """Migrate the register that is there, as every command does; return whether it is whole."""
    try:
        migrate.upgrade(engine)
    except MissingError:
        return False
    except StorageError:
        if file_of(engine) is None and not _answers(engine):
            raise
        return False
    return True


def _answers(engine: Engine) -> bool:
    try:
        with engine.connect():
            return True
    except DBAPIError:
        return False


@contextmanager
def looked_at(engine: Engine) -> Iterator[Present]:
    """Yield the register that is there as it is at this moment; others go on, and what is done to it is taken back.

    Raises:
        StorageError: the database is out of reach.
    """
    readable = _brought_up_to_date(engine)
    file = file_of(engine)
    if file is not None and not readable:
        yield Present(None, False, False)
        return
    snapshot = engine if file else engine.execution_options(isolation_level="REPEATABLE READ")
    with translated(), snapshot.connect() as connection:
        transaction = connection.begin()
        if file is None:
            _take_time(connection)
        try:
            yield Present(connection, readable, readable)
        finally:
            transaction.rollback()


# ---------------------------------------------------------------- SQLite


@contextmanager
def _held_file(file: Path) -> Iterator[Connection | None]:
    """Yield a connection that keeps everybody else out of *file*; None where it is none, or too damaged to be used."""
    if not file.exists() or not file.stat().st_size:
        yield None
        return
    engine = create_engine("sqlite://", creator=lambda: _connected(file), poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN EXCLUSIVE"))
    connection = None
    try:
        connection = engine.connect()
        connection.begin()
    except OperationalError as error:
        if connection is not None:
            connection.close()
        if "locked" in str(error):
            raise ConflictError(
                say("{user_of} uses the register. Stop the service, then restore.", user_of=_user_of(file))
            ) from error
        raise StorageError(sentence(error)) from error
    except DatabaseError:
        yield None
        return
    with connection:
        yield connection


def _connected(file: Path) -> sqlite3.Connection:
    uri = f"file:{quote(str(file.absolute()))}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)
    try:
        _alone(connection)
    except sqlite3.Error:
        connection.close()  # at once: while it is open, nobody else is alone
        raise
    return connection


def _alone(connection: sqlite3.Connection) -> None:
    """Bring the journal home, which only works while nobody else has the file open."""
    mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    if mode != ("delete",):
        raise sqlite3.OperationalError("database is locked")


def _user_of(file: Path) -> str:
    """Return which process has *file* open, as far as this system tells."""
    wanted = str(file.resolve())
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if str(descriptor.readlink()) == wanted and descriptor.parts[2] != str(os.getpid()):
                words = Path(f"/proc/{descriptor.parts[2]}/cmdline").read_bytes().split(b"\0")
                called = " ".join(b" ".join(words).decode(errors="replace").split())
                return f"Process {descriptor.parts[2]} ({called[:80]})"
    return "Another process"


# ---------------------------------------------------------------- PostgreSQL


@contextmanager
def _held_database(engine: Engine, gone: Gone) -> Iterator[Connection]:
    """Yield a transaction in which every table of ours is locked."""
    with translated(), engine.connect() as connection, connection.begin():
        _take_time(connection)
        if inspect(connection).has_table("certificate"):
            _demand_alone(connection)
            _lock(connection)
            _demand_no_lease(connection, gone)
        yield connection


def _take_time(connection: Connection) -> None:
    """Let the transaction take as long as it takes, and whoever is asked think about the answer."""
    unhurried(connection)
    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def _demand_alone(connection: Connection) -> None:
    """Check that nobody else is there; who was killed a moment ago may still be about to leave.

    Raises:
        ConflictError: somebody is.
    """
    for left in range(_LOOKS - 1, -1, -1):
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        others = connection.execute(text(_OTHERS)).all()
        if not others:
            return
        if left:
            time.sleep(_BETWEEN_SECONDS)
    named = [f"{o.usename} (process {o.pid}{o.program and ', '}{o.program})" for o in others]
    who = ", ".join(named[:5])
    raise ConflictError(
        say("The register is in use by {who}. Stop the service and whoever else is there, then restore.", who=who)
    )


def _lock(connection: Connection) -> None:
    quoted = connection.dialect.identifier_preparer.quote
    names = ", ".join(quoted(name) for name in connection.execute(text(OWN_TABLES)).scalars())
    connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_WITHIN}'"))
    try:
        connection.execute(text(f"LOCK TABLE {names or 'certificate'} IN ACCESS EXCLUSIVE MODE"))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _NOT_AVAILABLE:
            raise ConflictError(say("Somebody works on the register. Stop the service, then restore.")) from error
        raise


def _demand_no_lease(connection: Connection, gone: Gone) -> None:
    row = tables.Certificate
    leased = row.lease.is_not(None), row.lease_until > leases.now(connection)
    query = select(row.lease, row.lease_until).where(*leased).distinct()
    for lease, until in connection.execute(query):
        if lease and not gone(lease):
            holder = lease.partition("/")[0]
            raise ConflictError(
                say(
                    "Certificates are being issued on {holder}, until {until:%H:%M} UTC at most. Stop that, then "
                    "restore.",
                    holder=holder,
                    until=until,
                )
            )
