"""What tests put into a register: an event, drafts, and sheets finished without drawing anything."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import count

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certs.db.store import Store
from certs.ground import number
from certs.ground.squeeze import squeezer
from certs.keyring.private import ED25519, PrivateSigner
from certs.keyring.record import spki
from certs.model import (
    Act,
    Approval,
    Basis,
    Draft,
    Event,
    ExtraEvidence,
    Finished,
    Held,
    Interval,
    Join,
    KeyState,
    Kid,
    Kind,
    Made,
    Number,
    Order,
    PersonKey,
    Purpose,
    Received,
    Registration,
    Ring,
    Role,
    Ruled,
    Ruling,
    Session,
    SessionId,
    SessionsRule,
    Sheet,
    TrustedKey,
    UnusableRow,
)
from certs.work.issue.enrolling import enrolled
from tests.world import EVENT as FACTS

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
KIDS = (Kid("c1a1m000"), Kid("5ea10000"), Kid("c4ed0000"))
"""Of claim, seal and credential."""
BASE = "https://certs.example.org"
_PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(32))
_bits = count(1_000_000)
_SYLLABLES = ("ba", "do", "ke", "li", "mu", "na", "po", "ru", "se", "ti")


def act(actor: str = "ana", reason: str = "", at: datetime = NOW) -> Act:
    """Return an act of Ana's."""
    return Act(actor, at, reason)


def session(id_: str = "1", day: int = 6) -> Session:
    """Return a session of two hours."""
    start = datetime(2026, 10, day, 11, 0, tzinfo=UTC)
    return Session(SessionId(id_), f"Session {id_}", "Europe/Zurich", Interval(start, start + timedelta(hours=2)))


EVENT = Event(
    slug=FACTS.slug,
    title=FACTS.title,
    sessions=(session("1", 6), session("2", 8)),
    kinds=(Kind("attendance", "", SessionsRule(1, Fraction(1, 2))),),
    issuer=FACTS.issuer,
)


DEFINITION = """
slug = "gmp-2026"
title = "Good Practice Marathon 2026"
issuer = "Institute of Invented Standards"
[rule]
sessions = 1
share = 0.5
[[sessions]]
id = "1"
title = "Session 1"
zone = "Europe/Zurich"
start = 2026-10-06T13:00:00+02:00
end = 2026-10-06T15:00:00+02:00
[[sessions]]
id = "2"
title = "Session 2"
zone = "Europe/Zurich"
start = 2026-10-08T13:00:00+02:00
end = 2026-10-08T15:00:00+02:00
"""
"""That event as its file says it."""
AUCKLAND = DEFINITION.replace('issuer = "Institute of Invented Standards"', 'zone = "Pacific/Auckland"')
"""That event at home where a day begins soonest; who issues is left to the settings."""


def received(name: str = "a.csv", data: bytes = b"a", people: Sequence[str] = ("ana@example.org",)) -> Received:
    """Return an export in which each of *people* is registered and joined session 1 once."""
    window = EVENT.sessions[0].window
    joins = [Join(SessionId("1"), PersonKey(p), window, line, named(p)) for line, p in enumerate(people, 2)]
    return Received(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        format="test",
        session=SessionId("1"),
        data=data,
        joins=[*joins, Join(SessionId("2"), PersonKey(people[0]), None, 9, "Ana", Role.HOST, 60, Basis.STATED)],
        registrations=[Registration(PersonKey(p), named(p), line, "Ghana") for line, p in enumerate(people, 2)],
        unusable=[UnusableRow(name, 99, "no_email", "15550101")],
    )


def named(person: str) -> str:
    """Return the name of somebody with that address; a name has no digits."""
    return "".join(_SYLLABLES[int(c)] if c.isdecimal() else c for c in person.partition("@")[0]).title()


def draft(person: str, plate: str = "latin/1", supersedes: Number | None = None) -> Draft:
    """Return a draft with a number of its own."""
    fresh = number.from_bits(next(_bits))
    return Draft(PersonKey(person), fresh, person.title(), "", frozenset({SessionId("1")}), 8, plate, supersedes)


def evidence(person: str, session: str = "1", minutes: int = 90) -> ExtraEvidence:
    """Return a signed sheet that says how long *person* was present."""
    return ExtraEvidence(
        SessionId(session), PersonKey(person), 60 * minutes, "signed group sheet", "folder 4", "ana", NOW
    )


def granted(person: str) -> Ruling:
    """Return what somebody granted to *person*."""
    rule = ("6", "At least 6.", "5 of 6.")
    return Ruling(PersonKey(person), "attendance", Ruled.GRANTED, "power cut", "ana", NOW, *rule)


def people(count: int) -> list[str]:
    """Return so many addresses."""
    return [f"p{n:05d}@example.org" for n in range(count)]


def ordered(store: Store, drafts: Sequence[Draft], approval: Approval = Approval.ONE) -> int:
    """Order *drafts*, with their event added before."""
    store.events.add(EVENT, DEFINITION, act())
    return store.batches.order(Order("attendance", FACTS, approval, date(2026, 11, 22), drafts), act())


def finished(sheet: Sheet, held: Sequence[Number] = (), kids: tuple[Kid, Kid, Kid] = KIDS) -> Finished:
    """Return what making *sheet* under the keys *kids* might have given."""
    plate = f"plate {sheet.plate}".encode()
    made = beside_the_first([made_of(plate, one) for one in sheet.todo if one not in held])
    stopped = tuple(Held(one, "no font") for one in held)
    done = Finished(sheet.token, plate, hashlib.sha256(plate).hexdigest(), *kids, BASE, made, stopped)
    return enrolled(signer_called(kids[0]), sheet, done, f"{FACTS.slug}/{sheet.batch}", NOW)


def signer_called(kid: Kid) -> PrivateSigner:
    """Return a signer of claims that no key folder knows."""
    key = TrustedKey(kid, Purpose.CLAIM, ED25519, KeyState.ACTIVE, NOW, spki(_PRIVATE.public_key()))
    return PrivateSigner(key, _PRIVATE.sign)


RING = Ring({Purpose.CLAIM: (signer_called(KIDS[0]).key,)})
"""The claim key that signs for `issued`, for whoever looks at what it signed."""


def made_of(plate: bytes, one: Number) -> Made:
    """Return a made certificate with honest digests."""
    tail = f"tail of {one}".encode()
    return Made(one, f"CLAIM{one}.SIG", tail, hashlib.sha256(plate + tail).hexdigest(), len(plate + tail))


def beside_the_first(made: Sequence[Made]) -> tuple[Made, ...]:
    """Return *made* with every tail but the first squeezed beside it, as issuing does."""
    return tuple(
        one if one is made[0] else one._replace(tail=squeezer(made[0].tail)(one.tail), beside=made[0].number)
        for one in made
    )


def issued(store: Store, names: Sequence[str], kids: tuple[Kid, Kid, Kid] = KIDS) -> list[Number]:
    """Order and issue a certificate for each of *names* under the keys *kids*; return their numbers."""
    drafts = [draft(name) for name in names]
    batch = ordered(store, drafts)
    sheet = store.sheets.claim(batch, "t", NOW, LATER)
    assert sheet is not None
    assert store.sheets.store(sheet, finished(sheet, kids=kids), act())
    return [one.number for one in drafts]


def joins_of(store: Store, slug: str) -> list[Join]:
    """Return every join of an event whose row had an address, in the order of import."""
    return [one for _, one in store.imports.records(slug) if isinstance(one, Join) and one.person]


def registrations_of(store: Store, slug: str) -> list[Registration]:
    """Return every registration of an event, in the order of import."""
    return [one for _, one in store.imports.records(slug) if isinstance(one, Registration)]
