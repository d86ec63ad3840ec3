"""What acts on everybody hold of each person in memory while they run: some numbers, and never her records."""

import gc
import os
import shutil
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import mkdtemp

import pytest

from certs.cli.tables import write_json
from certs.db.store import Store
from certs.ground import spool
from certs.ground.spool import Item
from certs.views import decisions as views
from certs.work import corrections, counts, deliver, orders
from tests.ports.conftest import opened
from tests.register import (
    AUCKLAND,
    BASE,
    EVENT,
    KIDS,
    LATER,
    NOW,
    RING,
    act,
    draft,
    finished,
    ordered,
    people,
    received,
)

FEW, MANY = 1_000, 4_000
SHEET = 250
ISSUED = SHEET, 4 * SHEET
"""Certificates, each of which takes longer to make ready; a sheet of them has a roll, which is read as a whole."""
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
KEPT = {
    "certs.db.batches._AT_ONCE": 100,
    "certs.db.certificates._AT_ONCE": 50,
    "certs.db.certificates._PLATES_AT_ONCE": 1,
    "certs.db.certificates._ROWS_AT_ONCE": 100,
    "certs.db.fates._AT_ONCE": 100,
    "certs.work.record._REMEMBERED": 1,
}
"""The same for what is issued."""
PLANNED_BYTES = 20
"""Of each person: start and end of her join."""
DRAWN_BYTES = 105
"""Besides, a number and a plate; and what waits to be collected of questions to the database."""
ORDERED_BYTES = 72
"""Of each person: that, a number, a plate, and what a transaction's trail says of her."""
DECIDED_BYTES = 40
"""Of each person, whose decision is kept in the register."""
REISSUED_BYTES = 300
"""Of each certificate: two numbers, for the trail, as text and as what is stored of it."""
LISTED_BYTES = 300
"""Of each certificate that is listed: its place in the order of numbers."""
ZIPPED_BYTES = 1_300
"""Besides, what the directory at the end of a ZIP file says of it, which is written at once."""
FILED_BYTES = 700
"""Besides, name and digest of its file, by which the next export knows that it is ours."""
SITE = deliver.Site(None, BASE, NOW.date(), RING)
Work = Callable[[Store], Iterator[None]]
"""It yields after each of its steps."""


def _present(store: Store, count: int) -> None:
    store.events.add(EVENT, AUCKLAND, act())
    store.imports.add(EVENT.slug, [received(people=people(count))], act())


def _certified(store: Store, count: int) -> None:
    """Issue to everybody, a sheet at a time."""
    batch = ordered(store, [draft(one, f"latin/{place // SHEET}") for place, one in enumerate(people(count))])
    while (sheet := store.sheets.claim(batch, "t", NOW, LATER)) is not None:
        assert store.sheets.store(sheet, finished(sheet), act())


def _held(store: Store, count: int, work: Work, prepare: Callable[[Store, int], None]) -> Sequence[int]:
    """Return how many bytes *work* holds at most in each of its steps, with *count* people in the register."""
    prepare(store, count)
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


def _of_each(
    stores: Sequence[Store],
    work: Work,
    prepare: Callable[[Store, int], None] = _present,
    counts: tuple[int, int] = (FEW, MANY),
) -> Sequence[float]:
    """Return how many bytes each step of *work* holds of each person; what is made once and kept is made before."""
    few, many = counts
    _, less, more = (_held(store, count, work, prepare) for store, count in zip(stores, (many, *counts), strict=True))
    return [(most - least) / (many - few) for least, most in zip(less, more, strict=True)]


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


def _reissue(store: Store) -> Iterator[None]:
    found = corrections.to_reissue(store, RING, KIDS[0])
    yield
    corrections.reissue(store, found, act(reason="stolen", at=LATER), demo=False)
    yield


@pytest.fixture
def tidy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let few be many, and collect garbage in circles after each of them: what there was before decides nothing."""
    for name, at_once in (AT_ONCE | KEPT).items():
        monkeypatch.setattr(name, at_once)

    def parted(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
        for part in spool.in_parts(items, size):
            gc.collect()
            yield part

    monkeypatch.setattr("certs.db.orders.in_parts", parted)
    monkeypatch.setattr("certs.ground.spool.Laid._lay_down", _collecting(spool.Laid._lay_down))
    gc.collect()
    gc.freeze()
    gc.collect()  # the more there were last, as of a whole suite, the more rarely all are looked at
    yield
    gc.unfreeze()


def _collecting(act: Callable[[spool.Laid[object]], None]) -> Callable[[spool.Laid[object]], None]:
    def acts(laid: spool.Laid[object]) -> None:
        gc.collect()
        act(laid)

    return acts


@pytest.mark.usefixtures("tidy")
def test_a_reissue_holds_some_numbers_of_each_certificate(stores: Sequence[Store]) -> None:
    """What they say lies in a file, and what replaces them is stored some at a time."""
    looked, placed = _of_each(stores, _reissue, _certified, ISSUED)
    assert max(looked, placed) < REISSUED_BYTES


@pytest.mark.usefixtures("tidy")
def test_an_export_holds_next_to_nothing_of_each_certificate(stores: Sequence[Store], tmp_path: Path) -> None:
    """However it is given out; only names and digests of files are known to the end."""

    def export(store: Store) -> Iterator[None]:
        deliver.export(EVENT.slug, store, SITE, tmp_path / "list.csv", deliver.Wanted(manifest_only=True))
        yield
        deliver.export(EVENT.slug, store, SITE, tmp_path / "all.zip")
        yield
        for _ in deliver.zipped(EVENT.slug, store, SITE):
            pass
        yield
        deliver.export(EVENT.slug, store, SITE, Path(mkdtemp(dir=tmp_path)))
        yield

    listed, zipped, sent, filed = _of_each(stores, export, _certified, ISSUED)
    assert listed < LISTED_BYTES
    assert max(zipped, sent) < ZIPPED_BYTES
    assert filed < FILED_BYTES
