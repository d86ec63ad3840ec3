"""Telephone numbers as exports and people write them."""

import pytest

from certs.ground import telephone


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+41 44 668 18 00", "+41446681800"),
        ("0041 44 668-18-00", "+41446681800"),
        ("+41 (0)44 668 18 00", "+41446681800"),
        ("41446681800", "41446681800"),
        ("41446681800.0", "41446681800"),
        ("'+41446681800", "+41446681800"),
        ("tel:+1.555.010.5413", "+15550105413"),
        ("(555) 010-5413", "5550105413"),
        ("+1 555 010 5413 ext. 12", "+15550105413"),
        ("٠٤٤٦٦٨١٨٠٠", "0446681800"),
        ("+41 44 *** 00", ""),
        ("4.14467E+10", ""),
        ("12345678", ""),
        ("1234567890123456", ""),
        ("Ana 0446681800", ""),
        ("2026-10-06", ""),
        ("+", ""),
        ("", ""),
        ("9" * 10_000, ""),
    ],
)
def test_what_is_a_number(text: str, number: str) -> None:
    assert telephone.read(text) == number


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("+41446681800", "+41446681800", "the same telephone"),
        ("+41446681800", "41446681800", "the same telephone"),
        ("0446681800", "+41446681800", "the last 9 digits of the telephone are the same"),
        ("+49446681800", "+41446681800", ""),
        ("+41446681801", "+41446681800", ""),
        ("", "", ""),
    ],
)
def test_which_numbers_are_alike(one: str, other: str, words: str) -> None:
    """Two countries may have the same nine digits: then they are two telephones."""
    assert telephone.likeness(one, other) == words
    assert telephone.likeness(other, one) == words
