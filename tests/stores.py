"""A throw-away S3 store on free ports, its files in a temporary folder, and a gate before it that misbehaves.

The store is SeaweedFS, whose program comes as a package. It checks signatures and lets nothing be overwritten that was
asked to be new.
"""

import http.client
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from obstore import put
from obstore.store import S3Store

from tests.brokers import free_port

KEY, SECRET = "certs", "an invented secret"
_START_SECONDS = 180


class Store:
    """A running store with an empty bucket; what is asked goes through its gate, which tests may let misbehave."""

    def __init__(self, endpoint: str, gate: "Gate") -> None:
        self.endpoint, self.gate = endpoint, gate

    def environ(self, prefix: str) -> dict[str, str]:
        """Return the settings of a deployment that keeps its packs below *prefix*."""
        return {
            "CERTS_TAILS_URL": f"s3://tails/{prefix}",
            "CERTS_TAILS_ENDPOINT": self.gate.endpoint,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
        }

    def bucket(self, prefix: str = "") -> S3Store:
        """Return the bucket as its owner has it, past the gate."""
        return S3Store(
            "tails",
            prefix=prefix or None,
            endpoint=self.endpoint,
            access_key_id=KEY,
            secret_access_key=SECRET,
            client_options={"allow_http": True},
            retry_config={"max_retries": 0},
        )


@contextmanager
def store() -> Iterator[Store]:
    """Yield a running store, or skip the test; on CI fail it."""
    program = shutil.which("weed", path=f"{Path(os.sys.executable).parent}:{os.environ.get('PATH', '')}")  # type: ignore[attr-defined]
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("weed is not installed")
        pytest.skip("weed is not installed")
    folder = Path(tempfile.mkdtemp(prefix="certs-store-"))
    try:
        port, running = _started(program, folder)
        try:
            with gate(port) as before:
                yield Store(f"http://127.0.0.1:{port}", before)
        finally:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(program: str, folder: Path) -> tuple[int, "subprocess.Popen[bytes]"]:
    """Start the store and wait until something can be put into its bucket; return its port."""
    keys = [{"accessKey": KEY, "secretKey": SECRET}]
    identity = {"name": "certs", "credentials": keys, "actions": ["Admin", "Read", "Write", "List"]}
    (folder / "keys.json").write_text(json.dumps({"identities": [identity]}))
    port = free_port()
    ports = {name: free_port() for name in ("master", "volume", "filer")}
    options = [f"-{name}.port={one}" for name, one in ports.items()]
    options += [f"-{name}.port.grpc={free_port()}" for name in (*ports, "s3")]
    options += [f"-s3.port={port}", "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3", "-s3.config=keys.json"]
    options += ["-iam=false", "-s3.iam=false", "-volume.max=8", "-master.volumeSizeLimitMB=64"]
    command = [program, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", *options]
    with (folder / "log").open("ab") as said:
        running = subprocess.Popen(
            command,
            cwd=folder,
            env={"HOME": str(folder), "PATH": os.environ.get("PATH", "")},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    bucket = Store(f"http://127.0.0.1:{port}", Gate(0, 0)).bucket()
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and running.poll() is None:
        try:
            put(bucket, "begun", b"begun")
            return port, running
        except Exception:  # noqa: BLE001 -- whatever it says while it starts
            time.sleep(0.2)
    raise RuntimeError(f"the store does not start: {(folder / 'log').read_text(errors='replace')[-2000:]}")


class Gate:
    """What stands before the store; *meddle* may answer in its place, or change what it answered."""

    def __init__(self, port: int, store: int) -> None:
        self.endpoint, self.store = f"http://127.0.0.1:{port}", store
        self.asked: list[str] = []
        self.meddle: Callable[[str, Answer | None], Answer | None] = lambda _, answer: answer

    def behave(self) -> None:
        """Let everything through as it is, and forget what was asked."""
        self.meddle = lambda _, answer: answer
        self.asked.clear()


Answer = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""


@contextmanager
def gate(store_port: int) -> Iterator[Gate]:
    """Yield a gate before the store at that port."""

    class Keeper(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            mine.asked.append(self.command)
            answer = mine.meddle(self.command, None) or mine.meddle(self.command, self._asked(body))
            if answer is None:
                self.close_connection = True
                return
            status, headers, content = answer
            self.send_response_only(status)
            for name, value in headers.items():
                if name.lower() not in {"connection", "transfer-encoding"}:
                    self.send_header(name, value)
            if not any(name.lower() == "content-length" for name in headers):
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _asked(self, body: bytes) -> Answer:
            there = http.client.HTTPConnection("127.0.0.1", mine.store, timeout=60)
            there.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                there.putheader(name, value)
            there.endheaders(body)
            got = there.getresponse()
            found = got.status, dict(got.getheaders()), got.read()
            there.close()
            return found

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _pass  # noqa: N815 -- named by the library

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Keeper)
    mine = Gate(server.server_address[1], store_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield mine
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
