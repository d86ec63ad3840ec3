"""QR codes by table (ISO/IEC 18004, model 2, error correction level M).

For one version and mask the symbol is an affine function of the data: every bit of a data codeword flips its own
module and those of the Reed–Solomon codewords that depend on it, whatever the other bits are. So a symbol is that of
no data XOR one stored image for each half of a data codeword. The tables come from the block structure; function
patterns, format information and the field arithmetic come from `qrcode`. Making one takes tens of milliseconds, a
symbol then some forty microseconds. The mask is fixed, so the standard's search for the least penalty is left out;
readers do not mind.

Text is written in alphanumeric mode; a beginning with characters outside it (a path in lower case) in byte mode.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from operator import getitem, xor

from qrcode.base import gexp, glog, rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET_MODULES = 4
"""Light modules that must surround a symbol."""
SMALLEST_VERSION = 6
"""Smaller symbols would only have larger modules than a reader needs."""
LARGEST_VERSION = 16
"""Beyond it modules on paper become too small for a telephone's camera."""

_MASK = 2
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_MODE_ALPHANUMERIC, _MODE_BYTE = "0010", "0100"
_BITS = {a: f"{i:06b}" for i, a in enumerate(_ALPHANUMERIC)} | {
    a + b: f"{45 * i + j:011b}" for i, a in enumerate(_ALPHANUMERIC) for j, b in enumerate(_ALPHANUMERIC)
}
_pairs = re.compile("..?").findall
_SEGMENTS = re.compile(f"(.*[^{re.escape(_ALPHANUMERIC)}]|)([{re.escape(_ALPHANUMERIC)}]*)", re.DOTALL)
_NIBBLES = bytes.maketrans(b"0123456789abcdef", bytes(range(16)))
_PADDING = b"\xec\x11"


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
    match = _SEGMENTS.fullmatch(text)
    if match is None:
        raise ValueError("not a text")
    return match[1].encode(), match[2]


def _count_bits(version: int) -> tuple[int, int]:
    """Return how many bits the character counts of byte and alphanumeric mode take."""
    return (8, 9) if version < 10 else (16, 11)


@lru_cache(maxsize=1024)
def _version_for(prefix_length: int, rest_length: int) -> int:
    """Return the smallest version for so many bytes and so many alphanumeric characters."""
    for version in range(SMALLEST_VERSION, LARGEST_VERSION + 1):
        byte_count, alphanumeric_count = _count_bits(version)
        bits = 4 + alphanumeric_count + rest_length // 2 * 11 + rest_length % 2 * 6
        if prefix_length:
            bits += 4 + byte_count + 8 * prefix_length
        if bits <= 8 * _data_capacity(version):
            return version
    raise ValueError("too much text for a QR code")


@cache
def _data_capacity(version: int) -> int:
    """Return how many data codewords a symbol has."""
    return sum(block.data_count for block in rs_blocks(version, ERROR_CORRECT_M))


def _data_codewords(prefix: bytes, rest: str, version: int) -> bytes:
    """Return the data codewords: segments, terminator, padding."""
    byte_count, alphanumeric_count = _count_bits(version)
    bits = [_MODE_ALPHANUMERIC, f"{len(rest):0{alphanumeric_count}b}", *map(_BITS.__getitem__, _pairs(rest))]
    if prefix:
        written = int.from_bytes(prefix, "big")
        bits = [_MODE_BYTE, f"{len(prefix):0{byte_count}b}", f"{written:0{8 * len(prefix)}b}", *bits]
    text = "".join(bits)
    capacity = _data_capacity(version)
    text += "0" * min(4, 8 * capacity - len(text))
    text += "0" * (-len(text) % 8)
    data = int(text, 2).to_bytes(len(text) // 8, "big")
    return data + (_PADDING * capacity)[: capacity - len(data)]


@cache
def _table(version: int) -> "_Table":
    """Return the table of *version*, made once in each process."""
    return _Table(version)


class _Table:
    """All symbols of one version: the symbol of no data, and what each half codeword changes."""

    def __init__(self, version: int) -> None:
        dark, light = _library_symbol(version, 0), _library_symbol(version, 0xFF)
        self.modules = len(dark)
        self._row_bytes = (self.modules + 7) // 8
        self._bytes = self._row_bytes * self.modules
        self._nothing = sum(
            self._module(row, column)
            for row in range(self.modules)
            for column in range(self.modules)
            if dark[row][column]
        )
        carries_data = [[a != b for a, b in zip(*rows, strict=True)] for rows in zip(dark, light, strict=True)]
        places = [self._module(row, column) for row, column in _filling_order(carries_data)]
        words = [places[start : start + 8] for start in range(0, len(places), 8)]
        dependants = _dependants(version)
        correcting = {place for word in dependants for place, _ in word.corrections}
        images = {place: _all_sums(words[place][::-1]) for place in correcting}
        self._halves = [half for word in dependants for half in _half_tables(words[word.place], images, word)]

    def image(self, data: bytes) -> bytes:
        """Return the symbol of *data* codewords."""
        nibbles = data.hex().encode().translate(_NIBBLES)
        return reduce(xor, map(getitem, self._halves, nibbles), self._nothing).to_bytes(self._bytes, "big")

    def _module(self, row: int, column: int) -> int:
        """Return the image in which only one module is dark."""
        return 1 << (8 * self._bytes - 1 - (8 * self._row_bytes * row + column))


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


@dataclass(frozen=True, slots=True)
class _DataWord:
    """Where a data codeword stands in the symbol, and the correction codewords that depend on it with their factors."""

    place: int
    corrections: tuple[tuple[int, int], ...]


def _dependants(version: int) -> list[_DataWord]:
    """Return every data codeword, block after block, with what depends on it."""
    lengths = [block.data_count for block in rs_blocks(version, ERROR_CORRECT_M)]
    count = rs_blocks(version, ERROR_CORRECT_M)[0].total_count - lengths[0]
    remainders = _remainders(count, max(lengths))
    interleaved = [(block, i) for i in range(max(lengths)) for block, length in enumerate(lengths) if i < length]
    place = {word: index for index, word in enumerate(interleaved)}
    return [
        _DataWord(
            place[block, i],
            tuple(
                (sum(lengths) + j * len(lengths) + block, factor) for j, factor in enumerate(remainders[length - 1 - i])
            ),
        )
        for block, length in enumerate(lengths)
        for i in range(length)
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


def _half_tables(modules: list[int], images: Mapping[int, list[int]], word: _DataWord) -> list[list[int]]:
    """Return what each value of the upper and of the lower half of a data codeword changes.

    *modules* are its own, *images* those of every value of every correction codeword.
    """
    changes = modules[::-1]
    for place, factor in word.corrections:
        image = images[place]
        for bit in range(8):
            changes[bit] ^= image[_times(factor, 1 << bit)]
    return [_all_sums(changes[4:]), _all_sums(changes[:4])]


def _all_sums(changes: list[int]) -> list[int]:
    """Return the XOR of every subset of *changes*, indexed by the subset as a binary number."""
    sums = [0]
    for change in changes:
        sums += [known ^ change for known in sums]
    return sums
