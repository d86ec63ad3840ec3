"""What people decided in place of the rule: kept with the rule and what it found, never changed, never overtaken."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from certs.db.store import Store
from certs.errors import NotFoundError
from certs.model import Ruled
from tests.register import EVENT, act, draft, granted, ordered

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


def test_the_ruling_is_frozen_with_the_certificate(store: Store, ids: Sequence[int]) -> None:
    """And the trail of the order names it."""
    one = replace(draft("ana@example.org"), reason="Granted.", ruling=ids[0])
    ordered(store, [one])
    assert f'"rulings":{{"{one.number}":{ids[0]}}}' in list(store.audit(EVENT.slug))[-1].new
    with store.engine.connect() as connection:
        decision = connection.exec_driver_sql("SELECT decision FROM certificate").scalar_one()
    assert decision == f'{{"reason":"Granted.","ruling":{ids[0]}}}'
