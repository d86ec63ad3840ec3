"""Where the CPU work of issuing is done: in this process, or in worker processes that are forked from it.

    queue = Queue(workers=2)
    for finished in queue.run(work, tasks): ...

Workers are forked when `run` begins, so they inherit *work* with its keys and fonts and nothing secret is sent. Each
has a pipe of its own; the parent stays without threads. A worker that dies is replaced and its task given out again.
Workers end when the parent does, because their pipe ends. Not for Windows.

The collector of reference cycles rests while a task runs, and passes over what was there before: looking at a hundred
thousand objects that stay anyway took a twentieth of the time, and made each worker copy the pages that they stand on.
"""

import contextlib
import gc
import logging
import math
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

from certs.errors import SigningError
from certs.ports import Pulse
from certs.wording import say

_log = logging.getLogger("certs.queue")
Task = TypeVar("Task")
Done = TypeVar("Done")
MAX_DEATHS = 3
"""Workers that one task may kill before it is given up."""
_FORK = multiprocessing.get_context("fork")


class Queue:
    """Worker processes of this machine; implements `certs.ports.Queue`. With one worker all is done in this process."""

    def __init__(self, workers: int = 0) -> None:
        self.workers = workers or len(os.sched_getaffinity(0))

    @cached_property
    def holder(self) -> str:
        """Name this process for leases: where it is, its number and its start, so that nobody else ever has it."""
        pid = os.getpid()
        return f"{_place()}/{pid}/{_started(pid)}"

    def gone(self, token: str) -> bool:
        """Say whether the holder of *token* was a process that can be seen from here, and is dead now.

        Another boot or another process namespace is another machine: two containers may share one host name, and two
        machines one image, and neither sees the other's processes. What such a holder left is free when its lease ends.
        """
        place = f"{_place()}/"
        pid, _, start = token.removeprefix(place).partition("/")
        if not token.startswith(place) or not (pid.isascii() and pid.isdigit()):
            return False
        return _started(int(pid)) != start.partition("/")[0]

    def run(self, work: Callable[[Task], Done], tasks: Iterator[Task], pulse: Pulse | None = None) -> Iterator[Done]:
        """Do *work* on each of *tasks*, which are drawn only as workers become free; results in any order.

        While work goes on, *pulse* is called every so many seconds, by this process.

        Raises:
            SigningError: a task has killed its worker several times.
        """
        with _settled():
            if self.workers == 1:
                for task in tasks:
                    with beating(pulse):
                        done = _undisturbed(work, task)
                    yield done
                return
            crew = _Crew(work)
            try:
                for _ in range(self.workers):
                    crew.hire()
                yield from crew.work_off(tasks, _Ticks(pulse))
            finally:
                crew.dismiss()


class _Ticks:
    """When the pulse is due next."""

    def __init__(self, pulse: Pulse | None) -> None:
        self._pulse, self._due = pulse, self._next(pulse)

    @staticmethod
    def _next(pulse: Pulse | None) -> float:
        return time.monotonic() + pulse.seconds if pulse else math.inf

    @property
    def left(self) -> float | None:
        """Seconds until it is due; None where there is none."""
        return max(self._due - time.monotonic(), 0) if self._pulse else None

    def beat(self) -> None:
        """Call it if it is due."""
        if self._pulse and time.monotonic() >= self._due:
            self._pulse.beat()
            self._due = self._next(self._pulse)


@contextlib.contextmanager
def beating(pulse: Pulse | None) -> Iterator[None]:
    """Call *pulse* in a thread of its own meanwhile: this one is busy. Nothing is forked while it lives."""
    if pulse is None:
        yield
        return
    over, seconds, beat = threading.Event(), pulse.seconds, pulse.beat

    def again() -> None:
        while not over.wait(seconds):
            beat()

    thread = threading.Thread(target=again, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextlib.contextmanager
def _settled() -> Iterator[None]:
    """Let the collector pass over all objects that are there now."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _undisturbed(work: Callable[[Task], Done], task: Task) -> Done:
    """Do *work* without collecting; what few cycles one task leaves are collected before the next."""
    gc.disable()
    try:
        return work(task)
    finally:
        gc.enable()


@dataclass(eq=False, slots=True)
class _Worker:
    """A worker process, the pipe to it, and what it does now."""

    process: BaseProcess
    pipe: Connection
    task: Any = None
    deaths: int = 0


class _Crew:
    """The workers of one run. Each draws its next task only after its last result was taken."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self._work = work
        self._workers: list[_Worker] = []

    def hire(self) -> _Worker:
        """Fork one more worker; it closes the pipes of its colleagues, so that each pipe ends with the parent."""
        ours, theirs = _FORK.Pipe()
        inherited = [ours, *(worker.pipe for worker in self._workers)]
        process = _FORK.Process(target=_serve, args=(self._work, theirs, inherited), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def work_off(self, tasks: Iterator[Any], ticks: _Ticks) -> Iterator[Any]:
        """Yield the result of every task."""
        for worker in list(self._workers):
            self._give(worker, next(tasks, None))
        while busy := {worker.pipe: worker for worker in self._workers if worker.task is not None}:
            ready = wait(list(busy), ticks.left)
            ticks.beat()
            for pipe in ready:
                worker = busy[pipe]  # type: ignore[index]  # wait returns what it was given
                try:
                    result = worker.pipe.recv()
                except (EOFError, OSError):
                    self._replace(worker)
                    continue
                if isinstance(result, BaseException):
                    raise result
                yield result
                self._give(worker, next(tasks, None))

    def _give(self, worker: _Worker, task: Any) -> None:
        worker.task = task
        if task is not None:
            with contextlib.suppress(OSError):  # it is dead: the next wait tells
                worker.pipe.send(task)

    def _replace(self, dead: _Worker) -> None:
        """Hire a worker for the task of a *dead* one.

        Raises:
            SigningError: the task has killed too many.
        """
        self._end(dead)
        _log.warning("worker_died", extra={"count": dead.deaths + 1})
        if dead.deaths + 1 == MAX_DEATHS:
            raise SigningError(
                say(
                    "A worker process died {max_deaths} times at the same certificates. Is the memory full? Look at "
                    "the system's log, then run the command again.",
                    max_deaths=MAX_DEATHS,
                )
            )
        worker = self.hire()
        worker.deaths = dead.deaths + 1
        self._give(worker, dead.task)

    def dismiss(self) -> None:
        """End every worker, whatever it does."""
        for worker in list(self._workers):
            self._end(worker)

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.terminate()
        worker.process.join()


def _serve(work: Callable[[Any], Any], pipe: Connection, inherited: list[Connection]) -> None:
    """Answer tasks until the pipe ends; Ctrl-C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for connection in inherited:
        connection.close()
    with contextlib.suppress(EOFError, OSError):
        while True:
            task = pipe.recv()
            try:
                result = _undisturbed(work, task)
            except Exception as error:  # noqa: BLE001 -- the edge of the process: the parent raises it again
                result = error
            pipe.send(result)


def _place() -> str:
    """Name where process numbers mean what they mean here: machine, boot and process namespace."""
    return f"{_machine()}/{_read('/proc/sys/kernel/random/boot_id')}/{_namespace()}"


def _machine() -> str:
    return f"{socket.gethostname()}-{_read('/etc/machine-id')}".replace("/", "-")


def _read(file: str) -> str:
    try:
        return Path(file).read_text().strip()
    except OSError:
        return ""


def _namespace() -> str:
    """Return the number of the process namespace, see namespaces(7)."""
    try:
        return "".join(filter(str.isdigit, os.readlink("/proc/self/ns/pid")))  # noqa: PTH115 -- it leads to no file
    except OSError:
        return ""


def _started(pid: int) -> str:
    """Return when process *pid* began, in clock ticks since boot; empty if there is none, or it is a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    state, *fields = stat.rpartition(")")[2].split()
    return "" if state == "Z" else fields[18]
