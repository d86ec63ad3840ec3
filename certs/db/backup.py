"""Backup of the whole register, the same for both databases; `restore` brings one back.

A backup is a SQLite file of one moment, written while the register is in use: a register itself, which any certs can
open.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, select

from certs.db import bulk, tables
from certs.db.engine import prepare, reading, writing
from certs.db.errors import translated
from certs.db.migrate import migrate
from certs.errors import ConflictError, StorageError

_AT_ONCE = 500


def backup(engine: Engine, file: Path) -> int:
    """Write the register as it is at this moment to *file*; return its size in bytes.

    Raises:
        ConflictError: *file* exists.
        StorageError: the database or the disk fails; no half-written file is left.
    """
    if file.exists():
        raise ConflictError(f"{file} exists already. Choose another name; a backup is never overwritten.")
    partial = file.with_name(file.name + ".partial")
    try:
        make_private(partial)
        if engine.dialect.name == "sqlite":
            _copy_sqlite(engine, partial)
        else:
            _copy_tables(engine, partial)
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.rename(file)
        return file.stat().st_size
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"The backup {file} cannot be written: {error}.") from error
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


def _copy_tables(engine: Engine, file: Path) -> None:
    """Copy row by row from one snapshot of PostgreSQL into an empty SQLite register."""
    target = opened(file)
    try:
        migrate(target)
        snapshot = engine.execution_options(isolation_level="REPEATABLE READ")
        with translated(), snapshot.connect() as source, writing(target) as connection:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            copy_rows(source, connection)
        with target.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        target.dispose()
    single = sqlite3.connect(file)
    single.execute("PRAGMA journal_mode = DELETE")
    single.close()


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy every row of every table, in an order that foreign keys allow."""
    for table in tables.Base.metadata.sorted_tables:
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
