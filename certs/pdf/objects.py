"""PDF syntax: the few forms of objects that plate and tail are made of (ISO 32000-1, section 7).

A body is what stands between `N 0 obj` and `endobj`, as bytes. Nothing here knows what a certificate is.
"""

import datetime as calendar
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
"""Version, and a comment with four bytes above 127 that says the file is binary (PDF/A-3, 6.1.2)."""


def reference(number: int) -> bytes:
    """Return the indirect reference to object *number*."""
    return b"%d 0 R" % number


def references(numbers: Iterable[int]) -> bytes:
    """Return the array of references to *numbers*."""
    return b"[%b]" % b" ".join(map(reference, numbers))


def text_string(text: str) -> bytes:
    """Return *text* as a text string: as it is where that is ASCII, else UTF-16 with byte order mark."""
    return _literal(text.encode() if text.isascii() else b"\xfe\xff" + text.encode("utf-16-be"))


def byte_string(ascii_text: str) -> bytes:
    """Return *ascii_text* as a byte string.

    Raises:
        UnicodeEncodeError: it is not ASCII.
    """
    return _literal(ascii_text.encode("ascii"))


def _literal(data: bytes) -> bytes:
    """Return *data* in parentheses; readers would take a bare carriage return for a line feed."""
    escaped = data.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)").replace(b"\r", rb"\r")
    return b"(%b)" % escaped


def date(moment: datetime) -> bytes:
    """Return *moment*, an aware datetime, as a PDF date in UTC."""
    return moment.astimezone(UTC).strftime("(D:%Y%m%d%H%M%SZ)").encode()


@lru_cache(maxsize=512)
def midnight(day: calendar.date) -> bytes:
    """Return the beginning of *day* as a PDF date in UTC."""
    return date(datetime.combine(day, calendar.time(), UTC))


@lru_cache(maxsize=4096)
def number(value: float) -> bytes:
    """Return *value* with at most three decimals and no superfluous zeros; on one page most values return."""
    text = b"%.3f" % value
    text = text.rstrip(b"0").rstrip(b".")
    return b"0" if text in (b"", b"-0") else text


def numbers(*values: float) -> bytes:
    """Return *values* with a space between them."""
    return b" ".join(map(number, values))


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Return the body of a stream object; *entries* are further entries of its dictionary."""
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries, len(data), data)


def deflated(data: bytes, entries: bytes = b"") -> bytes:
    """Return the body of a stream object whose *data* is compressed."""
    return stream(_deflate(data), entries + b"/Filter/FlateDecode")


@lru_cache(maxsize=16)
def _deflate(data: bytes) -> bytes:
    """Compress; the fonts of labels are the same on one plate after the other, so the last results are kept."""
    return zlib.compress(data, 9)


def indirect(number: int, body: bytes) -> bytes:
    """Return *body* as indirect object *number*, with the line ends of PDF/A-3, 6.1.9."""
    return b"%d 0 obj\n%b\nendobj\n" % (number, body)


class Objects:
    """Numbered objects of a plate, from *first* on; a number may be reserved before its body is known."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._bodies: list[bytes | None] = []

    def copy(self) -> "Objects":
        """Return objects that begin with these and leave them as they are."""
        twin = Objects(self._first)
        twin._bodies = list(self._bodies)
        return twin

    def reserve(self) -> int:
        """Return the next number; its body follows with `put`."""
        self._bodies.append(None)
        return self._first + len(self._bodies) - 1

    def put(self, number: int, body: bytes) -> None:
        """Give the reserved *number* its body."""
        self._bodies[number - self._first] = body

    def add(self, body: bytes) -> int:
        """Return the number of a new object with *body*."""
        number = self.reserve()
        self.put(number, body)
        return number

    def write(self) -> tuple[bytes, list[int]]:
        """Return the beginning of a file with all objects, and the offset of each.

        Raises:
            ValueError: a reserved number has no body.
        """
        data, offsets = bytearray(HEADER), []
        for number, body in enumerate(self._bodies, self._first):
            if body is None:
                raise ValueError(f"object {number} is reserved but has no body")
            offsets.append(len(data))
            data += indirect(number, body)
        return bytes(data), offsets
