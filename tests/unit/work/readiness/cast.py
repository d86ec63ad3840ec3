"""An event of three sessions in Zurich, and people who were there."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from certs import eligibility
from certs.model import (
    AskedQuestion,
    Basis,
    Event,
    Finding,
    Interval,
    Join,
    Kind,
    PersonKey,
    Registration,
    Role,
    Session,
    SessionId,
    SessionsRule,
)
from certs.work import readiness
from tests.register import named as called

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST = datetime(2026, 10, 6, 11, tzinfo=UTC)
"""13:00 in Zurich, where it is still summer."""


def session(id_: str, day: int) -> Session:
    """Return a session of two hours, from one in the afternoon."""
    start = FIRST + timedelta(days=day)
    return Session(SessionId(id_), f"Part {id_}", "Europe/Zurich", Interval(start, start + timedelta(hours=2)))


SESSIONS = (session("1", 0), session("2", 2), session("3", 7))
RULE = Kind("attendance", "", SessionsRule(2, Fraction(1, 2)))
EVENT = Event("small", "Small", SESSIONS, (RULE,), "Issuer")
Record = Join | Registration


def joined(person: str, at: Session, begin: int = -5, end: int = 125, **further: object) -> Join:
    """Return a join from minute *begin* of the session to minute *end*."""
    times = Interval(*(at.window.start + timedelta(minutes=minutes) for minutes in (begin, end)))
    key = PersonKey(f"{person}@example.org") if person else PersonKey("")
    one = Join(at.id, key, times, 2, f"{called(person)} Okri")
    return replace(one, **further)  # type: ignore[arg-type]


def crowd(at: Sequence[Session] = SESSIONS, people: int = 20, begin: int = -5, end: int = 125) -> list[Record]:
    """Return joins of so many people at the same minutes of each session."""
    return [joined(f"p{number}", one, begin, end) for one in at for number in range(people)]


def named(person: str, name: str) -> Registration:
    """Return the registration of *person* under *name*."""
    return Registration(PersonKey(f"{person}@example.org"), name, 2)


def minutes(person: str, at: Session, number: int) -> Join:
    """Return so many minutes that an export states without times."""
    return joined(person, at, interval=None, stated_seconds=60 * number, basis=Basis.STATED)


def seen(
    records: Iterable[Record],
    event: Event = EVENT,
    questions: Sequence[AskedQuestion] = (),
    nobodys: Sequence[Join] = (),
) -> readiness.Seen:
    """Return what is known when *records* are all that was imported."""
    roll = eligibility.call_roll(event, records)
    held = {person for one in questions for person in one.people}
    decisions = roll.decide(held)
    crowd = readiness.Crowd(event)
    crowd.add(roll, decisions)
    eligible = [one for one in decisions if one.eligible]
    concerned = readiness.Concerned(roll, {(one.person, one.kind) for one in eligible})
    due = [readiness.due(one) for one in eligible]
    return readiness.Seen(crowd, due, questions=questions, concerned=concerned, nobodys=nobodys, waiting=held)


def found(
    records: Iterable[Record], event: Event = EVENT, now: datetime = NOW, **further: Sequence[object]
) -> dict[str, Finding]:
    """Return the findings by their keys."""
    known = seen(records, event, **further)  # type: ignore[arg-type]
    return {one.key: one for one in readiness.findings(known, now)}


HOST = Role.HOST
