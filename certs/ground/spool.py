"""Values on their way, laid down in a file where they are many, so that memory does not grow with an event.

What makes rows may take long: a file that is read, a million people who are counted. On SQLite there is one writer; so
rows are made before it is anybody's turn, kept in a temporary file where they are many, and stored from there.
"""

import pickle
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from tempfile import SpooledTemporaryFile, TemporaryFile, gettempdir
from typing import IO, Generic, TypeVar

from certs.errors import StorageError
from certs.wording import say

Item = TypeVar("Item")
_IN_MEMORY = 8 << 20
"""Bytes above which the disk is used."""
_FEW = 20_000
"""Values up to which a list is kept as it is."""
_AT_ONCE = 500
"""Values that are read back at once."""


class Spool(Generic[Item]):
    """Values laid down, a part at a time, and given again in their order; only what this process wrote is read."""

    def __init__(self, file: SpooledTemporaryFile[bytes], parts: Iterable[Item]) -> None:
        self._file = file
        for part in parts:
            _put(part, file)

    def __iter__(self) -> Iterator[Item]:
        """Yield what was laid down.

        Raises:
            StorageError: the temporary folder is full.
        """
        with _space():
            self._file.flush()
        end = self._file.seek(0, 2)
        self._file.seek(0)
        while self._file.tell() < end:
            yield pickle.load(self._file)  # noqa: S301 -- written by this process a moment ago


@contextmanager
def spooled(parts: Iterable[Item]) -> Iterator[Spool[Item]]:
    """Yield *parts* laid down.

    Raises:
        StorageError: the temporary folder is full or not to be written to; says what to do.
    """
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        yield Spool(file, parts)


class Laid(Collection[Item]):
    """Values that were added, in their order: in a list while they are *few*, else in a file without a name.

    The file is gone with this; several may go through it at a time.
    """

    def __init__(self, items: Iterable[Item] = (), few: int | None = None) -> None:
        self._few = _FEW if few is None else few
        self._last: list[Item] = []
        self._places: list[int] = []
        self._count = 0
        self._file: IO[bytes] | None = None
        for item in items:
            self.add(item)

    def add(self, item: Item) -> None:
        """Add one more.

        Raises:
            StorageError: the temporary folder is full or not to be written to; says what to do.
        """
        self._last.append(item)
        self._count += 1
        if self._count > self._few and (self._file is None or len(self._last) >= _AT_ONCE):
            self._lay_down()

    def _lay_down(self) -> None:
        with _space():
            if self._file is None:
                self._file = TemporaryFile()  # noqa: SIM115 -- closed when nobody holds this any more
                weakref.finalize(self, self._file.close)
            self._file.seek(0, 2)
        for part in in_parts(self._last, _AT_ONCE):
            self._places.append(self._file.tell())
            _put(part, self._file)
        self._last = []

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Item]:
        if self._file is not None:
            yield from self._from(self._file)
        yield from self._last

    def _from(self, file: IO[bytes]) -> Iterator[Item]:
        for place in self._places:
            with _space():
                file.seek(place)
            yield from pickle.load(file)  # noqa: S301 -- written by this process a moment ago

    def __contains__(self, item: object) -> bool:
        return any(one == item for one in self)


@contextmanager
def written(write: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """Yield what *write* has written to a file without a name, from its beginning; it is gone afterwards.

    Raises:
        StorageError: the temporary folder is full or not to be written to; says what to do.
    """
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        with _space():
            write(file)
        file.seek(0)
        yield file


def _put(part: object, file: "IO[bytes] | SpooledTemporaryFile[bytes]") -> None:
    """Write *part* down.

    Raises:
        StorageError: the temporary folder is full or not to be written to; says what to do.
    """
    with _space():
        pickle.dump(part, file, pickle.HIGHEST_PROTOCOL)


@contextmanager
def _space() -> Iterator[None]:
    """Say what to do where a file in the temporary folder cannot be written.

    Raises:
        StorageError: it is so.
    """
    try:
        yield
    except OSError as error:
        raise StorageError(
            say(
                "The folder {folder} for temporary files takes no more: {why}. Free some space there, or set TMPDIR to "
                "a folder that has some, and try again.",
                folder=gettempdir(),
                why=error.strerror or type(error).__name__,
            )
        ) from error


def in_parts(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield *items* in lists of at most *size*."""
    waiting = iter(items)
    while some := list(islice(waiting, size)):
        yield some
