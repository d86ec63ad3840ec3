"""A worker killed at its errands: `make chaos` at 50 random moments, and a test at a boundary of each kind.

The worker runs in a process of its own, which ends without any farewell: with everything that it started, at the chosen
commit, or alone some milliseconds after it. Then another worker does what is left. Whatever was asked for must be as
it is without the kill: each act once in the trail, the same exports, one certificate for each person, a true sentence.
"""

import os
import random
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine.default import DefaultDialect

from certs.attendance import Answers
from certs.build import App
from certs.db import audit
from certs.model import Act, Errand, ErrandFile, ErrandKind, Imported, Purpose
from certs.queue import Queue
from certs.work import errands, imports, orders, publishing
from certs.work.errands import acting, asking
from certs.worker import Worker
from tests import crowd
from tests.bench import sample
from tests.survivors import assert_nothing_half_made

SLUG = "cgmp-2026"
KILLS, SEEDS = 10, range(1, 6)
PEOPLE = 5
KINDS = tuple(kind for kind in ErrandKind if kind is not ErrandKind.ENROL)
"""All but what wants a register of an older program."""
_ACT = Act("Ana", crowd.NOW, role="organiser")
_LATER = replace(_ACT, at=crowd.NOW + timedelta(hours=1))
_UP_TO_DATE = "The status lists are up to date."
_LONGEST_SECONDS = 0.05


@dataclass(frozen=True)
class Outcome:
    """What an errand leaves: its sentence, how often each act is in the trail, exports that count, and certificates."""

    sentence: str
    acts: Counter[str]
    imports: tuple[str, ...]
    people: int


class Stage:
    """A deployment in *folder* with an event, exports and a tray, of which each play has a copy."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "original").mkdir()
        app = crowd.opened(crowd.environment(folder / "original"))
        text = (sample.DEMO / "marathon.toml").read_text().replace('approval = "two"', 'approval = "one"')
        text = text.replace("sessions = 6", "sessions = 1")
        imports.add_event(app.store, text, "marathon.toml", _ACT)
        first, second, third = sorted(sample.DEMO.glob("attendee_*.csv"))[:3]
        imports.add_files(app.store, SLUG, [imports.Upload(first.name, first.read_bytes())], Answers(), _ACT)
        app.store.tray.put(SLUG, second.name, second.read_bytes(), _ACT)
        app.store.tray.put(SLUG, "bad.csv", b"no export", _ACT)
        self._read = ErrandFile(third.name, third.read_bytes())
        with app.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        app.engine.dispose()
        self._plays = 0
        self._plain: dict[ErrandKind, tuple[Outcome, int]] = {}

    def plain(self, kind: ErrandKind) -> tuple[Outcome, int]:
        """Return what an errand of that *kind* leaves where nobody dies, and how many boundaries its worker passes."""
        if kind not in self._plain:
            app, errand, folder = self._asked(kind)
            passed = folder / "passed"
            assert _in_child(folder, passed, 0, 0.0) == 0
            self._plain[kind] = _outcome(app, errand, folder), int(passed.read_text())
            self._end(app, folder)
        return self._plain[kind]

    def killed(self, kind: ErrandKind, boundary: int, seconds: float = 0.0) -> bool:
        """Kill a worker so many *seconds* after that *boundary*, let another one finish, and compare.

        Return whether it died; it may have been faster.
        """
        expected, _ = self.plain(kind)
        app, errand, folder = self._asked(kind)
        died = _in_child(folder, folder / "passed", boundary, seconds) != 0
        app.engine.dispose()
        assert_nothing_half_made(app)
        app.engine.dispose()
        assert _in_child(folder, folder / "passed", 0, 0.0) == 0
        found = _outcome(app, errand, folder)
        told = {expected.sentence, _UP_TO_DATE} if kind is ErrandKind.PUBLISH else {expected.sentence}
        where = f"{kind.value} killed {seconds:.3f} s after boundary {boundary}"
        assert found.sentence in told, (where, found.sentence)
        assert (found.acts, found.imports, found.people) == (expected.acts, expected.imports, expected.people), where
        self._end(app, folder)
        return died

    def _asked(self, kind: ErrandKind) -> tuple[App, Errand, Path]:
        """Return a fresh copy in which an errand of that *kind* waits."""
        self._plays += 1
        folder = self._folder / f"play{self._plays}"
        shutil.copytree(self._folder / "original", folder)
        app = crowd.opened(crowd.environment(folder))
        ask: dict[ErrandKind, Callable[[], Errand]] = {
            ErrandKind.READ: lambda: errands.read(app.store, SLUG, [self._read], errands.Reading(), _LATER),
            ErrandKind.TRAY: lambda: asking.read_tray(app.store, SLUG, _LATER),
            ErrandKind.COUNT: lambda: errands.count(app.store, SLUG, _LATER),
            ErrandKind.FORESEE: lambda: errands.foresee(app.store, SLUG, acting.OUT, _first(app).sha256, _LATER),
            ErrandKind.CHANGE: lambda: _change(app),
            ErrandKind.ORDER: lambda: _order(app),
            ErrandKind.REHEARSE: lambda: errands.rehearse(app.store, SLUG, _LATER),
            ErrandKind.ISSUE: lambda: errands.issue(
                app.store, app.store.batches.get(crowd.approved(app, PEOPLE)), _LATER
            ),
            ErrandKind.PUBLISH: lambda: errands.publish(app.store, _LATER),
            ErrandKind.EXAMINE: lambda: asking.examine(app.store, _LATER),
            ErrandKind.BACK_UP: lambda: asking.back_up(app.store, _LATER),
        }
        errand = ask[kind]()
        app.engine.dispose()
        return app, errand, folder

    def _end(self, app: App, folder: Path) -> None:
        app.engine.dispose()
        shutil.rmtree(folder)


def _first(app: App) -> Imported:
    return next(one for one in app.store.imports.listed(SLUG) if one.counts)


def _change(app: App) -> Errand:
    """Ask that the file which counts do so no longer."""
    one, act = _first(app), replace(_LATER, reason="exported too early")
    agreed = errands.Agreed(one.name, one.sha256, app.store.events.as_of(SLUG))
    return errands.change(app.store, SLUG, (acting.OUT, one.sha256), agreed, act)


def _order(app: App) -> Errand:
    """Ask that all be ordered who earned a certificate."""
    due = len(orders.plan(app.store, SLUG).decisions)
    assert due
    return errands.order(app.store, SLUG, "", errands.Ordering(due, demo=False, signed_in=True), _LATER)


def _outcome(app: App, errand: Errand, folder: Path) -> Outcome:
    """Return what is there once nothing waits any more."""
    assert app.store.errands.waiting() == 0
    assert list(app.store.errands.leases()) == []
    assert_nothing_half_made(app)
    ended = app.store.errands.get(errand.id)
    assert ended.ended_at is not None
    acts = Counter(one.act for one in audit.entries(app.engine))
    counting = tuple(one.name for one in app.store.imports.listed(SLUG) if one.counts)
    people = [one.person for one in app.store.deliveries(SLUG)]
    assert len(people) == len(set(people))
    if errand.wish.kind is ErrandKind.COUNT:
        assert app.store.decisions.kept(SLUG) == app.store.decisions.as_of(SLUG)
    if errand.wish.kind is ErrandKind.PUBLISH:
        kid = app.keys.signer(Purpose.CREDENTIAL).key.kid
        assert publishing.stale(app.store, kid, app.settings.base_url) == []
    sentence = ended.sentence
    if errand.wish.kind is ErrandKind.BACK_UP:  # which names a folder, and how large the file is
        assert len(list(folder.glob("instance/backups/*.db"))) == 1
        sentence = sentence.partition(" to ")[0]
    return Outcome(sentence, acts, counting, len(people))


def _in_child(folder: Path, passed: Path, fatal: int, seconds: float) -> int:
    """Let a worker do all that waits in a process that dies at its boundary number *fatal*; return how it ended."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setsid()
            os.chdir(folder)  # where backups go
            _watch(passed, fatal, seconds)
            app = crowd.opened(crowd.environment(folder))
            worker = Worker(app, Queue(1))
            while worker.once():
                pass
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _watch(passed: Path, fatal: int, seconds: float) -> None:
    """Count every commit twice, before and after it, and die so long after number *fatal*."""
    count, me = 0, os.getpid()
    commit: Callable[..., None] = DefaultDialect.do_commit

    def boundary() -> None:
        nonlocal count
        if os.getpid() != me:
            return
        count += 1
        passed.write_text(str(count))
        if count == fatal and not seconds:
            os.killpg(0, signal.SIGKILL)
        elif count == fatal:
            signal.setitimer(signal.ITIMER_REAL, seconds)  # nobody handles it: it ends the process at once

    def counted(*given: object) -> None:
        boundary()
        commit(*given)
        boundary()

    passed.write_text("0")
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    DefaultDialect.do_commit = counted  # type: ignore[method-assign]


def main() -> None:
    """Kill at random moments of random errands; say of which."""
    killed: Counter[str] = Counter()
    for seed in SEEDS:
        dice = random.Random(seed)
        with tempfile.TemporaryDirectory() as folder:
            stage, hit = Stage(Path(folder)), 0
            while hit < KILLS:
                kind = dice.choice(KINDS)
                boundary = dice.randint(1, stage.plain(kind)[1])
                if stage.killed(kind, boundary, dice.choice((0.0, dice.uniform(0.001, _LONGEST_SECONDS)))):
                    killed[kind.value] += 1
                    hit += 1
    at = ", ".join(f"{count} at {kind}" for kind, count in sorted(killed.items()))
    print(f"{killed.total()} kills of workers: {at}")
