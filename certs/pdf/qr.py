"""QR codes by table (ISO/IEC 18004, model 2, error correction level M).

The function patterns, the block structure and the field arithmetic come from `qrcode`; what depends on the text is
done here, where a thousand certificates need a thousand symbols. A table of each version holds what never changes: the
symbol of no data, the correction codewords that each value of each data codeword gives (they add up by XOR, for the
code is linear), and which bit of the codewords each module shows. A symbol then takes some thirty microseconds. The
mask is fixed, so the standard's search for the least penalty is left out; readers do not mind.

Text is written in alphanumeric mode; a beginning with characters outside it (scheme, host, path) in byte mode.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from operator import getitem, xor
from typing import NamedTuple

from qrcode.base import gexp, glog, rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from certs.ground import lanes

QUIET_MODULES = 4
"""Light modules that must surround a symbol."""
SMALLEST_VERSION = 6
"""Smaller symbols would only have larger modules than a reader needs."""
LARGEST_VERSION = 18
"""Beyond it modules on paper become too small for a telephone's camera; these have half a millimetre in `classic`."""

_MASK = 2
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = bytes(max(_ALPHANUMERIC.find(chr(byte)), 0) for byte in range(256))
_ALPHANUMERIC_MODE, _BYTE_MODE = 0b0010, 0b0100
_MODE_BITS = 4
_PAIR_BITS, _SINGLE_BITS = 11, 6
_PADDING = b"\xec\x11"
_WINDOW = 256
"""How many entries a table of `bytes.translate` has."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """*modules* rows of as many modules, one bit each (1 = dark), every row padded to whole bytes."""

    modules: int
    image: bytes


def symbol(text: str) -> Symbol:
    """Return the smallest symbol that holds *text*.

    Raises:
        ValueError: it holds more than `LARGEST_VERSION` can.
    """
    prefix, rest = _split(text)
    version = _version_for(len(prefix), len(rest))
    table = _table(version)
    return Symbol(table.modules, table.image(_data_codewords(prefix, rest, version)))


def fits(text: str) -> bool:
    """Say whether a symbol can hold *text*."""
    try:
        _version_for(*map(len, _split(text)))
    except ValueError:
        return False
    return True


def _split(text: str) -> tuple[bytes, str]:
    """Return what must be written in byte mode, up to the last such character, and what follows it."""
    if not text.encode().translate(None, delete=_ALPHANUMERIC.encode()):
        return b"", text
    prefix = text.rstrip(_ALPHANUMERIC)
    return prefix.encode(), text[len(prefix) :]


def _count_bits(version: int) -> tuple[int, int]:
    """Return how many bits the character counts of byte and alphanumeric mode take."""
    return (8, 9) if version < 10 else (16, 11)


@lru_cache(maxsize=1024)
def _version_for(prefix_length: int, rest_length: int) -> int:
    """Return the smallest version for so many bytes and so many alphanumeric characters."""
    for version in range(SMALLEST_VERSION, LARGEST_VERSION + 1):
        byte_count, alphanumeric_count = _count_bits(version)
        bits = _MODE_BITS + alphanumeric_count + _width(rest_length)
        if prefix_length:
            bits += _MODE_BITS + byte_count + 8 * prefix_length
        if bits <= 8 * _data_capacity(version):
            return version
    raise ValueError("too much text for a QR code")


def _width(characters: int) -> int:
    """Return how many bits so many alphanumeric characters take."""
    pairs, single = divmod(characters, 2)
    return _PAIR_BITS * pairs + _SINGLE_BITS * single


@cache
def _data_capacity(version: int) -> int:
    """Return how many data codewords a symbol has."""
    return sum(block.data_count for block in rs_blocks(version, ERROR_CORRECT_M))


def _data_codewords(prefix: bytes, rest: str, version: int) -> bytes:
    """Return the data codewords: segments, terminator, padding."""
    byte_count, alphanumeric_count = _count_bits(version)
    bits, width = 0, 0
    if prefix:
        bits = (_BYTE_MODE << byte_count | len(prefix)) << 8 * len(prefix) | int.from_bytes(prefix, "big")
        width = _MODE_BITS + byte_count + 8 * len(prefix)
    bits = bits << _MODE_BITS + alphanumeric_count | _ALPHANUMERIC_MODE << alphanumeric_count | len(rest)
    bits = bits << _width(len(rest)) | _alphanumeric(rest)
    width += _MODE_BITS + alphanumeric_count + _width(len(rest))
    capacity = _data_capacity(version)
    terminator = min(4, 8 * capacity - width)
    size = (width + terminator + 7) // 8
    data = (bits << 8 * size - width).to_bytes(size, "big")
    return data + (_PADDING * capacity)[: capacity - size]


def _alphanumeric(text: str) -> int:
    """Return the bits of *text*: two characters a and b make 45 a + b, a last one stands alone."""
    values = text.encode().translate(_VALUES)
    pairs = len(values) // 2
    numbers = int.from_bytes(values[: 2 * pairs], "big")  # every 16 bits are 256 a + b
    numbers -= (256 - len(_ALPHANUMERIC)) * (numbers >> 8 & int.from_bytes(b"\x00\xff" * pairs, "big"))
    bits = lanes.pack(numbers, pairs, pairs.bit_length(), _PAIR_BITS, 16)
    return bits << _SINGLE_BITS | values[-1] if len(values) % 2 else bits


@cache
def _table(version: int) -> "_Table":
    """Return the table of *version*, made once in each process."""
    return _Table(version)


class _Strip(NamedTuple):
    """Modules whose bits all stand in one window: where it starts, and for each module the place of its bit therein."""

    start: int
    places: bytes


class _Table:
    """What all symbols of one version share."""

    def __init__(self, version: int) -> None:
        dark, light = _library_symbol(version, 0), _library_symbol(version, 0xFF)
        carries_data = [[a != b for a, b in zip(*rows, strict=True)] for rows in zip(dark, light, strict=True)]
        blocks = rs_blocks(version, ERROR_CORRECT_M)
        self.modules = len(dark)
        self._lengths = [block.data_count for block in blocks]
        self._corrections = blocks[0].total_count - blocks[0].data_count
        self._codewords = sum(block.total_count for block in blocks)
        self._factors = _factors(self._corrections, max(self._lengths))
        self._nothing = _packed([bytes(map(b"01".__getitem__, row)) for row in dark])
        self._data = _packed([bytes(map(b"01".__getitem__, row)) for row in carries_data])
        self._strips = list(_strips(_bits_of_columns(carries_data)))

    def image(self, data: bytes) -> bytes:
        """Return the symbol of *data* codewords."""
        bits = f"{int.from_bytes(self._interleaved(data), 'big'):0{8 * self._codewords}b}".encode()
        bits += b"0" * _WINDOW
        columns = b"".join([places.translate(bits[start : start + _WINDOW]) for start, places in self._strips])
        written = _packed([columns[row :: self.modules] for row in range(self.modules)])
        return (written & self._data ^ self._nothing).to_bytes(self.modules * -(-self.modules // 8), "big")

    def _interleaved(self, data: bytes) -> bytearray:
        """Return *data* and its correction codewords, the blocks taking turns; shorter blocks come first."""
        shared, count = min(self._lengths), len(self._lengths)
        mixed, late, start = bytearray(self._codewords), bytearray(), 0
        for block, length in enumerate(self._lengths):
            part = data[start : start + length]
            mixed[block : shared * count : count] = part[:shared]
            late += part[shared:]
            mixed[len(data) + block :: count] = self._correction(part)
            start += length
        mixed[shared * count : len(data)] = late
        return mixed

    def _correction(self, part: bytes) -> bytes:
        """Return the correction codewords of one block: its remainder modulo the generator polynomial."""
        return reduce(xor, map(getitem, self._factors[-len(part) :], part)).to_bytes(self._corrections, "big")


def _library_symbol(version: int, codeword: int) -> list[list[bool]]:
    """Return the matrix that `qrcode` makes when every codeword is *codeword*."""
    code = QRCode(version, ERROR_CORRECT_M, mask_pattern=_MASK)
    code.data_cache = [codeword] * sum(block.total_count for block in rs_blocks(version, ERROR_CORRECT_M))
    code.makeImpl(False, _MASK)
    return code.modules


def _filling_order(carries_data: list[list[bool]]) -> Iterator[tuple[int, int]]:
    """Yield (row, column) of every data module: columns in pairs from the right, upwards and downwards in turn."""
    size, upwards = len(carries_data), True
    for right in [*range(size - 1, 6, -2), *range(5, 0, -2)]:
        for row in range(size - 1, -1, -1) if upwards else range(size):
            for column in (right, right - 1):
                if carries_data[row][column]:
                    yield row, column
        upwards = not upwards


def _bits_of_columns(carries_data: list[list[bool]]) -> list[list[int | None]]:
    """Return for each column, from its top, the number of the bit that each module shows; None where it shows none."""
    size = len(carries_data)
    columns: list[list[int | None]] = [[None] * size for _ in range(size)]
    for bit, (row, column) in enumerate(_filling_order(carries_data)):
        columns[column][row] = bit
    return columns


def _strips(columns: Iterable[list[int | None]]) -> Iterator[_Strip]:
    """Join neighbouring columns as long as one window holds all their bits."""
    strip: list[int | None] = []
    for column in columns:
        bits = [bit for bit in strip + column if bit is not None]
        if bits and max(bits) - min(bits) >= _WINDOW:
            yield _strip(strip)
            strip = []
        strip = strip + column
    yield _strip(strip)


def _strip(modules: Sequence[int | None]) -> _Strip:
    """Return the strip of *modules*; those without a bit point anywhere."""
    start = min(bit for bit in modules if bit is not None)
    return _Strip(start, bytes(0 if bit is None else bit - start for bit in modules))


def _packed(rows: Sequence[bytes]) -> int:
    """Return *rows* of the digits 0 and 1, each padded to whole bytes, as one number."""
    padding = b"0" * (-len(rows) % 8)
    return int(padding.join((*rows, b"")), 2)


@cache
def _factors(count: int, length: int) -> list[list[int]]:
    """Return for each place in a block of *length* what each value of its codeword adds to *count* corrections."""
    return [
        _all_sums([int.from_bytes(bytes(_times(factor, 1 << bit) for factor in remainder), "big") for bit in range(8)])
        for remainder in reversed(_remainders(count, length))
    ]


def _remainders(count: int, powers: int) -> list[list[int]]:
    """Return x^(count+k) modulo the generator polynomial of *count* correction codewords, for k below *powers*."""
    generator = [1]
    for root in range(count):
        shifted = [_times(factor, gexp(root)) for factor in generator]
        generator = [a ^ b for a, b in zip([*generator, 0], [0, *shifted], strict=True)]
    remainder, found = generator[1:], []
    for _ in range(powers):
        found.append(remainder)
        remainder = [a ^ _times(g, remainder[0]) for a, g in zip([*remainder[1:], 0], generator[1:], strict=True)]
    return found


@cache
def _times(a: int, b: int) -> int:
    """Return the product in GF(256)."""
    return gexp(glog(a) + glog(b)) if a and b else 0


def _all_sums(changes: list[int]) -> list[int]:
    """Return the XOR of every subset of *changes*, indexed by the subset as a binary number."""
    sums = [0]
    for change in changes:
        sums += [known ^ change for known in sums]
    return sums
