"""`certs publish`: bring the status lists of credentials up to date."""

from typing import TYPE_CHECKING

import click

from certs.cli.context import as_json, open_app, write_json
from certs.errors import SigningError
from certs.model import KeyState, Purpose, TrustedKey

if TYPE_CHECKING:
    from certs.build import App


@click.command()
@as_json
def publish(wants_json: bool) -> None:
    """Sign the status lists anew where something changed. Issuing, revoking and correcting do this by themselves.

    \b
    Example:
      certs publish
    """
    renewed = publish_lists(open_app())
    if wants_json:
        write_json({"renewed": renewed})
    else:
        click.echo(f"Status lists signed anew: {renewed}." if renewed else "The status lists are up to date.")


def publish_under(app: "App", key: TrustedKey) -> None:
    """Sign the status lists by the credential key that signs now, after *key* came or went; nothing for other keys.

    A compromised key leaves the issuer's document, and nobody believes the lists that it signed. Where no key is left,
    its successor will sign them.

    Raises:
        SigningError: the key that signs now is out of reach.
        StorageError: the database fails.
    """
    others = app.keys.trusted(Purpose.CREDENTIAL)
    if key.purpose is Purpose.CREDENTIAL and any(other.state is KeyState.ACTIVE for other in others):
        publish_lists(app)


def are_stale(app: "App") -> bool:
    """Say whether a status list is missing or out of date, if there is a key that could sign it.

    Raises:
        StorageError: the database fails.
    """
    from certs.work import publishing  # noqa: PLC0415

    active = [key for key in app.keys.trusted(Purpose.CREDENTIAL) if key.state is KeyState.ACTIVE]
    return bool(active) and bool(publishing.stale(app.store, active[0].kid, app.settings.base_url))


def publish_lists(app: "App") -> int:
    """Bring the status lists up to date; return how many were not.

    Raises:
        SigningError: the credential key is out of reach; says what was done and what is left to do.
        StorageError: the database fails.
    """
    from certs.work import publishing  # noqa: PLC0415

    try:
        return publishing.publish(app.store, app.keys.signer(Purpose.CREDENTIAL), app.settings.base_url, app.clock())
    except SigningError as error:
        raise SigningError(
            "The register is up to date, but the status lists for foreign verifiers could not be signed, so these do "
            f"not see the change. Remove the cause, then run: certs publish. The cause: {error}"
        ) from error
