"""`certs keys`: make and list signing keys, and what happens to a key after it was made."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from certs.cli import use
from certs.cli.declare import FILE, Values, argument, option, read_bytes
from certs.cli.how import AS, JSON, YES, How, because, command, group, unasked
from certs.eligibility.words import count
from certs.errors import InputError
from certs.model import KeyState, Purpose, Summary, TrustedKey
from certs.views import keys as views

MADE = (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL, Purpose.LINK, Purpose.RECEIPT)
"""Purposes one asks for; a root comes with the first seal."""
KID = argument()


@group
def keys() -> None:
    """Make, list, retire and certify signing keys, or declare one compromised.

    Example, the keys that a deployment needs:
      certs keys new claim
      certs keys new credential
      certs keys new seal --organisation "Institute of Standards"
      certs keys new link
    """


@command(unasked("Do not ask about a key that is lost."), AS, JSON, of=keys)
def new(
    how: How,
    purpose: Purpose = argument(type=Values(MADE)),
    organisation: str = option(
        "--organisation", "Who stands behind a seal (default: the setting, or the host).", metavar="NAME"
    ),
    rsa: bool = option("--rsa", "Make a seal with RSA-3072 instead of ECDSA P-256."),
    uri: str | None = option(
        "--pkcs11", "Take this key of a token, named by its PKCS#11 URI (RFC 7512).", metavar="URI"
    ),
    generate: bool = option("--generate", "With --pkcs11: make the key pair inside the token first."),
    insist: bool = option("--insist", "Take a passphrase that is easily guessed, too."),
) -> None:
    """Make a key for PURPOSE; from now on it signs. A seal comes with its own root where there is none.

    A key in a token stays there; its PIN is read from CERTS_PKCS11_PIN_FILE.

    Example:
      certs keys new seal --organisation "Institute of Standards"
      certs keys new seal --pkcs11 "pkcs11:token=Seals;object=seal-2026?module-path=/usr/lib/softhsm/libsofthsm2.so"
    """
    app = how.app
    if uri is None and generate:
        raise InputError("--generate makes a key inside a token: name it with --pkcs11 URI.")
    how.begin()
    named = organisation or app.settings.organisation or urlsplit(app.settings.base_url).hostname or ""
    _ask_about_lost(how, purpose)
    act = how.act()
    if uri is None:
        key = app.make_key(purpose, act, organisation=named, rsa=rsa, insist=insist)
    else:
        key = app.take_key(purpose, uri, act, organisation=named, rsa=rsa, generate=generate)
    made = f"Made {key.purpose} key {key.kid} ({key.algorithm}) in {app.keys.folder_of(key)}. Back it up."
    how.tell(views.key(key), made)


def _ask_about_lost(how: How, purpose: Purpose) -> None:
    """Ask before a new key takes the place of one that the register knows and the folder does not have."""
    for of in (purpose, Purpose.ROOT) if purpose is Purpose.SEAL else (purpose,):
        if kid := use.keys.lost(how.store.key_trail, how.app.keys, of):
            place = f"{how.app.settings.signing_keys}/{of}-{kid}"
            effect = "no link that it signed will open" if of is Purpose.LINK else "what it signed cannot be checked"
            how.confirm(
                f"The register knows {of} key {kid}, but {place} is gone: put it back from the backup, else {effect}. "
                "Make a new one all the same?"
            )


@command(JSON, of=keys)
def rewrap(how: How) -> None:
    """Encrypt private keys of before as new ones are, under the passphrase that they have.

    Each old file stays until the new one has been opened; stopped midway, run it again. Keys in tokens, and those of
    today's strength, are left as they are.

    Example:
      certs keys rewrap
    """
    done: list[str] = []
    for key in how.app.keys.outdated():
        how.app.keys.rewrap(key)
        done.append(key.kid)
        how.note(f"{_named(key)} is encrypted anew. Back it up.")
    said = f"{len(done)} encrypted anew." if done else "All private keys are encrypted as today's are."
    how.tell({"rewrapped": done}, said)


@command(JSON, name="list", of=keys)
def list_(how: How) -> None:
    """List all keys, newest first; the newest active one of each purpose signs.

    Example:
      certs keys list --json
    """
    found = [key for purpose in Purpose for key in how.app.keys.trusted(purpose)]
    none = f"There is no key in {how.app.settings.signing_keys}: certs keys new makes one."
    how.tell([views.key(key) for key in found], (_line(how, key) for key in found), () if found else none)


def _line(how: How, key: TrustedKey) -> str:
    notes = ", ".join(filter(None, [key.reason, "demo" if key.demo else ""]))
    since = key.compromised_since or key.retired_at
    state = f"{key.state} since {since:%Y-%m-%d}" if since else key.state
    where = "token" if how.app.keys.reference_of(key) else "file"
    line = f"{key.purpose:<11} {key.kid}  {key.algorithm:<11} made {key.created_at:%Y-%m-%d}  {where:<6} {state}"
    return f"{line}  {notes}".rstrip()


@command(because("Why, for the record.", required=False), AS, JSON, of=keys)
def retire(how: How, kid: str = KID) -> None:
    """Let key KID sign no more. What it signed stays valid, and the newest key left signs.

    Example:
      certs keys retire 7k3m9qxz --reason "yearly rotation"
    """
    app = how.app
    key = app.keys.named(kid)
    if use.keys.is_half_retired(key, app.lists):
        how.note(f"Key {key.kid} is retired already, but not all was done about it: this does the rest.")
    key = use.keys.retire(app.keys, app.lists, key, how.act())
    how.tell(views.retired(key), f"{_named(key)} is retired; what it signed stays valid.")
    how.note(_successor(how, key))


@command(because("Why, for the record."), YES, AS, JSON, of=keys)
def compromise(
    how: How,
    kid: str = KID,
    since: datetime = option(
        "--since", "From when it was not safe: 2026-11-20T14:00Z, or a day.", required=True, metavar="TIME"
    ),
    correction: bool = option("--correction", "The time declared before was a mistake: a later one may replace it."),
) -> None:
    """Declare that somebody else may sign with key KID since TIME. Shows first which verdicts that changes.

    What was registered before TIME stays valid; what was registered then or later could not be told from a forgery, and
    its page says so. An earlier TIME may follow; a later one only with --correction, where the first was a mistake.

    Example:
      certs keys compromise 7k3m9qxz --since 2026-11-20T14:00+01:00 --reason "stolen laptop"
    """
    app, act = how.app, how.act()
    before = app.keys.named(kid)
    changed = app.keys.compromised(kid, since, act.reason, act.at, correction=correction)
    effect = use.verify.effect_of(changed, app.store.signed_by(changed.kid), app.keys, act.at)
    how.note(_announced(changed, effect))
    instead = f", no longer since {_since(before)}" if before.compromised_since else ""
    how.confirm(f"Declare {changed.purpose} key {changed.kid} compromised since {_since(changed)}{instead}?")
    key = use.keys.compromise(app.keys, app.lists, changed.kid, since, act, correction=correction)
    how.tell(views.compromise(key, effect), f"{_named(key)} is compromised since {_since(key)}; it signs no more.")
    how.note(_successor(how, key))
    if any(then is Summary.UNKNOWN for _, then in effect.changes):
        advice = f"certs reissue --signed-by {key.kid} --registered-since {since:%Y-%m-%dT%H:%M:%SZ} --reason TEXT"
        how.note(f"Issue those certificates anew: {advice}")


def _announced(key: TrustedKey, effect: "use.verify.Effect") -> Iterator[str]:
    if key.purpose is Purpose.LINK:
        yield f"Every personal link that key {key.kid} signed stops to open: send new ones under a new link key."
        return
    if key.purpose is Purpose.ROOT:
        yield f"No verdict rests on root {key.kid}, but PDF readers that trust it do: make a new seal, tell its users."
        return
    since = f"registered before {_since(key)}, {effect.registered_since:,} then or later"
    before = effect.signed - effect.registered_since
    yield f"{_named(key)} signed {count(effect.signed, 'certificate')}: {before:,} {since}."
    for (now, then), n in effect.changes.items():
        yield f"  {n:,} {'changes' if n == 1 else 'change'} from {now} to {then}."
    if not effect.changes:
        yield "  No verdict changes."


@command(because("How it comes that the register does not know it."), YES, AS, JSON, of=keys)
def adopt(how: How, kid: str = KID) -> None:
    """Make key KID, which is in the folder, known to the register, which does not know it.

    Only where this is the register of these keys: it was restored from a backup that is older than the key, say. From
    then on, what the key signed and the register does not hold reads "not issued", no longer "could not be checked".

    Example:
      certs keys adopt 7k3m9qxz --reason "made after the backup that was restored"
    """
    key = how.app.keys.named(kid)
    how.confirm(f"Is this the register of {key.purpose} key {key.kid}, made {key.created_at:%Y-%m-%d}?")
    use.keys.adopt(how.store.key_trail, how.store, key, how.act())
    how.tell({"kid": key.kid}, f"The register knows {key.purpose} key {key.kid} now.")


@command(of=keys)
def csr(how: How, kid: str = KID) -> None:
    """Write a signing request (PKCS#10, PEM) for seal KID, to have it certified by a commercial authority.

    Example:
      certs keys csr 7k3m9qxz > seal.csr
    """
    click.echo(how.app.keys.request(kid).decode(), nl=False)


@command(AS, JSON, of=keys)
def chain(how: How, kid: str = KID, file: Path = argument(type=FILE)) -> None:
    """Put seal KID under the chain in FILE that an authority returned (PEM, DER or PKCS#7, the root if there is one).

    Seals made from now on carry it; those made before stay as they are.

    Example:
      certs keys chain 7k3m9qxz answer.p7b
    """
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 -- help needs no keys

    key = use.keys.certify(how.store.key_trail, how.app.keys, kid, read_bytes(file), how.act())
    path = [load_der_x509_certificate(der) for der in key.certificates]
    names, until = [one.subject.rfc4514_string() for one in path], path[0].not_valid_after_utc
    said = f"Seal {key.kid} stands under: {' <- '.join(names)}. It is valid until {until:%Y-%m-%d}."
    how.tell(views.chain(key.kid, names, until), said)


def _named(key: TrustedKey) -> str:
    return f"{key.purpose.capitalize()} key {key.kid}"


def _since(key: TrustedKey) -> str:
    return f"{key.compromised_since:%Y-%m-%d %H:%M} UTC"


def _successor(how: How, key: TrustedKey) -> Iterator[str]:
    """Say what is needed where no key of its purpose is active after *key*."""
    if any(other.state is KeyState.ACTIVE for other in how.app.keys.trusted(key.purpose)):
        return
    if key.purpose is Purpose.ROOT:
        yield "The next seal comes with a new root: certs keys new seal"
    else:
        yield f"No {key.purpose} key is active now: make its successor with certs keys new {key.purpose}"
