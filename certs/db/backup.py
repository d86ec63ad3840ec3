"""Backup of the whole register, the same for both databases; `restore` brings one back.

A backup is a SQLite file of one moment, written while the register is in use: a register itself, which any certs can
open.
"""

import os
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, DateTime, Engine, MetaData, Table, create_engine, select, text

from certs.db import bulk, tables
from certs.db.engine import prepare, reading, writing
from certs.db.errors import translated
from certs.db.migrate import HEAD, VERSION, migrate
from certs.errors import ConflictError, StorageError
from certs.wording import say

_AT_ONCE = 500
_USED = "SELECT 1 FROM audit UNION ALL SELECT 1 FROM event LIMIT 1"


def keep_before_migration(engine: Engine, revision: str, folder: Path, now: datetime) -> Path | None:
    """Back the register of that *revision* up to *folder* and return the file, None if nothing was ever done in it.

    Raises:
        StorageError: the database or the disk fails.
    """
    with reading(engine) as connection:
        if connection.execute(text(_USED)).scalar() is None:
            return None
    name = Path(str(engine.url.database)).name if engine.dialect.name == "sqlite" else engine.url.database or "certs"
    file = folder / f"{name}.revision_{revision}_{now:%Y%m%dT%H%M%SZ}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            say("The folder {folder} cannot be made: {why}.", folder=folder, why=error.strerror)
        ) from error
    backup(engine, file, revision)
    return file


def backup(engine: Engine, file: Path, revision: str = HEAD) -> int:
    """Write the register as it is at this moment, of that *revision*, to *file*; return its size in bytes.

    Raises:
        ConflictError: *file* exists.
        StorageError: the database or the disk fails; no half-written file is left.
    """
    if file.exists():
        raise ConflictError(
            say("{file} exists already. Choose another name; a backup is never overwritten.", file=file)
        )
    partial = file.with_name(file.name + ".partial")
    try:
        make_private(partial)
        if engine.dialect.name == "sqlite":
            _copy_sqlite(engine, partial)
        else:
            _copy_tables(engine, partial, revision)
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.rename(file)
        return file.stat().st_size
    except (OSError, sqlite3.Error) as error:
        raise StorageError(say("The backup {file} cannot be written: {error}.", file=file, error=error)) from error
    finally:
        partial.unlink(missing_ok=True)


def make_private(file: Path) -> None:
    """Make *file* anew and empty, its owner's alone whatever the umask says: it will hold names and addresses."""
    file.unlink(missing_ok=True)
    file.touch(mode=0o600, exist_ok=False)


def _copy_sqlite(engine: Engine, file: Path) -> None:
    """Copy page by page in one read transaction; the copy is a single file without a journal beside it."""
    copy = sqlite3.connect(file)
    try:
        with reading(engine) as connection:
            source: Any = connection.connection.driver_connection
            connection.rollback()
            source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()


def _copy_tables(engine: Engine, file: Path, revision: str) -> None:
    """Copy row by row from one snapshot of PostgreSQL into an empty SQLite register."""
    target = opened(file)
    try:
        migrate(target, revision)
        snapshot = engine.execution_options(isolation_level="REPEATABLE READ")
        with translated(), snapshot.connect() as source, writing(target) as connection:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            copy_rows(source, connection, None if revision == HEAD else _as_they_are(source))
        with target.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        target.dispose()
    single = sqlite3.connect(file)
    single.execute("PRAGMA journal_mode = DELETE")
    single.close()


def _as_they_are(source: Connection) -> Sequence[Table]:
    """Return the tables of an older register as they are there; columns that are still known keep their types."""
    found = MetaData()
    found.reflect(source)
    copies = MetaData()
    for table in found.sorted_tables:
        if table.name != VERSION:
            Table(table.name, copies, *(_as_it_is(table.name, column) for column in table.columns))
    return [copies.tables[table.name] for table in found.sorted_tables if table.name != VERSION]


def _as_it_is(table: str, column: Column[Any]) -> Column[Any]:
    known = tables.Base.metadata.tables.get(table)
    if known is not None and column.name in known.c:
        kind = known.c[column.name].type
    else:
        kind = tables.UtcTime() if isinstance(column.type, DateTime) else column.type
    return Column(column.name, kind, primary_key=column.primary_key)


def copy_rows(source: Connection, target: Connection, which: Sequence[Table] | None = None) -> None:
    """Copy every row of every table, or of *which*, in an order that foreign keys allow."""
    for table in tables.Base.metadata.sorted_tables if which is None else which:
        columns = [column.name for column in table.columns]
        order = select(table).order_by(*table.primary_key.columns)
        rows = source.execution_options(yield_per=_AT_ONCE).execute(order)
        for part in rows.partitions(_AT_ONCE):
            bulk.insert_into(target, table, columns, part)


def opened(file: Path) -> Engine:
    """Return the register in *file*."""
    engine = create_engine(f"sqlite:///{file}")
    prepare(engine)
    return engine
