"""Visitors who connect and say nothing."""

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager


@contextmanager
def crowd(port: int, size: int) -> Iterator[list[socket.socket]]:
    """Hold *size* connections to *port*, as many as the other side takes."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(now, min(most, size + 500)), most))
    with ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (now, most))
        yield [stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5)) for _ in range(size)]


def closed_after(line: socket.socket, patience: float = 30) -> float:
    """Return after how many seconds the other side closes *line*, having answered or not.

    Raises:
        TimeoutError: it does not, in *patience* seconds.
    """
    before = time.monotonic()
    with line:
        line.settimeout(patience)
        try:
            while line.recv(4096):
                pass
        except ConnectionResetError:
            pass
        return time.monotonic() - before
