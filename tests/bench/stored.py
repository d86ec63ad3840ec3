"""Issuing with everything stored: whole processes on a crowd's register, and how much of it is making certificates.

The names are of all scripts as they come. What one more certificate takes is the difference between two large batches,
so that the start of a process, which a batch pays once, does not count.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text

from certs.ports import Pulse
from certs.queue import Queue
from certs.work import issue
from tests import crowd
from tests.bench.measure import Whole, cpu_seconds, whole_process

Task = TypeVar("Task")
Done = TypeVar("Done")
SHARED_OUT = 5_000


@dataclass(frozen=True, slots=True)
class Stored:
    """What issuing *count* certificates took, and by how many bytes each of them made the register grow."""

    count: int
    took: Whole
    bytes_each: float


def on_sqlite(count: int, workers: int = 1) -> Stored:
    """Issue *count* certificates into a new SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        environ = crowd.environment(Path(folder))
        batch = _approved(environ, count)
        before = _size(Path(folder))
        took = issued(environ, Path(folder), batch, workers)
        return Stored(count, took, (_size(Path(folder)) - before) / count)


def on_postgresql(count: int, workers: int, url: str) -> Whole:
    """Issue *count* certificates into the empty PostgreSQL database at *url*."""
    with tempfile.TemporaryDirectory() as folder:
        environ = crowd.environment(Path(folder), url)
        return issued(environ, Path(folder), _approved(environ, count), workers)


def issued(environ: dict[str, str], folder: Path, batch: int, workers: int) -> Whole:
    """Run `certs issue` as a process of its own; 0 *workers* are one for each core."""
    command = [sys.executable, "-m", "certs", "issue", str(batch)]
    command += ["--workers", str(workers)] if workers else []
    return whole_process(command, environ, folder / "log.txt")


def shares() -> tuple[float, float]:
    """Return the CPU seconds that making one certificate takes, and those of the register and the rest."""
    with tempfile.TemporaryDirectory() as folder:
        app = crowd.opened(crowd.environment(Path(folder)))
        batch, queue = crowd.approved(app, SHARED_OUT), _TimedQueue()
        begin = cpu_seconds()
        issue.issue(issue.Office(app.store, queue, app.clock), app.tools(), batch, crowd.ACT)
        whole = cpu_seconds() - begin
        return queue.seconds / SHARED_OUT, (whole - queue.seconds) / SHARED_OUT


class _TimedQueue(Queue):
    """All work in this process, its CPU time added up."""

    def __init__(self) -> None:
        super().__init__(workers=1)
        self.seconds = 0.0

    def run(self, work: Callable[[Task], Done], tasks: Iterator[Task], pulse: Pulse | None = None) -> Iterator[Done]:
        def timed(task: Task) -> Done:
            begin = cpu_seconds()
            try:
                return work(task)
            finally:
                self.seconds += cpu_seconds() - begin

        return super().run(timed, tasks, pulse)


def _approved(environ: dict[str, str], count: int) -> int:
    app = crowd.opened(environ)
    batch = crowd.approved(app, count)
    app.engine.dispose()
    return batch


def _size(folder: Path) -> int:
    """Return the bytes of the register's file, its journal moved into it."""
    app = crowd.opened(crowd.environment(folder))
    with app.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    app.engine.dispose()
    return (folder / "certs.db").stat().st_size
