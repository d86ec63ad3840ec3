"""Rules and findings in plain English."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

from certs.model import (
    AllOf,
    AnyOf,
    Event,
    Kind,
    MinutesRule,
    PercentRule,
    RequiredRule,
    Rule,
    Session,
    SessionId,
    SessionsRule,
)

BY_GRANT = "; near misses by decision of the organisers."
"""How the criteria of certificates end of which some were granted beside the rule."""
_MOST_LISTED = 12


def count(number: int, noun: str, many: str = "") -> str:
    """Return "1 session", "2 sessions"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {many or noun + 's'}"


def percent(share: Fraction) -> str:
    """Return *share* in percent, rounded down to a tenth."""
    tenths = share * 1000 // 1
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10} %"


def joined(sentences: Sequence[str], word: str) -> str:
    """Return several sentences as one."""
    if len(sentences) == 1:
        return sentences[0]
    return f"; {word} ".join(s.rstrip(".") for s in sentences) + "."


def day_of(session: Session) -> date:
    """Return the local date on which *session* starts."""
    return session.window.start.astimezone(ZoneInfo(session.zone)).date()


def absences(missed: Sequence[tuple[Session, int | None]], labels: Mapping[SessionId, str]) -> str:
    """Return what was missed, seconds by session: "absent on 13 Oct; 41 % of the window on 22 Oct"."""
    absent = [labels[session.id] for session, seconds in missed if seconds is None]
    parts = [
        f"{_whole_percent(seconds, session.window_seconds)} of the window on {labels[session.id]}"
        for session, seconds in missed
        if seconds is not None
    ]
    if len(absent) == len(labels):
        parts.insert(0, "absent from every session" if len(absent) > 1 else "absent")
    elif absent:
        parts.insert(0, f"absent on {_listed(absent)}")
    if len(parts) > _MOST_LISTED:
        parts = [*parts[:_MOST_LISTED], f"and {len(parts) - _MOST_LISTED} more"]
    return "; ".join(parts)


def criteria(event: Event, kind: Kind, *, granted: bool = False) -> str:
    """Return the rule of *kind* as the sentence that the certificate prints.

    Where certificates were *granted* beside the rule it says so, for theirs would contradict themselves otherwise.
    """
    text = demand(kind.rule, event)
    return text[0].upper() + text[1:] + (BY_GRANT if granted else ".")


def _whole_percent(seconds: int, window_seconds: int) -> str:
    """Return a share of a window in whole percent, rounded down; under one percent is said to be that."""
    whole = 100 * seconds // window_seconds
    return f"{whole} %" if whole else "less than 1 %"


def labels(event: Event) -> Mapping[SessionId, str]:
    """Return how each session is called in a sentence: by its day, with the id where a day has several."""
    days = {session.id: day_of(session) for session in event.sessions}
    years = {day.year for day in days.values()}
    found = {}
    for session in event.sessions:
        day = days[session.id]
        label = f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if len(years) > 1 else "")
        several = sum(other == day for other in days.values()) > 1
        found[session.id] = f"{label} (session {session.id})" if several else label
    return found


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _listed(items: Sequence[str]) -> str:
    """Return "a, b and c"."""
    if len(items) > _MOST_LISTED:
        items = [*items[:_MOST_LISTED], f"{len(items) - _MOST_LISTED} more days"]
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def demand(rule: Rule, event: Event) -> str:
    """Return what *rule* demands, without capital letter and full stop."""
    match rule:
        case SessionsRule():
            return f"attended at least {rule.least} of {count(len(event.sessions), 'session')}{_each(rule.share)}"
        case RequiredRule():
            titles = {session.id: session.title for session in event.sessions}
            return f"attended {_listed([titles[s] for s in rule.sessions])}{_each(rule.share)}"
        case PercentRule():
            return f"was present for at least {percent(rule.percent / 100)} of the time of all sessions"
        case MinutesRule():
            return f"was present for at least {count(rule.minutes, 'minute')} of all sessions"
        case AllOf():
            return " and ".join(demand(part, event) for part in rule.rules)
        case AnyOf():
            return " or ".join(demand(part, event) for part in rule.rules)


def _each(share: Fraction) -> str:
    return f", each for at least {percent(share)} of its scheduled time" if share else ""
