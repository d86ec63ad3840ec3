"""Certificate numbers are read as people type them, and mistakes are noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.errors import InputError
from certs.ground import number
from certs.model import Number

bits = st.integers(0, (1 << number.RANDOM_BITS) - 1)


@given(bits)
def test_seven_bytes_hold_a_number(value: int) -> None:
    made = number.from_bits(value)
    assert number.from_bytes(number.to_bytes(made)) == made


@given(bits)
def test_what_is_printed_is_read_in_any_case_and_spacing(value: int) -> None:
    made = number.from_bits(value)
    printed = number.printed(made)
    assert number.parse(printed.lower()) == made
    assert number.parse(" ".join(printed)) == made


@given(bits)
def test_look_alikes_are_read_as_what_they_stand_for(value: int) -> None:
    made = number.from_bits(value)
    assert number.parse(made.replace("0", "o").replace("1", "l")) == made
    assert number.parse(made.replace("0", "O").replace("1", "I")) == made


@given(bits, st.integers(0, 11), st.sampled_from(number.ALPHABET))
def test_one_wrong_character_is_noticed(value: int, place: int, digit: str) -> None:
    made = number.from_bits(value)
    wrong = made[:place] + digit + made[place + 1 :]
    if wrong == made:
        return
    with pytest.raises(InputError, match="typing mistake"):
        number.parse(wrong)


@given(bits)
def test_the_check_digit_is_luhns_for_thirty_two_digits(value: int) -> None:
    """Every second value from the right is doubled, its two digits added; all together come to nothing."""
    total = 0
    for place, digit in enumerate(reversed(number.from_bits(value))):
        one = number.ALPHABET.index(digit) * (1 + place % 2)
        total += one // 32 + one % 32
    assert total % 32 == 0


@pytest.mark.parametrize(
    "typed", ["", "7K3M", "7K3M-9QXZ-2P4", "7K3M-9QXZ-2P4CC", "7K3M-9QXZ-2P4U", "ÄÄÄÄ-ÄÄÄÄ-ÄÄÄÄ", "0" * 70]
)
def test_what_is_no_number_is_refused_with_its_form(typed: str) -> None:
    with pytest.raises(InputError, match="12"):
        number.parse(typed)


@pytest.mark.parametrize("value", [-1, 1 << number.RANDOM_BITS])
def test_a_number_has_55_bits(value: int) -> None:
    with pytest.raises(ValueError, match="55 bits"):
        number.from_bits(value)


@pytest.mark.parametrize("raw", [b"", bytes(6), bytes(8), b"\xff" * 7])
def test_only_seven_bytes_with_a_clear_top_bit_are_a_number(raw: bytes) -> None:
    with pytest.raises(ValueError, match="certificate number"):
        number.from_bytes(raw)


def test_the_printed_form_is_three_groups_of_four() -> None:
    assert number.printed(Number("03G9230VQVSM")) == "03G9-230V-QVSM"
