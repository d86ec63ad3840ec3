"""Where a restore prepares the new register, and what one that was killed left behind.

For a SQLite register it is a folder beside it, on the same disk, so that one rename makes a file in it the register;
for PostgreSQL a temporary one. It holds names and addresses, so it is its owner's alone. Whoever works in it holds a
lock that ends with the process: a folder without a lock was left behind.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from certs.errors import ConflictError, StorageError
from certs.wording import say

_TEMPORARY = "certs-restore-"
_BESIDE = ".restoring"
_LOCK = "lock"
ASIDE = ".replaced_"
"""Stands in the name of a SQLite register that was put aside, between its name and the moment."""
PARTIAL = ".partial"
_SETTLED_SECONDS = 60
"""Whoever makes a temporary folder, for any register, locks it long before that."""


def file_of(engine: Engine) -> Path | None:
    """Return the file of a SQLite register, None for PostgreSQL."""
    return Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None


@contextmanager
def workplace(engine: Engine) -> Iterator[Path]:
    """Yield an empty folder of our own; what earlier restores left is cleaned away, and so is this one at the end.

    Raises:
        ConflictError: another restore is at work.
        StorageError: it cannot be made, or the disk fails or is full.
    """
    file = file_of(engine)
    where = Path(tempfile.gettempdir()) if file is None else file.parent
    try:
        clean(engine)
        folder = _made(file, where)
        lock = _locked(folder)
        if lock is None:
            raise ConflictError(say("Another restore is at work. Wait until it is done."))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
    except OSError as error:
        said = error.strerror or str(error)
        raise StorageError(
            say(
                "The register cannot be prepared in {where}: {said}. Nothing was changed. Look after the disk, "
                "then run the command again.",
                where=where,
                said=said,
            )
        ) from error


def _made(file: Path | None, where: Path) -> Path:
    if file is None:
        return Path(tempfile.mkdtemp(prefix=_TEMPORARY))
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = file.with_name(file.name + _BESIDE)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _locked(folder: Path) -> int | None:
    """Take the lock of *folder*; return its descriptor, None where somebody holds it."""
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def left_behind(engine: Engine) -> list[Path]:
    """Return what restores that were killed have left: folders, and second names of the register itself.

    Raises:
        OSError: they cannot be looked at.
    """
    file = file_of(engine)
    if file is None:
        return [folder for folder in _temporary() if _is_free(folder)]
    beside = file.with_name(file.name + _BESIDE)
    left = [beside] if beside.is_dir() and _is_free(beside) else []
    asides = sorted(file.parent.glob(f"{file.name}{ASIDE}*")) if file.exists() else []
    return left + [aside for aside in asides if aside.suffix == PARTIAL or aside.samefile(file)]


def clean(engine: Engine) -> None:
    """Take away what `left_behind` finds.

    Raises:
        OSError: it cannot be taken away.
    """
    for path in left_behind(engine):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _temporary() -> list[Path]:
    found = Path(tempfile.gettempdir()).glob(f"{_TEMPORARY}*")
    mine = (folder for folder in found if folder.is_dir() and folder.stat().st_uid == os.geteuid())
    return sorted(folder for folder in mine if (folder / _LOCK).exists() or _is_old(folder))


def _is_old(folder: Path) -> bool:
    return time.time() - folder.stat().st_mtime > _SETTLED_SECONDS


def _is_free(folder: Path) -> bool:
    """Say whether nobody works in *folder*; one without a lock was being cleared away."""
    if not (folder / _LOCK).exists():
        return True
    descriptor = _locked(folder)
    if descriptor is None:
        return False
    os.close(descriptor)
    return True
