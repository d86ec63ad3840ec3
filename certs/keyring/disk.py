"""Changes of the key folder on disk: others see all of a change or nothing of it, and changes wait for each other.

A new key is written beside and appears by one rename; a changed record replaces the old one by one rename and keeps its
mode. Both are on disk when the call returns. Readers watch the folder's own time, which every change moves forward.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from certs.errors import SigningError
from certs.keyring import record
from certs.model import TrustedKey
from certs.wording import say


@contextmanager
def changing(root: Path) -> Iterator[None]:
    """Hold *root* for one change, made where it is absent; others wait, readers do not.

    Raises:
        SigningError: the folder cannot be written.
    """
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
            os.fsync(descriptor)
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)  # closing alone leaves it to a child that was forked meanwhile
            os.close(descriptor)
    except OSError as error:
        raise SigningError(
            say("{root} cannot be written: {why}.", root=error.filename or root, why=error.strerror)
        ) from error


def add(root: Path, key: TrustedKey, private: Mapping[str, bytes]) -> None:
    """Let the folder of *key* appear, with the files *private* of its private part; call it while `changing`.

    Raises:
        OSError: the disk refuses.
    """
    beside = Path(tempfile.mkdtemp(prefix=".new-", dir=root))
    try:
        for name, content in private.items():
            record.replace(beside / name, content)
        record.write(beside, key)
        beside.rename(folder_of(root, key))
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _touch(root)


def change(root: Path, key: TrustedKey) -> None:
    """Replace what is public about *key*; call it while `changing`.

    Raises:
        OSError: the disk refuses.
    """
    record.write(folder_of(root, key), key)
    _touch(root)


def take_back(root: Path, key: TrustedKey, before: TrustedKey | None) -> None:
    """Undo what was done to *key*: back to *before*, or gone with all that lies in its folder; while `changing`.

    Raises:
        OSError: the disk refuses.
    """
    if before is not None:
        return change(root, before)
    place = folder_of(root, key)
    if place.exists():
        beside = place.with_name(f".gone-{place.name}")
        place.rename(beside)
        shutil.rmtree(beside)
        _touch(root)
    return None


def folder_of(root: Path, key: TrustedKey) -> Path:
    """Return where *key* lives."""
    return root / record.folder_name(key.purpose, key.kid)


def _touch(root: Path) -> None:
    """Move the folder's time forward, so that every process that watches it reads the records again."""
    before = root.stat()
    os.utime(root, ns=(before.st_atime_ns, max(before.st_mtime_ns + 1, time.time_ns())))
