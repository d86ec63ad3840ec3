"""Many processes on one register, on both databases."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest

from certs.db import audit, leases
from certs.db.store import Store
from certs.errors import ConflictError
from certs.model import CertificateState, Number
from tests.ports.conftest import opened
from tests.register import EVENT, LATER, NOW, act, draft, finished, ordered, people

PROCESSES = 8


@pytest.fixture
def crowd() -> Iterator[Executor]:
    """Yield processes that each open the database for themselves."""
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("fork")) as executor:
        yield executor


def work_off(url: str, batch: int, name: int) -> list[Number]:
    """Claim, make and store until nothing is free; return what this process stored."""
    store, done = Store(opened(url)), list[Number]()
    while sheet := store.sheets.claim(batch, f"{name}/{len(done)}", NOW, LATER, most=3):
        assert store.sheets.store(sheet, finished(sheet), act(f"process {name}"))
        done += sheet.todo
    store.engine.dispose()
    return done


def try_to_order(url: str, name: int) -> bool:
    """Order for the same fifty people as everybody else; return whether it went through."""
    store = Store(opened(url))
    try:
        ordered(store, [draft(one, f"latin/{name}") for one in people(50)])
    except ConflictError:
        return False
    finally:
        store.engine.dispose()
    return True


def test_eight_processes_share_a_batch_and_double_nothing(store: Store, database_url: str, crowd: Executor) -> None:
    """Every certificate is stored by exactly one of them."""
    batch = ordered(store, [draft(one, f"latin/{n % 5}") for n, one in enumerate(people(120))])
    working = [crowd.submit(work_off, database_url, batch, name) for name in range(PROCESSES)]
    shares = [one.result(timeout=600) for one in working]
    numbers = [one for share in shares for one in share]
    assert len(numbers) == len(set(numbers)) == 120
    assert store.batches.get(batch).counts == {CertificateState.ISSUED: 120}
    assert audit.first_broken(audit.entries(store.engine)) is None


def test_of_eight_orders_at_once_one_goes_through(store: Store, database_url: str, crowd: Executor) -> None:
    """Nobody gets two certificates."""
    store.events.add(EVENT, "slug = 'gmp-2026'", act())
    working = [crowd.submit(try_to_order, database_url, name) for name in range(PROCESSES)]
    outcomes = [one.result(timeout=600) for one in working]
    assert outcomes.count(True) == 1
    assert len(store.batches.certified(EVENT.slug, "attendance")) == 50


def test_a_clock_that_goes_back_an_hour_loses_nothing(store: Store) -> None:
    """A lease taken by the later clock still holds, and what was stored then stays stored."""
    batch = ordered(store, people_drafts := [draft(one) for one in people(4)])
    first = store.sheets.claim(batch, "before", NOW, LATER, most=2)
    assert first is not None
    back = datetime(2026, 11, 22, 11, tzinfo=UTC)
    second = store.sheets.claim(batch, "after", back, back + timedelta(minutes=2))
    assert second is not None
    assert not first.todo.keys() & second.todo.keys()
    assert store.sheets.store(second, finished(second), act(at=back))
    assert store.sheets.store(first, finished(first), act())
    assert len(list(store.deliveries(EVENT.slug))) == len(people_drafts)
    assert audit.first_broken(audit.entries(store.engine)) is None


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_lease_goes_by_the_database_whatever_the_clock_here_says(
    store: Store, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    """Machines minutes apart would take each other's work; a file of SQLite has the clock of its one machine."""
    real = datetime.now(UTC)
    away = real + timedelta(minutes=minutes)
    monkeypatch.setattr(leases, "datetime", Mock(now=Mock(return_value=away)))
    expected = away if store.engine.dialect.name == "sqlite" else real
    assert abs(store.sheets.now() - expected) < timedelta(minutes=2)
