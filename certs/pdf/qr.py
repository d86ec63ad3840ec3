"""QR codes by table (ISO/IEC 18004, model 2, error correction level M).

The function patterns, the block structure and the field arithmetic come from `qrcode`; what depends on the text is
done here, where a thousand certificates need a thousand symbols. A table of each version holds what never changes: the
symbol of no data, the correction codewords that each value of each data codeword gives (they add up by XOR, for the
code is linear), and the strokes by which codewords are laid out in columns. A symbol then takes some fifty
microseconds. The mask is fixed, so the standard's search for the least penalty is left out; readers do not mind.

Text is written in alphanumeric mode; a beginning with characters outside it (a path in lower case) in byte mode.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
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
    """What all symbols of one version share."""

    def __init__(self, version: int) -> None:
        dark, light = _library_symbol(version, 0), _library_symbol(version, 0xFF)
        self.modules = len(dark)
        self._row_bits = -(-self.modules // 8) * 8
        digits = "".join("".join("01"[module] for module in row).ljust(self._row_bits, "0") for row in dark)
        self._nothing = int(digits, 2)
        carries_data = [[a != b for a, b in zip(*rows, strict=True)] for rows in zip(dark, light, strict=True)]
        blocks = rs_blocks(version, ERROR_CORRECT_M)
        self._lengths = [block.data_count for block in blocks]
        self._corrections = blocks[0].total_count - blocks[0].data_count
        self._codewords = sum(block.total_count for block in blocks)
        places = [self._row_bits * row + column for row, column in _filling_order(carries_data)]
        self._strokes = list(_strokes(places[: 8 * self._codewords], self._row_bits))
        self._factors = _factors(self._corrections, max(self._lengths))

    def image(self, data: bytes) -> bytes:
        """Return the symbol of *data* codewords."""
        bits = f"{int.from_bytes(self._interleaved(data), 'big'):0{8 * self._codewords}b}".encode()
        canvas = bytearray(b"0") * (self._row_bits * self.modules)
        for modules, their_bits in self._strokes:
            canvas[modules] = bits[their_bits]
        return (int(canvas, 2) ^ self._nothing).to_bytes(len(canvas) // 8, "big")

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


def _strokes(places: list[int], row_bits: int) -> Iterator[tuple[slice, slice]]:
    """Yield slices of the canvas and of the bits that go there: runs down or up one column, at even distances."""
    columns: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for bit, place in enumerate(places):
        columns[place % row_bits].append((place, bit))
    for column in columns.values():
        start = 0
        while start < len(column):
            end = start + 1
            step = _step(column, start)
            while end < len(column) and _step(column, end - 1) == step:
                end += 1
            yield _slice(column[start][0], step[0], end - start), _slice(column[start][1], step[1], end - start)
            start = end


def _step(run: list[tuple[int, int]], at: int) -> tuple[int, int]:
    """Return how far the next element of *run* is, in both coordinates; behind the last, any distance."""
    if at + 1 == len(run):
        return 1, 1
    return run[at + 1][0] - run[at][0], run[at + 1][1] - run[at][1]


def _slice(first: int, step: int, count: int) -> slice:
    """Return the slice of *count* elements from *first*."""
    stop = first + step * count
    return slice(first, stop if stop >= 0 else None, step)


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
