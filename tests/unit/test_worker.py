"""The worker on a real register, errand by errand: what it does, says, and leaves for the next one when it dies."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from certs.attendance import Answers
from certs.build import App
from certs.errors import ConflictError, InputError, NotFoundError, StorageError
from certs.model import Act, CertificateState, Errand, ErrandFile, ErrandKind, SessionId
from certs.queue import Queue
from certs.work import errands, imports, orders
from certs.work.errands import Reading, doing, outcomes
from certs.worker import LEASE, MOST_TRIES, Worker
from tests import crowd
from tests.bench import sample

EVENT = (sample.DEMO / "marathon.toml").read_text().replace('approval = "two"', 'approval = "one"')
SLUG = "cgmp-2026"
FIRST, SECOND = sorted(sample.DEMO.glob("attendee_*.csv"))[:2]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """Yield the program with the sample's event and nobody in it."""
    app = crowd.opened(crowd.environment(tmp_path))
    imports.add_event(app.store, EVENT, "marathon.toml", act())
    yield app
    app.engine.dispose()


def act(actor: str = "Ana") -> Act:
    return Act(actor, crowd.NOW, role="organiser, passkey")


def file_of(path: Path) -> ErrandFile:
    return ErrandFile(path.name, path.read_bytes())


def worker(app: App) -> Worker:
    return Worker(app, Queue(1))


def done(app: App, errand: Errand) -> Errand:
    """Let a worker do what waits first, which is *errand*."""
    assert worker(app).once()
    return app.store.errands.get(errand.id)


def test_without_errands_there_is_nothing_to_do(app: App) -> None:
    """It looks again later, and is known to be there."""
    assert errands.worker_away(app.store)
    assert not worker(app).once()
    assert not errands.worker_away(app.store)


def test_files_are_read_in_the_name_of_who_asked_and_counted_after(app: App) -> None:
    """What the trail says is who dropped the files, signed in how; pages find the counts ready."""
    errand = errands.read(app.store, SLUG, [file_of(FIRST), file_of(SECOND)], Reading(), act())
    ended = done(app, errand)
    assert (ended.done, ended.total, ended.code) == (2, 2, "")
    assert ended.sentence.startswith("2 files were read.")
    assert [one.name for one in app.store.imports.listed(SLUG)] == [FIRST.name, SECOND.name]
    entry = next(one for one in app.store.trail.entries() if one.act == "import.add")
    assert (entry.actor, entry.role) == ("Ana", "organiser, passkey")
    count = app.store.errands.newest(ErrandKind.COUNT, SLUG)
    assert count is not None
    assert done(app, count).sentence == "The counts are up to date."
    assert app.store.decisions.kept(SLUG) == app.store.decisions.as_of(SLUG)


def test_a_file_that_cannot_be_used_is_named_and_the_others_count(app: App) -> None:
    """One bad export among several."""
    errand = errands.read(app.store, SLUG, [ErrandFile("bad.csv", b"no export"), file_of(FIRST)], Reading(), act())
    ended = done(app, errand)
    assert ended.code == "input"
    assert ended.sentence.startswith("1 file was read. 1 file was refused: bad.csv")
    assert [one.name for one in app.store.imports.listed(SLUG)] == [FIRST.name]


def test_a_file_that_is_here_already_changes_nothing(app: App) -> None:
    """Imported by a command before it was asked for."""
    imports.add_files(app.store, SLUG, [imports.Upload(FIRST.name, FIRST.read_bytes())], Answers(), act())
    errand = errands.read(app.store, SLUG, [file_of(FIRST)], Reading(), replace(act(), at=app.clock()))
    assert "1 file was here already and changes nothing." in done(app, errand).sentence
    assert len(app.store.imports.listed(SLUG)) == 1


def test_what_a_dead_worker_has_read_is_read(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """It died between the import and the end of its errand: the sentence is the same, and nothing is there twice."""
    errand = errands.read(app.store, SLUG, [file_of(FIRST), file_of(SECOND)], Reading(), act())
    real, seen = imports.store_files, list[str]()

    def die_after_the_first(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]
        seen.append("stored")
        raise KeyboardInterrupt

    monkeypatch.setattr(imports, "store_files", die_after_the_first)
    with pytest.raises(KeyboardInterrupt):
        worker(app).once()
    monkeypatch.setattr(imports, "store_files", real)
    assert seen == ["stored"]
    assert done(app, errand).sentence.startswith("2 files were read.")
    assert len(app.store.imports.listed(SLUG)) == 2


def test_how_files_are_read_is_kept_with_them() -> None:
    """The same for the same, whatever order it was said in."""
    how = Reading(
        Answers(zone="Asia/Tokyo", sessions={"a.csv": SessionId("3")}, registered=frozenset("ab")), ("f" * 64,)
    )
    assert Reading.of(how.as_text()).answers == how.answers
    assert Reading.of(how.as_text()).as_text() == how.as_text()


@pytest.mark.parametrize("names", [[], ["a.csv", "a.csv"]])
def test_no_file_and_one_name_twice_are_refused(app: App, names: list[str]) -> None:
    """Nothing is kept."""
    with pytest.raises(InputError):
        errands.read(app.store, SLUG, [ErrandFile(name, b"x") for name in names], Reading(), act())
    assert app.store.errands.waiting() == 0


def test_an_approved_batch_is_issued(app: App) -> None:
    """With progress, by forked processes as by a command."""
    batch = app.store.batches.get(crowd.approved(app, 3))
    ended = done(app, errands.issue(app.store, batch, act("Ben")))
    assert (ended.sentence, ended.done, ended.total) == ("3 certificates are issued.", 3, 3)
    assert app.store.batches.get(batch.id).counts == {CertificateState.ISSUED: 3}


def test_a_batch_that_nobody_approved_is_not_even_asked_for(app: App) -> None:
    """The rule is the one of the use case."""
    batch = app.store.batches.get(crowd.approved(app, 1))
    with pytest.raises(ConflictError, match="not approved"):
        errands.issue(app.store, replace(batch, approved_at=None), act())


def test_a_refusal_is_how_an_errand_ends(app: App) -> None:
    """The worker goes on with the next."""
    nobody = errands.rehearse(app.store, SLUG, act())
    unknown = errands.rehearse(app.store, SLUG, act(), "no such kind")
    assert done(app, nobody).code == "input"
    assert done(app, unknown).code == "input"


def test_an_order_is_rehearsed(app: App) -> None:
    """How many, and that their pages print."""
    files = [imports.Upload(one.name, one.read_bytes()) for one in sorted(sample.DEMO.glob("*.csv"))]
    imports.add_files(app.store, SLUG, files, Answers(), act())
    ended = done(app, errands.rehearse(app.store, SLUG, act()))
    planned = len(orders.plan(app.store, SLUG).decisions)
    assert ended.sentence.startswith(f"{planned:,} certificates would be ordered.")
    assert not ended.code


def test_status_lists_are_published(app: App) -> None:
    """Of no event."""
    assert not done(app, errands.publish(app.store, act())).code


def test_a_defect_ends_its_errand_and_says_nothing_of_people(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an exception says may hold names."""

    def fail(*_: object) -> doing.Done:
        raise ZeroDivisionError("Ana Example")

    monkeypatch.setitem(doing._DO, ErrandKind.COUNT, fail)
    ended = done(app, errands.count(app.store, SLUG, act()))
    assert ended.code == "defect"
    assert "Ana Example" not in ended.sentence


def test_a_register_that_is_away_ends_nothing(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The errand waits; after five times it is said, for then it is the errand."""

    def fail(*_: object) -> doing.Done:
        raise StorageError("The disk is full.")

    monkeypatch.setitem(doing._DO, ErrandKind.COUNT, fail)
    errand = errands.count(app.store, SLUG, act())
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(StorageError):
            worker(app).once()
        assert app.store.errands.get(errand.id).ended_at is None
    assert done(app, errand).sentence == "The disk is full."


def test_an_errand_that_ends_its_workers_is_given_up(app: App) -> None:
    """Else it would end every one, for ever."""
    errand = errands.count(app.store, SLUG, act())
    for n in range(MOST_TRIES):
        assert app.store.errands.claim(str(n), LEASE)
        app.store.errands.give_back(str(n), died=True)
    assert done(app, errand).code == "defect"


def test_what_a_dead_process_held_is_taken_over_at_once(app: App, tmp_path: Path) -> None:
    """Nobody waits two minutes for a worker that was killed on this machine."""
    errand = errands.count(app.store, SLUG, act())
    dead = subprocess.run(
        [sys.executable, "-c", "from certs.queue import Queue; print(Queue(1).holder)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert app.store.errands.claim(f"{dead.stdout.strip()}/errand/1", LEASE)
    assert not done(app, errand).code


def test_while_a_live_process_holds_it_nobody_else_has_it(app: App) -> None:
    """Two workers on one machine."""
    errands.count(app.store, SLUG, act())
    assert app.store.errands.claim(f"{Queue(1).holder}/errand/7", LEASE)
    assert not worker(app).once()


def test_an_unknown_event_is_refused_when_it_is_asked_for(app: App) -> None:
    """Not minutes later."""
    with pytest.raises(NotFoundError):
        errands.count(app.store, "nowhere", act())


def test_sigterm_gives_the_errand_back_and_ends_well(app: App, tmp_path: Path) -> None:
    """Whoever stops the machine loses nothing."""
    environ = crowd.environment(tmp_path)
    running = subprocess.Popen(
        [sys.executable, "-m", "certs", "worker"], env=environ, stderr=subprocess.PIPE, text=True
    )
    try:
        while errands.worker_away(app.store):
            assert running.poll() is None
            time.sleep(0.05)
        running.terminate()
        _, said = running.communicate(timeout=600)
    finally:
        running.kill()
    assert running.returncode == 0
    assert "what waits stays in the register" in said
    assert list(app.store.errands.leases()) == []


def test_it_looks_at_everything_and_backs_the_register_up(
    app: App, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What it finds stays with the errand; the file is whole and its owner's alone."""
    monkeypatch.chdir(tmp_path)
    looked = done(app, errands.examine(app.store, act()))
    assert {one.about for one in outcomes.seen(looked.outcome)} >= {"database", "keys", "audit"}
    saved = done(app, errands.back_up(app.store, act()))
    (file,) = (app.settings.instance / "backups").iterdir()
    assert saved.code == ""
    assert str(file) in saved.sentence
    assert file.stat().st_mode & 0o077 == 0
    with sqlite3.connect(file) as copy:
        assert copy.execute("SELECT slug FROM event").fetchall() == [(SLUG,)]
    copy.close()
