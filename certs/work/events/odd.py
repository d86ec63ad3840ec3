"""What is odd about an event: refused where it cannot be right, asked about where it may be.

Only what is new is looked at: an event that the register holds was agreed to when it was added.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from certs.errors import InputError, Problem
from certs.model import (
    AllOf,
    AnyOf,
    Event,
    Kind,
    MinutesRule,
    PercentRule,
    RequiredRule,
    Role,
    Rule,
    Session,
    SessionsRule,
)

EXAMPLE = "[example]"
"""What stands in every text that the example file of `certs event new` leaves to be written."""
_MAX_SLUG = 40
_LONGEST = timedelta(days=3)
_LONG, _SHORT = timedelta(hours=12), timedelta(minutes=5)
_FUTURE, _FAR_FUTURE = timedelta(days=2 * 365), timedelta(days=20 * 365)
_PAST = timedelta(days=5 * 365)
_FIRST_YEAR = 1990
"""Before which nobody exported who attended a webinar."""
_SPAN = timedelta(days=366)
_LITTLE_PERCENT, _LITTLE_MINUTES = 5, 5
_MOST_LISTED = 5
_NO_WORD = re.compile(r"[b-df-hj-np-tv-xz]{6,}|(?=.{6})(?:[a-z]+[0-9]+){2,}[a-z]*|[0-9a-f]{16,}")


def demand_possible(event: Event, name: str, now: datetime, *, is_new: bool) -> None:
    """Refuse what cannot be right in *event*, whose file is called *name*.

    Raises:
        InputError: every such thing.
    """
    found = [*(slug_faults(event.slug) if is_new else ()), *_impossible_sessions(event, now), *_examples(event)]
    if found:
        raise InputError(*(Problem(one, name) for one in found))


def questions(event: Event, now: datetime, others: Sequence[Event]) -> list[str]:
    """Return what may be right in *event* but seldom is, each as a sentence; *others* are the events there are."""
    return [
        *_forgettable(event.slug),
        *(line for other in others for line in _alike(event, other)),
        *(line for session in event.sessions for line in _odd_session(session, now)),
        *_overlaps(event.sessions),
        *_titles(event.sessions),
        *_order(event.sessions),
        *_span(event),
        *(line for kind in event.kinds for line in _odd_rule(event, kind)),
        *_near(event),
        *_validity(event, now),
    ]


# ---------------------------------------------------------------- refused


def slug_faults(slug: str) -> Iterator[str]:
    """Say why no new event may be called *slug*."""
    if slug.isdecimal():
        yield f'The slug "{slug}" is a number, and commands take numbers for batches: write a word, like gmp-{slug}.'
    elif len(slug) > _MAX_SLUG:
        yield f"The slug has {len(slug)} characters; everybody types it: {_MAX_SLUG} are the most."


def _impossible_sessions(event: Event, now: datetime) -> Iterator[str]:
    seen: dict[object, Session] = {}
    numbers: dict[int, Session] = {}
    for one in event.sessions:
        start, length = one.window.start, one.window.end - one.window.start
        if length > _LONGEST:
            days = length // timedelta(days=1)
            yield f"Session {one.id} lasts {days:,} days: one session is one sitting; check start and end."
        if start > now + _FAR_FUTURE or start.year < _FIRST_YEAR:
            yield f"Session {one.id} is in the year {start.year}: check its date."
        if (same := seen.setdefault((one.title.casefold(), one.window), one)) is not one:
            yield f"Sessions {same.id} and {one.id} are one and the same: equal title, start and end."
        if one.id.isdecimal() and (other := numbers.setdefault(int(one.id), one)) is not one:
            yield f'Sessions "{other.id}" and "{one.id}" have the same number: give one another id.'


def _examples(event: Event) -> Iterator[str]:
    texts = [("title", event.title), ("issuer", event.issuer), ("place", event.place)]
    texts += [(f"title of session {one.id}", one.title) for one in event.sessions]
    texts += [("name of a signatory", one.name) for one in event.signatories]
    texts += [(f"title of the kind {one.name}", one.title) for one in event.kinds]
    for what, text in texts:
        if EXAMPLE in text:
            yield f"The {what} is still that of the example: {text}"


# ---------------------------------------------------------------- asked


def _forgettable(slug: str) -> Iterator[str]:
    if any(_NO_WORD.fullmatch(part) for part in slug.split("-")):
        yield f'The slug "{slug}" is typed in every command and hard to remember: better a word and a year, gmp-2027.'


def _alike(event: Event, other: Event) -> Iterator[str]:
    """Ask where an event that is there already would be added under another slug."""
    first, last = event.sessions[0].window.start, event.sessions[-1].window.end
    meets = other.sessions and first < other.sessions[-1].window.end and other.sessions[0].window.start < last
    if meets and event.title.casefold() == other.title.casefold():
        yield f"There is an event of this title and these dates already, {other.slug}: this adds a second one."


def _odd_session(session: Session, now: datetime) -> Iterator[str]:
    start, end, called = session.window.start, session.window.end, f"Session {session.id} ({session.title})"
    if _LONG < end - start <= _LONGEST:
        yield f"{called} lasts {_hours(end - start)} hours."
    if end - start < _SHORT:
        yield f"{called} lasts {int((end - start).total_seconds())} seconds."
    if now + _FUTURE < start <= now + _FAR_FUTURE:
        yield f"{called} is on {start:%Y-%m-%d}, more than two years from now."
    if start < now - _PAST:
        yield f"{called} was on {start:%Y-%m-%d}, more than five years ago."
    zone = ZoneInfo(session.zone)
    before, after = (moment.astimezone(zone).utcoffset() for moment in (start, end))
    if before != after:
        yield f"The clocks in {session.zone} change during {called}, which lasts {_hours(end - start)} hours in truth."


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):.4g}"


def _overlaps(sessions: Sequence[Session]) -> Iterator[str]:
    found = [
        f"{one.id} and {other.id}"
        for i, one in enumerate(sessions)
        for other in sessions[i + 1 :]
        if other.window.start < one.window.end
    ]
    if found:
        yield f"Sessions {_some(found)} overlap: nobody can attend both in full."


def _titles(sessions: Sequence[Session]) -> Iterator[str]:
    by_title: dict[str, list[str]] = {}
    for one in sessions:
        by_title.setdefault(" ".join(one.title.casefold().split()), []).append(one.id)
    found = [" and ".join(ids) for ids in by_title.values() if len(ids) > 1]
    if found:
        yield f"Sessions {_some(found)} have the same title: readers cannot tell them apart."


def _order(sessions: Sequence[Session]) -> Iterator[str]:
    """Ask where numbers do not follow the dates; sessions stand in the order of their start."""
    found = [
        f"{later.id} before {one.id}"
        for later, one in pairwise(sessions)
        if later.id.isdecimal() and one.id.isdecimal() and int(later.id) > int(one.id)
    ]
    if found:
        yield f"Sessions are numbered in another order than they begin: {_some(found)}. Check their dates."


def _span(event: Event) -> Iterator[str]:
    first, last = event.sessions[0].window.start, max(one.window.end for one in event.sessions)
    if last - first > _SPAN:
        days = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
        yield f"From the first session to the last it is {(last - first).days:,} days, {days}."


def _odd_rule(event: Event, kind: Kind) -> Iterator[str]:
    called = "[rule]" if kind.name == "attendance" else f"[kinds.{kind.name}]"
    if Role.ATTENDEE in kind.roles:
        if _is_trivial(kind.rule):
            yield f"{called} is met by nearly everybody who was there for a moment."
        elif _counts_seconds(kind.rule):
            yield f'{called} has no "share": who is in a session for one second has attended it; 0.5 would demand half.'
    if not kind.title and kind.name != "attendance" and len(event.kinds) > 1:
        yield f"{called} has no title: its certificates are headed like those of attendance."
    if Role.ATTENDEE not in kind.roles and not kind.attended and not kind.spoke:
        yield f'{called} is not for attendees, and its certificates say "attended": attended = "…" says what they did.'
    if _is_strict(kind.rule):
        yield f"{called} is missed by everybody who comes a second late: nobody may meet it."
    for other in event.kinds:
        if other.instead_of == kind.name and other.rule == kind.rule and other.roles >= kind.roles:
            yield f"Nobody would be given {kind.name}: everybody who earns it earns {other.name}, given in its place."


def _is_trivial(rule: Rule) -> bool:
    match rule:
        case SessionsRule():
            return rule.least == 1 and not rule.share
        case PercentRule():
            return rule.percent < _LITTLE_PERCENT
        case MinutesRule():
            return rule.minutes < _LITTLE_MINUTES
        case AllOf():
            return all(map(_is_trivial, rule.rules))
        case AnyOf():
            return any(map(_is_trivial, rule.rules))
        case RequiredRule():
            return False


def _counts_seconds(rule: Rule) -> bool:
    if isinstance(rule, AllOf | AnyOf):
        return any(map(_counts_seconds, rule.rules))
    return isinstance(rule, SessionsRule | RequiredRule) and not rule.share


def _is_strict(rule: Rule) -> bool:
    match rule:
        case SessionsRule() | RequiredRule():
            return rule.share == 1
        case PercentRule():
            return rule.percent == 100
        case AllOf():
            return any(map(_is_strict, rule.rules))
        case AnyOf():
            return all(map(_is_strict, rule.rules))
        case MinutesRule():
            return False


def _near(event: Event) -> Iterator[str]:
    if event.near_miss.sessions >= len(event.sessions) > 1 or event.near_miss.share >= 1:
        yield "[near_miss] makes a near miss of everybody, present or not."


def _validity(event: Event, now: datetime) -> Iterator[str]:
    if event.valid_until is not None and event.valid_until < now.date():
        yield f"Certificates are valid until {event.valid_until}, which is past: none would be valid when it is issued."


def _some(found: Sequence[str]) -> str:
    listed = "; ".join(found[:_MOST_LISTED])
    return f"{listed} and {len(found) - _MOST_LISTED} more" if len(found) > _MOST_LISTED else listed
