"""The backup that is to become the register: copied, migrated and looked through before anything else happens."""

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select

from certs.db import audit, packs, tables
from certs.db.backup import make_private, opened
from certs.db.engine import reading
from certs.db.migrate import migrate
from certs.errors import AwayError, InputError, StorageError
from certs.ground.number import printed
from certs.model import Number
from certs.wording import say

_HEADER = b"SQLite format 3\x00"
_ROWS_AT_ONCE = 500
_NEIGHBOURS = 100
"""So many files beside a damaged backup are looked at for another one."""
Watch = Callable[[int, int], None]
"""Told how many certificates of how many were looked at."""


@contextmanager
def copied(file: Path, folder: Path, name: str) -> Iterator[Engine]:
    """Yield a copy of the register in *file*, migrated and its audit trail whole, as *name* in *folder*.

    Raises:
        InputError: it is no backup, or a damaged one; says which other one to take.
        StorageError: a newer program wrote it, or the disk fails.
    """
    _demand_sqlite(file)
    copy = folder / name
    make_private(copy)
    shutil.copyfile(file, copy)
    journal = file.with_name(file.name + "-wal")
    if journal.exists():  # of a register's own file, saved from somewhere; a backup has none
        make_private(copy.with_name(copy.name + "-wal"))
        shutil.copyfile(journal, copy.with_name(copy.name + "-wal"))
    engine = opened(copy)
    try:
        _check(engine, file)
        yield engine
    finally:
        engine.dispose()


def _demand_sqlite(file: Path) -> None:
    try:
        with file.open("rb") as opened_file:
            header = opened_file.read(len(_HEADER))
    except OSError as error:
        raise InputError(say("{file} cannot be read: {why}.", file=file, why=error.strerror)) from error
    if header != _HEADER:
        raise InputError(say("{file} is no backup of certs.{instead}", file=file, instead=_instead(file)))


def _check(engine: Engine, file: Path) -> None:
    try:
        with reading(engine) as connection:
            if not _is_ours(connection):
                raise InputError(say("{file} is no backup of certs.{instead}", file=file, instead=_instead(file)))
            said = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
            if said != "ok":
                raise InputError(
                    say("{file} is damaged: {said}.{instead}", file=file, said=said, instead=_instead(file))
                )
    except StorageError as error:
        raise InputError(
            say("{file} is damaged and cannot be restored.{instead}", file=file, instead=_instead(file))
        ) from error
    migrate(engine)
    if broken := audit.first_broken(audit.entries(engine)):
        raise InputError(
            say(
                "The audit trail in {file} is broken: {broken}.{instead}",
                file=file,
                broken=broken[1],
                instead=_instead(file),
            )
        )


def _is_ours(connection: Connection) -> bool:
    inspector = inspect(connection)
    return inspector.has_table("alembic_version") and inspector.has_table("audit")


def demand_bytes(engine: Engine, file: Path, watch: Watch) -> None:
    """Put every issued certificate together and hold it against its SHA-256.

    Raises:
        InputError: the backup *file* holds one that is not what was issued; says which other one to take.
    """
    damaged = None
    with reading(engine) as connection:
        total = len(connection.execute(select(tables.Issued.certificate_id)).all())
        for done, (number, whole) in enumerate(wholeness(connection), 1):
            damaged = damaged or (None if whole else number)
            if done % _ROWS_AT_ONCE == 0 or done == total:
                watch(done, total)
    if damaged:
        text = f"{file} is damaged: the stored bytes of {printed(Number(damaged))} are not what was issued."
        raise InputError(say("{text}{instead}", text=text, instead=_instead(file)))


def wholeness(connection: Connection, ids: Sequence[int] | None = None) -> Iterator[tuple[str, bool]]:
    """Yield each issued number, or those of *ids*, and whether its file is the one that was issued.

    Raises:
        AwayError: bytes are in packs that are out of reach.
    """
    beside, issued, tail, pack = packs.beside, tables.Issued, tables.Tail, tables.Pack
    query = (
        select(tables.Certificate.number, issued.pdf_sha256, issued.pdf_bytes, issued.plate_sha256)
        .add_columns(*packs.COLUMNS)
        .join(issued, issued.certificate_id == tables.Certificate.id)
        .outerjoin(tail, tail.certificate_id == tables.Certificate.id)
        .outerjoin(beside, beside.certificate_id == tail.beside_id)
        .outerjoin(pack, pack.id == tail.pack_id)
        .order_by(issued.plate_sha256, tail.pack_id)
    )
    if ids is not None:
        query = query.where(tables.Certificate.id.in_(ids))
    opened_packs = packs.opened_of(connection)
    digest, plate, bytes_of_plate = "", hashlib.sha256(), 0
    for row in connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}):
        if row.plate_sha256 != digest:
            data = connection.execute(select(tables.Plate.data).where(tables.Plate.sha256 == row.plate_sha256)).scalar()
            digest, plate, bytes_of_plate = row.plate_sha256, hashlib.sha256(data or b""), len(data or b"")
        whole = plate.copy()
        try:
            whole.update(packs.tail_of(opened_packs, row, row.pdf_bytes - bytes_of_plate, in_turn=True))
        except AwayError:
            raise  # nobody can tell
        except (ValueError, TypeError, StorageError):
            whole.update(b"lost")
        yield row.number, whole.hexdigest() == row.pdf_sha256


def _instead(file: Path) -> str:
    """Return which backup beside *file* to take instead, the newest that is sound on the face of it."""
    newest: tuple[str, Path] | None = None
    with suppress(OSError):
        beside = sorted(path for path in file.parent.iterdir() if path.is_file() and path != file)
        for path in beside[:_NEIGHBOURS]:
            at = _last_entry(path)
            if at and (newest is None or at > newest[0]):
                newest = at, path
    if newest is None:
        return " Take another backup; there is none beside it."
    return f" Take {newest[1]}, which goes up to {newest[0][:16].replace('T', ' ')} UTC."


def _last_entry(path: Path) -> str:
    """Return the moment of the last entry in the trail of the backup *path*, empty if it is none or damaged."""
    try:
        with path.open("rb") as opened_file:
            if opened_file.read(len(_HEADER)) != _HEADER:
                return ""
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                return ""
            found = connection.execute("SELECT at FROM audit ORDER BY id DESC LIMIT 1").fetchone()
            return str(found[0]) if found else ""
    except (OSError, sqlite3.Error):
        return ""
