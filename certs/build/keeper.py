"""Keeps programs running beside the site, the second server and the worker: begins them again, and ends with the site.

    with beside([[sys.executable, "-m", "certs", "worker"]]):
        serve()

The site's parent forks its workers, so it can hold no thread that waits for others. A process of its own does, without
the program in it. Whoever is killed takes with it what it began (prctl(2), PR_SET_PDEATHSIG), so that nothing stays.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

_PR_SET_PDEATHSIG = 1
_LOOK_SECONDS = 0.25
_FIRST_SECONDS, _MOST_SECONDS = 1.0, 30.0
"""How long after its end a program is begun again: longer each time, unless it ran for longer than that."""
_END_SECONDS = 40
"""How long programs may take to finish what they do."""

Command = Sequence[str]


@contextmanager
def beside(commands: Sequence[Command]) -> Iterator[None]:
    """Keep *commands* running meanwhile."""
    if not commands:
        yield
        return
    keeper = _begun([sys.executable, "-I", __file__, json.dumps(commands)])
    try:
        yield
    finally:
        keeper.terminate()
        keeper.wait()


def _begun(command: Command, *, apart: bool = False) -> "subprocess.Popen[bytes]":
    """Begin *command*; it is told to end if this process is killed.

    *apart* from the terminal it hears nothing of Ctrl-C and of a closed window, only of this process.
    """
    return subprocess.Popen(  # noqa: S603 -- our own program
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=apart,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 -- no threads here
    )


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))


class _Kept:
    """One program that is kept running."""

    def __init__(self, command: Command) -> None:
        self._command = command
        self._pause = _FIRST_SECONDS
        self._begin()

    def _begin(self) -> None:
        self._began = time.monotonic()
        self.process = _begun(self._command, apart=True)
        self._again_at: float | None = None

    def look(self) -> None:
        """Begin it again if it ended a while ago."""
        now = time.monotonic()
        if self._again_at is not None:
            if now >= self._again_at:
                self._begin()
        elif self.process.poll() is not None:
            ran = now - self._began
            self._pause = _FIRST_SECONDS if ran > _MOST_SECONDS else min(self._pause * 2, _MOST_SECONDS)
            self._again_at = now + self._pause


def keep(commands: Sequence[Command]) -> None:
    """Keep *commands* running until told to stop."""
    stopped = []

    def stop(number: int, _: FrameType | None) -> None:
        stopped.append(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    parent, kept = os.getppid(), [_Kept(command) for command in commands]
    while not stopped and os.getppid() == parent:
        for one in kept:
            one.look()
        time.sleep(_LOOK_SECONDS)
    for one in kept:
        one.process.terminate()
    until = time.monotonic() + _END_SECONDS
    for one in kept:
        try:
            one.process.wait(max(until - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            one.process.kill()


if __name__ == "__main__":
    keep(json.loads(sys.argv[1]))
