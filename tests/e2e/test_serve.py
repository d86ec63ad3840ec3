"""`certs serve` as a process of its own: how it stops, and what one visitor can take from the others."""

import os
import pty
import resource
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from certs.build.server import check_free
from tests.e2e.idle import closed_after, crowd
from tests.e2e.site import Deployment, free_port


def test_ctrl_c_in_a_terminal_stops_it_at_once(tmp_path: Path) -> None:
    """A terminal interrupts parent and workers alike; none hangs on it until it is killed, which the log would say."""
    deployment = Deployment(tmp_path, free_port())
    deployment.certs("keys", "new", "claim")
    with deployment.serving(workers=4) as server:
        os.killpg(server.pid, signal.SIGINT)
        server.wait(timeout=600)
    assert "Killing" not in deployment.log.read_text()


def test_closing_its_terminal_stops_it(tmp_path: Path) -> None:
    """Nothing stays behind that holds a port: neither the site nor what runs beside it."""
    deployment = Deployment(tmp_path, free_port())
    deployment.certs("keys", "new", "claim")
    ours, terminal = pty.openpty()
    with deployment.serving(stdin=terminal) as server:
        os.killpg(server.pid, signal.SIGHUP)
        server.wait(timeout=600)
        assert not processes_in(tmp_path)
    os.close(ours)
    os.close(terminal)
    assert "Killing" not in deployment.log.read_text()


def processes_in(folder: Path) -> list[str]:
    """Return the commands of all processes that run in *folder*."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile, or is another user's
            if (process / "cwd").readlink() == folder:
                found.append((process / "cmdline").read_text().replace("\0", " "))
    return found


def test_workers_do_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    """As by the system where memory runs out: the port is free for the next one."""
    deployment = Deployment(tmp_path, free_port())
    deployment.certs("keys", "new", "claim")
    with deployment.serving(workers=2) as server:
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        assert len(children) >= 2
        server.kill()
        server.wait()
        until = time.monotonic() + 600
        while any(Path(f"/proc/{child}").exists() for child in children):
            assert time.monotonic() < until, deployment.log.read_text()
            time.sleep(0.05)
        check_free("127.0.0.1", deployment.port, "say so")
    with deployment.served():
        pass


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A site that anybody reaches directly, started in a shell that allows the usual 1,024 open files."""
    deployment = Deployment(tmp_path_factory.mktemp("exposed"), free_port())
    deployment.certs("keys", "new", "claim")
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, most))
    with deployment.serving():
        resource.setrlimit(resource.RLIMIT_NOFILE, (now, most))
        yield deployment


def said(deployment: Deployment, request: bytes) -> bytes:
    """Return what the site answers to these very bytes."""
    with socket.create_connection(("127.0.0.1", deployment.port), timeout=600) as line:
        line.sendall(request)
        return line.recv(4096)


def test_idle_connections_of_one_machine_shut_nobody_out(exposed: Deployment) -> None:
    """Not even where they are more than the open files that a shell allows by default."""
    with crowd(exposed.port, 1_100), urllib.request.urlopen(f"{exposed.base}/healthz", timeout=4) as answer:
        assert answer.status == 200


def test_silent_and_slow_visitors_are_let_go(exposed: Deployment) -> None:
    """Silent from the beginning, in the middle of the header, after an answer: each after five seconds."""
    silent, slow, idle = (socket.create_connection(("127.0.0.1", exposed.port), timeout=600) for _ in range(3))
    slow.sendall(b"GET / HTTP/1.1\r\nHost:")
    idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert idle.recv(4096).startswith(b"HTTP/1.1 200")
    for one in (silent, slow, idle):
        assert closed_after(one) < 12


def test_headers_of_more_than_16_kib_are_refused_unread(exposed: Deployment) -> None:
    line = b"GET /verify HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAccept: "
    assert said(exposed, line + b"text/html," * 1_500 + b"\r\n\r\n").startswith(b"HTTP/1.1 200")
    assert said(exposed, line + b"text/html," * 2_000 + b"\r\n\r\n").startswith(b"HTTP/1.1 431")


def test_http_2_is_not_spoken(exposed: Deployment) -> None:
    """Neither begun at once nor asked for."""
    assert b"HTTP/1.1 101" not in said(
        exposed, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    )
    begun = said(exposed, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
    assert begun == b"" or begun.startswith(b"HTTP/1.")


def test_slow_bodies_keep_nobody_waiting(tmp_path: Path) -> None:
    """Thirty forms that stop in their middle, with one worker of public pages: fifty pages are answered meanwhile."""
    deployment = Deployment(tmp_path, free_port())
    deployment.certs("keys", "new", "claim")
    head = f"Host: 127.0.0.1:{deployment.desk_port}\r\nContent-Length: 60000\r\n\r\n"
    with deployment.serving(), ExitStack() as slow:
        wait_for(deployment.desk_port)
        for _ in range(30):
            one = slow.enter_context(socket.create_connection(("127.0.0.1", deployment.desk_port)))
            one.sendall(f"POST /sign-in HTTP/1.1\r\n{head}half".encode())
        for address in (f"{deployment.base}/verify", f"http://127.0.0.1:{deployment.desk_port}/sign-in"):
            for _ in range(50):
                with urllib.request.urlopen(address, timeout=30) as answer:
                    assert answer.status == 200


def test_public_workers_send_the_console_to_the_second_server(tmp_path: Path) -> None:
    """A browser that follows finds the sign-in."""
    deployment = Deployment(tmp_path, free_port())
    deployment.certs("keys", "new", "claim")
    with deployment.serving():
        wait_for(deployment.desk_port)
        with urllib.request.urlopen(f"{deployment.base}/desk") as answer:
            assert answer.url.startswith(f"http://127.0.0.1:{deployment.desk_port}/sign-in")
        assert "A worker is there" in deployment.certs("doctor", exit_code=1)


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
