"""Looks into what strangers bring, in a process of its own with limits on memory, CPU, output and time: see `examine`.

The child gets an empty environment, no file but its pipes and those of Python and its libraries, and no network: see
`confinement`. Whatever happens to it (killed, out of memory, nonsense on its output) is the same answer here: None,
"could not be examined".

At most two children run at once in one process; whoever wants to start a third waits a while, and is then told to come
back. So a crowd of hostile files takes two processors and two gigabytes at most, and nobody waits for ever.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO

from certs.errors import BusyError
from certs.wording import say

MOST_CHILDREN = 2
WAIT_SECONDS = 5.0
"""How long somebody waits for a place."""
RETRY_SECONDS = 10
"""When it is worth to come back: a place is taken for some seconds at most."""
WALL_SECONDS = 120.0
"""Work is bounded by the child's CPU seconds (`examine.CPU_SECONDS`); this ends one that waits for ever, and is far
more than those seconds take on a machine so busy that the child hardly gets any."""
_places = threading.BoundedSemaphore(MOST_CHILDREN)
_BUSY = say("Too many files are being looked at just now. This says nothing about yours: try again in a moment.")


@contextmanager
def place() -> Iterator[None]:
    """Hold one of the places for children; whoever starts one does it in here.

    Raises:
        BusyError: none became free.
    """
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise BusyError(_BUSY, RETRY_SECONDS)
    try:
        yield
    finally:
        _places.release()


def examine(data: bytes, leaves: Sequence[bytes]) -> dict[str, object] | None:
    """Return what `certs.work.verify.examine.examine` finds in *data*; *leaves* are DER SubjectPublicKeyInfos."""
    return _run({"task": "examine", "leaves": [leaf.hex() for leaf in leaves]}, data)


def compare(issued: bytes, brought: bytes) -> dict[str, object] | None:
    """Return how *brought* differs from *issued*, as `certs.work.verify.examine.compare` tells."""
    return _run({"task": "compare"}, issued, brought)


def read_picture(data: bytes) -> dict[str, object] | None:
    """Return the codes in the picture *data*, as `certs.work.verify.examine.picture` tells."""
    return _run({"task": "picture"}, data)


def _run(order: dict[str, object], *blobs: bytes) -> dict[str, object] | None:
    with TemporaryFile() as out:
        if not _ran(out, order, *blobs):
            return None
        try:
            answer = json.load(out)
        except (ValueError, RecursionError):
            return None
    return answer if isinstance(answer, dict) else None


def _ran(out: IO[bytes], order: dict[str, object], *blobs: bytes) -> bool:
    """Let a child write its answer to *out*, and say whether it came to its end."""
    head = json.dumps({**order, "sizes": [len(blob) for blob in blobs]}).encode()
    command = [sys.executable, "-I", "-m", "certs.work.verify.examine"]
    try:
        child = subprocess.run(  # noqa: S603 - a fixed command, nothing of it from the visitor
            command,
            input=b"\n".join((head, b"".join(blobs))),
            stdout=out,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=WALL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    out.seek(0)
    return child.returncode == 0
