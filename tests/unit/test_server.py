"""How a worker of the site ends that is told to stop and does not hear it."""

import asyncio
import os
import signal
import time
from collections.abc import Callable

import pytest
from granian import _signals

from certs.build import server


class Deaf:
    """What tells a worker to stop, as it is before the worker listens: nothing comes of it."""

    def set(self) -> None:
        """Tell it."""


class Stuck(Deaf):
    """The same, where telling never returns."""

    def set(self) -> None:
        while True:
            signal.pause()


@pytest.mark.parametrize("told", [Deaf, Stuck])
def test_a_worker_that_misses_its_end_while_it_starts_is_ended(
    told: Callable[[], Deaf], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_YOUNG_SECONDS", 600.0)
    assert ended_by(told, monkeypatch) == signal.SIGALRM


def test_one_that_has_long_served_may_finish_what_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where nothing can be finished, it ends by itself before its parent kills it."""
    monkeypatch.setattr(server, "_YOUNG_SECONDS", -1.0)
    monkeypatch.setattr(server, "_YOUNG_GRACE_SECONDS", 600.0)
    monkeypatch.setattr(server, "_GRACE_SECONDS", 0.01)
    assert ended_by(Deaf, monkeypatch) == signal.SIGALRM


def ended_by(told: Callable[[], Deaf], monkeypatch: pytest.MonkeyPatch) -> int:
    """Return which signal ended a worker that was told to stop."""
    monkeypatch.setattr(_signals, "set_sync_signals", told)
    monkeypatch.setattr(_signals, "set_loop_signals", _signals.set_loop_signals)  # which is put back
    server._let_the_system_help()
    worker = os.fork()
    if not worker:
        try:
            _signals.set_sync_signals()  # type: ignore[no-untyped-call]
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(600)
        finally:
            os._exit(1)
    _, status = os.waitpid(worker, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -1


class Heard(Deaf):
    """What tells a worker to stop, and is heard at once."""

    def set(self) -> None:
        os._exit(7)


def test_one_whose_loop_does_not_run_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a loop is told it hears once it runs, which it may never."""
    assert ended_with_loop(lambda loop: time.sleep(600), monkeypatch) == -signal.SIGALRM


def test_a_loop_that_runs_hears_of_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ended_with_loop(lambda loop: loop.run_forever(), monkeypatch) == 7


def ended_with_loop(wait: Callable[[asyncio.AbstractEventLoop], object], monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how a worker with a loop ended that waits like this and is told to stop: a code, or less a signal."""
    for name in ("set_sync_signals", "set_loop_signals"):
        monkeypatch.setattr(_signals, name, getattr(_signals, name))  # which is put back
    monkeypatch.setattr(_signals, "WorkerSignal", Heard)
    server._let_the_system_help()
    worker = os.fork()
    if not worker:
        try:
            loop = asyncio.new_event_loop()
            _signals.set_loop_signals(loop)  # type: ignore[no-untyped-call]
            os.kill(os.getpid(), signal.SIGTERM)
            wait(loop)
        finally:
            os._exit(1)
    _, status = os.waitpid(worker, 0)
    return os.waitstatus_to_exitcode(status)
