"""`certs keys`: make and list signing keys."""

from urllib.parse import urlsplit

import click

from certs.cli.context import as_json, open_app, write_json
from certs.model import Purpose, TrustedKey

MADE = (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL, Purpose.LINK)
"""Purposes one asks for; a root comes with the first seal."""


@click.group()
def keys() -> None:
    """Make and list signing keys.

    \b
    Example, the keys that a deployment needs:
      certs keys new claim
      certs keys new credential
      certs keys new seal --organisation "Institute of Standards"
      certs keys new link
    """


@keys.command()
@click.argument("purpose", type=click.Choice([purpose.value for purpose in MADE]))
@click.option("--organisation", metavar="NAME", help="Who stands behind a seal (default: the host of CERTS_BASE_URL).")
@click.option("--rsa", is_flag=True, help="Make a seal with RSA-3072 instead of ECDSA P-256.")
@as_json
def new(purpose: str, organisation: str | None, rsa: bool, wants_json: bool) -> None:
    """Make a key for PURPOSE; from now on it signs. A seal comes with its own root where there is none.

    \b
    Example:
      certs keys new seal --organisation "Institute of Standards"
    """
    app = open_app()
    app.settings.key_passphrase.ensure()
    named = organisation or urlsplit(app.settings.base_url).hostname or ""
    key = app.keys.new(Purpose(purpose), app.clock(), organisation=named, rsa=rsa)
    if wants_json:
        write_json(_described(key))
    else:
        click.echo(f"Made {key.purpose} key {key.kid} ({key.algorithm}) in {app.keys.folder_of(key)}. Back it up.")


@keys.command(name="list")
@as_json
def list_(wants_json: bool) -> None:
    """List all keys, newest first; the newest active one of each purpose signs.

    \b
    Example:
      certs keys list --json
    """
    app = open_app()
    found = [key for purpose in Purpose for key in app.keys.trusted(purpose)]
    if wants_json:
        write_json([_described(key) for key in found])
        return
    if not found:
        click.echo(f"There is no key in {app.settings.signing_keys}: certs keys new makes one.")
    for key in found:
        notes = [key.reason] if key.reason else []
        notes += ["demo"] if key.demo else []
        state = f"{key.state} since {key.compromised_since:%Y-%m-%d}" if key.compromised_since else key.state
        made = f"{key.created_at:%Y-%m-%d}"
        click.echo(
            f"{key.purpose:<11} {key.kid}  {key.algorithm:<11} made {made}  {state}  {', '.join(notes)}".rstrip()
        )


def _described(key: TrustedKey) -> dict[str, object]:
    return {
        "kid": key.kid,
        "purpose": key.purpose.value,
        "algorithm": key.algorithm,
        "state": key.state.value,
        "created_at": key.created_at.isoformat(),
        "retired_at": key.retired_at and key.retired_at.isoformat(),
        "compromised_since": key.compromised_since and key.compromised_since.isoformat(),
        "reason": key.reason,
        "demo": key.demo,
    }
