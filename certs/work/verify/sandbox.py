"""Runs `examine` in a process of its own, with limits on memory, CPU, output and time.

The child gets an empty environment and no file but its pipes. Whatever happens to it (killed, out of memory, nonsense
on its output) is the same answer here: None, "could not be examined".
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from tempfile import TemporaryFile

WALL_SECONDS = 120.0
"""Work is bounded by the child's CPU seconds (`examine.CPU_SECONDS`); this ends one that waits for ever, and is far
more than those seconds take on a machine so busy that the child hardly gets any."""


def examine(data: bytes, leaves: Sequence[bytes]) -> dict[str, object] | None:
    """Return what `certs.work.verify.examine.examine` finds in *data*; *leaves* are DER SubjectPublicKeyInfos."""
    return _run({"task": "examine", "leaves": [leaf.hex() for leaf in leaves]}, data)


def compare(issued: bytes, brought: bytes) -> dict[str, object] | None:
    """Return how *brought* differs from *issued*, as `certs.work.verify.examine.compare` tells."""
    return _run({"task": "compare"}, issued, brought)


def _run(order: dict[str, object], *blobs: bytes) -> dict[str, object] | None:
    head = json.dumps({**order, "sizes": [len(blob) for blob in blobs]}).encode()
    command = [sys.executable, "-I", "-m", "certs.work.verify.examine"]
    try:
        with TemporaryFile() as out:
            child = subprocess.run(  # noqa: S603 - a fixed command, nothing of it from the visitor
                command,
                input=b"\n".join((head, b"".join(blobs))),
                stdout=out,
                stderr=subprocess.DEVNULL,
                env={},
                timeout=WALL_SECONDS,
                check=False,
            )
            out.seek(0)
            answer = json.load(out) if child.returncode == 0 else None
    except (OSError, ValueError, RecursionError, subprocess.TimeoutExpired):
        return None
    return answer if isinstance(answer, dict) else None
