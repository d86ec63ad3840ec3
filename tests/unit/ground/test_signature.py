"""Ed25519 as RFC 8032 defines it, whichever library computes it."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from certs.ground.signature import SIGNATURE_BYTES, DomainEd25519
from certs.keyring.private import signing_function

SECRET = bytes.fromhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
PUBLIC = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
MESSAGE = bytes.fromhex("af82")
SIGNATURE = bytes.fromhex(
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
)


def test_signs_as_rfc_8032_section_7_1_test_3() -> None:
    """Secret key, message and signature are the RFC's own."""
    assert signing_function(Ed25519PrivateKey.from_private_bytes(SECRET))(MESSAGE) == SIGNATURE


def test_verifies_as_rfc_8032_section_7_1_test_3() -> None:
    """The domain may be a part of the RFC's message: what is signed is the domain and the value, joined."""
    assert DomainEd25519(MESSAGE[:1]).verify_signature(PUBLIC, MESSAGE[1:], SIGNATURE)


@pytest.mark.parametrize("place", range(SIGNATURE_BYTES))
def test_no_byte_of_a_signature_may_change(place: int) -> None:
    """Each of the 64 bytes counts."""
    changed = bytearray(SIGNATURE)
    changed[place] ^= 1
    assert not DomainEd25519(MESSAGE).verify_signature(PUBLIC, b"", bytes(changed))


@pytest.mark.parametrize("signature", [b"", SIGNATURE[:-1], SIGNATURE + b"\0", SIGNATURE + MESSAGE, SIGNATURE[:32]])
def test_a_signature_of_another_length_does_not_fit(signature: bytes) -> None:
    """Also where the surplus is the beginning of the message, or the lack would be filled by it."""
    assert not DomainEd25519(b"").verify_signature(PUBLIC, MESSAGE, signature)
    assert not DomainEd25519(b"").verify_signature(PUBLIC, b"", SIGNATURE + MESSAGE)


@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=300))
def test_two_libraries_agree(seed: bytes, message: bytes) -> None:
    """What libsodium signs, OpenSSL signs to the byte and verifies."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    signature = signing_function(private)(message)
    assert signature == private.sign(message)
    private.public_key().verify(signature, message)
    assert DomainEd25519(b"").verify_signature(private.public_key().public_bytes_raw(), message, signature)
