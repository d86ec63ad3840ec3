"""`ports.Keys`: one contract, kept by the key folder and by the tests' own keys."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.x509 import load_der_x509_certificate

from certs.keyring import KeyFolder
from certs.keyring.record import kid_of
from certs.model import KeyState, Kid, Purpose, TrustedKey
from certs.ports import Keys
from tests.world import NOW, MemoryKeys

LATER = NOW + timedelta(hours=1)
ED25519 = (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.LINK)


@dataclass(frozen=True)
class Kind:
    """One implementation: how its keys are made, and how one is retired."""

    keys: Keys
    new: Callable[[Purpose, datetime], TrustedKey]
    retire: Callable[[Kid], object]


def _folder(path: Path) -> Kind:
    folder = KeyFolder(path / "keys", lambda: b"correct horse")

    def new(purpose: Purpose, now: datetime) -> TrustedKey:
        return folder.new(purpose, now, organisation="Institute of Invented Standards")

    return Kind(folder, new, lambda kid: folder.retire(kid, LATER))


def _memory(_: Path) -> Kind:
    keys = MemoryKeys()
    return Kind(keys, keys.new, keys.retire)


@pytest.fixture(params=[_folder, _memory], ids=["folder", "memory"])
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Kind:
    made: Kind = request.param(tmp_path)
    return made


def test_nothing_is_trusted_before_it_is_made(kind: Kind) -> None:
    for purpose in Purpose:
        assert list(kind.keys.trusted(purpose)) == []
    assert kind.keys.find(Purpose.CLAIM, Kid("00000000")) is None


@pytest.mark.parametrize("purpose", ED25519)
def test_an_ed25519_signer_signs_the_message_itself(kind: Kind, purpose: Purpose) -> None:
    key = kind.new(purpose, NOW)
    public = load_der_public_key(key.public)
    assert isinstance(public, Ed25519PublicKey)
    signature = kind.keys.signer(purpose).sign(b"message")
    assert len(signature) == 64
    public.verify(signature, b"message")


def test_a_seal_signs_the_sha256_and_carries_leaf_and_root(kind: Kind) -> None:
    key = kind.new(Purpose.SEAL, NOW)
    leaf, root = map(load_der_x509_certificate, key.certificates)
    leaf.verify_directly_issued_by(root)
    public = leaf.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(kind.keys.signer(Purpose.SEAL).sign(b"message"), b"message", ec.ECDSA(SHA256()))


def test_the_kid_is_the_public_keys_own(kind: Kind) -> None:
    """Nobody can choose it: it is the first 40 bits of the key's SHA-256."""
    for purpose in (*ED25519, Purpose.SEAL):
        key = kind.new(purpose, NOW)
        assert key.kid == kid_of(key.public)
        assert kind.keys.find(purpose, key.kid) == key


def test_a_key_is_known_for_its_own_purpose_only(kind: Kind) -> None:
    key = kind.new(Purpose.CLAIM, NOW)
    others = [purpose for purpose in Purpose if purpose is not Purpose.CLAIM]
    assert [kind.keys.find(purpose, key.kid) for purpose in others] == [None] * len(others)


def test_the_newest_active_key_signs_and_the_rest_stay_known(kind: Kind) -> None:
    old, new = kind.new(Purpose.CLAIM, NOW), kind.new(Purpose.CLAIM, LATER)
    assert kind.keys.signer(Purpose.CLAIM).key == new
    kind.retire(new.kid)
    assert kind.keys.signer(Purpose.CLAIM).key == old
    assert [key.kid for key in kind.keys.trusted(Purpose.CLAIM)] == [new.kid, old.kid]
    retired = kind.keys.find(Purpose.CLAIM, new.kid)
    assert retired is not None
    assert retired.state is KeyState.RETIRED


def test_a_ring_stays_as_it_was_and_the_next_one_knows_what_happened(kind: Kind) -> None:
    """A verdict rests on one state of the keys, and a verdict a moment later on the new one."""
    key = kind.new(Purpose.CLAIM, NOW)
    before = kind.keys.ring()
    kind.retire(key.kid)
    newer = kind.new(Purpose.CLAIM, LATER)
    after = kind.keys.ring()
    assert before.find(Purpose.CLAIM, key.kid) == key
    assert list(before.trusted(Purpose.CLAIM)) == [key]
    assert before.find(Purpose.CLAIM, newer.kid) is None
    assert [one.state for one in after.trusted(Purpose.CLAIM)] == [KeyState.ACTIVE, KeyState.RETIRED]
    assert before.find(Purpose.SEAL, key.kid) is None
