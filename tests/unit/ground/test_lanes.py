"""Lanes: all numbers are moved, none is changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.ground import lanes


def side_by_side(numbers: list[int], bits: int) -> int:
    return sum(number << bits * place for place, number in enumerate(reversed(numbers)))


@given(st.lists(st.integers(0, 2**11 - 1), max_size=70))
def test_enough_doublings_pack_everything(numbers: list[int]) -> None:
    """Also where the last lane has no neighbour."""
    doublings = len(numbers).bit_length()
    packed = lanes.pack(side_by_side(numbers, 16), len(numbers), doublings, 11, 16)
    assert packed == side_by_side(numbers, 11)


@given(st.lists(st.integers(0, 2**11 - 1), max_size=70), st.integers(0, 7))
def test_spread_is_the_way_back(numbers: list[int], doublings: int) -> None:
    spread_out = side_by_side(numbers, 16)
    packed = lanes.pack(spread_out, len(numbers), doublings, 11, 16)
    assert lanes.spread(packed, len(numbers), doublings, 11, 16) == spread_out


@pytest.mark.parametrize(("doublings", "packed"), [(0, 0x01020304), (1, 0x00120034), (2, 0x1234)])
def test_each_doubling_halves_the_number_of_lanes(doublings: int, packed: int) -> None:
    assert lanes.pack(0x01020304, 4, doublings, 4, 8) == packed
