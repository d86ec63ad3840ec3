import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.ground.squeeze import released, squeezer

LONG = bytes(range(256)) * 40


@given(st.binary(min_size=1, max_size=500), st.binary(max_size=500))
def test_what_is_squeezed_comes_back(beside: bytes, data: bytes) -> None:
    """Whatever the two have in common."""
    assert released(squeezer(beside)(data), beside, len(data)) == data


def test_what_stands_in_both_takes_no_room() -> None:
    """Ten thousand bytes with one changed."""
    data = LONG[:5_000] + b"!" + LONG[5_001:]
    assert len(squeezer(LONG)(data)) < 100


def test_other_bytes_are_refused() -> None:
    """What nobody squeezed, and what was cut off."""
    squeezed = squeezer(LONG)(LONG[::-1])
    for wrong in (b"", b"plain", squeezed[:-1]):
        with pytest.raises(ValueError, match="not squeezed"):
            released(wrong, LONG, len(LONG))


@pytest.mark.parametrize("told", [0, 1 << 30, 1 << 60, (1 << 64) - 3])
def test_no_room_is_made_for_more_than_is_expected(told: int) -> None:
    """A damaged head may tell of any size; refused before anything is unpacked."""
    squeezed = squeezer(LONG)(LONG[::-1])
    magic, rest = squeezed[:4], squeezed[7:]  # descriptor and two bytes of size
    damaged = magic + b"\xe0" + told.to_bytes(8, "little") + rest
    with pytest.raises(ValueError, match="more or less"):
        released(damaged, LONG, len(LONG))
