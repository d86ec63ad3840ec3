"""Rules and findings in plain words: a rule as a design says it, findings as sentences of `wording`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

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
    SessionId,
    SessionsRule,
)
from certs.wording import Sentence, Voice, clause, joined, listing, mark, say, say_n, short_day


@dataclass(frozen=True, slots=True)
class Phrases:
    """What a rule is said with in one language; English unless given. Facts stand in braces.

    `*_one` and `one` are for events of one session, `single` where each of one session is meant, `minute` for one.
    """

    sessions: str = mark("attended at least {least} of {in_all} sessions")
    all: str = mark("attended all {in_all} sessions")
    one: str = mark("attended the session")
    titles: str = mark("attended {titles}")
    each: str = mark(", each for at least {share} of its scheduled time")
    single: str = mark(" for at least {share} of its scheduled time")
    percent: str = mark("was present for at least {share} of the time of all sessions")
    percent_one: str = mark("was present for at least {share} of the session")
    minute: str = mark("was present for at least {minutes} minute of all sessions")
    minutes: str = mark("was present for at least {minutes} minutes of all sessions")
    minute_one: str = mark("was present for at least {minutes} minute of the session")
    minutes_one: str = mark("was present for at least {minutes} minutes of the session")
    both: str = mark(" and ")
    either: str = mark(" or ")
    last: str = mark(" and ")
    granted: str = mark("; near misses by decision of the organisers.")
    decimal: str = mark(".")
    staff: str = mark(", as {roles}")
    panelist: str = mark("panelist")
    host: str = mark("host")

    @classmethod
    def said_by(cls, voice: Voice) -> "Phrases":
        """Return them in the language of *voice*."""
        return _phrases(voice.language) if voice.language != "en" else ENGLISH


ENGLISH = Phrases()


@lru_cache(maxsize=8)
def _phrases(language: str) -> Phrases:
    voice = Voice(language)
    return Phrases(**{one.name: voice.message_as_it_is(str(one.default)) for one in fields(Phrases)})


BY_GRANT = ENGLISH.granted
"""How the criteria of certificates end of which some were granted beside the rule."""
_MOST_LISTED = 12


def count(number: int, noun: str, many: str = "") -> str:
    """Return "1 session", "2 sessions"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {many or noun + 's'}"


def percent(share: Fraction) -> Sentence:
    """Return *share* in percent, rounded down to a tenth."""
    return _tenths(share * 1000 // 1)


@lru_cache(maxsize=1024)
def _tenths(tenths: int) -> Sentence:
    return say("{n:,} %", n=tenths / 10 if tenths % 10 else tenths // 10)


def every_one(sentences: Sequence[str]) -> str:
    """Return several sentences as one, all of which hold."""
    if len(sentences) == 1:
        return sentences[0]
    return _ended([say("and {sentence}", sentence=clause(one)) if at else one for at, one in enumerate(sentences)])


def one_of(sentences: Sequence[str]) -> str:
    """Return several sentences as one, of which one would suffice."""
    if len(sentences) == 1:
        return sentences[0]
    return _ended([say("or {sentence}", sentence=clause(one)) if at else one for at, one in enumerate(sentences)])


def _ended(clauses: Sequence[str]) -> Sentence:
    return say("{clauses}.", clauses=joined(map(clause, clauses), "; "))


def day_of(session: Session) -> date:
    """Return the local date on which *session* starts."""
    return session.window.start.astimezone(ZoneInfo(session.zone)).date()


def absences(missed: Sequence[tuple[Session, int | None]], labels: Mapping[SessionId, str]) -> str:
    """Return what was missed, seconds by session: "absent on 13 Oct; 41 % of the window on 22 Oct"."""
    absent = [labels[session.id] for session, seconds in missed if seconds is None]
    parts: list[str] = [
        say(
            "{share} of the window on {session}",
            share=_whole_percent(seconds, session.window_seconds),
            session=labels[session.id],
        )
        for session, seconds in missed
        if seconds is not None
    ]
    if len(absent) == len(labels):
        parts.insert(0, say("absent from every session") if len(absent) > 1 else say("absent"))
    elif absent:
        parts.insert(0, say("absent on {days}", days=_listed(absent)))
    if len(parts) > _MOST_LISTED:
        parts = [*parts[:_MOST_LISTED], say("and {n:,} more", n=len(parts) - _MOST_LISTED)]
    return joined(parts, "; ")


def criteria(event: Event, kind: Kind, *, granted: bool = False, phrases: Phrases = ENGLISH) -> str:
    """Return the rule of *kind* as the sentence that the certificate prints, in the language of *phrases*.

    Where certificates were *granted* beside the rule it says so, for theirs would contradict themselves otherwise.
    """
    text = demand(kind.rule, event, phrases) + _as_whom(kind, phrases)
    return text[0].upper() + text[1:] + (phrases.granted if granted else ".")


def _as_whom(kind: Kind, phrases: Phrases) -> str:
    """Say in which roles presence counts, where it does not as an attendee."""
    if Role.ATTENDEE in kind.roles:
        return ""
    roles = [phrases.panelist] * (Role.PANELIST in kind.roles) + [phrases.host] * (Role.HOST in kind.roles)
    return phrases.staff.format(roles=_joined(roles, phrases.either))


@lru_cache(maxsize=4096)
def _whole_percent(seconds: int, window_seconds: int) -> Sentence:
    """Return a share of a window in whole percent, rounded down; under one percent is said to be that."""
    whole = 100 * seconds // window_seconds
    return say("{n:,} %", n=whole) if whole else say("less than 1 %")


def labels(event: Event) -> Mapping[SessionId, str]:
    """Return how each session is called in a sentence: by its day, with the id where a day has several."""
    days = {session.id: day_of(session) for session in event.sessions}
    years = {day.year for day in days.values()}
    found: dict[SessionId, str] = {}
    for session in event.sessions:
        day = days[session.id]
        label = short_day(day, with_year=len(years) > 1)
        several = sum(other == day for other in days.values()) > 1
        found[session.id] = say("{day} (session {session})", day=label, session=session.id) if several else label
    return found


def _listed(items: Sequence[str]) -> str:
    """Return "a, b and c"."""
    if len(items) > _MOST_LISTED:
        more = say_n("{n:,} more day", "{n:,} more days", len(items) - _MOST_LISTED)
        items = [*items[:_MOST_LISTED], more]
    return listing(items)


def _joined(items: Sequence[str], last: str) -> str:
    """Return all *items*, commas between them and *last* before the last."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])}{last}{items[-1]}"


def demand(rule: Rule, event: Event, phrases: Phrases = ENGLISH) -> str:
    """Return what *rule* demands, without capital letter and full stop."""
    match rule:
        case SessionsRule():
            return _demand_of_sessions(rule, len(event.sessions), phrases)
        case RequiredRule():
            titles = {session.id: session.title for session in event.sessions}
            named = _joined([titles[one] for one in rule.sessions], phrases.last)
            return phrases.titles.format(titles=named) + _each(rule.share, len(rule.sessions), phrases)
        case PercentRule():
            phrase = phrases.percent if len(event.sessions) > 1 else phrases.percent_one
            return phrase.format(share=_share(rule.percent / 100, phrases))
        case MinutesRule():
            several, one = (phrases.minutes, phrases.minute), (phrases.minutes_one, phrases.minute_one)
            return (several if len(event.sessions) > 1 else one)[rule.minutes == 1].format(minutes=f"{rule.minutes}")
        case AllOf():
            return phrases.both.join(demand(part, event, phrases) for part in rule.rules)
        case AnyOf():
            return phrases.either.join(demand(part, event, phrases) for part in rule.rules)


def _demand_of_sessions(rule: SessionsRule, in_all: int, phrases: Phrases) -> str:
    """Return how many sessions are to be attended: the only one, all, or some."""
    if in_all == 1:
        said = phrases.one
    else:
        said = (phrases.all if rule.least == in_all else phrases.sessions).format(least=rule.least, in_all=in_all)
    return said + _each(rule.share, min(rule.least, in_all), phrases)


def _each(share: Fraction, sessions: int, phrases: Phrases) -> str:
    """Return for how much of its time each of so many sessions is to be attended."""
    return (phrases.each if sessions > 1 else phrases.single).format(share=_share(share, phrases)) if share else ""


def _share(share: Fraction, phrases: Phrases) -> str:
    """Return *share* in percent as the language writes it."""
    return percent(share).replace(".", phrases.decimal)
