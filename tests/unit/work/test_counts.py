"""Decisions are counted once, and anew after everything that could change them."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from certs.attendance import QuestionKind
from certs.db.store import Store
from certs.errors import InputError
from certs.model import Amendment, Decision, PersonKey
from certs.work import counts, orders
from certs.work import questions as asking
from tests.ports.conftest import opened
from tests.register import AUCKLAND, EVENT, NOW, act, evidence, granted, people, received

SLUG, KIND = EVENT.slug, EVENT.kinds[0]
ANA = PersonKey("ana@example.org")


@pytest.fixture
def imported(store: Store) -> Store:
    """Return a register where three people attended."""
    store.events.add(EVENT, AUCKLAND, act())
    store.imports.add(SLUG, [received(people=people(3))], act())
    return store


def from_joins(store: Store) -> list[Decision]:
    """Return the decisions as the order makes them, nothing kept."""
    settled, roll = orders.roll_of(store, SLUG)
    return roll.decide(settled.held, settled.rulings)


def test_asked_twice_they_are_counted_once(imported: Store) -> None:
    """And they are what the order finds in the joins."""
    assert counts.refresh(imported, SLUG)
    assert not counts.refresh(imported, SLUG)
    assert list(counts.counted(imported, SLUG)) == from_joins(imported) != []


def _import(store: Store) -> None:
    store.imports.add(SLUG, [received("b.csv", b"b", [ANA])], act())


def _unimport(store: Store) -> None:
    (one,) = store.imports.listed(SLUG)
    store.imports.undo(SLUG, Amendment(store.events.as_of(SLUG), (one,)), act())


def _vouch(store: Store) -> None:
    store.evidence.add(SLUG, [evidence(people(2)[1], "2")], act())


def _unvouch(store: Store) -> None:
    (one,) = store.evidence.all(SLUG)
    store.evidence.withdraw(SLUG, [one.id], act())


def _rule(store: Store) -> None:
    store.rulings.add(SLUG, [granted(people(2)[1])], act())


def _change(store: Store) -> None:
    store.events.add(EVENT, AUCKLAND.replace("sessions = 1", "sessions = 2"), act())


def _ask(store: Store) -> None:
    """Import two people under one address, and look for doubts, about which the trail says nothing."""
    called = zip(received().joins, ("Ana Souza", "Ben Okafor"), strict=True)
    doubtful = [replace(one, name=name) for one, name in called]
    store.imports.add(SLUG, [replace(received("c.csv", b"c"), joins=doubtful, registrations=())], act())
    asking.ask(store, SLUG)


def _answer(store: Store) -> None:
    (asked,) = [
        one for one in asking.unanswered(store, SLUG) if one.kind == QuestionKind.SHARED_EMAIL and one.subject == ANA
    ]
    asking.answer(store, SLUG, asked.id, "one", act())


@pytest.mark.parametrize(
    "changes",
    [(_import,), (_unimport,), (_vouch, _unvouch), (_rule,), (_change,), (_ask, _answer)],
    ids=["import", "unimport", "evidence", "ruling", "event file", "answer"],
)
def test_whatever_changes_them_makes_them_old(imported: Store, changes: tuple[Callable[[Store], None], ...]) -> None:
    """They are counted anew, and are again what the order finds."""
    before = list(counts.counted(imported, SLUG))
    for change in changes:
        change(imported)
        assert imported.decisions.kept(SLUG) != imported.decisions.as_of(SLUG)
        after = list(counts.counted(imported, SLUG))
        assert after == from_joins(imported)
        assert after != before
        before = after


def test_looking_for_doubts_alone_makes_them_old(imported: Store) -> None:
    """An answer may raise a question that holds somebody back, and no entry of the trail says so."""
    counts.refresh(imported, SLUG)
    asking.ask(imported, SLUG)
    assert counts.refresh(imported, SLUG)


def test_an_order_leaves_them_as_they_are(imported: Store) -> None:
    counts.refresh(imported, SLUG)
    orders.place(imported, orders.plan(imported, SLUG), act(), demo=False)
    assert not counts.refresh(imported, SLUG)


def test_a_file_that_takes_no_changes_is_counted_all_the_same(imported: Store) -> None:
    """Whatever was kept before; nothing is left in it."""
    asking.ask(imported, SLUG)
    as_before = imported.decisions.kept(SLUG)
    engine = opened(f"sqlite:///file:{imported.engine.url.database}?mode=ro&uri=true")
    only_read = Store(engine)
    assert list(counts.counted(only_read, SLUG, NOW)) == from_joins(imported)
    assert [one.code for one in counts.odd(only_read, SLUG, NOW)] == []
    assert imported.decisions.kept(SLUG) == as_before != imported.decisions.as_of(SLUG)
    engine.dispose()


def test_another_program_counts_for_itself(imported: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an older one kept may have been counted otherwise."""
    counts.refresh(imported, SLUG)
    monkeypatch.setattr("certs.db.audit.SOFTWARE", "certs 99")
    assert counts.refresh(imported, SLUG)


def test_what_changes_while_it_is_counted_is_counted_again(imported: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was seen halfway is kept by nobody."""
    keep, waiting = imported.decisions.keep, [_import]
    kept: list[bool] = []

    def interrupted(slug: str, as_of: str, decisions: object) -> bool:
        made = list(decisions)  # type: ignore[call-overload]
        if waiting:
            waiting.pop()(imported)
        kept.append(keep(slug, as_of, made))
        return kept[-1]

    monkeypatch.setattr(imported.decisions, "keep", interrupted)
    counts.refresh(imported, SLUG)
    assert kept == [False, True]
    assert ANA in {one.person for one in counts.counted(imported, SLUG)}


def test_what_is_odd_is_found_on_the_way_and_kept(imported: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until a session ends that is to come, or the joins change."""
    found = counts.odd(imported, SLUG, NOW)
    assert [one.code for one in found] == []
    monkeypatch.setattr("certs.work.readiness.odd", lambda *_: pytest.fail("found anew"))
    assert counts.odd(imported, SLUG, NOW) == found


def test_any_demand_is_counted_from_what_is_kept(imported: Store) -> None:
    """Three people stayed for all of session 1, the first was a host for a minute of session 2."""
    found = counts.shares(imported, SLUG, KIND)
    minute, more = Fraction(1, 120), Fraction(1, 119)
    at = [(1, Fraction(0)), (1, Fraction(1)), (2, Fraction(0)), (2, minute), (2, more), (3, Fraction(0))]
    assert [found.people(*one) for one in at] == [3, 3, 1, 1, 0, 0]
    for wrong in ((0, Fraction(1)), (1, Fraction(-1)), (1, Fraction(2)), (1, Fraction(1, 10**9 + 7))):
        with pytest.raises(InputError, match="share from 0 to 1"):
            found.people(*wrong)
