"""Rows on their way into the register, laid down in a file first, so that others wait for nothing but the writing.

What makes rows may take long: a file that is read, a million people who are counted. On SQLite there is one writer; so
rows are made before it is anybody's turn, kept in a temporary file where they are many, and stored from there.
"""

import pickle
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import Generic, TypeVar

Item = TypeVar("Item")
_IN_MEMORY = 8 << 20
"""Bytes above which the disk is used."""


class Spool(Generic[Item]):
    """Values laid down, a part at a time, and given again in their order; only what this process wrote is read."""

    def __init__(self, file: SpooledTemporaryFile[bytes], parts: Iterable[Item]) -> None:
        self._file = file
        for part in parts:
            pickle.dump(part, file, pickle.HIGHEST_PROTOCOL)

    def __iter__(self) -> Iterator[Item]:
        """Yield what was laid down."""
        self._file.flush()
        end = self._file.seek(0, 2)
        self._file.seek(0)
        while self._file.tell() < end:
            yield pickle.load(self._file)  # noqa: S301 -- written by this process a moment ago


@contextmanager
def spooled(parts: Iterable[Item]) -> Iterator[Spool[Item]]:
    """Yield *parts* laid down.

    Raises:
        OSError: the temporary folder is full or not to be written to.
    """
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        yield Spool(file, parts)


def in_parts(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield *items* in lists of at most *size*."""
    waiting = iter(items)
    while some := list(islice(waiting, size)):
        yield some
