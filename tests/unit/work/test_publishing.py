"""Foreign verifiers learn what changed, and lists are signed only then."""

import base64
import gzip
import json

import pytest

from certs.db.store import Store
from certs.model import Number, Purpose, RevocationReason
from certs.work import publishing, revocations
from tests.register import NOW, act, issued
from tests.world import MemoryKeys

BASE_URL = "https://certs.example.org"


@pytest.fixture
def keys() -> MemoryKeys:
    keys = MemoryKeys()
    keys.new(Purpose.CREDENTIAL)
    return keys


@pytest.fixture
def ana(store: Store) -> Number:
    return issued(store, ["ana@example.org"])[0]


def published(store: Store, keys: MemoryKeys) -> int:
    return publishing.publish(store, keys.signer(Purpose.CREDENTIAL), BASE_URL, NOW)


def bits(store: Store) -> bytes:
    listed = json.loads(store.status_list(1) or b"")
    return gzip.decompress(base64.urlsafe_b64decode(listed["credentialSubject"]["encodedList"][1:] + "=="))


def test_a_revoked_certificate_sets_its_bit(store: Store, keys: MemoryKeys, ana: Number) -> None:
    """Its status index is its row: the first certificate of a register has index 1."""
    assert published(store, keys) == 1
    assert not any(bits(store))
    revocations.revoke(store, [ana], RevocationReason.ERROR, act(reason="wrong course"))
    assert published(store, keys) == 1
    assert bits(store)[0] == 0b0100_0000


def test_what_is_up_to_date_is_not_signed_again(store: Store, keys: MemoryKeys, ana: Number) -> None:
    published(store, keys)
    assert published(store, keys) == 0


def test_a_new_key_signs_the_lists_anew(store: Store, keys: MemoryKeys, ana: Number) -> None:
    """A list must not lean on a key that was retired, or lost."""
    published(store, keys)
    newest = keys.new(Purpose.CREDENTIAL)
    assert published(store, keys) == 1
    assert newest.kid.encode() in (store.status_list(1) or b"")


def test_an_empty_register_needs_no_list(store: Store, keys: MemoryKeys) -> None:
    assert published(store, keys) == 0
    assert store.status_list(1) is None
