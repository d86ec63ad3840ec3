"""A checkpoint is a signed note of four lines, byte for byte as documented."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certs.errors import InputError
from certs.ground.checkpoint import origin_of, read, sign, signer_of
from certs.keyring.private import PrivateSigner
from certs.model import Checkpoint, KeyState, Kid, Purpose, Ring, TrustedKey

FORMATS = Path(__file__).parents[2] / "docs/formats.md"
AT = datetime(2026, 11, 30, 16, 52, 17, tzinfo=UTC)
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
"""The key of the vector: 32 bytes of 7."""
PUBLIC = PRIVATE.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
KEY = TrustedKey(Kid("vector00"), Purpose.CREDENTIAL, "Ed25519", KeyState.ACTIVE, AT, PUBLIC)
SAID = Checkpoint("certs.example.org/trail", 1234, hashlib.sha256(b"entry 1234").hexdigest(), AT)
NOTE = sign(SAID, PrivateSigner(KEY, PRIVATE.sign))


def ring(since: datetime | None = None) -> Ring:
    """Return a ring with the key of the vector, compromised *since* then if given."""
    return Ring({Purpose.CREDENTIAL: (replace(KEY, compromised_since=since),)})


def test_the_vector_is_the_documented_one() -> None:
    indented = "".join(f"    {line}".rstrip() + "\n" for line in NOTE.splitlines())
    assert indented in FORMATS.read_text()


def test_what_is_signed_is_read() -> None:
    assert (read(NOTE), read(NOTE.replace("\n", "\r\n"))) == (SAID, SAID)
    assert signer_of(NOTE, ring()) == KEY


def test_a_key_that_was_not_safe_by_then_counts_for_nothing() -> None:
    assert signer_of(NOTE, ring(AT)) is None
    assert signer_of(NOTE, ring(AT.replace(second=18))) is not None


@pytest.mark.parametrize(("old", "new"), [("1234\n", "1235\n"), ("16:52", "16:53"), ("certs.example", "other.example")])
def test_what_was_changed_is_signed_by_nobody(old: str, new: str) -> None:
    assert signer_of(NOTE.replace(old, new, 1), ring()) is None


@pytest.mark.parametrize(
    "note",
    ["", "\n\n", NOTE[:-20], NOTE.replace("— ", "-- "), NOTE.replace("1234\n", "01234\n"), NOTE.replace("+00:00", "")],
)
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(InputError):
        signer_of(note, ring()) or read(note.replace("\n\n", "\n", 1))


def test_the_origin_is_host_and_path() -> None:
    assert origin_of("https://certs.example.org/gmp/") == "certs.example.org/gmp/trail"
