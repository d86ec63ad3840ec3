"""`deploy/compose.cluster.yaml` as processes: a proxy, two sites, two machines that help, PostgreSQL and RabbitMQ."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from certs.ground.number import printed
from certs.model import Number
from tests import brokers, crowd, postgres
from tests.e2e import proxy
from tests.e2e.site import free_port
from tests.e2e.test_cluster import Machines, until
from tests.survivors import ROOT, assert_whole

PEOPLE = 300
ASKED = 20
START_SECONDS = 600


class Site:
    """`certs serve` for pages alone, as compose begins it."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self.port = free_port()
        self._environ, self._log = environ | {"CERTS_PROXIES": "1"}, folder / f"site{self.port}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, and wait until it answers."""
        serve = ["serve", "--port", str(self.port), "--workers", "1", "--without", "desk", "--without", "worker"]
        with self._log.open("ab") as said:
            command = [sys.executable, "-m", "certs", *serve]
            self._process = subprocess.Popen(
                command, env=self._environ, cwd=ROOT, stdout=said, stderr=said, start_new_session=True
            )
        end = time.monotonic() + START_SECONDS
        while not self._is_ready():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < end, self._log.read_text()
            time.sleep(0.1)

    def stop(self) -> None:
        """End it at once, as a machine that is switched off."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _is_ready(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=30).close()
        except urllib.error.HTTPError as error:
            error.close()
            return False
        except OSError:
            return False
        return True


@contextmanager
def two_sites(environ: dict[str, str], folder: Path) -> Iterator[tuple[Site, Site]]:
    with ExitStack() as stack:
        first, second = Site(environ, folder), Site(environ, folder)
        for one in (first, second):
            stack.callback(one.stop)
            one.start()
        yield first, second


def summary(front: proxy.Proxy, number: Number) -> str:
    """Return what a site says of a certificate in one word, nothing where the proxy asked one that is gone."""
    answer = front.ask(f"/c/{printed(number)}", Accept="application/json")
    return str(json.loads(answer.body)["summary"]) if answer.status == 200 else ""


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    """Yield the register with its broker, and two machines that help."""
    with ExitStack() as stack:
        cluster = stack.enter_context(postgres.cluster())
        broker = stack.enter_context(brokers.broker("rabbitmq"))
        environ = crowd.environment(tmp_path, cluster.create("shared")) | {"CERTS_BROKER_URL": broker.url}
        app = crowd.opened(environ)
        found = Machines(tmp_path, environ, app, cluster, broker)
        stack.callback(app.engine.dispose)
        stack.callback(found.end)
        for _ in range(2):
            found.work(found.another())
        yield found


def test_all_of_it_together(machines: Machines, tmp_path: Path) -> None:
    """What three machines made is valid on whichever site the proxy asks, and with either of them gone."""
    batch = crowd.approved(machines.app, PEOPLE)
    with two_sites(machines.environ, tmp_path) as (first, second):
        running = machines.issue(batch)
        (tmp_path / "proxy").mkdir()
        upstream = f"{first.port} 127.0.0.1:{second.port}"
        with proxy.running("caddy", tmp_path / "proxy", upstream) as front:
            assert running.wait(timeout=900) == 0
            assert_whole(machines.app, PEOPLE)
            numbers = [one.certificate.number for one in machines.app.store.deliveries("cgmp-2026")][:ASKED]
            for number in numbers:
                assert summary(front, number) == "valid"
            first.stop()
            until(lambda: summary(front, numbers[0]) == "valid")
            first.start()
            second.stop()
            until(lambda: summary(front, numbers[0]) == "valid")
            done = subprocess.run(
                [sys.executable, "-m", "certs", "revoke", numbers[0], "--class", "error", "--note", "drill", "--yes"],
                env=machines.environ,
                cwd=ROOT,
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
            until(lambda: summary(front, numbers[0]) == "revoked")
