"""Small numbers side by side in one big integer, moved all at once where a loop would take them one by one.

A lane is *room* bits wide and holds a number of *width* bits at its lower end. `pack` takes out what is unused between
the numbers, `spread` puts it in again. Each goes in doublings: of every two lanes the upper number moves beside the
lower, and both make one lane of twice the room. After n doublings, 2^n numbers are packed, in lanes of 2^n times the
room; so a power of two that is enough for all packs everything.
"""

from functools import lru_cache
from typing import NamedTuple


class _Doubling(NamedTuple):
    """Which bits stay, where those that move stand when spread, and how far they move."""

    stay: int
    spread: int
    distance: int


@lru_cache(maxsize=512)
def _doublings(count: int, doublings: int, width: int, room: int) -> tuple[_Doubling, ...]:
    """Return the doublings of *count* lanes, the narrowest lanes first."""
    found = []
    for _ in range(doublings):
        count = (count + 1) // 2
        low_end = ((1 << width) - 1).to_bytes(2 * room // 8, "big")
        stay = int.from_bytes(low_end * count, "big")
        found.append(_Doubling(stay, stay << room, room - width))
        width, room = 2 * width, 2 * room
    return tuple(found)


def pack(bits: int, count: int, doublings: int, width: int, room: int) -> int:
    """Return *bits*, *count* lanes, with every 2^doublings numbers beside each other."""
    for stay, spread_out, distance in _doublings(count, doublings, width, room):
        bits = bits & stay | (bits & spread_out) >> distance
    return bits


def spread(bits: int, count: int, doublings: int, width: int, room: int) -> int:
    """Return what `pack` packed: *count* lanes, each number at the lower end of its own."""
    for stay, spread_out, distance in reversed(_doublings(count, doublings, width, room)):
        bits = bits & stay | bits << distance & spread_out
    return bits
