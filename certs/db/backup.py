"""Backup and restore of the whole register, the same for both databases.

A backup is a SQLite file of one moment, written while the register is in use: a register itself, which any certs can
open. Restoring puts the present register aside, never away, and remembers every number and every place in the status
lists that it had given, so that an older backup never makes one of them be given again.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, insert, inspect, select, text

from certs.db import audit, bulk, tables
from certs.db.engine import prepare, reading, writing
from certs.db.errors import translated
from certs.db.migrate import migrate
from certs.errors import ConflictError, InputError, StorageError
from certs.model import Act

_AT_ONCE = 500
_HEADER = b"SQLite format 3\x00"
_ALEMBIC = "alembic_version"
_OWN_TABLES = """
    SELECT tablename FROM pg_tables
    WHERE schemaname = current_schema() AND pg_has_role(tableowner, 'USAGE')
"""


@dataclass(frozen=True, slots=True)
class Restored:
    """What restoring did: certificates in the backup, and numbers that only the register put aside had given."""

    certificates: int
    spent: int
    put_aside: str


# ---------------------------------------------------------------- backup


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
        _make_private(partial)
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


def _make_private(file: Path) -> None:
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
    target = _opened(file)
    try:
        migrate(target)
        snapshot = engine.execution_options(isolation_level="REPEATABLE READ")
        with translated(), snapshot.connect() as source, writing(target) as connection:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            _copy_rows(source, connection)
        with target.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        target.dispose()
    single = sqlite3.connect(file)
    single.execute("PRAGMA journal_mode = DELETE")
    single.close()


def _copy_rows(source: Connection, target: Connection) -> None:
    """Copy every row of every table, in an order that foreign keys allow."""
    for table in tables.Base.metadata.sorted_tables:
        columns = [column.name for column in table.columns]
        order = select(table).order_by(*table.primary_key.columns)
        rows = source.execution_options(yield_per=_AT_ONCE).execute(order)
        for part in rows.partitions(_AT_ONCE):
            bulk.insert_into(target, table, columns, part)


# ---------------------------------------------------------------- restore


def restore(engine: Engine, file: Path, act: Act) -> Restored:
    """Make the backup *file* the register, and put the present one aside.

    Raises:
        InputError: *file* is no backup, or its audit trail is broken.
        ConflictError: another process uses the register.
        StorageError: the database or the disk fails, or a newer program wrote the backup.
    """
    with _checked(file) as source:
        given = _given(engine)
        aside = act.at.strftime("replaced_%Y%m%dT%H%M%SZ")
        if engine.dialect.name == "sqlite":
            put_aside = _swap_file(engine, source, aside)
        else:
            put_aside = _swap_schema(engine, source, aside)
    with writing(engine) as connection:
        return _remember(connection, given, put_aside, file.name, act)


@contextmanager
def _checked(file: Path) -> Iterator[Engine]:
    """Yield a migrated copy of the backup whose audit trail is whole."""
    try:
        with file.open("rb") as opened:
            header = opened.read(len(_HEADER))
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error
    if header != _HEADER:
        raise InputError(f"{file} is no backup of certs.")
    with TemporaryDirectory(prefix="certs-restore-") as folder:
        copy = Path(folder) / "copy.db"
        _make_private(copy)
        shutil.copyfile(file, copy)
        source = _opened(copy)
        try:
            _check(source, file)
            yield source
        finally:
            source.dispose()


def _check(source: Engine, file: Path) -> None:
    with reading(source) as connection:
        if not inspect(connection).has_table(_ALEMBIC) or not inspect(connection).has_table("audit"):
            raise InputError(f"{file} is no backup of certs.")
        if (said := connection.exec_driver_sql("PRAGMA integrity_check").scalar()) != "ok":
            raise InputError(f"{file} is damaged: {said}.")
    migrate(source)
    if broken := audit.first_broken(audit.entries(source)):
        raise InputError(f"The audit trail in {file} is broken: {broken[1]}. Take another backup.")


@dataclass(frozen=True, slots=True)
class _Given:
    """What the present register has given away: numbers, and the highest place in the status lists."""

    numbers: frozenset[str]
    last_id: int
    withdrawn: Sequence[Mapping[str, object]] = ()
    """Links that lead nowhere, each with the address of its person."""


def _given(engine: Engine) -> _Given:
    """Read what must not be given again; an empty or damaged database has given nothing that we could know."""
    try:
        with reading(engine) as connection:
            if not inspect(connection).has_table("certificate"):
                return _Given(frozenset(), 0)
            numbers = set(connection.execute(select(tables.Certificate.number)).scalars())
            numbers |= set(connection.execute(select(tables.SpentNumber.number)).scalars())
            last = connection.execute(text("SELECT coalesce(max(id), 0) FROM certificate")).scalar_one()
            return _Given(frozenset(numbers), int(last), _withdrawn(connection))
    except StorageError:
        if engine.dialect.name == "sqlite":
            return _Given(frozenset(), 0)
        raise


def _withdrawn(connection: Connection) -> list[Mapping[str, object]]:
    """Return the links that were withdrawn; a register of an older program has none."""
    if not inspect(connection).has_table("withdrawn_link"):
        return []
    row, person = tables.WithdrawnLink, tables.Person
    query = select(row.ref, row.at, row.by, row.reason, person.key).join(person, person.id == row.person_id)
    return [dict(found) for found in connection.execute(query).mappings()]


def _keep_withdrawn(connection: Connection, withdrawn: Sequence[Mapping[str, object]]) -> None:
    """Let no older backup bring a withdrawn link back, where it knows the person."""
    for link in withdrawn:
        person = select(tables.Person.id).where(tables.Person.key == link["key"])
        known = select(tables.WithdrawnLink.ref).where(tables.WithdrawnLink.ref == link["ref"])
        person_id = connection.execute(person).scalar()
        if person_id is not None and connection.execute(known).first() is None:
            kept = {name: value for name, value in link.items() if name != "key"}
            connection.execute(insert(tables.WithdrawnLink).values(person_id=person_id, **kept))


def _swap_file(engine: Engine, source: Engine, aside: str) -> str:
    """Put the SQLite file aside and the backup in its place, each by one rename."""
    place = Path(str(engine.url.database))
    put_aside = place.with_name(f"{place.name}.{aside}")
    _demand_alone(engine, place)
    with source.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    source.dispose()
    incoming = place.with_name(place.name + ".incoming")
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_private(incoming)
        shutil.copyfile(str(source.url.database), incoming)
        if place.exists():
            _open_to_the_same(incoming, place.stat())
            place.rename(put_aside)
            for journal in ("-wal", "-shm"):
                Path(f"{place}{journal}").unlink(missing_ok=True)
        incoming.rename(place)
    except OSError as error:
        raise StorageError(f"The register cannot be put in place: {error}.") from error
    finally:
        incoming.unlink(missing_ok=True)
    return str(put_aside)


def _open_to_the_same(file: Path, before: os.stat_result) -> None:
    """Give *file* owner, group and mode of the register before, but nothing to others."""
    with suppress(PermissionError):
        os.chown(file, before.st_uid, before.st_gid)
    file.chmod(before.st_mode & 0o660)


def _demand_alone(engine: Engine, place: Path) -> None:
    """Move everything from the journal into the file, which only works while nobody else has it open.

    Raises:
        ConflictError: somebody has.
    """
    engine.dispose()
    if not place.exists():
        return
    alone = sqlite3.connect(place, timeout=0, isolation_level=None)
    try:
        if alone.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
            raise ConflictError("Another process uses the register. Stop the service, then restore.")
    except sqlite3.OperationalError as error:
        raise ConflictError("Another process uses the register. Stop the service, then restore.") from error
    except sqlite3.DatabaseError:
        return  # too damaged to be in use
    finally:
        alone.close()


def _swap_schema(engine: Engine, source: Engine, aside: str) -> str:
    """Move the register into a schema of its own and fill a new one in its place."""
    with writing(engine) as connection:
        if inspect(connection).has_table(_ALEMBIC):
            _move_tables(connection, aside)
    migrate(engine)
    with writing(engine) as connection, reading(source) as backed_up:
        _copy_rows(backed_up, connection)
    return f"schema {aside}"


def _move_tables(connection: Connection, aside: str) -> None:
    """Move what this role owns: the schema itself belongs to somebody else on many servers, and so do grants on it."""
    quoted = connection.dialect.identifier_preparer.quote
    connection.execute(text(f'CREATE SCHEMA "{aside}"'))
    connection.execute(text(f'ALTER FUNCTION certs_refuse() SET SCHEMA "{aside}"'))
    for table in connection.execute(text(_OWN_TABLES)).scalars().all():
        connection.execute(text(f'ALTER TABLE {quoted(table)} SET SCHEMA "{aside}"'))


def _remember(connection: Connection, given: _Given, put_aside: str, name: str, act: Act) -> Restored:
    """Note the numbers that are spent, lift the counters over every id ever given, and write the trail."""
    here = set(connection.execute(select(tables.Certificate.number)).scalars())
    here |= set(connection.execute(select(tables.SpentNumber.number)).scalars())
    spent = sorted(given.numbers - here)
    bulk.insert(connection, tables.SpentNumber, ("number", "since"), ((number, act.at) for number in spent))
    _keep_withdrawn(connection, given.withdrawn)
    _lift_counters(connection, given.last_id)
    count = int(connection.execute(text("SELECT count(*) FROM certificate")).scalar_one())
    new = {"backup": name, "certificates": count, "spent_numbers": len(spent), "put_aside": put_aside}
    audit.append(connection, act, audit.Change("register.restore", "", name, new=new))
    return Restored(count, len(spent), put_aside)


def _lift_counters(connection: Connection, last_id: int) -> None:
    if connection.dialect.name == "sqlite":
        known = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'certificate'")).scalar()
        if known is None:
            insertion = text("INSERT INTO sqlite_sequence (name, seq) VALUES ('certificate', :last)")
            connection.execute(insertion, {"last": last_id})
        elif known < last_id:
            connection.execute(
                text("UPDATE sqlite_sequence SET seq = :last WHERE name = 'certificate'"), {"last": last_id}
            )
        return
    for table in tables.Base.metadata.sorted_tables:
        if _counts_itself(table):
            least = last_id if table.name == "certificate" else 0
            highest = f"GREATEST((SELECT coalesce(max(id), 0) FROM {table.name}), :least)"  # noqa: S608 -- our own names
            lifted = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {highest} + 1, false)"
            connection.execute(text(lifted), {"least": least})


def _counts_itself(table: Table) -> bool:
    return "id" in table.c and table.c["id"].autoincrement is not False


def _opened(file: Path) -> Engine:
    engine = create_engine(f"sqlite:///{file}")
    prepare(engine)
    return engine
