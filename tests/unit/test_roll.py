"""Rolls: the same bytes as ever, and nothing of a certificate can change without their noticing."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certs import roll
from certs.db import facts
from certs.model import (
    Certificate,
    EventFacts,
    Kid,
    Number,
    Partner,
    PersonKey,
    PictureFile,
    Purpose,
    Roll,
    SessionId,
    Signatory,
)
from tests.unit.test_claim_vectors import KEY
from tests.vectors.roll.make import EVENT, FILE, certificate, vector
from tests.world import NOW, World

VECTOR: dict[str, Any] = json.loads(Path(FILE).read_text(encoding="utf-8"))
SIGNER = World().keys.signer(Purpose.CLAIM)
Change = Callable[[Certificate], Certificate]


def test_the_vector_is_written_byte_for_byte() -> None:
    assert vector() == VECTOR


def test_the_vector_fits_its_key() -> None:
    world = World()
    written = Roll(
        Kid(VECTOR["kid"]),
        certificate().registered_at,
        VECTOR["facts"],
        bytes.fromhex("".join(VECTOR["entries"])),
        bytes.fromhex(VECTOR["signature"]),
    )
    assert roll.fits(written, KEY)
    assert roll.holds(written, 0, certificate())
    assert not roll.holds(written, 1, certificate())
    assert not roll.fits(written, world.keys.signer(Purpose.CLAIM).key)
    for changed in (
        replace(written, facts=written.facts.replace("Geneva", "Vienna")),
        replace(written, entries=written.entries[:-1] + b"\0"),
        replace(written, signed_at=written.signed_at + timedelta(microseconds=1)),
    ):
        assert not roll.fits(changed, KEY)


def event(**changes: Any) -> Change:
    return lambda one: replace(one, statement=replace(one.statement, event=replace(one.statement.event, **changes)))


def stated(**changes: Any) -> Change:
    return lambda one: replace(one, statement=replace(one.statement, **changes))


def own(**changes: Any) -> Change:
    return lambda one: replace(one, **changes)


_FIRST = EVENT.sessions[0]
CHANGES: dict[str, tuple[Change, list[str]]] = {
    "issuer": (event(issuer="Institute of Forged Standards"), ["issuer"]),
    "criteria": (event(criteria="With distinction."), ["requirement"]),
    "heading": (event(heading="Certificate of distinction"), ["title of the kind"]),
    "signatories": (event(signatories=(Signatory("Eve", "Director"),)), ["signatories"]),
    "role": (event(signatories=(Signatory("Dr Elin Falk", "President"),)), ["signatories"]),
    "place": (event(place="Vienna"), ["place"]),
    "no place": (event(place=""), ["place"]),
    "sessions": (event(sessions=EVENT.sessions[:-1]), ["sessions"]),
    "session": (event(sessions=(replace(_FIRST, title="Surgery"), *EVENT.sessions[1:])), ["sessions"]),
    "again": (event(sessions=(replace(_FIRST, again=(date(2026, 10, 9),)), *EVENT.sessions[1:])), ["sessions"]),
    "valid until": (event(valid_until=date(2030, 1, 1)), ["validity"]),
    "spoke": (event(spoke=True), ["words for attending"]),
    "demo": (event(demo=True), ["demonstration"]),
    "zone": (event(zone="Pacific/Apia"), ["time zone"]),
    "partners": (event(partners=(Partner("Ministry", "m.svg"),)), ["partners"]),
    "logo": (event(logo_picture=PictureFile("l.png", "00" * 32, "image/png")), ["logo"]),
    "kind": (stated(kind="distinction"), ["kind"]),
    "name": (stated(name="Eve Mallory"), ["name"]),
    "language": (stated(language="ja"), ["language of the name"]),
    "attended": (stated(attended=frozenset({SessionId("8")})), ["sessions attended"]),
    "hours": (stated(quarter_hours=400), ["time present"]),
    "day of issue": (stated(issued_on=date(2020, 1, 1)), ["day of issue"]),
    "number": (stated(number=Number("7K3M9QXZ2P41")), []),
    "claim": (own(claim_text="ABC.DEF"), []),
    "person": (own(person=PersonKey("eve@example.org")), ["person"]),
    "batch": (own(batch="cgmp-2026/2"), ["batch"]),
    "replaces": (own(supersedes=Number("7K3M9QXZ2P40")), ["certificate that it replaces"]),
    "registered": (own(registered_at=NOW - timedelta(days=9)), ["moment of registration"]),
    "address": (own(base_url="https://elsewhere.example"), ["address of the site"]),
    "seal": (own(seal_kid=Kid("00000000")), ["signing keys"]),
    "no credential": (own(credential_kid=None), ["signing keys"]),
    "digest": (own(pdf_sha256="cd" * 32), ["file"]),
    "size": (own(pdf_bytes=1), ["file"]),
}


@pytest.mark.parametrize("label", CHANGES)
def test_a_change_is_noticed_and_named(label: str) -> None:
    change, named = CHANGES[label]
    world = World()
    issued = certificate()
    written = roll.write(world.keys.signer(Purpose.CLAIM), EVENT, [roll.own_of(issued)], NOW)
    assert roll.holds(written, 0, issued)
    assert not roll.holds(written, 0, change(issued))
    assert roll.differences(written, 0, change(issued)) == named


def test_every_fact_of_an_event_is_bound() -> None:
    """A fact that somebody adds to the model has a case here, or is bound by its default alone."""
    cases = {name for name in EventFacts.__dataclass_fields__ if f'"{name}"' in roll.facts(EVENT)}
    assert {"issuer", "criteria", "place", "signatories", "sessions", "slug", "title", "zone", "design"} <= cases


def test_a_fact_that_is_added_later_changes_no_roll_of_before() -> None:
    """What has its default is left out."""
    kept = json.loads(roll.facts(EVENT))
    assert "heading" not in kept
    assert "valid_until" not in kept
    assert all("times" not in session and "again" not in session for session in kept["sessions"])


def test_the_bytes_of_a_picture_are_bound_by_their_digest() -> None:
    bare, whole = (replace(EVENT, logo_picture=PictureFile("l.png", "00" * 32, "image/png", d)) for d in (b"", b"data"))
    assert roll.facts(bare) == roll.facts(whole)
    assert "data" not in json.loads(roll.facts(whole))["logo_picture"]


def test_texts_cannot_flow_into_each_other() -> None:
    """A zero byte, which no text holds, would move one text's end into the next."""
    issued = roll.own_of(certificate())
    moved = issued._replace(kind="attendance\0", language="")
    with pytest.raises(ValueError, match="zero byte"):
        roll.entry(moved)
    world = World()
    written = roll.write(world.keys.signer(Purpose.CLAIM), EVENT, [issued], NOW)
    forged = stated(kind="attendance\0", language="")(certificate())
    assert not roll.holds(written, 0, forged)


@pytest.mark.parametrize("place", [-1, 1, 1_000_000])
def test_a_place_that_is_none_holds_nothing(place: int) -> None:
    world = World()
    written = roll.write(world.keys.signer(Purpose.CLAIM), EVENT, [roll.own_of(certificate())], NOW)
    assert not roll.holds(written, place, certificate())


@given(
    texts=st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40), min_size=5, max_size=5
    ),
    days=st.lists(st.dates(), min_size=2, max_size=2),
    attended=st.sets(st.sampled_from([one.id for one in EVENT.sessions])),
    hours=st.integers(0, 4000),
    expires=st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_an_honest_copy_is_never_called_changed(
    texts: list[str], days: list[date], attended: set[SessionId], hours: int, expires: bool
) -> None:
    """Written into a register's columns and read again, as by a copy, a restore or an upgrade."""
    event = replace(EVENT, issuer=texts[0], place=texts[1], criteria=texts[2], heading=texts[3])
    event = replace(event, valid_until=days[0] if expires else None, partners=(Partner(texts[4], ""),))
    issued = stated(event=event, name=texts[4], attended=frozenset(attended), quarter_hours=hours, issued_on=days[1])(
        certificate()
    )
    written = roll.write(SIGNER, event, [roll.own_of(issued)], NOW)
    again = facts.load(facts.dump(event))
    copy = stated(event=again, attended=facts.load_attended(facts.dump_attended(frozenset(attended))))(issued)
    assert roll.fits(written, SIGNER.key)
    assert roll.holds(written, 0, copy)
    assert roll.differences(written, 0, copy) == []
