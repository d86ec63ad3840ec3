"""What people decided in place of the rule: kept with the rule and what it found, never changed, never overtaken."""

from collections.abc import Sequence
from dataclasses import replace
from threading import Thread

import pytest

from certs.db.engine import writing
from certs.db.rulings import demand_newest
from certs.db.store import Store
from certs.errors import ConflictError, NotFoundError
from certs.model import Order, Ruled
from tests.register import EVENT, NOW, act, draft, granted, ordered
from tests.world import EVENT as FACTS

GRANTED = [granted("ana@example.org"), granted("ben@example.org")]


@pytest.fixture
def ids(store: Store) -> Sequence[int]:
    """Add the event, and grant two people something."""
    store.events.add(EVENT, "x", act())
    store.rulings.add(EVENT.slug, GRANTED, act(reason="power cut"))
    return [one.id for one in store.rulings.all(EVENT.slug)]


def test_rulings_come_back_as_they_were(store: Store, ids: Sequence[int]) -> None:
    """Newest last; another event has none."""
    lifted = replace(GRANTED[0], ruled=Ruled.LIFTED, reason="a mistake")
    store.rulings.add(EVENT.slug, [lifted], act("ben"))
    found = store.rulings.all(EVENT.slug)
    assert [replace(one, id=0) for one in found] == [*GRANTED, lifted]
    assert found[2].id > max(ids)
    store.events.add(replace(EVENT, slug="other"), "x", act())
    assert store.rulings.all("other") == []
    with pytest.raises(NotFoundError):
        store.rulings.all("nowhere")


def test_one_decision_on_many_is_one_entry_in_the_trail(store: Store, ids: Sequence[int]) -> None:
    """With the reason, the rule, and what it found of each."""
    assert ids
    last = list(store.audit(EVENT.slug))[-1]
    assert (last.act, last.subject, last.actor, last.reason) == ("ruling.grant", "2 people", "ana", "power cut")
    assert '"criteria":"At least 6."' in last.new
    assert '"found":{"ana@example.org":"5 of 6.","ben@example.org":"5 of 6."}' in last.new


def test_an_order_that_does_not_know_the_newest_ruling_is_refused(store: Store, ids: Sequence[int]) -> None:
    """Whatever was ruled on whom: the decisions may be others now. An order without decisions goes on."""
    asked = Order("attendance", FACTS, EVENT.approval, NOW.date(), [draft("cy@example.org")], ids[0])
    with pytest.raises(ConflictError, match="Order again"):
        store.batches.order(asked, act())
    assert store.batches.of_event(EVENT.slug) == []
    assert store.batches.order(replace(asked, ruling_seen=ids[1]), act())
    assert ordered(store, [draft("dan@example.org")])


def test_the_ruling_is_frozen_with_the_certificate(store: Store, ids: Sequence[int]) -> None:
    """And the trail of the order names it."""
    one = replace(draft("ana@example.org"), reason="Granted.", ruling=ids[0])
    ordered(store, [one])
    assert f'"rulings":{{"{one.number}":{ids[0]}}}' in list(store.audit(EVENT.slug))[-1].new
    with store.engine.connect() as connection:
        decision = connection.exec_driver_sql("SELECT decision FROM certificate").scalar_one()
    assert decision == f'{{"reason":"Granted.","ruling":{ids[0]}}}'


def test_an_order_and_a_ruling_wait_for_each_other(store: Store, ids: Sequence[int]) -> None:
    """Neither overtakes the other between its look and its change."""
    ruling = Thread(target=store.rulings.add, args=(EVENT.slug, GRANTED, act("cy")))
    with writing(store.engine) as connection:
        event_id = connection.exec_driver_sql("SELECT id FROM event").scalar_one()
        demand_newest(connection, event_id, max(ids))
        ruling.start()
        ruling.join(0.3)
        assert ruling.is_alive()
    ruling.join(10)
    assert len(store.rulings.all(EVENT.slug)) == 4
