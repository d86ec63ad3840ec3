"""Pictures of events, and kinds of which one stands in place of the other: one contract on both databases."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from certs.db import facts
from certs.db.store import Store
from certs.errors import ConflictError
from certs.model import Approval, Order, PictureFile, Signatory
from tests.register import EVENT, LATER, NOW, act, draft, issued
from tests.world import EVENT as FACTS

LOGO = PictureFile(
    "logo.svg", "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03", "image/svg+xml", b"hello\n"
)
WITH_LOGO = replace(EVENT, logo="logo.svg", logo_picture=LOGO)
DAY = date(2026, 11, 22)


def test_an_event_keeps_its_pictures(store: Store) -> None:
    """Another picture of the same name is a change; the same is none."""
    assert store.events.add(WITH_LOGO, "x", act())
    assert not store.events.add(WITH_LOGO, "x", act())
    assert {name: one.data for name, one in store.events.pictures(EVENT.slug).items()} == {"logo.svg": b"hello\n"}
    assert store.events.add(EVENT, "x", act())
    assert store.events.pictures(EVENT.slug) == {}


def test_a_batch_has_the_pictures_of_its_order(store: Store) -> None:
    """Whatever the event has since; whoever draws gets the bytes."""
    store.events.add(WITH_LOGO, "x", act())
    signed = Signatory("Elin", "", "elin.svg", replace(LOGO, name="elin.svg"))
    frozen = replace(FACTS, logo_picture=LOGO, signatories=(signed,))
    batch = store.batches.order(Order("attendance", frozen, Approval.ONE, DAY, [draft("ana")]), act())
    store.events.add(EVENT, "y", act())
    found = store.batches.get(batch).facts
    assert [(one.name, one.data) for one in found.pictures] == [("logo.svg", b"hello\n"), ("elin.svg", b"hello\n")]
    sheet = store.sheets.claim(batch, "t", NOW, LATER)
    assert sheet is not None
    assert [one.data for one in sheet.everyone[0].event.pictures] == [b"hello\n", b"hello\n"]


def test_pictures_never_change(store: Store) -> None:
    store.events.add(WITH_LOGO, "x", act())
    for change in ("UPDATE picture SET media_type = 'x'", "DELETE FROM picture"):
        with pytest.raises(DBAPIError), store.engine.begin() as connection:
            connection.execute(text(change))


def test_facts_of_before_say_what_they_said() -> None:
    """Without title, verb or picture; their signatories have no signature."""
    old = facts.dump(FACTS)
    for added in (
        ',"heading":""',
        ',"attended":""',
        ',"spoke":false',
        ',"logo_picture":null',
        ',"signature":"","picture":null',
    ):
        assert added in old
        old = old.replace(added, "")
    assert facts.load(old) == FACTS


def test_an_event_is_changed_only_as_somebody_saw_it(store: Store) -> None:
    store.events.add(EVENT, "x", act())
    with pytest.raises(ConflictError, match="Somebody else changed gmp-2026 meanwhile"):
        store.events.add(EVENT, "z", act(), "y")
    assert store.events.add(EVENT, "z", act(), "x")
    with pytest.raises(ConflictError):
        store.events.add(EVENT, "a", act(), "")


def test_nobody_has_two_kinds_of_which_one_stands_in_place_of_the_other(store: Store) -> None:
    """Unless the order replaces it; and what it replaces is replaced once."""
    (number,) = issued(store, ["ana"])
    better = Order("distinction", FACTS, Approval.ONE, DAY, [draft("ana")], None, ("attendance",))
    with pytest.raises(ConflictError, match="stands against it by now"):
        store.batches.order(better, act())
    store.batches.order(replace(better, drafts=[draft("ana", supersedes=number)]), act())
    corrected = Order("attendance", FACTS, Approval.ONE, DAY, [draft("ana", supersedes=number)])
    with pytest.raises(ConflictError, match="replaced by one of another kind"):
        store.batches.order(corrected, act())
