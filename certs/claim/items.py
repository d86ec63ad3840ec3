"""Takes the CBOR items of a claim off a stranger's payload (RFC 8949 section 3).

cbor2 writes claims, but does not read them: it builds whatever the bytes ask for (tags with their types, `true` for 1,
floats, arrays in arrays without end) before anybody could refuse it. Here nothing but integers, byte strings and texts
is read, of lengths that are there: no maps, tags, floats, indefinite lengths, nor arguments of 64 bits. Longer forms
than needed are taken, as far as they are well-formed; whoever reads compares with what would have been written.
"""

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT = range(4)
"""Major types."""


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
