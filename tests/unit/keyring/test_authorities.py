"""A time-stamp authority that fails in every way stops the batch with a sentence, never with something else."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any

import pytest
from asn1crypto import cms, tsp

from certs.errors import SigningError
from certs.keyring import authorities
from certs.keyring.authorities import TRIES, Authorities


class Broken(BaseHTTPRequestHandler):
    """Answers as its server's `answer` says: a status and a body."""

    server: "BrokenServer"

    def do_POST(self) -> None:
        self.server.asked += 1
        status, body = self.server.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.do_POST()

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


def empty() -> cms.ContentInfo:
    """Return a token in which nothing is signed, by nobody."""
    signed = {"version": "v3", "digest_algorithms": [], "encap_content_info": {"content_type": "data"}}
    return cms.ContentInfo({"content_type": "signed_data", "content": {**signed, "signer_infos": []}})


def test_a_time_stamp_in_which_nothing_is_stamped_is_said(server: BrokenServer) -> None:
    """Granted, and built as a token is, but for what it is about."""
    server.answer = (200, tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": empty()}).dump())
    with pytest.raises(SigningError, match="gives no time-stamp"):
        Authorities(url(server)).stamp(bytes(32))


@pytest.mark.parametrize("token", [b"", b"\x30\x00", empty().dump().replace(b"\x31\x00", b"\xa0\x02\x30\x00", 1)])
def test_a_token_that_brings_no_certificates_that_can_be_read_is_said(token: bytes) -> None:
    """Level B-LT keeps what proves them good, so they must be what they are called."""
    with pytest.raises(SigningError, match="cannot be read"):
        Authorities("http://stamps.example/").evidence((), token)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.org", "nonsense"])
def test_only_web_addresses_are_asked(address: str) -> None:
    """Certificates name addresses too, and must not make us read files."""
    with pytest.raises(SigningError, match="no web address"):
        Authorities(address).stamp(bytes(32))


class Raw(BaseRequestHandler):
    """Sends its server's `pieces` one after another, some seconds apart or none for ever, whatever was asked."""

    server: "RawServer"

    def handle(self) -> None:
        self.server.asked += 1
        self.request.recv(65536)
        with suppress(OSError):  # the client has had enough
            for piece in self.server.pieces:
                self.request.sendall(piece)
                self.server.over.wait(self.server.pause)


class RawServer(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    pieces: Sequence[bytes] = ()
    pause: float | None = 0.0
    asked = 0

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.over = threading.Event()


@pytest.fixture
def raw(monkeypatch: pytest.MonkeyPatch) -> Iterator[RawServer]:
    monkeypatch.setattr(authorities, "_PAUSE_SECONDS", 0)
    with RawServer(("127.0.0.1", 0), Raw) as running:
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield running
        running.over.set()
        running.shutdown()


def raw_url(server: RawServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/"


@pytest.mark.parametrize(
    "pieces",
    [
        [b"what?\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
        [b"HTTP/1.1 " + b"x" * 70_000],
        [b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n"],
        [b"HTTP/1.1 302 Found\r\nLocation: http://" + b"x" * 70 + b".example/\r\n\r\n"],
        [],
    ],
    ids=["no HTTP", "cut off", "bad chunk", "endless line", "leads nowhere", "names no host", "closed at once"],
)
def test_an_answer_that_breaks_off_or_is_no_http_is_tried_again_and_said(
    raw: RawServer, pieces: Sequence[bytes]
) -> None:
    """Whatever a proxy or a dying server sends is the operator's sentence, never a defect of ours."""
    raw.pieces = pieces
    with pytest.raises(SigningError, match=r"does not answer: .*Run the command again"):
        Authorities(raw_url(raw)).stamp(bytes(32))
    assert raw.asked == TRIES


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["silent", "silent after its head"])
def test_a_silent_authority_is_not_waited_for_longer_than_the_time_out(raw: RawServer, head: bytes) -> None:
    """It would be silent until the test is over, so to be here is the proof."""
    raw.pieces, raw.pause = [head, b""], None
    with pytest.raises(SigningError, match="does not answer: timed out"):
        Authorities(raw_url(raw), timeout_seconds=0.1).stamp(bytes(32))
    assert raw.asked == TRIES


def test_an_authority_that_trickles_is_not_waited_for_longer_either(raw: RawServer) -> None:
    """A byte now and then keeps a connection alive, but not for ever: this one would go on for half an hour."""
    raw.pieces, raw.pause = [b"HTTP/1.1 200 OK\r\n\r\n", *[b"0"] * 100_000], 0.02
    with pytest.raises(SigningError, match="does not answer: timed out"):
        Authorities(raw_url(raw), timeout_seconds=0.1).stamp(bytes(32))
    assert raw.asked == TRIES


@pytest.mark.parametrize("address", ["http://exa mple.org/", "http://127.0.0.1:port/", "http://[::1/", "http:///x"])
def test_an_address_that_is_none_is_said(address: str) -> None:
    with pytest.raises(SigningError, match="no web address"):
        Authorities(address).stamp(bytes(32))


def test_a_second_try_that_succeeds_is_enough(server: BrokenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed for a moment stops nobody."""
    answers = iter([(503, b""), (503, b""), (200, b"a list")])
    monkeypatch.setattr(BrokenServer, "answer", property(lambda _: next(answers)))
    assert Authorities(url(server))._fetch(url(server)) == b"a list"


def test_a_silent_port_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens there."""
    monkeypatch.setattr(authorities, "_PAUSE_SECONDS", 0)
    with pytest.raises(SigningError, match="does not answer: Connection refused"):
        Authorities("http://127.0.0.1:9/").stamp(bytes(32))
