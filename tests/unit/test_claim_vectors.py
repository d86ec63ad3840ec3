"""Claims against their golden vectors: the same bytes as ever, and the same faults."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certs import claim
from certs.errors import ClaimError
from certs.keyring.private import ED25519, PrivateSigner
from certs.keyring.record import kid_of, spki
from certs.model import KeyState, Kid, Purpose, TrustedKey
from tests.world import NOW, MemoryKeys

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors/claim/vectors.json").read_text(encoding="utf-8")
)
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTORS["seed"]))
PUBLIC = spki(PRIVATE.public_key())
KEY = TrustedKey(kid_of(PUBLIC), Purpose.CLAIM, ED25519, KeyState.ACTIVE, NOW, PUBLIC)


class OneKey(MemoryKeys):
    """A world that knows the vectors' key alone."""

    def find(self, purpose: Purpose, kid: Kid) -> TrustedKey | None:
        return KEY if (purpose, kid) == (KEY.purpose, KEY.kid) else None


@pytest.mark.parametrize("label", VECTORS["good"])
def test_a_good_vector_reads_and_is_written_again_byte_for_byte(label: str) -> None:
    vector = VECTORS["good"][label]
    stated = claim.read(vector["text"], OneKey())
    assert claim.encode(stated).hex() == vector["payload"]
    assert (
        claim.reference(KEY, PrivateSigner(KEY, PRIVATE.sign)).sign(vector["text"].partition(".")[0]).decode()
        == vector["text"]
    )
    assert claim.url("https://certs.example.org", vector["text"]) == vector["url"]


@pytest.mark.parametrize("label", VECTORS["good"])
def test_a_good_vector_states_its_facts(label: str) -> None:
    vector = VECTORS["good"][label]
    stated = claim.read(vector["text"], OneKey())
    facts = ("number", "kind", "name", "event", "quarter_hours", "sessions_attended", "sessions_in_all")
    assert {fact: getattr(stated, fact) for fact in facts} == {fact: vector[fact] for fact in facts}
    days = (stated.first_day, stated.last_day, stated.issued_on)
    assert [day.isoformat() for day in days] == [vector["first_day"], vector["last_day"], vector["issued_on"]]


@pytest.mark.parametrize("label", VECTORS["bad"])
def test_a_bad_vector_is_refused_with_its_fault(label: str) -> None:
    with pytest.raises(ClaimError) as caught:
        claim.read(VECTORS["bad"][label]["text"], OneKey())
    assert caught.value.fault == VECTORS["bad"][label]["fault"]
