"""`certs serve`: the site, by a production server, one process for each core."""

import click

from certs.cli.context import open_app
from certs.work.keys import demand_known


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
    from certs.build import server  # noqa: PLC0415 -- Flask and the database, which help does not need

    server.serve(host, port, _check(host, port), workers)


def _check(host: str, port: int) -> str:
    """Fail now, with a sentence, rather than in each worker; migrates the database and returns which kind it is.

    Raises:
        InputError: a setting is wrong, or this machine has no such address.
        ConflictError: another server has the port; the system would let both listen and deal out the requests.
        SigningError: the key folder cannot be read.
        StorageError: the register is not there, out of reach, or not the one of the keys.
    """
    from certs.build import server  # noqa: PLC0415

    server.check_free(host, port, "stop what listens there, or give another --port")
    app = open_app()
    demand_known(app.store, app.keys)
    app.close()
    return app.dialect
