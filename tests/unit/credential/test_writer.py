"""The filled template is what pyld makes of the whole document, for any facts."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certs import credential
from certs.credential import rdf
from certs.errors import CredentialError, InputError
from certs.model import EventFacts, Purpose, Statement
from tests.unit.credential.people import events, statements, status_indexes
from tests.world import EVENT, NOW, World

WORLD = World()
SIGNER = WORLD.keys.signer(Purpose.CREDENTIAL)
BASE_URL = "https://certs.example.org/training"
PLAIN = credential.Writer(EVENT, BASE_URL, NOW, SIGNER)
ADDRESSED = credential.Writer(EVENT, BASE_URL, NOW, SIGNER, addresses=True)
ANA = WORLD.statement()


def unsigned(written: bytes) -> dict[str, Any]:
    """Return a credential without its proof, of which there must be one."""
    document: dict[str, Any] = json.loads(written)
    assert len(document.pop("proof")) == 1
    return document


@given(statement=statements(), status_index=status_indexes)
@settings(max_examples=250, deadline=None)
def test_a_filled_template_is_what_pyld_canonicalises(statement: Statement, status_index: int) -> None:
    document = unsigned(PLAIN.json(statement, status_index))
    assert PLAIN.quads.text(PLAIN.values(statement, status_index)) == rdf.canonical(document)


@given(statement=statements(), address=st.emails())
@settings(max_examples=50, deadline=None)
def test_with_an_address_the_blank_nodes_are_named_as_pyld_names_them(statement: Statement, address: str) -> None:
    document = unsigned(ADDRESSED.json(statement, 3, address))
    assert ADDRESSED.quads.text(ADDRESSED.values(statement, 3, address)) == rdf.canonical(document)


@given(event=events(), data=st.data())
@settings(max_examples=50, deadline=None)
def test_every_event_gives_a_template_whose_lines_stand_firm(event: EventFacts, data: st.DataObject) -> None:
    writer = credential.Writer(event, "http://127.0.0.1:8000", NOW, SIGNER)
    statement = data.draw(statements(event))
    document = unsigned(writer.json(statement, 1))
    assert writer.quads.text(writer.values(statement, 1)) == rdf.canonical(document)
    assert (document["name"], document["issuer"]["name"]) == (event.title, event.issuer)


@given(statement=statements(), status_index=status_indexes)
def test_the_json_states_the_statement(statement: Statement, status_index: int) -> None:
    document = unsigned(PLAIN.json(statement, status_index))
    subject, status = document["credentialSubject"], document["credentialStatus"]
    assert document["id"] == BASE_URL + credential.credential_path(statement.number)
    assert subject["identifier"][0]["identityHash"] == statement.name
    assert subject["creditsEarned"] * 4 == statement.quarter_hours
    assert subject["result"][0]["value"] == str(len(statement.attended))
    place = int(status["statusListCredential"].rpartition("/")[2]), int(status["statusListIndex"])
    assert place == credential.list_of(status_index)


@pytest.mark.parametrize("quarter_hours", [*range(60), 399, 400, 401, 4_001, 99_999, 10**6 + 1])
def test_hours_take_the_number_forms_of_json_ld(quarter_hours: int) -> None:
    statement = replace(ANA, quarter_hours=quarter_hours)
    document = unsigned(PLAIN.json(statement, 0))
    assert PLAIN.quads.text(PLAIN.values(statement, 0)) == rdf.canonical(document)


def test_an_event_without_end_has_no_valid_until() -> None:
    assert "validUntil" not in unsigned(PLAIN.json(ANA, 0))


def test_the_days_are_those_of_the_events_zone() -> None:
    subject = unsigned(PLAIN.json(ANA, 0))["credentialSubject"]
    assert subject["activityStartDate"] == "2026-10-06T00:00:00+02:00"
    assert subject["activityEndDate"] == "2026-10-29T23:59:59+01:00"


def test_the_address_is_hashed_with_the_number_as_salt() -> None:
    """The hash is the one a holder can compute: sha256 of address and salt, in hex."""
    name, address = unsigned(ADDRESSED.json(ANA, 0, "Ana@Example.org"))["credentialSubject"]["identifier"]
    assert name["identityType"] == "name"
    assert address["salt"] == ANA.number
    assert address["identityHash"] == credential.address_hash("ana@example.org", ANA.number)
    assert "xample.org" not in json.dumps(address)


def test_no_address_unless_asked() -> None:
    assert len(unsigned(PLAIN.json(ANA, 0))["credentialSubject"]["identifier"]) == 1


def test_a_demonstration_says_so() -> None:
    writer = credential.Writer(replace(EVENT, demo=True), BASE_URL, NOW, SIGNER)
    document = unsigned(writer.json(replace(ANA, event=replace(EVENT, demo=True)), 0))
    assert document["name"].startswith("DEMO")
    assert document["credentialSubject"]["achievement"]["name"].startswith("DEMO")


@pytest.mark.parametrize("character", ["\n", "\t", "\0", "\x1b", "\x7f", "\x85", "\ufdd0", "\uffff", "\ud800"])
def test_control_characters_are_refused(character: str) -> None:
    with pytest.raises(InputError, match=f"U\\+{ord(character):04X}"):
        PLAIN.json(replace(ANA, name=f"Ana{character}Souza"), 0)
    with pytest.raises(InputError, match=r"The event's criteria contains"):
        credential.Writer(replace(EVENT, criteria=f"All{character}"), BASE_URL, NOW, SIGNER)


def test_a_writer_keeps_to_its_event_kind_and_addresses() -> None:
    for statement, address in (
        (replace(ANA, event=replace(EVENT, title="Another")), ""),
        (replace(ANA, kind="speaker"), ""),
        (ANA, "ana@example.org"),
    ):
        with pytest.raises(ValueError, match="this writer"):
            PLAIN.json(statement, 0, address)
    with pytest.raises(ValueError, match="with addresses"):
        ADDRESSED.json(ANA, 0)
    with pytest.raises(ValueError, match="not negative"):
        PLAIN.json(ANA, -1)


def test_an_equal_event_from_another_process_will_do() -> None:
    """Statements reach a worker by pickle: their event is equal, not the same object."""
    assert PLAIN.json(replace(ANA, event=replace(EVENT)), 0) == PLAIN.json(ANA, 0)


HASHES = """
import hashlib
from tests.vectors.credential.make import VECTORS, credential_of
print(hashlib.sha256("".join(map(credential_of, VECTORS.values())).encode()).hexdigest())
"""


def test_hash_seed_and_time_zone_change_nothing() -> None:
    def digest(seed: str, zone: str) -> str:
        environ = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        return subprocess.run([sys.executable, "-c", HASHES], env=environ, check=True, capture_output=True).stdout.hex()

    assert digest("1", "Asia/Tokyo") == digest("2", "America/Lima") != ""


def test_what_was_written_is_found_right_without_canonicalising() -> None:
    """In the forms with and without an address, for names that JSON must escape."""
    awkward = replace(ANA, name='Łukasz "O\'Neil" \\', quarter_hours=0)
    PLAIN.check(PLAIN.json(awkward, 7), awkward, 7)
    ADDRESSED.check(ADDRESSED.json(awkward, 7, "a@x.org"), awkward, 7, "a@x.org")


@given(statement=statements(), status_index=status_indexes)
@settings(max_examples=50, deadline=None)
def test_whatever_is_written_is_found_right(statement: Statement, status_index: int) -> None:
    PLAIN.check(PLAIN.json(statement, status_index), statement, status_index)


@pytest.mark.parametrize(
    ("written", "status_index"),
    [
        (replace(ANA, name="Ana Sousa"), 7),
        (replace(ANA, quarter_hours=ANA.quarter_hours + 1), 7),
        (replace(ANA, attended=frozenset()), 7),
        (WORLD.statement(), 7),
        (ANA, 8),
    ],
)
def test_a_credential_that_says_something_else_is_found(written: Statement, status_index: int) -> None:
    """Name, hours, sessions, number and place in the list; its proof is good."""
    with pytest.raises(CredentialError, match="something else"):
        PLAIN.check(PLAIN.json(written, status_index), ANA, 7)


@pytest.mark.parametrize("written", [b"", b"{}", b"[]", b"null", b'{"proof": []}', b'{"proof": [{"proofValue": 1}]}'])
def test_what_is_no_credential_is_found(written: bytes) -> None:
    with pytest.raises(CredentialError, match="no credential"):
        PLAIN.check(written, ANA, 7)


def test_a_proof_of_something_else_is_found() -> None:
    """Taken from the same person's credential at another place: the facts are right, the signature is not."""
    ours, other = (json.loads(PLAIN.json(ANA, index)) for index in (7, 8))
    moved = json.dumps({**ours, "proof": other["proof"]}).encode()
    with pytest.raises(CredentialError, match="signature does not fit"):
        PLAIN.check(moved, ANA, 7)


def test_the_title_of_the_kind_names_the_achievement() -> None:
    """With the event's, so that a wallet tells one from the other."""
    event = replace(EVENT, heading="Certificate of contribution")
    writer = credential.Writer(event, BASE_URL, NOW, SIGNER)
    named = f"Certificate of contribution – {EVENT.title}"
    document = unsigned(writer.json(WORLD.statement(event=event), 1))
    assert (document["name"], document["credentialSubject"]["achievement"]["name"]) == (named, named)
