"""`python -m tests.bench.pages [COUNT]`: what an answer of the verification page costs with COUNT certificates.

CPU of the application for one request, as a WSGI server calls it: routing, reading the register, checking the
signature, writing the page. An empty Flask answer and a bare Ed25519 check of the same length take turns with it, for
both are in every answer. A thousand certificates are real and asked for at random; the others fill the register.
"""

import contextlib
import io
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy import select

from certs.build import App
from certs.db import bulk, tables
from certs.db.engine import reading, writing
from certs.ground.signature import DomainEd25519
from certs.model import Summary
from certs.queue import Queue
from certs.web import attach
from certs.wording import LANGUAGES
from certs.work import issue, orders
from certs.work.verify import verify_pdf
from tests import crowd
from tests.bench.measure import Contestant, in_turns

COUNT = 100_000
EVENT = "cgmp-2026"
REAL = 1_000
_FILES = 200
"""Of the real ones that are also checked as files."""
_AT_ONCE = 50_000
_FIRST_ID = 10_000_000
_HOST = "127.0.0.1"


def main(count: int = COUNT) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        app = register(Path(folder), count)
        seconds = in_turns(list(_contestants(app)))
        app.engine.dispose()
    print(f"Verification page, CPU per request, {count:,} certificates in SQLite, medians of rounds in turns")
    for name, each in seconds.items():
        print(f"  {name:<36} {each * 1e6:>5.0f} µs")


def _contestants(app: App) -> Iterator[Contestant]:
    delivered = list(app.store.deliveries(EVENT))
    random.Random(1).shuffle(delivered)
    found = [delivery.certificate for delivery in delivered]
    files = [delivery.pdf.plate + delivery.pdf.tail for delivery in delivered[:_FILES]]
    empty, site = Flask("empty"), attach(app)
    empty.add_url_rule("/V/<path:text>", view_func=lambda text: "x")
    codes, numbers = [f"/V/{one.claim_text}" for one in found], [f"/c/{one.number}" for one in found]
    for name, flask, paths, accept, language in (
        ("an empty answer of Flask", empty, codes, "text/html", "en"),
        ("the page of a code", site, codes, "text/html", "en"),
        ("the page of a number", site, numbers, "text/html", "en"),
        ("the answer to a program", site, codes, "application/json", "en"),
        *((f"the page of a code, {one}", site, codes, "text/html", one) for one in LANGUAGES[1:]),
    ):
        yield Contestant(name, len(paths), partial(_ask, flask.wsgi_app, paths, accept, language))
    yield Contestant("a file as it was issued, judged", len(files), partial(_judge, app, files))
    yield Contestant("a signature checked", len(found), _checking(len(found)))


def _ask(wsgi: Callable[..., Any], paths: list[str], accept: str, language: str) -> None:
    """Ask for each of *paths*.

    Raises:
        RuntimeError: an answer is not 200.
    """
    for path in paths:
        statuses: list[str] = []
        body = wsgi(
            _environ(path, accept, language), lambda status, headers, error=None, to=statuses: to.append(status)
        )
        with contextlib.closing(body) if hasattr(body, "close") else contextlib.nullcontext():
            written = b"".join(body)
        if statuses != ["200 OK"] or not written:
            raise RuntimeError(f"{path}: {statuses}")


def _judge(app: App, files: list[bytes]) -> None:
    """Judge each of *files*.

    Raises:
        RuntimeError: one is not valid.
    """
    for data in files:
        verdict = verify_pdf(data, app.store, app.keys, app.clock())
        if verdict.summary is not Summary.VALID:
            raise RuntimeError(f"{verdict}")


def _environ(path: str, accept: str, language: str) -> Mapping[str, object]:
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": _HOST,
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": f"{_HOST}:8000",
        "HTTP_ACCEPT": accept,
        "HTTP_ACCEPT_LANGUAGE": f"{language}-XX,{language};q=0.9,en;q=0.5",
        "REMOTE_ADDR": _HOST,
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }


def _checking(count: int) -> Callable[[], None]:
    key, message = Ed25519PrivateKey.generate(), bytes(150)
    signature, public = key.sign(message), key.public_key().public_bytes_raw()
    fits = DomainEd25519(b"").verify_signature

    def check() -> None:
        for _ in range(count):
            fits(public, message, signature)

    return check


def register(folder: Path, count: int) -> App:
    """Return a deployment with *count* certificates, the first thousand real."""
    app = crowd.opened(crowd.environment(folder) | {"CERTS_BASE_URL": f"http://{_HOST}:8000"})
    batch = crowd.approved(app, REAL)
    issue.issue(issue.Office(app.store, Queue(), app.clock), app.tools(), batch, crowd.ACT)
    for first in range(0, count - REAL, _AT_ONCE):
        _fill(app, batch, first, min(_AT_ONCE, count - REAL - first))
    return app


def _fill(app: App, batch: int, first: int, count: int) -> None:
    """Register *count* more people with certificates that are copies of a real one but for person and number."""
    with reading(app.engine) as connection:
        model = connection.execute(select(*tables.Certificate.__table__.c).limit(1)).one()._asdict()
        issued = connection.execute(select(*tables.Issued.__table__.c).limit(1)).one()._asdict()
    ids = range(_FIRST_ID + first, _FIRST_ID + first + count)
    numbers = orders.fresh_numbers(app.store, count)
    with writing(app.engine) as connection:
        bulk.insert(connection, tables.Person, ("id", "key", "ref"), ((i, f"{i}@example.org", f"ref{i}") for i in ids))
        own = ({"id": i, "person_id": i, "number": n} for i, n in zip(ids, numbers, strict=True))
        bulk.insert(connection, tables.Certificate, list(model), (list((model | one).values()) for one in own))
        mine = ({"certificate_id": i, "pdf_sha256": f"{i:064x}"} for i in ids)
        bulk.insert(connection, tables.Issued, list(issued), (list((issued | one).values()) for one in mine))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
