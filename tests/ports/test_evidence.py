"""Evidence that people add by hand: kept with its author, withdrawn by a mark while no certificate rests on it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import pytest
from sqlalchemy import text

from certs.db import orders
from certs.db.engine import writing
from certs.db.events import id_of
from certs.db.store import Store
from certs.errors import ConflictError, NotFoundError
from certs.model import CertificateState, Number, Order, Revocation, RevocationReason
from tests.register import EVENT, LATER, NOW, act, draft, evidence, finished, ordered
from tests.world import EVENT as FACTS

pytestmark = pytest.mark.usefixtures("database_clock")

SHEETS = [evidence("ana@example.org"), evidence("ben@example.org", "2", 45)]


@pytest.fixture
def ids(store: Store) -> Sequence[int]:
    """Add the event and two sheets."""
    store.events.add(EVENT, "x", act())
    return store.evidence.add(EVENT.slug, SHEETS, act())


def certified(store: Store, ids: Sequence[int]) -> Number:
    """Order a certificate that rests on the evidence with these ids."""
    one = replace(draft("ana@example.org"), reason="Enough.", evidence=tuple(ids))
    ordered(store, [one])
    return one.number


def test_evidence_comes_back_as_it_was(store: Store, ids: Sequence[int]) -> None:
    """With the numbers that it got; another event has none."""
    assert list(store.evidence.all(EVENT.slug)) == [replace(one, id=id_) for one, id_ in zip(SHEETS, ids, strict=True)]
    store.events.add(replace(EVENT, slug="other"), "x", act())
    assert store.evidence.all("other") == []
    with pytest.raises(NotFoundError):
        store.evidence.all("nowhere")


def test_evidence_is_withdrawn_once_and_stays(store: Store, ids: Sequence[int]) -> None:
    """All of it or nothing."""
    for wrong in ([ids[0], 999], [999]):
        with pytest.raises(NotFoundError, match="no evidence 999"):
            store.evidence.withdraw(EVENT.slug, wrong, act(reason="another group"))
    assert all(one.in_force for one in store.evidence.all(EVENT.slug))
    store.evidence.withdraw(EVENT.slug, [ids[0], ids[0]], act("cy", "another group"))
    gone, stays = store.evidence.all(EVENT.slug)
    assert (gone.withdrawn_at, gone.withdrawn_by, gone.withdrawn_reason) == (NOW, "cy", "another group")
    assert stays.in_force
    with pytest.raises(ConflictError, match="withdrawn already, by cy"):
        store.evidence.withdraw(EVENT.slug, ids, act(reason="again"))
    assert store.evidence.all(EVENT.slug)[1].in_force


def test_what_an_issued_certificate_rests_on_stays(store: Store, ids: Sequence[int]) -> None:
    """What it does not rest on may go, and all of it once the certificate is revoked."""
    number = certified(store, ids[:1])
    sheet = store.sheets.claim(1, "t", NOW, LATER)
    assert sheet is not None
    store.sheets.store(sheet, finished(sheet), act())
    with pytest.raises(ConflictError, match="Revoke it first"):
        store.evidence.withdraw(EVENT.slug, ids, act(reason="x"))
    assert all(one.in_force for one in store.evidence.all(EVENT.slug))
    store.evidence.withdraw(EVENT.slug, ids[1:], act(reason="x"))
    store.revocations.add([number], Revocation(NOW, RevocationReason.ERROR, "forged sheet"), act())
    store.evidence.withdraw(EVENT.slug, ids[:1], act(reason="forged sheet"))
    assert not any(one.in_force for one in store.evidence.all(EVENT.slug))


def test_what_is_only_ordered_is_given_up(store: Store, ids: Sequence[int]) -> None:
    """So that nobody issues what is known to be wrong; the trail says so."""
    number = certified(store, ids[:1])
    assert store.evidence.withdraw(EVENT.slug, ids[:1], act(reason="forged")) == [number]
    assert store.batches.get(1).counts == {CertificateState.CANCELLED: 1}
    assert [one.act for one in store.audit(EVENT.slug)][-2:] == ["evidence.withdraw", "batch.give_up"]


def test_what_is_being_issued_cannot_be_given_up(store: Store, ids: Sequence[int]) -> None:
    """Nothing is changed."""
    certified(store, ids)
    assert store.sheets.claim(1, "t", NOW, LATER)
    with pytest.raises(ConflictError, match="being issued"):
        store.evidence.withdraw(EVENT.slug, ids, act(reason="forged"))
    assert all(one.in_force for one in store.evidence.all(EVENT.slug))


def test_nobody_orders_on_evidence_that_was_withdrawn_meanwhile(store: Store, ids: Sequence[int]) -> None:
    """The order was planned before."""
    as_of = store.events.as_of(EVENT.slug, besides_orders=True)
    store.evidence.withdraw(EVENT.slug, ids[:1], act(reason="x"))
    one = replace(draft("ana@example.org"), evidence=tuple(ids))
    with pytest.raises(ConflictError, match="Look, then try again"):
        store.batches.order(Order("attendance", FACTS, EVENT.approval, NOW.date(), [one], as_of), act())
    assert store.batches.of_event(EVENT.slug) == []


def test_a_decision_is_frozen_with_its_certificate(store: Store, ids: Sequence[int]) -> None:
    """The sentence and the evidence; the trail of the order names it too."""
    number = certified(store, ids[:1])
    with store.engine.connect() as connection:
        decision = connection.execute(text("SELECT decision FROM certificate")).scalar_one()
    assert decision == f'{{"reason":"Enough.","evidence":[{ids[0]}]}}'
    assert f'"evidence":{{"{number}":[{ids[0]}]}}' in list(store.audit(EVENT.slug))[-1].new


def test_what_people_decided_of_a_batch_is_found(store: Store, ids: Sequence[int]) -> None:
    """Evidence or a ruling; not a sentence that quotes the words."""
    quoting = replace(draft("ben@example.org"), reason='It says "evidence":[1] and "ruling":7.')
    vouched = replace(draft("ana@example.org"), evidence=tuple(ids))
    batch = ordered(store, [quoting, vouched, replace(draft("cy@example.org"), reason="x", ruling=7)])
    assert [(one.name, one.evidence, one.ruling) for one in store.batches.by_people(batch)] == [
        ("Ana@Example.Org", tuple(ids), 0),
        ("Cy@Example.Org", (), 7),
    ]
    store.evidence.withdraw(EVENT.slug, ids, act(reason="forged"))
    assert [one.name for one in store.batches.by_people(batch)] == ["Cy@Example.Org"]


def test_a_session_with_evidence_cannot_leave_the_event(store: Store, ids: Sequence[int]) -> None:
    """As one with imports."""
    assert ids
    with pytest.raises(ConflictError, match="Session 2 has imports or evidence"):
        store.events.add(replace(EVENT, sessions=EVENT.sessions[:1]), "y", act())


def test_adding_and_withdrawing_are_in_the_trail(store: Store, ids: Sequence[int]) -> None:
    """What, whose, by whom and why."""
    store.evidence.withdraw(EVENT.slug, ids[1:], act("cy", "another group"))
    trail = [one for one in store.audit(EVENT.slug) if one.act.startswith("evidence.")]
    assert [(one.act, one.subject, one.actor) for one in trail] == [
        ("evidence.add", "ana@example.org", "ana"),
        ("evidence.add", "ben@example.org", "ana"),
        ("evidence.withdraw", "ben@example.org", "cy"),
    ]
    assert '"kind":"signed group sheet"' in trail[0].new
    assert trail[2].reason == "another group"


def test_a_withdrawal_does_not_overtake_an_order(store: Store, ids: Sequence[int]) -> None:
    """Either it gives up what was ordered, or it is refused; nothing that is ordered rests on what was withdrawn."""
    one = replace(draft("ana@example.org"), evidence=tuple(ids))
    as_of = store.events.as_of(EVENT.slug, besides_orders=True)
    asked = Order("attendance", FACTS, EVENT.approval, NOW.date(), [one], as_of)
    with ThreadPoolExecutor(1) as other, writing(store.engine) as connection:
        orders.store(connection, [(id_of(connection, EVENT.slug), asked)], act())
        withdrawal = other.submit(store.evidence.withdraw, EVENT.slug, ids[:1], act(reason="x"))
        wait([withdrawal], 0.5)
    refused = withdrawal.exception() is not None
    assert store.evidence.all(EVENT.slug)[0].in_force is refused
    assert (store.batches.get(1).remaining == 1) is refused
