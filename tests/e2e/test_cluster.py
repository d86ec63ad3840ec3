"""Machines that share a batch: own folders and keys copied into them, one PostgreSQL, and a broker that may fail."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from certs.build import App
from certs.model import Purpose, Terms
from certs.queue.bell import CeleryBell
from certs.work.issue import Step, run
from tests import brokers, crowd, postgres
from tests.survivors import ROOT, assert_nothing_half_made, assert_whole

FEW = 60
PEOPLE = int(os.environ.get("CLUSTER_PEOPLE", "1500"))
WORKERS = int(os.environ.get("CLUSTER_WORKERS", "2"))
"""More by hand: CLUSTER_PEOPLE=20000 CLUSTER_WORKERS=8."""
EVERYWHERE = "CLUSTER_EVERYWHERE" in os.environ
"""By hand, everything over both brokers; otherwise RabbitMQ, which takes longest to start, has its share alone."""


@dataclass
class Machines:
    """One register and its broker; *environ* is of the machine that runs batches."""

    folder: Path
    environ: dict[str, str]
    app: App
    cluster: postgres.Cluster
    broker: brokers.Broker
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def another(self, **changed: str) -> dict[str, str]:
        """Return the environment of one more machine, with the keys copied into a folder of its own."""
        folder = self.folder / f"machine{len(list(self.folder.glob('machine*')))}"
        shutil.copytree(self.folder / "keys", folder / "keys")
        return self.environ | {"CERTS_SIGNING_KEYS": str(folder / "keys"), "CERTS_LOG": str(folder / "log")} | changed

    def work(self, environ: dict[str, str]) -> subprocess.Popen[bytes]:
        """Let a machine answer the bell, and wait until it does."""
        said = Path(environ["CERTS_LOG"]).with_name("said")
        with said.open("wb") as errors:
            command = [sys.executable, "-m", "certs", "work", "--processes", "1"]
            worker = subprocess.Popen(command, env=environ, cwd=ROOT, stderr=errors, start_new_session=True)
        self.workers.append(worker)
        return worker

    def issue(self, batch: int) -> subprocess.Popen[bytes]:
        """Begin to issue *batch* in one process of the machine that runs it."""
        command = [sys.executable, "-m", "certs", "issue", str(batch), "--workers", "1"]
        with (self.folder / "said").open("wb") as errors:
            return subprocess.Popen(command, env=self.environ, cwd=ROOT, stderr=errors)

    def ring(self, batch: int, helpers: int) -> None:
        """Ring besides, as a broker may that doubles a message or delivers it late."""
        CeleryBell(self.broker.url, pytest.fail).ring(batch, helpers)

    def helped(self, environ: dict[str, str]) -> int:
        """Return how many times that machine has begun to help."""
        log = Path(environ["CERTS_LOG"])
        return log.read_text().count('"issue_begun"') if log.exists() else 0

    def said(self) -> str:
        """Return what all workers have said."""
        return "".join(one.read_text() for one in self.folder.glob("machine*/said"))

    def end(self) -> None:
        """End the workers that are still there."""
        for worker in self.workers:
            if worker.poll() is None:
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


@pytest.fixture(params=brokers.KINDS)
def machines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machines]:
    with ExitStack() as stack:
        cluster = stack.enter_context(postgres.cluster())
        broker = stack.enter_context(brokers.broker(request.param))
        environ = crowd.environment(tmp_path, cluster.create("shared")) | {"CERTS_BROKER_URL": broker.url}
        app = crowd.opened(environ)
        found = Machines(tmp_path, environ, app, cluster, broker)
        stack.callback(app.engine.dispose)
        stack.callback(found.end)
        yield found


one_broker = pytest.mark.parametrize("machines", brokers.KINDS if EVERYWHERE else ["redis"], indirect=True)
each_step = pytest.mark.parametrize(
    ("machines", "deadly"),
    [("redis", list(Step)), ("rabbitmq", list(Step) if EVERYWHERE else [Step.SIGNED])],
    ids=brokers.KINDS[::-1],
    indirect=["machines"],
)


def begun(machines: Machines, batch: int) -> None:
    """Let somebody have begun to issue *batch* and ring for nobody, or its message be lost."""
    app = machines.app
    app.store.batches.begin(batch, Terms(app.tools().kids, run.SOFTWARE, machines.environ["CERTS_BASE_URL"]))


def until(holds: Callable[[], object], seconds: float = 300) -> None:
    """Wait until something *holds*, for so long that only a fault takes longer."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.05)


def issued(machines: Machines, batch: int) -> int:
    """Return how many are issued."""
    return machines.app.store.batches.get(batch).count - machines.app.store.batches.get(batch).remaining


def test_machines_help_when_the_bell_rings(machines: Machines) -> None:
    """Each certificate is made by one of them, each person gets one; told to stop, a worker ends well."""
    helpers = [machines.another() for _ in range(WORKERS)]
    workers = [machines.work(environ) for environ in helpers]
    batch = crowd.approved(machines.app, PEOPLE)
    running = machines.issue(batch)
    until(machines.app.store.batches.begun)
    machines.ring(batch, WORKERS + 1)  # doubled, and one too many
    assert running.wait(timeout=900) == 0
    assert_whole(machines.app, PEOPLE)
    until(lambda: sum(map(machines.helped, helpers)))
    machines.ring(batch, 2)  # late: all is done
    machines.ring(4711, 1)
    until(lambda: "There is no batch 4711" in machines.said())
    for worker in workers:
        worker.terminate()
    assert [worker.wait(timeout=120) for worker in workers] == [0] * WORKERS
    assert_whole(machines.app, PEOPLE)


@one_broker
def test_a_lost_message_costs_a_minute(machines: Machines) -> None:
    """Who was not called looks by itself, at the beginning and then every minute."""
    batch, helper = crowd.approved(machines.app, PEOPLE), machines.another()
    begun(machines, batch)
    machines.work(helper)
    until(lambda: issued(machines, batch) == PEOPLE)
    assert_whole(machines.app, PEOPLE)


@each_step
def test_a_worker_killed_at_any_step_loses_and_doubles_nothing(machines: Machines, deadly: Sequence[Step]) -> None:
    """With its processes, at once, and the message in its hand; another machine makes what it held.

    The message comes back, from RabbitMQ at once, and finds the next worker when all of its batch is done.
    """
    environ = machines.another()
    for turn, step in enumerate(deadly):
        batch = crowd.approved(machines.app, FEW, turn * FEW)
        begun(machines, batch)
        machines.ring(batch, 1)
        program = [sys.executable, "-m", "tests.survivors", str(int(step)), "1", "group", "work", "--processes", "1"]
        dying = subprocess.Popen(program, env=environ, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True)
        assert dying.wait(timeout=300) == -signal.SIGKILL
        assert_nothing_half_made(machines.app)
        assert machines.issue(batch).wait(timeout=900) == 0
    machines.ring(4711, 1)  # behind all that came back
    machines.work(machines.another())
    until(lambda: "There is no batch 4711" in machines.said())
    assert_whole(machines.app, len(deadly) * FEW)


def test_a_broker_that_stops_in_the_middle_stops_nobody(machines: Machines) -> None:
    """Who was called goes on, and once it is back it calls again, whoever was at work when it went away."""
    helper = machines.another()
    machines.work(helper)
    batch = crowd.approved(machines.app, PEOPLE)
    running = machines.issue(batch)
    until(lambda: issued(machines, batch))
    machines.broker.stop()
    assert running.wait(timeout=900) == 0
    assert_whole(machines.app, PEOPLE)
    later = machines.issue(crowd.approved(machines.app, FEW, PEOPLE))
    assert later.wait(timeout=900) == 0
    assert (machines.folder / "said").read_text().count("does not answer") == 1
    machines.broker.start()
    before, third = machines.helped(helper), crowd.approved(machines.app, FEW, PEOPLE + FEW)
    begun(machines, third)
    until(lambda: machines.helped(helper) > before)
    until(lambda: issued(machines, third) == FEW)
    assert_whole(machines.app, PEOPLE + 2 * FEW)


@one_broker
def test_a_database_that_is_started_anew_in_the_middle(machines: Machines) -> None:
    """Whoever was at work stops with a sentence or goes on; the next run finishes, and the worker is there still."""
    helper = machines.another()
    worker = machines.work(helper)
    batch = crowd.approved(machines.app, PEOPLE)
    running = machines.issue(batch)
    until(lambda: issued(machines, batch))
    machines.cluster.stop()
    machines.cluster.start()
    assert running.wait(timeout=900) in {0, 7}
    machines.app.engine.dispose()
    assert_nothing_half_made(machines.app)
    assert machines.issue(batch).wait(timeout=900) == 0
    assert_whole(machines.app, PEOPLE)
    assert worker.poll() is None


@one_broker
def test_a_machine_that_differs_declines_and_says_why(machines: Machines) -> None:
    """Other keys, another address: the batch goes on without it."""
    batch = crowd.approved(machines.app, FEW)
    begun(machines, batch)
    machines.work(machines.another(CERTS_BASE_URL="https://elsewhere.example"))
    until(lambda: "set to https://elsewhere.example" in machines.said())
    behind = machines.another()
    newer = replace(crowd.ACT, at=crowd.NOW + timedelta(hours=1))
    machines.app.make_key(Purpose.CLAIM, newer, organisation="")
    begun(machines, batch)
    machines.work(behind)
    until(lambda: "bring signing_keys/ up to date" in machines.said())
    assert issued(machines, batch) == 0
    assert machines.issue(batch).wait(timeout=900) == 0
    assert_whole(machines.app, FEW)
