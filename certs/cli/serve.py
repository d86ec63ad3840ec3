"""`certs serve`: the site by production servers, and the worker beside it."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from certs.cli.context import open_app
from certs.errors import InputError
from certs.work.keys import demand_known

if TYPE_CHECKING:
    from certs.build import App

_PARTS = ("desk", "worker")
_MOST_PORT = 65_535
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, _MOST_PORT), help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes (default: one for each core, at most 8).")
@click.option(
    "--desk-port",
    type=click.IntRange(1, _MOST_PORT),
    help="Port of the second server, which takes bodies and cookies (default: the next one).",
)
@click.option(
    "--without", "left_out", type=click.Choice(_PARTS), multiple=True, help="Start no second server, no worker."
)
@click.option("--only", type=click.Choice(["desk"]), help="Start the second server alone, at its port.")
def serve(
    host: str, port: int, workers: int | None, desk_port: int | None, left_out: tuple[str, ...], only: str | None
) -> None:
    """Serve the site until told to stop, and do what its pages ask for. Requests in progress are finished first.

    Public pages are served at one port. What takes a body or a cookie is served at the next, where slow visitors keep
    nobody waiting; without that second server, all of it is served at the first.

    \b
    Example, behind a reverse proxy:
      CERTS_BASE_URL=https://certs.example.org CERTS_PROXIES=1 certs serve --port 8000
    """
    from certs.build import keeper, server  # noqa: PLC0415 -- Flask and the database, which help does not need

    desk = desk_port or port + 1
    if desk == port or desk > _MOST_PORT:
        raise InputError("The second server needs a port of its own: say which, with --desk-port.")
    if only:
        _check(host, desk, "--desk-port")
        server.serve_desk(host, desk)
        return
    app = _check(host, port, "--port")
    has_desk = "desk" not in left_out
    if has_desk:
        server.check_free(host, desk, "stop what listens there, or give another --desk-port")
        _say_where(app, desk)
    with keeper.beside(list(_commands(host, desk, left_out))):
        server.serve(host, port, app.dialect, workers, whole=not has_desk)


def _commands(host: str, desk: int, left_out: Sequence[str]) -> list[list[str]]:
    """Return what runs beside the site."""
    certs = [sys.executable, "-m", "certs"]
    parts = {
        "desk": [*certs, "serve", "--only", "desk", "--host", host, "--desk-port", str(desk)],
        "worker": [*certs, "worker"],
    }
    return [command for name, command in parts.items() if name not in left_out]


def _say_where(app: "App", desk: int) -> None:
    """Let workers know where the second server is: on this machine at its own port, behind a proxy at the site's."""
    base = urlsplit(app.settings.base_url)
    if not app.settings.desk_url and (base.hostname or "") in _LOOPBACK:
        host = f"[{base.hostname}]" if ":" in (base.hostname or "") else base.hostname
        os.environ["CERTS_DESK_URL"] = f"{base.scheme}://{host}:{desk}{base.path}"


def _check(host: str, port: int, option: str) -> "App":
    """Fail now, with a sentence, rather than in each worker; migrates the database.

    Raises:
        InputError: a setting is wrong, or this machine has no such address.
        ConflictError: another server has the port; the system would let both listen and deal out the requests.
        SigningError: the key folder cannot be read.
        StorageError: the register is not there, out of reach, or not the one of the keys.
    """
    from certs.build import server  # noqa: PLC0415

    server.check_free(host, port, f"stop what listens there, or give another {option}")
    app = open_app()
    demand_known(app.store, app.keys)
    app.close()
    return app
