"""The proxies of `deploy/`, run as they stand there but for ports, folders and the certificate for https."""

import datetime
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.e2e.site import desk_of, free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
HOST = "certs.example.org"
START_SECONDS = 20


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: str


@dataclass(frozen=True)
class Proxy:
    """A running proxy that listens with https at *port*; *folder* holds everything it wrote."""

    name: str
    port: int
    folder: Path

    def connect(self, source: str = "127.0.0.1", timeout: float = 20) -> ssl.SSLSocket:
        """Return a connection from the address *source*."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout, (source, 0))
        return _context().wrap_socket(plain, server_hostname=HOST)

    def ask(self, path: str, host: str = HOST, source: str = "127.0.0.1", **headers: str) -> Answer:
        """Ask for *path*; underscores in the names of *headers* stand for hyphens."""
        line = http.client.HTTPConnection(HOST, timeout=600)
        line.sock = self.connect(source)
        try:
            line.putrequest("GET", path, skip_host=True)
            line.putheader("Host", host)
            for name, value in headers.items():
                line.putheader(name.replace("_", "-"), value)
            line.endheaders()
            got = line.getresponse()
            return Answer(got.status, got.read().decode())
        finally:
            line.close()

    def written(self) -> str:
        """Return all that it wrote, logs and screen."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))


def found(program: str) -> str:
    """Return where *program* is, or skip the test; on CI fail it."""
    where = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if where is None:
        reason = f"{program} is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return where


@contextmanager
def running(name: str, folder: Path, upstream: int | str) -> Iterator[Proxy]:
    """Run the proxy *name*, `nginx` or `caddy`, in front of the port *upstream*."""
    program, port = found(name), free_port()
    _certificate(folder)
    command = _nginx(program, folder, port, upstream) if name == "nginx" else _caddy(program, folder, port, upstream)
    environ = {**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "screen.log").open("wb") as out:
        server = subprocess.Popen(command, cwd=folder, env=environ, stdout=out, stderr=out, start_new_session=True)
    proxy = Proxy(name, port, folder)
    try:
        _wait(proxy, server)
        yield proxy
    finally:
        server.terminate()
        server.wait(timeout=600)


def replaced(file: str, pairs: dict[str, str]) -> str:
    """Return *file* of `deploy/` with every key of *pairs*, each of which must stand there, replaced by its value."""
    text = (DEPLOY / file).read_text(encoding="utf-8")
    for old, new in pairs.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def _nginx(program: str, folder: Path, port: int, upstream: int | str) -> list[str]:
    """Write nginx's own file as Debian has it, 768 connections for one worker, with ours inside; return the command."""
    pairs = {
        "    listen 80;\n    listen [::]:80;": f"    listen 127.0.0.1:{free_port()};",
        "    listen 443 ssl;\n    listen [::]:443 ssl;": f"    listen 127.0.0.1:{port} ssl;",
        "/etc/ssl/certs/certs.example.org.pem": str(folder / "https.pem"),
        "/etc/ssl/private/certs.example.org.key": str(folder / "https.key"),
        "/var/log/nginx/": f"{folder}/",
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "127.0.0.1:8001": f"127.0.0.1:{desk_of(upstream) if isinstance(upstream, int) else upstream}",
    }
    (folder / "certs.conf").write_text(replaced("nginx.conf", pairs))
    user = "user root;" if os.getuid() == 0 else ""
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"{user} daemon off; pid {folder}/pid; error_log {folder}/main.log crit; worker_processes 1;"
    inside = f"access_log {folder}/other.log; {temporary} include {folder}/certs.conf;"
    (folder / "nginx.conf").write_text(f"{main}\nevents {{ worker_connections 768; }}\nhttp {{ {inside} }}\n")
    return [program, "-e", "stderr", "-c", str(folder / "nginx.conf")]


def _caddy(program: str, folder: Path, port: int, upstream: int | str) -> list[str]:
    pairs = {
        "{\n\tservers {": "{\n\tadmin off\n\tauto_https disable_redirects\n\tservers {",
        "certs.example.org {": f"https://certs.example.org:{port} {{\n\ttls {folder}/https.pem {folder}/https.key",
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "127.0.0.1:8001": f"127.0.0.1:{desk_of(upstream) if isinstance(upstream, int) else upstream}",
    }
    (folder / "Caddyfile").write_text(replaced("Caddyfile", pairs))
    return [program, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


def _certificate(folder: Path) -> None:
    """Write a certificate for https that is good for a day."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "https.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "https.key").write_bytes(key.private_bytes(*private))


def _wait(proxy: Proxy, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, proxy.written()
        try:
            proxy.connect().close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(proxy.written())
