"""What acts on everybody hold of each person in memory while they run: some numbers, and never her records."""

import shutil
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from certs.db.store import Store
from certs.work import orders
from tests.ports.conftest import opened
from tests.register import AUCKLAND, EVENT, act, people, received

FEW, MANY = 1_000, 4_000
AT_ONCE = {
    "certs.db.orders._TOGETHER": 100,
    "certs.db.records._FETCHED": 100,
    "certs.db.records._TOGETHER": 200,
    "certs.ground.spool._AT_ONCE": 50,
    "certs.ground.spool._FEW": 0,
    "certs.work.orders._DRAWN": 100,
    "certs.work.planning._TOGETHER": 100,
}
"""So few that thousands are many."""
ORDERED_BYTES = 150
"""Of each person: the times of her joins, a number, a plate, and what a transaction's trail says of her."""


def _held(store: Store, count: int, work: Callable[[Store], object]) -> int:
    """Return how many bytes *work* holds at most with *count* people in the register."""
    slug = EVENT.slug
    store.events.add(EVENT, AUCKLAND, act())
    store.imports.add(slug, [received(people=people(count))], act())
    orders.plan(store, slug)  # what is made once and kept: statements, fonts
    tracemalloc.start()
    try:
        work(store)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _order(store: Store) -> None:
    orders.place(store, orders.plan(store, EVENT.slug), act(), demo=False)


@pytest.fixture
def two_stores(migrated: Path, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """Yield two empty registers."""
    files = [Path(shutil.copy(migrated, tmp_path / f"{name}.db")) for name in ("few", "many")]
    few, many = (opened(f"sqlite:///{file}") for file in files)
    yield Store(few), Store(many)
    few.dispose()
    many.dispose()


def test_an_order_holds_some_numbers_of_each_person(
    two_stores: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whom it covers lies in a file, and rows are stored some at a time."""
    for name, at_once in AT_ONCE.items():
        monkeypatch.setattr(name, at_once)
    few, many = (_held(store, count, _order) for store, count in zip(two_stores, (FEW, MANY), strict=True))
    assert (many - few) / (MANY - FEW) < ORDERED_BYTES
