"""A mail server for tests: takes mails by SMTP and keeps them, or misbehaves as it is told.

It speaks as much of RFC 5321 as a client asks of it, in a thread for each connection, on a free port of this machine.
"""

import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

Answer = Callable[[str, str], str]
"""What is answered to a verb for a recipient; empty for as usual, `drop` for a connection that ends without a word."""


def usual(verb: str, to: str) -> str:
    """Take everything."""
    return ""


@dataclass
class Sink:
    """What arrived: the recipients, and the mails as they were sent."""

    port: int = 0
    arrived: list[tuple[str, bytes]] = field(default_factory=list)
    answer: Answer = usual
    """May be changed at any time."""
    extensions: tuple[str, ...] = ()
    connections: int = 0
    tls: "ssl.SSLContext | None" = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def mails(self) -> list[EmailMessage]:
        """Return the mails, parsed."""
        return [BytesParser(policy=default).parsebytes(data) for _, data in self.arrived]

    def keep(self, to: str, data: bytes) -> None:
        """Keep a mail."""
        with self._lock:
            self.arrived.append((to, data))


class _Talk(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        self.sink: Sink = self.server.sink  # type: ignore[attr-defined]
        self.sink.connections += 1
        self.to = ""
        with suppress(OSError, ValueError):
            if self._say("CONNECT", "220 sink"):
                while (line := self.rfile.readline()) and self._heard(line.decode("latin-1").strip()):
                    pass

    def _heard(self, line: str) -> bool:
        verb = line.partition(" ")[0].upper()
        if verb == "EHLO":
            lines = ["sink", *self.sink.extensions]
            marks = ["-"] * (len(lines) - 1) + [" "]
            return self._say(verb, "\r\n".join(f"250{mark}{one}" for mark, one in zip(marks, lines, strict=True)))
        if verb == "STARTTLS":
            return self._secured()
        if verb == "RCPT":
            self.to = line.partition("<")[2].rstrip("> ")
        if verb == "DATA":
            refused = self.sink.answer(verb, self.to)
            return self._tell(refused) if refused not in {"", "drop"} else not refused and self._taken()
        return self._say(verb, "221 bye" if verb == "QUIT" else "250 fine") and verb != "QUIT"

    def _secured(self) -> bool:
        if self.sink.tls is None:
            return self._say("STARTTLS", "454 not now")
        self._say("STARTTLS", "220 go ahead")
        self.connection = self.sink.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        return True

    def _taken(self) -> bool:
        self._tell("354 go ahead")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        wish = self.sink.answer("TEXT", self.to)
        if line and wish in {"", "drop after"}:
            self.sink.keep(self.to, b"".join(lines))
        if wish.startswith("drop"):
            return False
        return self._tell(wish or "250 queued as 1")

    def _say(self, verb: str, usual: str) -> bool:
        wish = self.sink.answer(verb, self.to)
        return wish != "drop" and self._tell(wish or usual)

    def _tell(self, text: str) -> bool:
        if text.startswith("wait"):
            time.sleep(float(text.removeprefix("wait ")))
            return False
        self.wfile.write(text.encode() + b"\r\n")
        return True


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False


@contextmanager
def sink(
    answer: Answer = usual, extensions: tuple[str, ...] = (), tls: "ssl.SSLContext | None" = None
) -> Iterator[Sink]:
    """Yield a running mail server."""
    kept = Sink(answer=answer, extensions=extensions, tls=tls)
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.sink = kept  # type: ignore[attr-defined]
        kept.port = server.server_address[1]
        running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        running.start()
        try:
            yield kept
        finally:
            server.shutdown()
            running.join()
