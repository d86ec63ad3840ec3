"""What an approver sees of a batch."""

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from certs.attendance import Answers
from certs.db.store import Store
from certs.model import Approval, Draft, Order, Severity
from certs.work import imports, orders, review
from tests.register import AUCKLAND, EVENT, NOW, act, draft, issued, named, ordered, people
from tests.unit.work.test_amend import HELD_ONCE, ONE_SESSION, export
from tests.world import EVENT as FACTS


def seen(store: Store, batch: int, seed: int = 1) -> review.Review:
    return review.review(store, store.batches.get(batch), NOW, Random(seed))


def as_named(person: str) -> Draft:
    return replace(draft(person), name=named(person))


@pytest.fixture
def three(store: Store) -> Store:
    """Return a register in which Ana, Ben and Cy attended the first of two sessions."""
    store.events.add(EVENT, AUCKLAND, act())
    imports.add_files(store, EVENT.slug, [export(ana=120, ben=100, cy=90)], Answers(), act())
    return store


def placed(store: Store) -> int:
    return orders.place(store, orders.plan(store, EVENT.slug), act(reason=ONE_SESSION), demo=False, accepted=HELD_ONCE)


def test_a_review_counts_and_shows_all_of_a_small_batch(three: Store) -> None:
    """With the findings, what was accepted of them among it."""
    found = seen(three, placed(three))
    assert (found.waiting, found.granted, found.on_evidence, found.corrections) == (3, 0, 0, 0)
    assert {one.person.partition("@")[0] for one in found.sample} == {"ana", "ben", "cy"}
    assert [one.key for one in found.findings if one.severity is Severity.STOPS] == HELD_ONCE
    assert found.batch.accepted[0].startswith("session_missing:2: ")
    assert not found.changed


def test_what_people_decided_is_counted(three: Store) -> None:
    """Each certificate that rests on a ruling, or on evidence."""
    drafts = [replace(as_named("ana"), ruling=4), replace(as_named("ben"), evidence=(1, 2)), as_named("cy")]
    found = seen(three, three.batches.order(Order("attendance", FACTS, Approval.ONE, NOW.date(), drafts), act()))
    assert (found.waiting, found.granted, found.on_evidence) == (3, 1, 1)


def test_what_the_register_would_state_otherwise_is_named(three: Store) -> None:
    """The name that was corrected, whoever does not earn it any more; given up ones are not asked about."""
    batch = placed(three)
    ana, ben, cy = sorted(three.batches.members(batch), key=lambda one: one.person)
    three.events.add(EVENT, AUCKLAND.replace("share = 0.5", "share = 0.8"), act())
    changed = {one.person: how for one, how in seen(three, batch).changed}
    assert changed == {cy.person: ["not earned any more"]}
    assert ana.person not in changed
    assert ben.person not in changed


def test_a_correction_stands_beside_what_it_replaces(store: Store) -> None:
    """Each difference, of the person and of the event."""
    (original,) = issued(store, ["ana"])
    store.events.add(EVENT, AUCKLAND, act())
    new = replace(draft("ana", supersedes=original), name="Anna", quarter_hours=6, attended=frozenset())
    facts = replace(FACTS, title="Another title")
    batch = store.batches.order(Order("attendance", facts, Approval.ONE, date(2026, 11, 22), [new]), act())
    found = seen(store, batch)
    assert (found.waiting, found.corrections, list(found.changed)) == (1, 1, [])
    (one,) = found.sample
    assert one.replaced is not None
    assert one.replaced.number == original
    assert (one.replaced.name, one.statement.name) == ("Ana", "Anna")


def test_half_of_the_ten_are_the_riskiest_and_the_others_drawn_by_lot(store: Store) -> None:
    """Nobody knows beforehand which; each has the same chance."""
    store.events.add(EVENT, AUCKLAND, act())
    drafts = [as_named(one) for one in people(40)]
    odd = {7: "iPhone", 11: "ANA SOUZA", 23: "Zoë", 31: "A Name That Is Rather Long For A Person"}
    drafts = [replace(one, name=odd.get(n, one.name)) for n, one in enumerate(drafts)]
    drafts[39] = replace(drafts[39], ruling=1)
    batch = store.batches.order(Order("attendance", FACTS, Approval.ONE, NOW.date(), drafts), act())
    samples = [[one.statement.name for one in seen(store, batch, seed).sample] for seed in range(60)]
    assert all(len(one) == len(set(one)) == review.SAMPLED for one in samples)
    assert {tuple(sorted(one[:5])) for one in samples} == {tuple(sorted([*odd.values(), drafts[39].name]))}
    drawn = Counter(name for one in samples for name in one[5:])
    assert len(drawn) == 35
    assert max(drawn.values()) < 19


def test_what_is_given_up_is_not_looked_at(store: Store) -> None:
    """Nor what is issued: it can be approved no more."""
    batch = ordered(store, [as_named("ana"), as_named("ben")])
    store.events.add(EVENT, AUCKLAND, act())
    store.batches.order(Order("attendance", FACTS, Approval.ONE, NOW.date(), [replace(as_named("cy"))]), act())
    assert seen(store, batch).waiting == 2
    assert {one.person for one in seen(store, batch).sample} == {"ana", "ben"}
