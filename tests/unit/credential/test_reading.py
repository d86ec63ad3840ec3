"""Only what our key signed, in the one form that we write, is believed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certs import credential
from certs.errors import CredentialError, CredentialFault
from certs.model import Purpose, Statement
from tests.unit.credential.people import statements, status_indexes
from tests.world import EVENT, NOW, World

WORLD = World()
WRITER = credential.Writer(EVENT, "https://certs.example.org", NOW, WORLD.keys.signer(Purpose.CREDENTIAL))
ADDRESSED = credential.Writer(
    EVENT, "http://127.0.0.1:8000/x", NOW, WORLD.keys.signer(Purpose.CREDENTIAL), addresses=True
)
ANA = WORLD.statement()
Change = Callable[[dict[str, Any]], object]


def fault(data: bytes) -> CredentialFault:
    """Return why *data* is refused."""
    with pytest.raises(CredentialError) as refused:
        credential.read(data, WORLD.keys)
    return refused.value.fault


@given(statement=statements(), status_index=status_indexes)
@settings(max_examples=20, deadline=None)
def test_reading_gives_back_what_was_written(statement: Statement, status_index: int) -> None:
    seen = credential.read(WRITER.json(statement, status_index), WORLD.keys)
    assert (seen.number, seen.name, seen.event) == (statement.number, statement.name, EVENT.title)
    assert (seen.quarter_hours, seen.status_index) == (statement.quarter_hours, status_index)
    assert (seen.sessions_attended, seen.sessions_in_all) == (len(statement.attended), len(EVENT.sessions))
    assert (seen.issued_at, seen.base_url) == (NOW, "https://certs.example.org")


def test_white_space_and_order_of_members_do_not_matter() -> None:
    """A wallet may write the JSON anew; the signature covers what it means."""
    document = json.loads(ADDRESSED.json(ANA, 0, "ana@example.org"))
    again = json.dumps(dict(sorted(document.items())), indent=2).encode()
    assert credential.read(again, WORLD.keys).name == "Ana Souza"


ALTERED: dict[str, Change] = {
    "name": lambda c: c["credentialSubject"]["identifier"][0].update(identityHash="Ana Sousa"),
    "hours": lambda c: c["credentialSubject"].update(creditsEarned=14),
    "event": lambda c: (c.update(name="X"), c["credentialSubject"]["achievement"].update(name="X")),
    "issued": lambda c: (
        c.update(validFrom="2020-01-01T00:00:00Z"),
        c["proof"][0].update(created="2020-01-01T00:00:00Z"),
    ),
    "sessions": lambda c: c["credentialSubject"]["result"][0].update(value="8"),
    "proof": lambda c: c["proof"][0].update(proofValue="z" + c["proof"][0]["proofValue"][:0:-1]),
}


@pytest.mark.parametrize("label", ALTERED)
def test_an_altered_fact_breaks_the_signature(label: str) -> None:
    document = json.loads(WRITER.json(ANA, 0))
    ALTERED[label](document)
    assert fault(json.dumps(document).encode()) is CredentialFault.WRONG_SIGNATURE


FOREIGN: dict[str, Change] = {
    "a member that no signature covers": lambda c: c["credentialSubject"].update(grade="1.0"),
    "a member under its full address": lambda c: c.update({"https://schema.org/name": "X"}),
    "a context of its own": lambda c: c["@context"].append({"name": "https://example.org/x"}),
    "another issuer": lambda c: c["issuer"].update(id="did:web:evil.example"),
    "another name at the top than in the achievement": lambda c: c.update(name="X"),
    "two proofs": lambda c: c["proof"].append(c["proof"][0]),
    "no proof": lambda c: c.pop("proof"),
    "a proof that is no array": lambda c: c.update(proof=c["proof"][0]),
    "false spelled 0": lambda c: c["credentialSubject"]["identifier"][0].update(hashed=0),
    "hours as text": lambda c: c["credentialSubject"].update(creditsEarned="13.5"),
    "hours that are a third": lambda c: c["credentialSubject"].update(creditsEarned=0.33),
    "hours below nothing": lambda c: c["credentialSubject"].update(creditsEarned=-1),
    "a position with a zero before": lambda c: c["credentialStatus"].update(statusListIndex="00"),
    "a position beyond the list": lambda c: c["credentialStatus"].update(statusListIndex="131072"),
    "no status": lambda c: c.pop("credentialStatus"),
    "the status of another register": lambda c: c["credentialStatus"].update(
        statusListCredential="https://evil/status/1"
    ),
    "a number with a wrong check digit": lambda c: c.update(id=c["id"].replace(ANA.number, "000000000001")),
    "a control character": lambda c: c["credentialSubject"]["identifier"][0].update(identityHash="Ana\nSouza"),
    "a list for a subject": lambda c: c.update(credentialSubject=[c["credentialSubject"]]),
    "a moment that is none": lambda c: c.update(validFrom="yesterday"),
}


@pytest.mark.parametrize("label", FOREIGN)
def test_any_other_form_is_refused(label: str) -> None:
    document = json.loads(WRITER.json(ANA, 0))
    FOREIGN[label](document)
    assert fault(json.dumps(document).encode()) is CredentialFault.MALFORMED


def test_a_key_of_another_world_is_unknown() -> None:
    stranger = World().keys.signer(Purpose.CREDENTIAL)
    data = credential.Writer(EVENT, "https://certs.example.org", NOW, stranger).json(ANA, 0)
    assert fault(data) is CredentialFault.UNKNOWN_KEY


def test_a_claim_key_signs_no_credentials() -> None:
    data = credential.Writer(EVENT, "https://certs.example.org", NOW, WORLD.keys.signer(Purpose.CLAIM)).json(ANA, 0)
    assert fault(data) is CredentialFault.UNKNOWN_KEY


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 60_000,
        b'{"id":NaN}',
        WRITER.json(ANA, 0) + b" " * 70_000,
        WRITER.json(ANA, 0).replace(b'{"@context"', b'{"name":"X","@context"', 1),
    ],
    ids=["empty", "no members", "array", "null", "not UTF-8", "deep", "NaN", "large", "a member twice"],
)
def test_what_is_no_credential_is_malformed(data: bytes) -> None:
    assert fault(data) is CredentialFault.MALFORMED


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)
    )
)
def test_no_json_makes_it_stumble(junk: object) -> None:
    assert fault(json.dumps(junk).encode()) is CredentialFault.MALFORMED
