"""The real program in real processes: an empty deployment, its command line, and its server."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

START_SECONDS = 600


@dataclass(frozen=True)
class Deployment:
    """A folder with a database and keys of its own, served at *base*."""

    folder: Path
    port: int
    given: Mapping[str, str] = field(default_factory=dict)
    """Variables of its environment beside those that every deployment has."""

    @property
    def desk_port(self) -> int:
        """Where the second server listens: apart from the ports that other tests are given."""
        return desk_of(self.port)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CERTS_")}
        own = {"CERTS_BASE_URL": self.base, "CERTS_ACTOR": "Tester", "PYTHONWARNINGS": "default"}
        return {**kept, **own, **self.given}

    def certs(self, *arguments: str, exit_code: int = 0) -> str:
        """Run one command and return what it printed."""
        command = [sys.executable, "-m", "certs", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=self.environ, capture_output=True, text=True, check=False)
        assert done.returncode == exit_code, done.stderr
        return done.stdout

    @property
    def log(self) -> Path:
        """Everything that the server wrote."""
        return self.folder / "server.log"

    @contextmanager
    def served(self) -> Iterator[Path]:
        """Serve the site; gives the file that holds everything the server wrote."""
        with self.serving() as server:
            try:
                yield self.log
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait(timeout=START_SECONDS)

    @contextmanager
    def serving(
        self, workers: int = 1, stdin: int = subprocess.DEVNULL, under: Sequence[str] = ()
    ) -> Iterator["subprocess.Popen[bytes]"]:
        """Serve the site in a process group of its own, *under* another program or not; kill what is left."""
        command = [*under, sys.executable, "-m", "certs", "serve", "--port", str(self.port), "--workers", str(workers)]
        command += ["--desk-port", str(self.desk_port)]
        with self.log.open("wb") as out:
            server = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self.environ,
                stdout=out,
                stderr=out,
                stdin=stdin,
                start_new_session=True,
            )
        try:
            self._wait(server)
            yield server
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()

    def _wait(self, server: "subprocess.Popen[bytes]") -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert server.poll() is None, self.log.read_text()
            try:
                with urllib.request.urlopen(f"{self.base}/readyz"):
                    socket.create_connection(("127.0.0.1", self.desk_port)).close()
                    return
            except OSError as error:
                if isinstance(error, urllib.error.HTTPError):
                    error.close()
                time.sleep(0.05)
        raise TimeoutError(self.log.read_text())


@dataclass(frozen=True, slots=True)
class Exported:
    """One line of the manifest with its file."""

    row: Mapping[str, str]
    data: bytes


_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_ports = cycle(range(10_000 + _WORKER % 8 * 2_000, 12_000 + _WORKER % 8 * 2_000))
"""Each process that runs tests has its own, below those that systems give to outgoing connections."""


def free_port() -> int:
    """Return a port that nobody listens on, and that no other test was or will be given soon."""
    for port in _ports:
        if is_free(port) and is_free(desk_of(port)):
            return port
    raise RuntimeError("every port is taken")


def is_free(port: int) -> bool:
    """Say whether nobody listens on *port*."""
    with socket.socket() as probe, suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: connections may linger
        probe.bind(("127.0.0.1", port))
        return True
    return False


def desk_of(port: int) -> int:
    """Return where the second server listens of the site at *port*: apart from the ports that tests are given."""
    return 26_000 + (port - 10_000) // 2_000 * 800 + port % 800


def lines_with(log: Path, pattern: str) -> list[str]:
    """Return the lines of *log* that match."""
    return [line for line in log.read_text().splitlines() if re.search(pattern, line)]
