"""`certs demo`: the sample marathon from its exports to a site that answers."""

import os
import sys
from urllib.parse import urlsplit

import click

from certs.cli.context import open_app
from certs.errors import ConflictError, InputError
from certs.work import guards

_PORT = 8000
_MOST_PORT = 65_535


@click.command()
@click.option("--serve/--no-serve", default=True, help="Serve the site afterwards (the default), or stop there.")
def demo(serve: bool) -> None:
    """Issue the sample marathon's certificates under demo keys and serve the site.

    \b
    Example:
      certs demo
    """
    from certs.build import sample  # noqa: PLC0415 -- fonts and keys, which help does not need

    app = open_app()
    if not guards.is_local(app.settings.base_url):
        raise ConflictError(
            f"The demo is for this machine, and {app.settings.base_url} is a public address: run it in another folder, "
            "without certs.toml and CERTS_BASE_URL."
        )
    host, port = _address(app.settings.base_url)
    if serve:
        _check_free(host, port)
    found = sample.prepare(app, lambda line: click.echo(f"  {line}", err=True))
    click.echo(f"\nA certificate       {found.file}")
    click.echo(f"What its code opens {found.verification}")
    click.echo(f"By its number       {found.number}")
    click.echo(f"Its personal page   {found.personal}\n")
    for who, address in found.desk.items():
        click.echo(f"{who} signs in at {address}")
    click.echo(f"Exports for the practice event lie in {sample.FOLDER}\n")
    if serve:
        _serve(host, port)


def _address(base_url: str) -> tuple[str, int]:
    """Return host and port that the certificates lead to."""
    parts = urlsplit(base_url)
    return parts.hostname or "127.0.0.1", parts.port or _PORT


def _check_free(host: str, port: int) -> None:
    """Check that nobody listens where the site's two servers will, before anything is made.

    Raises:
        InputError: this machine has no such address, or no port follows.
        ConflictError: somebody listens at one of them.
    """
    from certs.build import server  # noqa: PLC0415

    desk = port + 1
    other = port + 2 if port + 2 < _MOST_PORT else _PORT
    elsewhere = f"set CERTS_BASE_URL=http://127.0.0.1:{other}"
    if desk > _MOST_PORT:
        raise InputError(f"The second server needs the port after {port}, and there is none: {elsewhere}.")
    server.check_free(host, port, f"stop what listens there, or {elsewhere}")
    server.check_free(host, desk, f"the second server needs it, so stop what listens there, or {elsewhere}")


def _serve(host: str, port: int) -> None:
    """Become the server."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "certs", "serve", "--host", host, "--port", str(port)])  # noqa: S606 -- our own program
