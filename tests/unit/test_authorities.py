"""A time-stamp authority that fails in every way stops the batch with a sentence, never with something else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from certs import authorities
from certs.authorities import TRIES, Authorities
from certs.errors import SigningError


class Broken(BaseHTTPRequestHandler):
    """Answers as its server's `answer` says: a status and a body."""

    server: "BrokenServer"

    def do_POST(self) -> None:
        self.server.asked += 1
        status, body = self.server.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class calls it so
        """Write nothing."""


class BrokenServer(HTTPServer):
    answer: tuple[int, bytes] = (500, b"")
    asked = 0


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[BrokenServer]:
    monkeypatch.setattr(authorities, "_PAUSE_SECONDS", 0)
    with BrokenServer(("127.0.0.1", 0), Broken) as running:
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield running
        running.shutdown()


def url(server: BrokenServer) -> str:
    return f"http://127.0.0.1:{server.server_port}/"


def test_an_error_is_tried_again_and_then_said(server: BrokenServer) -> None:
    """As often as promised; the message says that running again goes on."""
    with pytest.raises(SigningError, match=r"does not answer: HTTP Error 500.*Run the command again"):
        Authorities(url(server)).stamp(bytes(32))
    assert server.asked == TRIES


@pytest.mark.parametrize("body", [b"", b"not a time-stamp", b"\x30\x03\x02\x01\x02", b"\x30\x05\x30\x03\x02\x01\x02"])
def test_an_answer_that_is_no_time_stamp_is_said(server: BrokenServer, body: bytes) -> None:
    """Nothing, a page, the wrong structure, a refusal."""
    server.answer = (200, body)
    with pytest.raises(SigningError, match="time-stamp"):
        Authorities(url(server)).stamp(bytes(32))


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.org", "nonsense"])
def test_only_web_addresses_are_asked(address: str) -> None:
    """Certificates name addresses too, and must not make us read files."""
    with pytest.raises(SigningError, match="no web address"):
        Authorities(address).stamp(bytes(32))


def test_a_silent_port_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens there."""
    monkeypatch.setattr(authorities, "_PAUSE_SECONDS", 0)
    with pytest.raises(SigningError, match="does not answer: Connection refused"):
        Authorities("http://127.0.0.1:9/").stamp(bytes(32))
