"""What batches are called: by event and number, without gaps, whatever the database's own counters do."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from certs.db.engine import writing
from certs.db.store import Store
from certs.errors import ConflictError, InputError, NotFoundError
from certs.ground import reference
from certs.model import Approval, Order
from tests.register import EVENT, act, draft, ordered
from tests.world import EVENT as FACTS

OTHER = replace(EVENT, slug="gmp-2027")


def order(store: Store, slug: str, person: str) -> str:
    facts = replace(FACTS, slug=slug)
    placed = Order("attendance", facts, Approval.ONE, date(2026, 11, 22), [draft(person)])
    return store.batches.get(store.batches.order(placed, act())).reference


@pytest.fixture
def events(store: Store) -> Store:
    for event in (EVENT, OTHER):
        store.events.add(event, event.slug, act())
    return store


def test_each_event_counts_its_own_batches(events: Store) -> None:
    """Whatever other events order in between."""
    said = [order(events, slug, f"p{n}") for n, slug in enumerate(["gmp-2026", "gmp-2027", "gmp-2026", "gmp-2027"])]
    assert said == ["gmp-2026/1", "gmp-2027/1", "gmp-2026/2", "gmp-2027/2"]


def test_an_order_that_fails_leaves_no_gap(store: Store) -> None:
    """PostgreSQL's counter goes on though the transaction was rolled back."""
    ordered(store, [draft("ana")])
    for _ in range(3):
        with pytest.raises(ConflictError):
            order(store, EVENT.slug, "ana")
    assert order(store, EVENT.slug, "ben") == "gmp-2026/2"


def test_who_orders_at_the_same_time_gets_the_next_number(events: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        said = pool.map(lambda n: order(events, EVENT.slug, f"p{n}"), range(8))
    assert sorted(said) == [f"gmp-2026/{n}" for n in range(1, 9)]


@pytest.mark.parametrize("typed", ["gmp-2026/1", " gmp-2026/1 ", "gmp-2026 / 1", "gmp-2026/01", "1", "01"])
def test_a_batch_is_found_as_people_type_it(store: Store, typed: str) -> None:
    batch = ordered(store, [draft("ana")])
    assert reference.batch(store.batches, typed).id == batch


@pytest.mark.parametrize("typed", ["", "one", "gmp-2026", "gmp-2026/", "/1", "gmp-2026/1/2", "-1", "1.0", "#1", "१"])
def test_what_is_no_reference_is_said(store: Store, typed: str) -> None:
    ordered(store, [draft("ana")])
    with pytest.raises(InputError, match="cgmp-2026/1"):
        reference.batch(store.batches, typed)


@pytest.mark.parametrize("typed", ["gmp-2026/2", "gmp-2026/0", "nope/1", "9"])
def test_a_batch_that_is_not_there_is_said(store: Store, typed: str) -> None:
    ordered(store, [draft("ana")])
    with pytest.raises(NotFoundError, match=r"no batch|no event"):
        reference.batch(store.batches, typed)


def test_a_bare_number_of_several_batches_is_asked_about(events: Store) -> None:
    """The second in the register is the first of its event: both 1 and 2 may mean several."""
    for slug in ("gmp-2026", "gmp-2027", "gmp-2026"):
        order(events, slug, f"p-{slug}-{len(events.batches.of_event(slug))}")
    with pytest.raises(ConflictError, match="gmp-2026/1 or gmp-2027/1"):
        reference.batch(events.batches, "1")
    with pytest.raises(ConflictError, match="gmp-2027/1 or gmp-2026/2"):
        reference.batch(events.batches, "2")
    assert reference.batch(events.batches, "3").reference == "gmp-2026/2"


def test_the_number_within_an_event_is_enough_where_only_one_has_it(store: Store) -> None:
    """The register's own number is far beyond, after failed orders."""
    store.events.add(EVENT, "x", act())
    order(store, EVENT.slug, "ana")
    if store.engine.dialect.name == "postgresql":
        with writing(store.engine) as connection:
            connection.execute(text("SELECT setval('batch_id_seq', 40)"))
        order(store, EVENT.slug, "ben")
        assert reference.batch(store.batches, "2").id == reference.batch(store.batches, "41").id == 41
    assert reference.batch(store.batches, "1").reference == "gmp-2026/1"


def test_the_trail_calls_a_batch_as_people_do(store: Store) -> None:
    batch = ordered(store, [draft("ana")])
    store.batches.approve(batch, act("ben"))
    about = {entry.act: entry.subject for entry in store.audit(EVENT.slug)}
    assert about["batch.order"] == about["batch.approve"] == "batch gmp-2026/1"
