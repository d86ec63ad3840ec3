"""`certs keys retire`, `compromise`, `csr` and `chain`: what happens to a key after it was made."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from certs.cli.context import act_of, acting, as_json, confirm, moment_of, open_app, write_json
from certs.cli.event import read_bytes
from certs.eligibility.words import count
from certs.model import KeyState, Purpose, Summary, TrustedKey
from certs.views import keys
from certs.work.keys import adopt as adopting
from certs.work.keys import entered, is_half_retired
from certs.work.keys import retire as retired

if TYPE_CHECKING:
    from certs.build import App
    from certs.work.verify import Effect


@click.command()
@click.argument("kid")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the record.")
@acting
@as_json
def retire(kid: str, reason: str, actor: str | None, wants_json: bool) -> None:
    """Let key KID sign no more. What it signed stays valid, and the newest key left signs.

    \b
    Example:
      certs keys retire 7k3m9qxz --reason "yearly rotation"
    """
    app = open_app()
    act = act_of(app, actor, reason.strip())
    key = app.keys.named(kid)
    if is_half_done := is_half_retired(app.store.key_trail, key, app.lists):
        click.echo(f"Key {key.kid} is retired already, but not all was done about it: this does the rest.", err=True)
    key = retired(app.store.key_trail, app.keys, key, act, is_half_done=is_half_done)
    if wants_json:
        write_json(
            {"kid": key.kid, "state": key.state.value, "retired_at": str(key.retired_at and key.retired_at.isoformat())}
        )
    else:
        click.echo(f"{key.purpose.capitalize()} key {key.kid} is retired; what it signed stays valid.")
    app.lists.publish_under(key)
    _say_successor(app, key)


@click.command()
@click.argument("kid")
@click.option("--since", required=True, metavar="TIME", help="From when it was not safe: 2026-11-20T14:00Z, or a day.")
@click.option("--reason", required=True, metavar="TEXT", help="Why, for the record.")
@click.option("--correction", is_flag=True, help="The time declared before was a mistake: a later one may replace it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@acting
@as_json
def compromise(
    kid: str, since: str, reason: str, correction: bool, yes: bool, actor: str | None, wants_json: bool
) -> None:
    """Declare that somebody else may sign with key KID since TIME. Shows first which verdicts that changes.

    What was registered before TIME stays valid; what was registered then or later could not be told from a forgery, and
    its page says so. An earlier TIME may follow; a later one only with --correction, where the first was a mistake.

    \b
    Example:
      certs keys compromise 7k3m9qxz --since 2026-11-20T14:00+01:00 --reason "stolen laptop"
    """
    from certs.work.verify import effect_of  # noqa: PLC0415

    app = open_app()
    act = act_of(app, actor, reason.strip())
    before, moment = app.keys.named(kid), moment_of("--since", since)
    changed = app.keys.compromised(kid, moment, act.reason, act.at, correction=correction)
    effect = effect_of(changed, app.store.signed_by(changed.kid), app.keys, act.at)
    for line in _announced(changed, effect):
        click.echo(line, err=True)
    instead = f", no longer since {_shown(before)}" if before.compromised_since else ""
    confirm(f"Declare {changed.purpose} key {changed.kid} compromised since {_shown(changed)}{instead}?", yes=yes)
    what = "key.correct" if correction else "key.compromise"
    with entered(app.store.key_trail, app.keys, act, what, keeps_before=True) as tell:
        key = app.keys.compromise(changed.kid, moment, act.reason, act.at, correction=correction, tell=tell)
    if wants_json:
        write_json(keys.compromise(key, effect))
    else:
        click.echo(f"{key.purpose.capitalize()} key {key.kid} is compromised since {_shown(key)}; it signs no more.")
    app.lists.publish_under(key)
    _say_successor(app, key)
    if any(then is Summary.UNKNOWN for _, then in effect.changes):
        advice = f"certs reissue --signed-by {key.kid} --registered-since {moment:%Y-%m-%dT%H:%M:%SZ} --reason TEXT"
        click.echo(f"Issue those certificates anew: {advice}", err=True)


@click.command()
@click.argument("kid")
@click.option("--reason", required=True, metavar="TEXT", help="How it comes that the register does not know it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@acting
@as_json
def adopt(kid: str, reason: str, yes: bool, actor: str | None, wants_json: bool) -> None:
    """Make key KID, which is in the folder, known to the register, which does not know it.

    Only where this is the register of these keys: it was restored from a backup that is older than the key, say. From
    then on, what the key signed and the register does not hold reads "not issued", no longer "could not be checked".

    \b
    Example:
      certs keys adopt 7k3m9qxz --reason "made after the backup that was restored"
    """
    app = open_app()
    act = act_of(app, actor, reason.strip())
    key = app.keys.named(kid)
    register = app.store
    confirm(f"Is this the register of {key.purpose} key {key.kid}, made {key.created_at:%Y-%m-%d}?", yes=yes)
    adopting(register.key_trail, register, key, act)
    if wants_json:
        write_json({"kid": key.kid})
    else:
        click.echo(f"The register knows {key.purpose} key {key.kid} now.")


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
@acting
@as_json
def chain(kid: str, file: Path, actor: str | None, wants_json: bool) -> None:
    """Put seal KID under the chain in FILE that an authority returned (PEM, DER or PKCS#7, the root if there is one).

    Seals made from now on carry it; those made before stay as they are.

    \b
    Example:
      certs keys chain 7k3m9qxz answer.p7b
    """
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 -- help needs no keys

    app = open_app()
    act = act_of(app, actor)
    with entered(app.store.key_trail, app.keys, act, "key.chain") as tell:
        key = app.keys.certify(kid, read_bytes(file), act.at, tell=tell)
    path = [load_der_x509_certificate(der) for der in key.certificates]
    names, until = [one.subject.rfc4514_string() for one in path], path[0].not_valid_after_utc
    if wants_json:
        write_json({"kid": key.kid, "chain": names, "valid_until": until.isoformat()})
    else:
        click.echo(f"Seal {key.kid} stands under: {' <- '.join(names)}. It is valid until {until:%Y-%m-%d}.")


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
