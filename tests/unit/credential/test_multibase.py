"""base58btc is what everybody else's is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.credential.multibase import ALPHABET, base58, base64url, multikey, read_base58


def plain(raw: bytes) -> str:
    """Spell base58 digit by digit, as the definition says."""
    number, digits = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return "z" + "1" * (len(raw) - len(raw.lstrip(b"\0"))) + digits


@given(st.binary(max_size=80))
def test_ten_digits_at_a_time_give_what_one_at_a_time_gives(raw: bytes) -> None:
    assert base58(raw) == plain(raw)
    assert read_base58(base58(raw)) == raw


def test_the_known_key() -> None:
    """The public key of Data Integrity EdDSA Cryptosuites 1.0, appendix B.1."""
    raw = read_base58("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
    assert raw[:2] == b"\xed\x01"
    assert multikey(raw[2:]) == "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"


@pytest.mark.parametrize("text", ["", "6Mk", "z0", "zO", "zI", "zl", "z6Mk ", "z" + "2" * 200])
def test_foreign_characters_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not base58btc"):
        read_base58(text)


def test_base64url_has_no_padding() -> None:
    assert base64url(b"\xff\xfe") == "u__4"
