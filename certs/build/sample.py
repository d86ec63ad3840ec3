"""The sample marathon from its exports to issued certificates, by the same steps that an organiser takes.

Each step looks first whether it was done, so a second run issues nothing twice and ends in seconds. The keys it makes
are marked as demo keys: paper and page say so. It refuses to touch a deployment that has other keys.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from certs import attendance, claim, eventfile
from certs.build import App, server
from certs.errors import ConflictError, InputError
from certs.ground import places
from certs.model import Act, Purpose, UserRole
from certs.ports import Delivery
from certs.queue import Queue
from certs.wording import say
from certs.work import counts, guards, imports, issue, keys, orders
from certs.work.deliver import Links, file_name

FOLDER = places.shipped("demo")
ORGANISER, DIRECTOR = "Noor Castellane", "Ilse Brandvold"
"""Who orders and who approves; invented, like everybody in the sample."""
_ELSEWHERE = "Give it places of its own: set CERTS_SIGNING_KEYS and CERTS_DATABASE_URL."
_PORT, _MOST_PORT = 8_000, 65_535
_PURPOSES = (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL, Purpose.LINK, Purpose.RECEIPT)

_PEOPLE = {
    UserRole.ORGANISER: ("ana@meridian.example", "Ana Ferreira"),
    UserRole.APPROVER: ("ben@meridian.example", "Ben Okafor"),
}
"""Who signs in to the console; as invented as the others."""
_FRESH = {
    'slug = "cgmp-2026"': 'slug = "cgmp-2026-practice"',
    'title = "cGMP Training Marathon 2026"': 'title = "cGMP Training Marathon 2026, practice"',
}
"""What the event to work on is called instead."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Addresses:
    """What to try in a browser, and a file to open."""

    verification: str
    personal: str
    number: str
    file: Path
    desk: dict[str, str]
    """Where the two people of the sample sign in to the console, by what each does."""


def place(app: App, *, serves: bool) -> tuple[str, int]:
    """Return host and port that the sample's certificates lead to, where nobody listens if it *serves* afterwards.

    Raises:
        ConflictError: that is a public address, or somebody listens there or at the port after it.
        InputError: this machine has no such address, or no port follows.
    """
    base_url = app.settings.base_url
    if not guards.is_local(base_url):
        raise ConflictError(
            say(
                "The demo is for this machine, and {base_url} is a public address: run it in another folder, "
                "without certs.toml and CERTS_BASE_URL.",
                base_url=base_url,
            )
        )
    parts = urlsplit(base_url)
    host, port = parts.hostname or "127.0.0.1", parts.port or _PORT
    if serves:
        _demand_free(host, port)
    return host, port


def _demand_free(host: str, port: int) -> None:
    """Check that nobody listens where the site's two servers will, before anything is made."""
    desk = port + 1
    other = port + 2 if port + 2 < _MOST_PORT else _PORT
    elsewhere = f"set CERTS_BASE_URL=http://127.0.0.1:{other}"
    if desk > _MOST_PORT:
        raise InputError(
            say(
                "The second server needs the port after {port}, and there is none: {other}.", port=port, other=elsewhere
            )
        )
    server.check_free(host, port, say("stop what listens there, or {other}", other=elsewhere))
    advice = say("the second server needs it, so stop what listens there, or {other}", other=elsewhere)
    server.check_free(host, desk, advice)


def prepare(app: App, tell: Say) -> Addresses:
    """Bring the sample marathon to the point where all its certificates are issued.

    Raises:
        ConflictError: the deployment has keys that are no demo keys.
        InputError: the sample is not here.
        SigningError: a key cannot be made or opened.
        StorageError: the database fails.
    """
    if not (FOLDER / "marathon.toml").is_file():
        raise InputError(
            say("The sample marathon is not at {folder}: run the demo from a clone of the project.", folder=FOLDER)
        )
    _begin(app, tell)
    _make_keys(app, tell)
    slug = _add_event(app, tell)
    _import(app, slug, tell)
    _issue(app, slug, tell)
    counts.refresh(app.store, slug, app.clock())
    fresh = _add_fresh(app, tell)
    return _addresses(app, next(app.store.deliveries(slug)), _let_in(app, (slug, fresh)))


def _act(app: App, actor: str) -> Act:
    return Act(actor, app.clock(), "sample marathon", "demo")


def _begin(app: App, tell: Say) -> None:
    """Let the register begin, unless this is a real deployment's, by its keys or by what the register knows."""
    if any(not key.demo for purpose in _PURPOSES for key in app.keys.trusted(purpose)):
        raise ConflictError(
            say(
                "{signing_keys} holds keys of a real deployment; the demo keeps away from it. {elsewhere}",
                signing_keys=app.settings.signing_keys,
                elsewhere=_ELSEWHERE,
            )
        )
    if app.begin(beside_keys=True):
        tell("began a new register")
    here = {key.kid for purpose in Purpose for key in app.keys.trusted(purpose)}
    if away := [kid for kid in app.store.key_trail.known_keys() if kid not in here]:
        raise ConflictError(
            say(
                "The register knows keys that {signing_keys} does not hold ({away}): it is another deployment's, "
                "or they are lost. {elsewhere}",
                signing_keys=app.settings.signing_keys,
                away=", ".join(away),
                elsewhere=_ELSEWHERE,
            )
        )


def _make_keys(app: App, tell: Say) -> None:
    """Make those demo keys that are missing, and make known those that the register does not know."""
    for key in keys.unknown(app.store, app.keys):
        keys.adopt(app.store.key_trail, app.store, key, _act(app, DIRECTOR))
    for purpose in _PURPOSES:
        if not app.keys.trusted(purpose):
            key = app.make_key(purpose, _act(app, DIRECTOR), organisation=_issuer(), demo=True)
            tell(f"made the demo {purpose} key {key.kid}")


def _issuer() -> str:
    return eventfile.parse(_definition(), "marathon.toml").issuer


def _definition() -> str:
    return (FOLDER / "marathon.toml").read_text(encoding="utf-8")


def _add_event(app: App, tell: Say) -> str:
    event, changed = imports.add_event(
        app.store, _definition(), "marathon.toml", _act(app, ORGANISER), app.settings.base_url
    )
    if changed:
        tell(f"added the event {event.slug}: {event.title}, {len(event.sessions)} sessions")
    return event.slug


def _import(app: App, slug: str, tell: Say) -> None:
    """Import the exports that the register does not hold yet."""
    known = set(app.store.imports.known(slug).values())
    paths = [path for path in sorted(FOLDER.glob("*.csv")) if path.name not in known]
    if paths:
        uploads = [imports.Upload(path.name, path.read_bytes()) for path in paths]
        readings = imports.add_files(app.store, slug, uploads, attendance.Answers(), _act(app, ORGANISER))
        rows = sum(reading.counts["joins"] + reading.counts["registrations"] for reading in readings)
        tell(f"imported {len(readings)} exports with {rows:,} rows")


def _issue(app: App, slug: str, tell: Say) -> None:
    """Order for those who earned a certificate, approve as somebody else, issue."""
    if not app.store.batches.of_event(slug):
        planned = orders.plan(app.store, slug)
        batch = orders.place(app.store, planned, _act(app, ORGANISER), demo=True)
        tell(f"ordered {len(planned.decisions):,} certificates as batch {app.store.batches.get(batch).reference}")
    for found in app.store.batches.of_event(slug):
        if found.approved_at is None:
            orders.approve(app.store, found.id, _act(app, DIRECTOR))
        if found.remaining:
            office = issue.Office(app.store, Queue(), app.clock)
            tools = app.tools()
            done = issue.issue(office, tools, found.id, _act(app, ORGANISER))
            tell(f"issued {found.remaining - done.remaining:,} certificates")


def _add_fresh(app: App, tell: Say) -> str:
    """Add the same event once more without any export, for a newcomer to work on."""
    text = _definition()
    for old, new in _FRESH.items():
        text = text.replace(old, new, 1)
    event, changed = imports.add_event(app.store, text, "marathon.toml", _act(app, ORGANISER), app.settings.base_url)
    if changed:
        tell(f"added the event {event.slug}, to work on: its exports lie in {FOLDER}")
    return event.slug


def _let_in(app: App, slugs: tuple[str, ...]) -> dict[str, str]:
    """Make the two people users with their roles, and return where each signs in: by a link of a day at first."""
    from certs.work import users  # noqa: PLC0415 -- argon2, which the sample's other steps do not need

    base, found = app.settings.base_url, {}
    for role, (email, name) in _PEOPLE.items():
        act = _act(app, DIRECTOR)
        user = app.store.users.by_email(email)
        if user is None:
            user = users.add(app.store, email, name, act, administrator=role is UserRole.ORGANISER)
            for slug in slugs:
                app.store.users.give(user.ref, slug, role, act)
        link = f"{base}/sign-in" if user.has_password else f"{base}/sign-in/first/{users.invite(app.store, user, act)}"
        found[f"{name}, {role.value}"] = link
    return found


def _addresses(app: App, sample: Delivery, desk: dict[str, str]) -> Addresses:
    """Save one certificate and return where its pages are."""
    base, certificate = app.settings.base_url, sample.certificate
    path = app.settings.instance / file_name(certificate)
    path.touch(mode=0o600)
    path.write_bytes(sample.pdf.plate + sample.pdf.tail)
    token = Links(app.keys).token(certificate.person_ref)
    return Addresses(
        verification=claim.url(base, certificate.claim_text),
        personal=f"{base}/me/{token}",
        number=f"{base}/c/{certificate.number}",
        file=path,
        desk=desk,
    )
