import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.squeeze import released, squeezer

LONG = bytes(range(256)) * 40


@given(st.binary(min_size=1, max_size=500), st.binary(max_size=500))
def test_what_is_squeezed_comes_back(beside: bytes, data: bytes) -> None:
    """Whatever the two have in common."""
    assert released(squeezer(beside)(data), beside) == data


def test_what_stands_in_both_takes_no_room() -> None:
    """Ten thousand bytes with one changed."""
    data = LONG[:5_000] + b"!" + LONG[5_001:]
    assert len(squeezer(LONG)(data)) < 100


def test_other_bytes_are_refused() -> None:
    """What nobody squeezed, and what was cut off."""
    squeezed = squeezer(LONG)(LONG[::-1])
    for wrong in (b"", b"plain", squeezed[:-1]):
        with pytest.raises(ValueError, match="not squeezed"):
            released(wrong, LONG)
