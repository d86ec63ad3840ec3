"""The CBOR that claims use: integers, byte strings and texts in their shortest form (RFC 8949 sections 3 and 4.2).

`Items` also takes longer forms off a payload, as far as they are well-formed; whoever reads compares with what would
have been written. No maps, tags, floats, indefinite lengths, nor arguments of 64 bits.
"""

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY = range(5)
"""Major types."""


def integer(value: int) -> bytes:
    """Return *value*.

    Raises:
        OverflowError: it needs more than 32 bits.
    """
    return _head(_UNSIGNED, value) if value >= 0 else _head(_NEGATIVE, -1 - value)


def byte_string(value: bytes) -> bytes:
    """Return *value*.

    Raises:
        OverflowError: it is longer than 32 bits can say.
    """
    return _head(_BYTES, len(value)) + value


def text(value: str) -> bytes:
    """Return *value*.

    Raises:
        UnicodeEncodeError: it has half a surrogate pair.
    """
    raw = value.encode()
    return _head(_TEXT, len(raw)) + raw


def array(length: int) -> bytes:
    """Return the head of an array; its items follow.

    Raises:
        OverflowError: it is longer than 32 bits can say.
    """
    return _head(_ARRAY, length)


def _head(major: int, argument: int) -> bytes:
    kind = major << 5
    if argument < 24:
        return bytes((kind | argument,))
    if argument < 1 << 8:
        return bytes((kind | 24, argument))
    if argument < 1 << 16:
        return bytes((kind | 25, *argument.to_bytes(2, "big")))
    return bytes((kind | 26, *argument.to_bytes(4, "big")))


class Items:
    """Takes items off the front of a payload; what is left over is for the reader to notice."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._at = 0

    def expect(self, constant: bytes) -> None:
        """Take exactly *constant*.

        Raises:
            ValueError: something else stands there.
        """
        if self._take(len(constant)) != constant:
            raise ValueError("another version or no claim")

    def byte_string(self, length: int) -> bytes:
        """Take a byte string of that length.

        Raises:
            ValueError: something else stands there.
        """
        if self._item() != (_BYTES, length):
            raise ValueError(f"{length} bytes expected")
        return self._take(length)

    def text(self) -> str:
        """Take a text.

        Raises:
            ValueError: something else stands there, or it is not UTF-8.
        """
        major, length = self._item()
        if major != _TEXT:
            raise ValueError("text expected")
        return self._take(length).decode("utf-8")

    def integer(self) -> int:
        """Take an integer.

        Raises:
            ValueError: something else stands there.
        """
        major, argument = self._item()
        if major > _NEGATIVE:
            raise ValueError("an integer expected")
        return argument if major == _UNSIGNED else -1 - argument

    def text_comes(self) -> bool:
        """Say whether the next item is a text."""
        return self._payload[self._at : self._at + 1] >= bytes((_TEXT << 5,))

    def _item(self) -> tuple[int, int]:
        """Take a head; return its major type and argument."""
        if self._at >= len(self._payload):
            raise ValueError("ends too early")
        initial = self._payload[self._at]
        self._at += 1
        major, short = initial >> 5, initial & 31
        if short < 24:
            return major, short
        if short > 26:
            raise ValueError("a form of CBOR that claims do not use")
        return major, int.from_bytes(self._take(1 << short - 24), "big")

    def _take(self, count: int) -> bytes:
        taken = self._payload[self._at : self._at + count]
        if len(taken) != count:
            raise ValueError("ends too early")
        self._at += count
        return taken
