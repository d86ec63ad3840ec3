"""A throw-away RabbitMQ or Redis on a free port, its files in a temporary folder, ended at the end.

On CI (`CI=true`) both must be there; elsewhere the absence of one skips the tests that want it, with the reason.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

_RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"
"""Not the one in the path, which becomes another user."""
KINDS = ("rabbitmq", "redis")
_START_SECONDS = 180


class Broker:
    """A broker that can be stopped and started again; what it was told is forgotten or not, as it likes."""

    def __init__(self, url: str, command: Sequence[str], environ: Mapping[str, str], folder: Path) -> None:
        self.url, self.environ = url, environ
        self._command, self._folder = command, folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = self._folder / "log"
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                self._command,
                env=self.environ,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            if self._answers():
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"{self._command[0]} does not start: {log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """End it at once, and what it started."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
            end = time.monotonic() + _START_SECONDS
            while self._answers() and time.monotonic() < end:
                time.sleep(0.05)

    def _answers(self) -> bool:
        port = int(self.url.rpartition(":")[2].partition("/")[0])
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return True


def free_port() -> int:
    """Return a port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def broker(kind: str) -> Iterator[Broker]:
    """Yield a running broker of that *kind*, or skip the test; on CI fail it."""
    program = _RABBITMQ if kind == "rabbitmq" else shutil.which("redis-server")
    if not program or not Path(program).exists():
        reason = f"{kind} is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="certs-broker-"))
    running = _rabbitmq(folder) if kind == "rabbitmq" else _redis(folder, program)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        if kind == "rabbitmq":
            _end_epmd(running)
        shutil.rmtree(folder, ignore_errors=True)


def _redis(folder: Path, program: str) -> Broker:
    port = free_port()
    command = (program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder))
    return Broker(f"redis://127.0.0.1:{port}/0", command, os.environ, folder)


def _rabbitmq(folder: Path) -> Broker:
    port = free_port()
    (folder / "plugins").write_text("[].\n")
    (folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\n")
    own = {
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(free_port()),
        "RABBITMQ_NODENAME": f"certs{port}@localhost",
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "logs"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
    }
    return Broker(f"amqp://guest:guest@127.0.0.1:{port}//", (_RABBITMQ,), os.environ | own, folder)


def _end_epmd(of: Broker) -> None:
    """End the name server that came with it, which is on a port of its own."""
    for program in sorted(Path("/usr/lib/erlang").glob("erts-*/bin/epmd"))[-1:]:
        subprocess.run([program, "-kill"], env=of.environ, capture_output=True, check=False, timeout=60)
