"""The one step in which a prepared register becomes the register, and the one before is put aside.

On SQLite it is one rename onto the register's name: the one before has a second name by then. On PostgreSQL it is the
commit of the one transaction in which tables move into a schema of their own and others are filled in their place.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from certs.db.backup import copy_rows, make_private
from certs.db.engine import reading
from certs.db.migrate import upgrade_within
from certs.db.restore import spend
from certs.db.restore.present import OWN_TABLES
from certs.db.restore.workplace import ASIDE, PARTIAL, file_of
from certs.errors import ConflictError, StorageError
from certs.wording import say

_OWN_FUNCTIONS = """
    SELECT proname FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND starts_with(proname, 'certs_refuse')
"""
_JOURNALS = ("-wal", "-shm", "-journal")


# ---------------------------------------------------------------- SQLite


def single_file(engine: Engine) -> Path:
    """Bring everything of a prepared register into its one file and onto the disk; return it."""
    file = Path(str(engine.url.database))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    single = sqlite3.connect(file)
    single.execute("PRAGMA journal_mode = DELETE")
    single.close()
    _sync(file)
    return file


def name_aside(engine: Engine, moment: str) -> str:
    """Return what the register that is there will be called; a second one of the same second gets a number."""
    place = file_of(engine)
    if place is None:
        return f"schema replaced_{moment}"
    if not place.exists():
        return ""
    name, number = place.with_name(f"{place.name}{ASIDE}{moment}"), 1
    while name.exists():
        number += 1
        name = place.with_name(f"{place.name}{ASIDE}{moment}_{number}")
    return str(name)


def swap_file(place: Path, incoming: Path, aside: str, present: Connection | None) -> None:
    """Make *incoming* the register at *place*, and put the one before, if any, at *aside*.

    Raises:
        StorageError: the disk refuses; the register is as it was.
    """
    try:
        if aside:
            _open_to_the_same(incoming, place.stat())
            _keep(place, Path(aside), present)
        incoming.replace(place)
        _sync(place.parent)
    except OSError as error:
        raise StorageError(
            say("The register cannot be put in place: {error}. Nothing was changed.", error=error)
        ) from error


def _keep(place: Path, aside: Path, present: Connection | None) -> None:
    """Give the register at *place* the name *aside*, too, or copy it where files have one name only."""
    try:
        os.link(place, aside)
    except OSError:
        partial = aside.with_name(aside.name + PARTIAL)
        _copied(place, partial, present)
        partial.rename(aside)
    if present is None:
        _put_journals_aside(place, aside)
    _sync(place.parent)


def _copied(place: Path, partial: Path, present: Connection | None) -> None:
    """Copy in a process of its own: to open and close the file in this one would let go of the lock on it."""
    make_private(partial)
    if present is None:
        shutil.copyfile(place, partial)
    else:
        code = "import shutil, sys; shutil.copyfile(*sys.argv[1:])"
        command = [sys.executable, "-c", code, str(place), str(partial)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- our own program
        if done.returncode:
            raise OSError(f"{place} cannot be copied to {partial}: {done.stderr.strip().rpartition(chr(10))[2]}")
    _sync(partial)


def _put_journals_aside(place: Path, aside: Path) -> None:
    """Let what lies beside a damaged register never meet the new one."""
    for journal in _JOURNALS:
        with suppress(FileNotFoundError):
            Path(f"{place}{journal}").rename(f"{aside}{journal}")


def _open_to_the_same(file: Path, before: os.stat_result) -> None:
    """Give *file* owner, group and mode of the register before, but nothing to others."""
    with suppress(PermissionError):
        os.chown(file, before.st_uid, before.st_gid)
    file.chmod(before.st_mode & 0o660)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# ---------------------------------------------------------------- PostgreSQL


def swap_schema(connection: Connection, source: Engine, aside: str, place: int) -> None:
    """Move the register, if any, into the schema *aside* and fill another, all in the transaction of *connection*.

    Raises:
        ConflictError: there is such a schema.
        SQLAlchemyError: as the database has it.
    """
    if aside:
        name = aside.removeprefix("schema ")
        if name in inspect(connection).get_schema_names():
            raise ConflictError(say("Another restore was done in this very second. Run the command again."))
        _move_tables(connection, name)
    fill(connection, source, place)


def rehearse_schema(connection: Connection, source: Engine, place: int) -> None:
    """Fill a schema of its own, which the end of the transaction takes away again."""
    connection.execute(text("CREATE SCHEMA certs_rehearsal"))
    connection.execute(text("SET LOCAL search_path TO certs_rehearsal"))
    fill(connection, source, place)


def fill(connection: Connection, source: Engine, place: int) -> None:
    """Make the tables and copy every row of *source* into them."""
    upgrade_within(connection)
    with reading(source) as prepared:
        copy_rows(prepared, connection)
    spend.lift_counters(connection, place)


def _move_tables(connection: Connection, aside: str) -> None:
    """Move what this role owns: the schema itself belongs to somebody else on many servers, and so do grants on it."""
    quoted = connection.dialect.identifier_preparer.quote
    connection.execute(text(f'CREATE SCHEMA "{aside}"'))
    for function in connection.execute(text(_OWN_FUNCTIONS)).scalars().all():
        connection.execute(text(f'ALTER FUNCTION {quoted(function)}() SET SCHEMA "{aside}"'))
    for table in connection.execute(text(OWN_TABLES)).scalars().all():
        connection.execute(text(f'ALTER TABLE {quoted(table)} SET SCHEMA "{aside}"'))
