"""The bytes of an export, read in pieces as often as needed, and which encoding they are in.

Decided in this order: byte order mark; the pattern of NUL bytes that UTF-16 leaves without one; strict UTF-8; UTF-8
with a few bytes of Windows-1252 in it, as files put together from two have; else the legacy encoding in which the
column titles make most sense, and of those the one in which the names look like names. A file that stops inside a
character was cut short.
"""

import codecs
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from certs.attendance.rows import legacy

PIECE = 1 << 20
MAX_LINE_BYTES = 8 << 20
"""A line longer than this is no row of people; refused before it fills the memory."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes are read: *skip* the mark, then decode; *cut* tells that the last character is incomplete."""

    name: str
    skip: int = 0
    cut: bool = False
    certain: bool = True
    mixed: bool = False
    """Whether bytes that are not in that encoding are in Windows-1252."""


class LongLineError(ValueError):
    """A line is longer than any row of an export."""


@dataclass
class Source:
    """An export's bytes, in memory or in a file opened anew for each pass; *watch* is told of every piece read."""

    data: bytes | Path
    watch: Callable[[int], None] | None = field(default=None, repr=False)

    @cached_property
    def size(self) -> int:
        """How many bytes there are."""
        return self.data.stat().st_size if isinstance(self.data, Path) else len(self.data)

    @cached_property
    def sha256(self) -> str:
        """The digest of all bytes, in hexadecimal."""
        digest = hashlib.sha256()
        for piece in self._pieces():
            digest.update(piece)
        return digest.hexdigest()

    def open(self) -> BinaryIO:
        """Return the bytes from the start."""
        return self.data.open("rb") if isinstance(self.data, Path) else io.BytesIO(self.data)

    def head(self) -> bytes:
        """Return the first 64 KiB."""
        with self.open() as file:
            return file.read(_HEAD)

    def beginning(self, most_bytes: int) -> bytes:
        """Return all bytes at once, for formats that need them so, but not more than *most_bytes*."""
        with self.open() as file:
            return file.read(most_bytes)

    def lines(self, encoding: Encoding) -> Iterator[str]:
        """Yield the decoded lines; CR, LF and CR LF all end one. An incomplete last character is left out.

        Raises:
            LongLineError: a line is too long.
            UnicodeDecodeError: the bytes are not in that encoding.
        """
        with self.open() as file:
            file.seek(encoding.skip)
            guarded = io.BufferedReader(_Guarded(file, self.watch, self._length(encoding)), PIECE)
            yield from io.TextIOWrapper(
                guarded, encoding.name, errors=_MIXED if encoding.mixed else "strict", newline=None
            )

    def is_utf8(self) -> tuple[bool, bool]:
        """Say whether the bytes are UTF-8, and whether they stop inside a character.

        Raises:
            LongLineError: a line is too long.
        """
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        guard = _LineGuard()
        try:
            for piece in self._pieces():
                guard.see(piece)
                decoder.decode(piece)
        except UnicodeDecodeError:
            return False, False
        return True, bool(decoder.getstate()[0])

    def _length(self, encoding: Encoding) -> int:
        """Return how many bytes to decode: all but an incomplete last character."""
        if not encoding.cut:
            return self.size
        width = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4}.get(encoding.name)
        if width:
            return self.size - (self.size - encoding.skip) % width
        with self.open() as file:
            file.seek(max(self.size - 4, 0))
            tail = file.read()
        start = max(index for index, byte in enumerate(tail) if byte >= 0xC0)
        return self.size - len(tail) + start

    def _pieces(self) -> Iterator[bytes]:
        with self.open() as file:
            while piece := file.read(PIECE):
                yield piece


class _LineGuard:
    """Counts the bytes since the last line end."""

    def __init__(self) -> None:
        self._since_break = 0

    def see(self, piece: bytes) -> None:
        """Take note of the next bytes.

        Raises:
            LongLineError: the line is too long.
        """
        last = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        self._since_break = self._since_break + len(piece) if last < 0 else len(piece) - last
        if self._since_break > MAX_LINE_BYTES:
            raise LongLineError("a line is longer than any row of an export")


class _Guarded(io.RawIOBase):
    """A byte stream that refuses endless lines and stops at a given length."""

    def __init__(self, file: BinaryIO, watch: Callable[[int], None] | None, length: int) -> None:
        self._file = file
        self._watch = watch
        self._left = length - file.tell()
        self._guard = _LineGuard()

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        """Fill *buffer* with the next bytes."""
        piece = self._file.read(min(len(buffer), self._left))
        self._left -= len(piece)
        self._guard.see(piece)
        if self._watch is not None and piece:
            self._watch(len(piece))
        buffer[: len(piece)] = piece
        return len(piece)


def encoding_of(source: Source, plausibility: Callable[[str], int]) -> Encoding:
    """Return how *source* is encoded; *plausibility* rates a decoded beginning by the column titles it knows.

    Raises:
        LongLineError: a line is longer than any row of an export.
    """
    head = source.head()
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _checked(source, Encoding(name, len(mark)))
    nul = _nul_pattern(head)
    if nul:
        return _checked(source, Encoding(nul))
    utf8, cut = source.is_utf8()
    if utf8:
        return Encoding("utf-8", cut=cut)
    if _is_mostly_utf8(head):
        return Encoding("utf-8", certain=False, mixed=True)
    rated = [
        (plausibility(text), legacy.likeness(text, name), -rank, name)
        for rank, name in enumerate(legacy.ENCODINGS)
        if (text := _decoded(head, name))
    ]
    return Encoding(max(rated)[3], certain=False)


def _is_mostly_utf8(head: bytes) -> bool:
    """Say whether more characters are UTF-8 than bytes are not; in other encodings next to none are by chance."""
    text = head.decode("utf-8", _MIXED)
    strict = head.decode("utf-8", "ignore")
    good = sum(not c.isascii() for c in strict)
    return good > len(text) - len(strict)


def _in_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are no UTF-8 as Windows-1252, and those that are neither as replacement characters."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_MIXED = "certs.cp1252"
codecs.register_error(_MIXED, _in_cp1252)


def _checked(source: Source, encoding: Encoding) -> Encoding:
    """Note whether the last character of *source* is complete."""
    if encoding.name == "utf-8":
        return Encoding("utf-8", encoding.skip, source.is_utf8()[1])
    width = 4 if "32" in encoding.name else 2
    return Encoding(encoding.name, encoding.skip, (source.size - encoding.skip) % width != 0)


def _nul_pattern(head: bytes) -> str:
    """Return the UTF-16 that leaves NUL bytes where *head* has them, empty if neither does."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    least = len(head) // 20
    if odd > least and even * 10 < odd:
        return "utf-16-le"
    if even > least and odd * 10 < even:
        return "utf-16-be"
    return ""


def _decoded(head: bytes, name: str) -> str:
    """Return *head* in that encoding, empty where it is not; an incomplete end does not count."""
    try:
        return codecs.getincrementaldecoder(name)("strict").decode(head)
    except UnicodeDecodeError:
        return head.decode(name) if name == "iso8859_1" else ""
