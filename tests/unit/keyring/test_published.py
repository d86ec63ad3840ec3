"""What is published about keys is public, standard, and tells their life."""

import base64
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate

from certs.keyring import KeyFolder
from certs.keyring.record import kid_of, spki
from certs.model import Purpose
from certs.views import published
from tests.unit.keyring.authority import CommercialAuthority
from tests.world import NOW

EARLIER = NOW - timedelta(days=1)


def test_a_jwk_verifies_what_the_key_signs(folder: KeyFolder) -> None:
    """The members of RFC 8037, and the kid that claims carry."""
    key = folder.new(Purpose.CLAIM, NOW)
    jwk = published.jwk(key)
    assert jwk == {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": jwk["x"],
        "kid": key.kid,
        "use": "sig",
        "alg": "EdDSA",
        "purpose": "claim",
        "state": "active",
        "created_at": "2026-11-22T12:00:00+00:00",
    }
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(f"{jwk['x']}="))
    assert kid_of(spki(public)) == key.kid
    public.verify(folder.signer(Purpose.CLAIM).sign(b"a claim"), b"a claim")


def test_the_life_of_every_key_is_told(folder: KeyFolder) -> None:
    """Newest first, ended ones too: old paper must stay checkable. Reasons stay inside."""
    ended = folder.new(Purpose.CLAIM, EARLIER)
    folder.retire(ended.kid, EARLIER, "internal reason")
    folder.compromise(ended.kid, EARLIER, "internal reason", NOW)
    folder.new(Purpose.CLAIM, NOW, demo=True)
    text = json.dumps(published.jwks(folder.trusted(Purpose.CLAIM)))
    new, old = json.loads(text)["keys"]
    assert (new["state"], new["demo"]) == ("active", True)
    assert (old["state"], old["retired_at"], old["compromised_since"]) == ("compromised", *[EARLIER.isoformat()] * 2)
    assert "demo" not in old
    assert "internal" not in text


def test_only_ed25519_keys_are_published_so(folder: KeyFolder) -> None:
    with pytest.raises(ValueError, match="not Ed25519"):
        published.jwk(folder.new(Purpose.SEAL, NOW, organisation="Institute"))


def test_our_own_root_is_given_with_its_fingerprint(folder: KeyFolder) -> None:
    seal = folder.new(Purpose.SEAL, NOW, organisation="Institute")
    (root,) = published.roots([seal], folder.trusted(Purpose.ROOT))
    certificate = load_pem_x509_certificate(root.pem)
    assert certificate.public_bytes(Encoding.DER) == folder.trusted(Purpose.ROOT)[0].certificates[0]
    assert root.fingerprint == certificate.fingerprint(SHA256()).hex(":").upper()
    assert (root.seal, root.subject, root.own) == (seal, "CN=Institute Certificate Seal Root,O=Institute", True)


def test_a_commercial_seal_shows_its_authority(folder: KeyFolder) -> None:
    """Nobody should import a commercial root as ours."""
    key, authority = folder.new(Purpose.SEAL, NOW, organisation="Institute"), CommercialAuthority()
    path = (authority.certify(folder.request(key.kid)), authority.middle, authority.root)
    folder.certify(key.kid, b"".join(one.public_bytes(Encoding.PEM) for one in path), NOW)
    (root,) = published.roots(folder.trusted(Purpose.SEAL), folder.trusted(Purpose.ROOT))
    assert (root.subject, root.own) == ("CN=Trust Giant Root", False)
