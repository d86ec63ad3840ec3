"""`certs serve`: the site, by a production server, one process for each core."""

import os

import click

from certs.cli.context import open_app

MOST_WORKERS = 8
"""Workers by default at most; more cores than that want a decision."""
_THREADS = 2
"""Of each worker: one answers while the other waits for the database."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes (default: one for each core, at most 8).")
def serve(host: str, port: int, workers: int | None) -> None:
    """Serve the verification site until told to stop. Requests in progress are finished first.

    \b
    Example, behind a reverse proxy:
      CERTS_BASE_URL=https://certs.example.org CERTS_PROXIES=1 certs serve --port 8000
    """
    _check()
    from granian import Granian  # noqa: PLC0415 - after the check, and only here
    from granian.constants import Interfaces  # noqa: PLC0415

    Granian(
        "certs.web:create",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=workers or min(len(os.sched_getaffinity(0)), MOST_WORKERS),
        blocking_threads=_THREADS,
        websockets=False,
        log_access=False,  # paths hold names
        respawn_failed_workers=True,
        workers_kill_timeout=30,
    ).serve()


def _check() -> None:
    """Fail now, with a sentence, rather than in each worker; migrates the database.

    Raises:
        InputError: a setting is wrong.
        StorageError: the database is out of reach.
    """
    app = open_app()
    _ = app.store
    app.engine.dispose()
