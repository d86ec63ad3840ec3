"""`certs serve` as a process of its own: how it stops."""

import os
import pty
import signal
import time
from pathlib import Path

from tests.e2e.site import Deployment, free_port


def test_ctrl_c_in_a_terminal_stops_it_at_once(tmp_path: Path) -> None:
    """A terminal interrupts parent and workers alike; no worker hangs on it until it is killed."""
    deployment = Deployment(tmp_path, free_port())
    deployment.certs("keys", "new", "claim")
    with deployment.serving(workers=4) as server:
        before = time.monotonic()
        os.killpg(server.pid, signal.SIGINT)
        server.wait(timeout=60)
        took = time.monotonic() - before
    assert took < 10, deployment.log.read_text()
    assert "Killing" not in deployment.log.read_text()


def test_closing_its_terminal_stops_it(tmp_path: Path) -> None:
    """Nothing stays behind that holds the port."""
    deployment = Deployment(tmp_path, free_port())
    deployment.certs("keys", "new", "claim")
    ours, terminal = pty.openpty()
    with deployment.serving(stdin=terminal) as server:
        os.killpg(server.pid, signal.SIGHUP)
        server.wait(timeout=20)
    os.close(ours)
    os.close(terminal)
    assert "Killing" not in deployment.log.read_text()
