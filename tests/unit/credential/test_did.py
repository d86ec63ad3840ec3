"""Keys are found where did:web says, and only those that may assert do."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from certs import credential
from certs.model import KeyState, Purpose
from tests.world import World


@pytest.mark.parametrize(
    ("base_url", "did", "path"),
    [
        ("https://certs.example.org", "did:web:certs.example.org", "/.well-known/did.json"),
        ("https://Example.org/", "did:web:example.org", "/.well-known/did.json"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000", "/.well-known/did.json"),
        ("https://example.org/a/B_c~d", "did:web:example.org:a:B_c%7Ed", "/did.json"),
        ("https://example.org:8443/x%20y", "did:web:example.org%3A8443:x%20y", "/did.json"),
    ],
)
def test_the_did_follows_the_address(base_url: str, did: str, path: str) -> None:
    assert credential.did_of(base_url) == did
    assert credential.did_document_path(base_url) == path


def test_a_retired_key_still_asserts_and_a_compromised_one_does_not() -> None:
    world = World()
    since = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
    first, *_ = world.keys.trusted(Purpose.CREDENTIAL)
    second = world.keys.new(Purpose.CREDENTIAL)
    third = replace(world.keys.new(Purpose.CREDENTIAL), state=KeyState.COMPROMISED, compromised_since=since)
    document: Any = credential.did_document("https://x.org", [third, second, replace(first, state=KeyState.RETIRED)])
    assert document["assertionMethod"] == [f"did:web:x.org#{second.kid}", f"did:web:x.org#{first.kid}"]
    methods = {method["id"].rpartition("#")[2]: method for method in document["verificationMethod"]}
    assert methods[third.kid]["revoked"] == "2026-05-01T08:00:00Z"
    assert all(method["controller"] == "did:web:x.org" for method in methods.values())
    assert [kid for kid, method in methods.items() if "revoked" in method] == [third.kid]


def test_only_ed25519_keys_can_be_published() -> None:
    world = World()
    with pytest.raises(ValueError, match="not Ed25519"):
        credential.did_document("https://x.org", world.keys.trusted(Purpose.SEAL))
