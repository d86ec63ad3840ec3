"""What acts on everybody hold of each person in memory while they run: some numbers, and never her records."""

import gc
import os
import shutil
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from certs.cli.tables import write_json
from certs.db.store import Store
from certs.views import decisions as views
from certs.work import counts, orders
from tests.ports.conftest import opened
from tests.register import AUCKLAND, EVENT, act, people, received

FEW, MANY = 1_000, 4_000
AT_ONCE = {
    "certs.db.audit._LONG": 10_000,
    "certs.db.counted._AT_ONCE": 100,
    "certs.db.entered._AT_ONCE": 100,
    "certs.db.orders._TOGETHER": 100,
    "certs.db.records._FETCHED": 100,
    "certs.db.records._TOGETHER": 100,
    "certs.ground.spool._AT_ONCE": 50,
    "certs.ground.spool._FEW": 0,
    "certs.ground.spool._IN_MEMORY": 10_000,
    "certs.work.orders._COMPARED": 500,
    "certs.work.orders._DRAWN": 100,
    "certs.work.planning._TOGETHER": 100,
}
"""So few that thousands are many."""
PLANNED_BYTES = 20
"""Of each person: start and end of her join."""
DRAWN_BYTES = 105
"""Besides, a number and a plate; and what waits to be collected of questions to the database."""
ORDERED_BYTES = 72
"""Of each person: that, a number, a plate, and what a transaction's trail says of her."""
DECIDED_BYTES = 40
"""Of each person, whose decision is kept in the register."""
Work = Callable[[Store], Iterator[None]]
"""It yields after each of its steps."""


def _held(store: Store, count: int, work: Work) -> Sequence[int]:
    """Return how many bytes *work* holds at most in each of its steps, with *count* people in the register."""
    store.events.add(EVENT, AUCKLAND, act())
    store.imports.add(EVENT.slug, [received(people=people(count))], act())
    gc.collect()
    tracemalloc.start()
    peaks: list[int] = []
    try:
        for _ in work(store):
            peaks.append(tracemalloc.get_traced_memory()[1])
            gc.collect()
            tracemalloc.reset_peak()
        return peaks
    finally:
        tracemalloc.stop()


def _order(store: Store) -> Iterator[None]:
    planned = orders.plan(store, EVENT.slug)
    yield
    drafts = orders.Drafts(store, planned.decisions)
    yield
    del drafts
    orders.place(store, planned, act(), demo=False)
    yield


def _decide(store: Store) -> Iterator[None]:
    """Do what `decide --json` does."""
    counted = counts.counted(store, EVENT.slug, act().at)
    yield
    write_json(views.decisions(counted.event, counted.totals(), counted, lambda: counted, ()))
    yield


@pytest.fixture
def stores(migrated: Path, tmp_path: Path) -> Iterator[Sequence[Store]]:
    """Yield three empty registers."""
    files = [Path(shutil.copy(migrated, tmp_path / f"{name}.db")) for name in ("first", "few", "many")]
    engines = [opened(f"sqlite:///{file}") for file in files]
    yield [Store(engine) for engine in engines]
    for engine in engines:
        engine.dispose()


def _of_each(stores: Sequence[Store], work: Work) -> Sequence[float]:
    """Return how many bytes each step of *work* holds of each person; what is made once and kept is made before."""
    _, few, many = (_held(store, count, work) for store, count in zip(stores, (MANY, FEW, MANY), strict=True))
    return [(more - less) / (MANY - FEW) for less, more in zip(few, many, strict=True)]


def test_an_order_holds_some_numbers_of_each_person(stores: Sequence[Store], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom it covers lies in a file, and rows are stored some at a time."""
    for name, at_once in AT_ONCE.items():
        monkeypatch.setattr(name, at_once)
    planned, drawn, placed = _of_each(stores, _order)
    assert planned < PLANNED_BYTES
    assert drawn < DRAWN_BYTES
    assert placed < ORDERED_BYTES


def test_decisions_are_counted_and_written_some_at_a_time(
    stores: Sequence[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As JSON: nothing of those who were there is held."""
    for name, at_once in AT_ONCE.items():
        monkeypatch.setattr(name, at_once)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, monkeypatch.context() as for_now:
        for_now.setattr("sys.stdout", nowhere)
        held = _of_each(stores, _decide)
    assert max(held) < DECIDED_BYTES
