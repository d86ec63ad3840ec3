"""`certs serve` as a process of its own: how it stops."""

import os
import pty
import signal
import time
from pathlib import Path

from certs.cli.serve import check_free
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


def test_workers_do_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    """As by the system where memory runs out: the port is free for the next one."""
    deployment = Deployment(tmp_path, free_port())
    deployment.certs("keys", "new", "claim")
    with deployment.serving(workers=2) as server:
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        assert len(children) >= 2
        server.kill()
        server.wait()
        until = time.monotonic() + 10
        while any(Path(f"/proc/{child}").exists() for child in children):
            assert time.monotonic() < until, deployment.log.read_text()
            time.sleep(0.05)
        check_free("127.0.0.1", deployment.port, "say so")
    with deployment.served():
        pass
