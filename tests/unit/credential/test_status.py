"""A status list says of each index of its own whether it was withdrawn, and of no other."""

import base64
import gzip
import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs import credential
from certs.credential import proof
from certs.credential.multibase import read_base58
from certs.credential.status import index_of
from certs.ground.signature import DomainEd25519, raw_public_key
from certs.model import Purpose
from tests.world import NOW, World

WORLD = World()
SIGNER = WORLD.keys.signer(Purpose.CREDENTIAL)
BASE_URL = "https://certs.example.org"


def bits(number: int, withdrawn: Iterable[int]) -> list[int]:
    """Return the set positions of a list, read as the specification says."""
    written = json.loads(credential.status_list(BASE_URL, number, withdrawn, NOW, SIGNER))
    encoded = written["credentialSubject"]["encodedList"]
    assert encoded[0] == "u"
    raw = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=="))
    assert len(raw) * 8 == credential.LIST_BITS
    return [place for place in range(len(raw) * 8) if raw[place // 8] >> (7 - place % 8) & 1]


@pytest.mark.parametrize(
    ("number", "withdrawn", "positions"),
    [(1, [], []), (1, [0, 9, 131_071, 131_072], [0, 9, 131_071]), (2, [0, 131_072, 131_075], [0, 3])],
)
def test_a_list_holds_its_own_indexes(number: int, withdrawn: list[int], positions: list[int]) -> None:
    assert bits(number, withdrawn) == positions


@given(st.integers(0, 10**9))
def test_an_index_is_found_again(status_index: int) -> None:
    assert index_of(*credential.list_of(status_index)) == status_index


@pytest.mark.parametrize(("number", "position"), [(0, 0), (1, -1), (1, 131_072)])
def test_there_are_no_other_places(number: int, position: int) -> None:
    with pytest.raises(ValueError, match="no list has that place"):
        index_of(number, position)


def test_the_list_is_signed_and_the_same_when_made_again() -> None:
    written = credential.status_list(BASE_URL, 1, [3], NOW, SIGNER)
    document = json.loads(written)
    (options,) = document.pop("proof")
    message = proof.signed_bytes(document, {name: value for name, value in options.items() if name != "proofValue"})
    signature = read_base58(options["proofValue"])
    assert DomainEd25519(b"").verify_signature(raw_public_key(SIGNER.key), message, signature)
    assert written == credential.status_list(BASE_URL, 1, (3, 3), NOW, SIGNER)
    assert document["id"] == BASE_URL + credential.status_list_path(1)
