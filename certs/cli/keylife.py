"""`certs keys retire`, `compromise`, `csr` and `chain`: what happens to a key after it was made."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from certs.cli.context import moment_of, open_app
from certs.cli.event import read_bytes
from certs.cli.how import AS, JSON, YES, How, because, echo, shared
from certs.eligibility.words import count
from certs.model import KeyState, Purpose, Summary, TrustedKey
from certs.views import keys
from certs.work import keys as keeping

if TYPE_CHECKING:
    from certs.build import App
    from certs.work.verify import Effect


@click.command()
@click.argument("kid")
@shared(because("Why, for the record.", required=False), AS, JSON)
def retire(kid: str, how: How) -> None:
    """Let key KID sign no more. What it signed stays valid, and the newest key left signs.

    \b
    Example:
      certs keys retire 7k3m9qxz --reason "yearly rotation"
    """
    app = open_app()
    key = app.keys.named(kid)
    if keeping.is_half_retired(key, app.lists):
        click.echo(f"Key {key.kid} is retired already, but not all was done about it: this does the rest.", err=True)
    key = keeping.retire(app.keys, app.lists, key, how.act(app))
    how.tell(
        keys.retired(key),
        f"{key.purpose.capitalize()} key {key.kid} is retired; what it signed stays valid.",
    )
    _say_successor(app, key)


@click.command()
@click.argument("kid")
@click.option("--since", required=True, metavar="TIME", help="From when it was not safe: 2026-11-20T14:00Z, or a day.")
@click.option("--correction", is_flag=True, help="The time declared before was a mistake: a later one may replace it.")
@shared(because("Why, for the record."), YES, AS, JSON)
def compromise(kid: str, since: str, correction: bool, how: How) -> None:
    """Declare that somebody else may sign with key KID since TIME. Shows first which verdicts that changes.

    What was registered before TIME stays valid; what was registered then or later could not be told from a forgery, and
    its page says so. An earlier TIME may follow; a later one only with --correction, where the first was a mistake.

    \b
    Example:
      certs keys compromise 7k3m9qxz --since 2026-11-20T14:00+01:00 --reason "stolen laptop"
    """
    from certs.work.verify import effect_of  # noqa: PLC0415

    app = open_app()
    act = how.act(app)
    before, moment = app.keys.named(kid), moment_of("--since", since)
    changed = app.keys.compromised(kid, moment, act.reason, act.at, correction=correction)
    effect = effect_of(changed, app.store.signed_by(changed.kid), app.keys, act.at)
    echo(*_announced(changed, effect), err=True)
    instead = f", no longer since {_shown(before)}" if before.compromised_since else ""
    how.confirm(f"Declare {changed.purpose} key {changed.kid} compromised since {_shown(changed)}{instead}?")
    key = keeping.compromise(app.keys, app.lists, changed.kid, moment, act, correction=correction)
    how.tell(
        keys.compromise(key, effect),
        f"{key.purpose.capitalize()} key {key.kid} is compromised since {_shown(key)}; it signs no more.",
    )
    _say_successor(app, key)
    if any(then is Summary.UNKNOWN for _, then in effect.changes):
        advice = f"certs reissue --signed-by {key.kid} --registered-since {moment:%Y-%m-%dT%H:%M:%SZ} --reason TEXT"
        click.echo(f"Issue those certificates anew: {advice}", err=True)


@click.command()
@click.argument("kid")
@shared(because("How it comes that the register does not know it."), YES, AS, JSON)
def adopt(kid: str, how: How) -> None:
    """Make key KID, which is in the folder, known to the register, which does not know it.

    Only where this is the register of these keys: it was restored from a backup that is older than the key, say. From
    then on, what the key signed and the register does not hold reads "not issued", no longer "could not be checked".

    \b
    Example:
      certs keys adopt 7k3m9qxz --reason "made after the backup that was restored"
    """
    app = open_app()
    key = app.keys.named(kid)
    how.confirm(f"Is this the register of {key.purpose} key {key.kid}, made {key.created_at:%Y-%m-%d}?")
    keeping.adopt(app.store.key_trail, app.store, key, how.act(app))
    how.tell({"kid": key.kid}, f"The register knows {key.purpose} key {key.kid} now.")


@click.command()
@click.argument("kid")
def csr(kid: str) -> None:
    """Write a signing request (PKCS#10, PEM) for seal KID, to have it certified by a commercial authority.

    \b
    Example:
      certs keys csr 7k3m9qxz > seal.csr
    """
    click.echo(open_app().keys.request(kid).decode(), nl=False)


@click.command()
@click.argument("kid")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@shared(AS, JSON)
def chain(kid: str, file: Path, how: How) -> None:
    """Put seal KID under the chain in FILE that an authority returned (PEM, DER or PKCS#7, the root if there is one).

    Seals made from now on carry it; those made before stay as they are.

    \b
    Example:
      certs keys chain 7k3m9qxz answer.p7b
    """
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 -- help needs no keys

    app = open_app()
    key = keeping.certify(app.store.key_trail, app.keys, kid, read_bytes(file), how.act(app))
    path = [load_der_x509_certificate(der) for der in key.certificates]
    names, until = [one.subject.rfc4514_string() for one in path], path[0].not_valid_after_utc
    said = f"Seal {key.kid} stands under: {' <- '.join(names)}. It is valid until {until:%Y-%m-%d}."
    how.tell(keys.chain(key.kid, names, until), said)


def _shown(key: TrustedKey) -> str:
    return f"{key.compromised_since:%Y-%m-%d %H:%M} UTC"


def _announced(key: TrustedKey, effect: "Effect") -> list[str]:
    if key.purpose is Purpose.LINK:
        return [f"Every personal link that key {key.kid} signed stops to open: send new ones under a new link key."]
    if key.purpose is Purpose.ROOT:
        return [
            f"No verdict rests on root {key.kid}, but PDF readers that trust it do: make a new seal, tell its users."
        ]
    before = effect.signed - effect.registered_since
    since = f"registered before {_shown(key)}, {effect.registered_since:,} then or later"
    lines = [
        f"{key.purpose.capitalize()} key {key.kid} signed {count(effect.signed, 'certificate')}: {before:,} {since}."
    ]
    lines += [
        f"  {n:,} {'changes' if n == 1 else 'change'} from {now} to {then}."
        for (now, then), n in effect.changes.items()
    ]
    return lines if effect.changes else [*lines, "  No verdict changes."]


def _say_successor(app: "App", key: TrustedKey) -> None:
    if all(other.state is not KeyState.ACTIVE for other in app.keys.trusted(key.purpose)):
        if key.purpose is Purpose.ROOT:
            click.echo("The next seal comes with a new root: certs keys new seal", err=True)
        else:
            click.echo(
                f"No {key.purpose} key is active now: make its successor with certs keys new {key.purpose}", err=True
            )
