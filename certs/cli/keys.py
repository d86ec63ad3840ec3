"""`certs keys`: make and list signing keys; `keylife` has what happens to them later."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from certs.cli import keylife
from certs.cli.context import begin, confirm, open_app, write_json
from certs.cli.how import AS, JSON, How, shared, unasked
from certs.errors import InputError
from certs.model import Purpose
from certs.views import keys as views
from certs.work.keys import lost

if TYPE_CHECKING:
    from certs.build import App

MADE = (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL, Purpose.LINK)
"""Purposes one asks for; a root comes with the first seal."""


@click.group()
def keys() -> None:
    """Make, list, retire and certify signing keys, or declare one compromised.

    \b
    Example, the keys that a deployment needs:
      certs keys new claim
      certs keys new credential
      certs keys new seal --organisation "Institute of Standards"
      certs keys new link
    """


for _command in (keylife.retire, keylife.compromise, keylife.adopt, keylife.csr, keylife.chain):
    keys.add_command(_command)


@keys.command()
@click.argument("purpose", type=click.Choice([purpose.value for purpose in MADE]))
@click.option("--organisation", metavar="NAME", help="Who stands behind a seal (default: the setting, or the host).")
@click.option("--rsa", is_flag=True, help="Make a seal with RSA-3072 instead of ECDSA P-256.")
@click.option("--pkcs11", "uri", metavar="URI", help="Take this key of a token, named by its PKCS#11 URI (RFC 7512).")
@click.option("--generate", is_flag=True, help="With --pkcs11: make the key pair inside the token first.")
@click.option("--insist", is_flag=True, help="Take a passphrase that is easily guessed, too.")
@shared(unasked("Do not ask about a key that is lost."), AS, JSON)
def new(
    purpose: str, organisation: str | None, rsa: bool, uri: str | None, generate: bool, insist: bool, how: How
) -> None:
    """Make a key for PURPOSE; from now on it signs. A seal comes with its own root where there is none.

    A key in a token stays there; its PIN is read from CERTS_PKCS11_PIN_FILE.

    \b
    Example:
      certs keys new seal --organisation "Institute of Standards"
      certs keys new seal --pkcs11 "pkcs11:token=Seals;object=seal-2026?module-path=/usr/lib/softhsm/libsofthsm2.so"
    """
    app = open_app()
    if uri is None and generate:
        raise InputError("--generate makes a key inside a token: name it with --pkcs11 URI.")
    begin(app)
    named = organisation or app.settings.organisation or urlsplit(app.settings.base_url).hostname or ""
    _ask_about_lost(app, Purpose(purpose), yes=how.yes)
    act = how.act(app)
    if uri is None:
        key = app.make_key(Purpose(purpose), act, organisation=named, rsa=rsa, insist=insist)
    else:
        key = app.take_key(Purpose(purpose), uri, act, organisation=named, rsa=rsa, generate=generate)
    how.tell(
        views.key(key), f"Made {key.purpose} key {key.kid} ({key.algorithm}) in {app.keys.folder_of(key)}. Back it up."
    )


def _ask_about_lost(app: "App", purpose: Purpose, *, yes: bool) -> None:
    """Ask before a new key takes the place of one that the register knows and the folder does not have."""
    for of in (purpose, Purpose.ROOT) if purpose is Purpose.SEAL else (purpose,):
        if kid := lost(app.store.key_trail, app.keys, of):
            place = f"{app.settings.signing_keys}/{of}-{kid}"
            effect = "no link that it signed will open" if of is Purpose.LINK else "what it signed cannot be checked"
            confirm(
                f"The register knows {of} key {kid}, but {place} is gone: put it back from the backup, else {effect}. "
                "Make a new one all the same?",
                yes=yes,
            )


@keys.command()
@shared(JSON)
def rewrap(how: How) -> None:
    """Encrypt private keys of before as new ones are, under the passphrase that they have.

    Each old file stays until the new one has been opened; stopped midway, run it again. Keys in tokens, and those of
    today's strength, are left as they are.

    \b
    Example:
      certs keys rewrap
    """
    app = open_app()
    done: list[str] = []
    for key in app.keys.outdated():
        app.keys.rewrap(key)
        done.append(key.kid)
        click.echo(f"{key.purpose.capitalize()} key {key.kid} is encrypted anew. Back it up.", err=True)
    how.tell(
        {"rewrapped": done},
        f"{len(done)} encrypted anew." if done else "All private keys are encrypted as today's are.",
    )


@keys.command(name="list")
@shared(JSON)
def list_(how: How) -> None:
    """List all keys, newest first; the newest active one of each purpose signs.

    \b
    Example:
      certs keys list --json
    """
    app = open_app()
    found = [key for purpose in Purpose for key in app.keys.trusted(purpose)]
    if how.wants_json:
        write_json([views.key(key) for key in found])
        return
    if not found:
        click.echo(f"There is no key in {app.settings.signing_keys}: certs keys new makes one.")
    for key in found:
        notes = ", ".join(filter(None, [key.reason, "demo" if key.demo else ""]))
        since = key.compromised_since or key.retired_at
        state = f"{key.state} since {since:%Y-%m-%d}" if since else key.state
        where = "token" if app.keys.reference_of(key) else "file"
        line = f"{key.purpose:<11} {key.kid}  {key.algorithm:<11} made {key.created_at:%Y-%m-%d}  {where:<6} {state}"
        click.echo(f"{line}  {notes}".rstrip())
