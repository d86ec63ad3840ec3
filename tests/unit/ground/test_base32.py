"""Base32: what the standard library writes, without padding; one spelling for each byte string."""

import base64
import binascii
from itertools import chain, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.ground import base32


@given(st.binary(max_size=400))
def test_writes_what_the_standard_library_writes(raw: bytes) -> None:
    assert base32.encode(raw) == base64.b32encode(raw).rstrip(b"=")


@given(st.binary(max_size=400))
def test_reads_what_it_wrote(raw: bytes) -> None:
    assert base32.decode(base32.encode(raw)) == raw


@given(st.binary(max_size=60))
def test_whatever_it_reads_has_just_that_spelling(text: bytes) -> None:
    """Nothing else spells the same bytes: lower case, padding, unused bits and impossible lengths are refused."""
    try:
        raw = base32.decode(text)
    except ValueError:
        return
    assert base32.encode(raw) == text


@pytest.mark.parametrize(
    "text", [b"mzxw6", b"MZXW6===", b"MZXW7", b"M", b"MZX", b"MZXW6Y", b"MZ W6", b"MZXW1", b"MZ\xff"]
)
def test_other_spellings_are_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match="base32"):
        base32.decode(text)


def test_every_short_text_is_read_as_the_library_writes_it_or_refused() -> None:
    """All of up to three letters, and every pair of last letters behind whole and broken groups."""
    letters = base32.ALPHABET.decode()
    short = (pair for length in range(4) for pair in product(letters, repeat=length))
    longer = ((head, *last) for head in ("MZXW6YTB", "MZXW", "MZXW6Y") for last in product(letters, repeat=2))
    for one in chain(short, longer):
        text = "".join(one).encode()
        assert _read(text) == _read_by_library(text), text


def _read(text: bytes) -> bytes | None:
    try:
        return base32.decode(text)
    except ValueError:
        return None


def _read_by_library(text: bytes) -> bytes | None:
    """Return what the standard library reads, None where it would write it otherwise."""
    try:
        raw = base64.b32decode(text + b"=" * (-len(text) % 8))
    except binascii.Error:
        return None
    return raw if base64.b32encode(raw).rstrip(b"=") == text else None
