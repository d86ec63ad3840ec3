"""A kind in place of another: who has one is not given the other, whichever came first."""

from dataclasses import replace
from random import Random

import pytest

from certs.cli.batches import _left_out
from certs.db.store import Store
from certs.errors import ConflictError, InputError
from certs.model import Approval, CertificateState, Number, Order, PersonKey, RevocationReason
from certs.work import corrections, orders, preview, rank
from certs.work.revocations import revoke
from tests.register import AUCKLAND, EVENT, LATER, NOW, RING, act, draft, finished
from tests.unit.work.test_amend import HELD_ONCE, ONE_SESSION, export, take
from tests.world import EVENT as FACTS

SLUG = EVENT.slug
DISTINCTION = """[kinds.distinction]
title = "Certificate with distinction"
instead_of = "attendance"
rule = { sessions = 1, share = 0.9 }
[kinds.honours]
instead_of = "distinction"
rule = { sessions = 1, share = 1 }
[[sessions]]"""
TEXT = AUCKLAND.replace("[[sessions]]", DISTINCTION, 1)


@pytest.fixture
def event(store: Store) -> Store:
    """Return a register where Ana stayed to the end, Ben nearly, Cy for an hour and Dot came and went."""
    store.events.add(EVENT, TEXT, act())
    take(store, export(ana=120, ben=110, cy=60, dot=10))
    return store


def planned(store: Store, kind: str = "", *, replacing: bool = False) -> list[str]:
    found = orders.plan(store, SLUG, kind, replacing=replacing)
    return [one.person.partition("@")[0] for one in found.decisions]


def issue(store: Store, kind: str = "", *, replacing: bool = False, reason: str = ONE_SESSION) -> list[Number]:
    """Order and issue what is earned of *kind*."""
    batch = orders.place(
        store, orders.plan(store, SLUG, kind, replacing=replacing), act(reason=reason), demo=False, accepted=HELD_ONCE
    )
    sheet = store.sheets.claim(batch, f"t{batch}", NOW, LATER)
    assert sheet is not None
    assert store.sheets.store(sheet, finished(sheet), act())
    return list(sheet.todo)


def before_the_rule(store: Store) -> list[Number]:
    """Issue attendance to Ana, Ben and Cy, before the other kinds are thought of."""
    store.events.add(EVENT, AUCKLAND, act())
    take(store, export(ana=120, ben=110, cy=60, dot=10))
    numbers = issue(store)
    store.events.add(EVENT, TEXT, act())
    return numbers


def test_each_is_given_the_best_that_she_earned_and_nothing_besides(event: Store) -> None:
    """In whatever order they are ordered."""
    assert planned(event) == ["cy"]
    assert planned(event, "distinction") == ["ben"]
    assert planned(event, "honours") == ["ana"]
    assert orders.plan(event, SLUG).apart.better == {"ana@example.org", "ben@example.org"}
    issue(event, "honours")
    assert planned(event, "distinction") == ["ben"]


def test_a_preview_shows_what_would_be_ordered(event: Store) -> None:
    """Ana earned all three kinds, and is shown the best alone; of a kind that is named, all who earned it."""
    press = preview.Press("https://certs.example.org", NOW, Random(1))
    shown = [(one.name, one.kind) for one in preview.preview(event, SLUG, [], press).people]
    assert sorted(shown) == [("Ana Doe", "honours"), ("Ben Doe", "distinction"), ("Cy Doe", "attendance")]
    named = preview.preview(event, SLUG, ["ana@example.org"], press, "attendance")
    assert [one.kind for one in named.people] == ["attendance"]


def test_without_it_she_is_given_both(store: Store) -> None:
    store.events.add(
        EVENT, TEXT.replace('instead_of = "attendance"\n', "").replace('instead_of = "distinction"\n', ""), act()
    )
    take(store, export(ana=120, cy=60))
    assert planned(store) == ["ana", "cy"]
    assert planned(store, "honours") == ["ana"]


def test_whoever_has_the_other_is_said_and_not_ordered_twice(store: Store) -> None:
    """It may be replaced, with a reason, as a correction is: the old one leads to the new."""
    ana, _, _ = before_the_rule(store)
    found = orders.plan(store, SLUG, "honours")
    assert ([*found.decisions], [*found.apart.issued]) == ([], ["ana@example.org"])
    assert planned(store, "honours", replacing=True) == ["ana"]
    with pytest.raises(InputError, match="Say why"):
        issue(store, "honours", replacing=True, reason="")
    (better,) = issue(store, "honours", replacing=True, reason="earned since")
    old = store.certificate(ana)
    assert old is not None
    assert old.superseded_by == better
    assert [(one.kind, one.number) for one in store.batches.placed(SLUG) if one.person.startswith("ana")] == [
        ("honours", better)
    ]
    assert planned(store, "honours", replacing=True) == planned(store, "honours") == planned(store) == []


def test_what_was_replaced_by_another_kind_is_not_corrected(store: Store) -> None:
    """Nor while that is only ordered: one certificate is never replaced by two."""
    ana, _, _ = before_the_rule(store)
    orders.place(
        store,
        orders.plan(store, SLUG, "honours", replacing=True),
        act(reason="earned since"),
        demo=False,
        accepted=HELD_ONCE,
    )
    with pytest.raises(ConflictError, match="is ordered already"):
        corrections.propose(store, RING, [corrections.Wanted(ana, corrections.Changes(name="Anna"))])
    drafts = [replace(draft("ana@example.org"), supersedes=ana)]
    with pytest.raises(ConflictError, match="replaced by one of another kind"):
        store.batches.order(Order("attendance", FACTS, Approval.ONE, NOW.date(), drafts), act(reason="typo"))


def test_what_is_ordered_and_not_issued_stands_against_it(event: Store) -> None:
    """Until it is issued; whoever plans at the same moment is told."""
    lower = TEXT.replace("share = 0.5", "share = 0.95")
    event.events.add(EVENT, lower.replace('instead_of = "attendance"\n', ""), act())
    orders.place(event, orders.plan(event, SLUG), act(reason=ONE_SESSION), demo=False, accepted=HELD_ONCE)
    event.events.add(EVENT, lower, act())
    found = orders.plan(event, SLUG, "honours")
    assert ([*found.decisions], [*found.apart.ordered]) == ([], ["ana@example.org"])


def test_two_orders_at_once_give_nobody_both(event: Store) -> None:
    """Ben's distinction is ordered while his attendance is planned."""
    event.events.add(EVENT, TEXT.replace('instead_of = "attendance"\n', ""), act())
    plan = orders.plan(event, SLUG, "distinction")
    assert [one.person for one in plan.decisions] == ["ben@example.org"]
    attendance = orders.plan(event, SLUG)
    event.events.add(EVENT, TEXT, act())
    late = replace(attendance, event=orders.plan(event, SLUG).event, as_of=None)
    issue(event, "distinction")
    with pytest.raises(ConflictError, match="stands against it"):
        orders.place(event, late, act(reason=ONE_SESSION), demo=False, accepted=HELD_ONCE)
    assert len(event.batches.of_event(SLUG)) == 1


def test_one_that_a_check_holds_is_given_up_for_the_better(store: Store) -> None:
    store.events.add(EVENT, AUCKLAND, act())
    take(store, export(ana=120))
    batch = orders.place(store, orders.plan(store, SLUG), act(reason=ONE_SESSION), demo=False, accepted=HELD_ONCE)
    sheet = store.sheets.claim(batch, "t", NOW, LATER)
    assert sheet is not None
    assert store.sheets.store(sheet, finished(sheet, held=list(sheet.todo)), act())
    store.events.add(EVENT, TEXT, act())
    issue(store, "honours")
    assert store.batches.get(batch).counts == {CertificateState.CANCELLED: 1}


def test_who_had_the_better_one_revoked_may_be_given_the_other(event: Store) -> None:
    """What was withdrawn stands for nothing."""
    (number,) = issue(event, "honours")
    revoke(event, [number], RevocationReason.ERROR, act(reason="the clock was wrong"))
    assert planned(event) == ["cy"]  # she still earned distinction
    event.events.add(EVENT, TEXT.replace("share = 0.9", "minutes = 200"), act())
    assert planned(event) == ["ana", "ben", "cy"]


def test_who_has_several_of_them_is_left_to_a_person(store: Store) -> None:
    """From before one stood in place of the other; nobody else waits for that."""
    both = TEXT.replace('instead_of = "attendance"\n', "").replace('instead_of = "distinction"\n', "")
    store.events.add(EVENT, both, act())
    take(store, export(ana=120))
    issue(store)
    issue(store, "distinction")
    store.events.add(EVENT, TEXT, act())
    found = orders.plan(store, SLUG, "honours", replacing=True)
    assert ([*found.decisions], [*found.apart.several]) == ([], ["ana@example.org"])


def test_the_answer_says_who_is_left_out_and_what_to_type(store: Store) -> None:
    """For each cause a line; what is replaced is not left out."""
    before_the_rule(store)
    assert list(_left_out(orders.plan(store, SLUG, "honours"))) == [
        "1 person is left out: distinction or attendance is issued to them. To replace it, say:",
        '  certs order gmp-2026 --kind honours --replace --reason "earned since"',
    ]
    assert list(_left_out(orders.plan(store, SLUG, "honours", replacing=True))) == []
    plan = orders.plan(store, SLUG, "distinction")
    several = replace(plan, apart=rank.Apart(ordered={PersonKey("a")}, several={PersonKey("b"), PersonKey("c")}))
    assert list(_left_out(several)) == [
        "1 person is left out: attendance is ordered for them. Once it is issued, it can be replaced.",
        "2 people are left out: they have several of attendance. Revoke those that should not stand.",
    ]


def test_who_is_left_out_for_another_kind_is_not_called_certified(event: Store) -> None:
    """Ben and Ana have no certificate yet, and it is not true that nobody eligible is without one."""
    everybody = orders.plan(event, SLUG, "honours")
    assert everybody.decisions
    issue(event, "honours")
    event.events.add(EVENT, TEXT.replace("share = 0.5", "share = 0.95"), act())
    found = orders.plan(event, SLUG)
    assert (list(found.decisions), found.leaves_out) == ([], True)
    with pytest.raises(InputError, match="Everybody else who is eligible has a certificate"):
        orders.place(event, found, act(), demo=False)
