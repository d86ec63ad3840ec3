"""Keys are found where did:web says, and only those that may assert do."""

from dataclasses import replace
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


def test_a_retired_key_is_listed_and_a_compromised_one_is_not() -> None:
    world = World()
    first, *_ = world.keys.trusted(Purpose.CREDENTIAL)
    second, third = world.keys.new(Purpose.CREDENTIAL), world.keys.new(Purpose.CREDENTIAL)
    keys = [replace(third, state=KeyState.COMPROMISED), second, replace(first, state=KeyState.RETIRED)]
    document: Any = credential.did_document("https://x.org", keys)
    assert document["assertionMethod"] == [f"did:web:x.org#{second.kid}", f"did:web:x.org#{first.kid}"]
    assert [method["id"] for method in document["verificationMethod"]] == document["assertionMethod"]
    assert {method["controller"] for method in document["verificationMethod"]} == {"did:web:x.org"}


def test_only_ed25519_keys_can_be_published() -> None:
    world = World()
    with pytest.raises(ValueError, match="not Ed25519"):
        credential.did_document("https://x.org", world.keys.trusted(Purpose.SEAL))
