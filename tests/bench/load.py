"""`make bench-load`: what two workers of the real server answer in a second while wrk asks them on the same machine.

A throw-away register of COUNT certificates in SQLite, over loopback, each question for a few seconds and all in turns;
then the page of a code while certificates are being issued. wrk takes its share of the cores, so requests per second
and milliseconds are notes about this machine at this moment; the server's own CPU for a request is the result. Reads
the CPU time of processes from /proc: Linux only.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import crowd
from tests.bench import pages
from tests.bench.measure import ROUNDS
from tests.e2e.site import Deployment, free_port

COUNT = 100_000
CONNECTIONS = 16
SECONDS = 4
WORKERS = 2
ISSUED = 40_000
"""Certificates that are being issued beside; more than can be issued meanwhile."""
_SCRIPT = Path(__file__).with_name("load.lua")
_HTML, _JSON = "text/html", "application/json"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: one of *paths* at random."""

    name: str
    paths: Sequence[str]
    accept: str = _HTML


@dataclass(frozen=True, slots=True)
class Answered:
    """How the server answered for a few seconds."""

    per_second: float
    median_milliseconds: float
    p99_milliseconds: float
    cpu_seconds: float
    """Of all its processes, for one request."""


def main(count: int = COUNT) -> None:
    """Measure and print."""
    if shutil.which("wrk") is None:
        sys.exit("This needs wrk, a load generator: apt-get install wrk.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        questions = _prepared(folder, count)
        port = free_port()
        own = {"CERTS_BASE_URL": f"http://127.0.0.1:{port}"}
        deployment = Deployment(folder, port, crowd.environment(folder) | own)
        with deployment.serving(WORKERS) as server:
            ask = _Asking(folder, deployment.base, server.pid)
            print(f"The site, {count:,} certificates in SQLite, {WORKERS} workers, {CONNECTIONS} connections")
            for question, answered in _in_turns(questions, ask):
                _print(question.name, answered)
            with _issuing(deployment):
                _print("the page of a code while issuing", _median([ask(questions[0]) for _ in range(ROUNDS)]))


def _prepared(folder: Path, count: int) -> list[Question]:
    """Fill a register, approve a batch that is not issued yet, and return what to ask for."""
    app = pages.register(folder, count)
    found = [delivery.certificate for delivery in app.store.deliveries(pages.EVENT)]
    batch = crowd.approved(app, ISSUED, first=len(found))
    (folder / "batch").write_text(str(batch))
    app.engine.dispose()
    codes = [f"/V/{one.claim_text}" for one in found]
    return [
        Question("the page of a code", codes),
        Question("the page of a number", [f"/c/{one.number}" for one in found]),
        Question("the answer to a program", codes, _JSON),
        Question("the style sheet", ["/static/site.css"]),
    ]


class _Asking:
    """Lets wrk ask the server at *base*, whose first process is *pid*."""

    def __init__(self, folder: Path, base: str, pid: int) -> None:
        self._folder, self._base, self._pid = folder, base, pid

    def __call__(self, question: Question) -> Answered:
        """Ask for a few seconds.

        Raises:
            RuntimeError: an answer was missing or an error.
        """
        paths = self._folder / "paths"
        paths.write_text("\n".join(question.paths))
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(_SCRIPT), self._base, "--", str(paths)]
        begin = _cpu_seconds(self._pid)
        wrk = subprocess.run([*command, question.accept], capture_output=True, text=True, check=True)
        spent = _cpu_seconds(self._pid) - begin
        said: Mapping[str, float] = json.loads(wrk.stdout.splitlines()[-1])
        if said["failed"] or not said["requests"]:
            raise RuntimeError(f"{question.name}: {wrk.stdout}")
        requests = said["requests"]
        return Answered(requests / said["seconds"], said["median"], said["p99"], spent / requests)


def _in_turns(
    questions: Sequence[Question], ask: Callable[[Question], Answered]
) -> Iterator[tuple[Question, Answered]]:
    """Yield each question with the medians of all rounds."""
    rounds = [[ask(question) for question in questions] for _ in range(ROUNDS)]
    for question, answers in zip(questions, zip(*rounds, strict=True), strict=True):
        yield question, _median(answers)


def _median(answers: Sequence[Answered]) -> Answered:
    return Answered(
        statistics.median(one.per_second for one in answers),
        statistics.median(one.median_milliseconds for one in answers),
        statistics.median(one.p99_milliseconds for one in answers),
        statistics.median(one.cpu_seconds for one in answers),
    )


@contextmanager
def _issuing(deployment: Deployment) -> Iterator[None]:
    """Issue with one worker process for as long as the block runs."""
    batch = (deployment.folder / "batch").read_text()
    command = [sys.executable, "-m", "certs", "issue", batch, "--workers", "1", "--yes"]
    with subprocess.Popen(
        command, cwd=deployment.folder, env=deployment.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as issuing:
        yield
        if issuing.poll() is not None:
            print("  (issuing ended before the measuring did)")
        issuing.terminate()


def _cpu_seconds(pid: int) -> float:
    """Return user and system time of a process and of its children that still run."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(map(_cpu_seconds, map(int, children)))


def _print(name: str, answered: Answered) -> None:
    print(
        f"  {name:<34} {answered.per_second:>7,.0f} a second  median {answered.median_milliseconds:>5.1f} ms"
        f"  99 % within {answered.p99_milliseconds:>5.1f} ms  {answered.cpu_seconds * 1e6:>4.0f} µs of CPU",
        flush=True,
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
