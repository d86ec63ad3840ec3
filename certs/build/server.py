"""The production server of the site: one process for each core, which end with their parent."""

import ctypes
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

from certs.errors import ConflictError, InputError
from certs.wording import say

if TYPE_CHECKING:
    import asyncio

_PR_SET_PDEATHSIG = 1
"""prctl(2): which signal comes when the parent dies."""
MOST_WORKERS = 8
"""Workers by default at most; more cores than that want a decision."""
_THREADS = {"sqlite": 1, "postgresql": 2}
"""Of each worker. One answers while the other waits for a server; without one they only wait for each other."""
HEADER_SECONDS = 5
"""How long a visitor may take to send a request's line and headers, and stay connected without asking anything."""
_BUFFER_BYTES = 16 * 1024
"""A request's line and headers together at most; a code's address has some 300 bytes, a browser's headers 2 kB."""
_CONNECTIONS = 20_000
"""That one worker holds at once. Idle ones cost some kilobytes each; of fewer, one machine could hold them all.

Granian allows itself the open files, as far as the system lets it.
"""

_END = frozenset({signal.SIGTERM})
_GRACE_SECONDS = 28.0
"""How long a worker that is told to stop may finish what it does; after two seconds more its parent kills it."""
_YOUNG_SECONDS, _YOUNG_CPU_SECONDS, _YOUNG_GRACE_SECONDS = 60.0, 0.5, 1.0
"""How long a worker may miss that it is told to stop, and what it has to finish then: hardly anything.

On a machine with much else to do it may take a worker long until it listens; what it did shows in its CPU time.
"""
_DESK_CONNECTIONS = 1_000
"""Of the second server: who sends a body holds one, and a file on disk where that is long."""


def serve(host: str, port: int, database: str, workers: int | None, *, whole: bool = True) -> None:
    """Serve the site until told to stop; *database* is the kind of the register's.

    All of it, or where it is not *whole* what the second server does not.

    Whoever calls has seen that the port is free and the register there, for a worker could only fail again and again.
    """
    _let_parent_stop_workers()
    from granian import Granian  # noqa: PLC0415 - after the check, and only here
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415
    from granian.http import HTTP1Settings  # noqa: PLC0415

    server = Granian(
        "certs.web:create" if whole else "certs.web:create_public",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=workers or min(len(os.sched_getaffinity(0)), MOST_WORKERS),
        blocking_threads=_THREADS[database],
        websockets=False,
        http=HTTPModes.http1,  # a single HTTP/2 connection may ask hundreds of things at once and outlives who left
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=_BUFFER_BYTES),
        backpressure=_CONNECTIONS,
        log_access=False,  # paths hold names
        respawn_failed_workers=True,
        workers_kill_timeout=30,
    )
    server.on_startup(_stop_with_terminal)
    server.serve()


def serve_desk(host: str, port: int) -> None:
    """Serve what takes a body or a cookie until told to stop: one process, in which slow bodies wait for nobody."""
    _let_parent_stop_workers()
    from granian import Granian  # noqa: PLC0415
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415
    from granian.http import HTTP1Settings  # noqa: PLC0415

    server = Granian(
        "certs.web:create_desk",
        factory=True,
        interface=Interfaces.ASGINL,
        address=host,
        port=port,
        workers=1,
        websockets=False,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=_BUFFER_BYTES),
        backpressure=_DESK_CONNECTIONS,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
    )
    server.serve()


def _let_parent_stop_workers() -> None:
    """See that a worker ends when its parent says so, and only then.

    A terminal sends Ctrl-C to parent and workers alike, and a worker of granian that gets SIGINT beside its parent's
    SIGTERM hangs until it is killed; so does one that is told to stop while it starts, with the parent's handlers.
    """
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")
    forking = [os.getpid()]

    def note() -> None:
        forking[0] = os.getpid()
        signal.pthread_sigmask(signal.SIG_BLOCK, _END)  # the child would take it as its parent does, and go on

    os.register_at_fork(
        before=note,
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, _END),
        after_in_child=lambda: _obey_parent(forking[0]),
    )
    _let_the_system_help()


def _let_the_system_help() -> None:
    """Bound how long a worker takes to stop: one of granian that is told so just as it begins to listen misses it."""
    from granian import _signals  # noqa: PLC0415 -- as late as the server itself

    of_wsgi: Callable[[], Any] = _signals.set_sync_signals
    of_asgi: Callable[[asyncio.AbstractEventLoop], Any] = _signals.set_loop_signals

    def set_sync_signals() -> Any:
        signal.pthread_sigmask(signal.SIG_BLOCK, _END)
        stop = of_wsgi()
        signal.signal(signal.SIGTERM, _stopping(stop.set))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _END)
        return stop

    def set_loop_signals(loop: "asyncio.AbstractEventLoop") -> Any:
        signal.pthread_sigmask(signal.SIG_BLOCK, _END)
        stop = of_asgi(loop)
        loop.add_signal_handler(signal.SIGTERM, stop.set)
        signal.signal(signal.SIGTERM, _stopping(lambda: None))  # the loop hears of it besides, once it runs
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _END)
        return stop

    _signals.set_sync_signals, _signals.set_loop_signals = set_sync_signals, set_loop_signals


def _stopping(stop: Callable[[], object]) -> Callable[[int, FrameType | None], None]:
    """Return what calls *stop*, and leaves it to the system to end this process if that led to nothing.

    The system does so even where a thread holds the interpreter.
    """
    began, used = time.monotonic(), time.process_time()

    def handler(number: int, frame: FrameType | None) -> None:
        has_done_little = time.process_time() - used < _YOUNG_CPU_SECONDS
        is_young = has_done_little and time.monotonic() - began < _YOUNG_SECONDS
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, _YOUNG_GRACE_SECONDS if is_young else _GRACE_SECONDS)
        stop()

    return handler


def _stop_with_terminal() -> None:
    """End when the terminal it was started in is closed; without one, SIGHUP goes on meaning new workers."""
    if os.isatty(0):
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def _obey_parent(parent: int) -> None:
    _die_with_parent(parent)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _END)


def _die_with_parent(parent: int) -> None:
    """Let the system stop this worker when its *parent* is killed: it would keep the port, and nobody would notice."""
    if sys.platform != "linux":
        return
    # A worker that is just beginning would miss a signal that it may handle; it writes nothing that could be lost.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:  # it was killed before that
        os._exit(1)


def check_free(host: str, port: int, advice: str) -> None:
    """Check that nobody listens at *port* of *host*; *advice* says what to do otherwise.

    Raises:
        InputError: this machine has no such address.
        ConflictError: somebody listens there.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        raise InputError(say("This machine has no address {host!r}.", host=host)) from None
    except OSError as error:
        raise ConflictError(
            say(
                "{host}:{port} cannot be served ({why}): {advice}.",
                host=host,
                port=port,
                why=error.strerror,
                advice=advice,
            )
        ) from None
