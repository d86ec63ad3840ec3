"""Base32: what the standard library writes, without padding; one spelling for each byte string."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs import base32


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
