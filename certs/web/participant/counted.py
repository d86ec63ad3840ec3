"""What was counted for a person in an event, in the words of her page: minutes by session, what was needed, and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from certs import eligibility
from certs.eligibility.words import day_of, percent
from certs.model import AllOf, AnyOf, MinutesRule, PercentRule, RequiredRule, Rule, Ruled, SessionsRule
from certs.web.edge.language import VOICES
from certs.wording import day, say
from certs.work.behind import Taken

_MINUTE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A session: what is said of her presence, and whether it counts."""

    title: str
    day: str
    said: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """An event on her page; *lines* are empty before certificates of it are issued."""

    slug: str
    title: str
    language: str
    earned: bool
    reasons: tuple[str, ...]
    lines: tuple[Line, ...]
    is_old: bool


def counted(taken: Taken, spoken: str) -> Counted:
    """Return what a page in the language *spoken* says of an event."""
    event, account, speak = taken.event, taken.account, VOICES[spoken].say
    if account is None:
        return Counted(event.slug, event.title, event.language, earned=False, reasons=(), lines=(), is_old=False)
    reasons = tuple(map(speak, _reasons(account)))
    lines = tuple(_line(sitting, spoken) for sitting in account.sittings)
    earned = account.decision.eligible
    return Counted(event.slug, event.title, event.language, earned, reasons, lines, taken.is_old)


def _line(sitting: eligibility.Sitting, spoken: str) -> Line:
    session, tally, speak = sitting.session, sitting.tally, VOICES[spoken].say
    said = say("not seen")
    if tally is not None:
        got, window = (seconds // _MINUTE_SECONDS for seconds in (tally.seconds_in_window, session.window_seconds))
        said = say("{got:,} of {window:,} min", got=got, window=window)
    return Line(session.title, speak(day(day_of(session))), speak(said), sitting.attended)


def _reasons(account: eligibility.Account) -> Iterator[str]:
    """Yield what was needed and what is there, and what somebody decided in place of the rule."""
    decision = account.decision
    yield from _needed(account.kind.rule, account.demand)
    if decision.ruling is not None and decision.ruling.ruled is Ruled.GRANTED:
        yield say("The organisers decided that you get a certificate all the same.")
    elif decision.ruling is not None:
        yield say("The organisers decided that no certificate is issued to you. Ask them why.")


def _needed(rule: Rule, demand: eligibility.Demand) -> Iterator[str]:
    """Yield a sentence for each condition of *rule*, of which *demand* has the figures."""
    match rule:
        case AllOf() | AnyOf():
            any_one = isinstance(rule, AnyOf)
            yield say("One of these is enough:") if any_one else say("All of these are needed:")
            for part, of in zip(rule.rules, demand.parts, strict=True):
                yield from _needed(part, of)
        case SessionsRule(share=share) if share:
            yield say(
                "Sessions that count: {got:,}. Needed: {needed:,}, each for at least {share} of its time.",
                got=demand.got,
                needed=demand.needed,
                share=percent(share),
            )
        case SessionsRule():
            yield say("Sessions that count: {got:,}. Needed: {needed:,}.", got=demand.got, needed=demand.needed)
        case RequiredRule():
            yield say("Required sessions that count: {got:,} of {needed:,}.", got=demand.got, needed=demand.needed)
        case PercentRule() | MinutesRule():
            got, needed = demand.got // _MINUTE_SECONDS, -(-demand.needed // _MINUTE_SECONDS)
            yield say("Minutes that count: {got:,}. Needed: {needed:,}.", got=got, needed=needed)
