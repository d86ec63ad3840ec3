"""Which decisions somebody wants to look at, and in which order.

The distance to a rule is the share of it that is missing, 0 where it holds: of sessions, how many of those needed are
missing, a session begun counting in part; of time, the seconds that are missing. All of several rules are as far as the
farthest, any of them as near as the nearest.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from certs.eligibility.rules import Attendance, Ruler
from certs.ground import names
from certs.model import (
    AllOf,
    AnyOf,
    Decision,
    Event,
    Kind,
    MinutesRule,
    PercentRule,
    PersonKey,
    RequiredRule,
    Rule,
    SessionsRule,
    Totals,
)

_WHOLE = Fraction(1)


class Sort(StrEnum):
    """What decisions are sorted by."""

    NAME = "name"
    ATTENDED = "attended"
    HOURS = "hours"
    DISTANCE = "distance"


@dataclass(frozen=True, slots=True)
class Pick:
    """Whom to show: everybody, or who is one of *earned*, *near* and *not_earned*, as far as something is said."""

    earned: bool = False
    near: bool = False
    not_earned: bool = False
    kinds: Sequence[str] = ()
    search: str = ""
    """In the name or the address, without regard to case and accents; several words in any order."""
    sort: Sort | None = None

    @property
    def is_everybody(self) -> bool:
        """Say whether nobody is left out."""
        return not (self.earned or self.near or self.not_earned or self.kinds or self.search.strip())


def picked(event: Event, decisions: Iterable[Decision], pick: Pick) -> list[Decision]:
    """Return the decisions that *pick* wants, in its order."""
    found = list(sifted(decisions, pick))
    ruler, kinds = Ruler(event), {kind.name: kind for kind in event.kinds}
    match pick.sort:
        case Sort.NAME:
            found.sort(key=lambda one: (not one.name, names.fold(one.name), one.person))
        case Sort.ATTENDED:
            found.sort(key=lambda one: (-len(one.attended), -_seconds(one), one.person))
        case Sort.HOURS:
            found.sort(key=lambda one: (-_seconds(one), one.person))
        case Sort.DISTANCE:
            found.sort(key=lambda one: (distance(ruler, kinds[one.kind], one), -_seconds(one), one.person))
        case None:
            pass
    return found


def sifted(decisions: Iterable[Decision], pick: Pick) -> Iterator[Decision]:
    """Yield the decisions that *pick* wants, in the order in which they come, whatever its own."""
    words = names.fold(pick.search).split()
    return (one for one in decisions if _is_wanted(one, pick, words))


def totals(decisions: Iterable[Decision]) -> Totals:
    """Count *decisions*."""
    people: dict[PersonKey, tuple[bool, bool, bool]] = {}
    eligible: Counter[str] = Counter()
    near = ruled = 0
    for one in decisions:
        came, earned, close = people.get(one.person, (False, False, False))
        came = came or bool(one.tallies) or bool(one.roles)
        people[one.person] = came, earned or one.eligible, close or one.near_miss
        eligible.update([one.kind] if one.eligible else [])
        near += one.near_miss
        ruled += one.ruling is not None
    there, whose, nearly = (sum(said[place] for said in people.values()) for place in range(3))
    return Totals(len(people), there, whose, nearly, near, ruled, dict(eligible))


def _is_wanted(one: Decision, pick: Pick, words: Sequence[str]) -> bool:
    if pick.kinds and one.kind not in pick.kinds:
        return False
    if pick.earned or pick.near or pick.not_earned:
        ways = (pick.earned and one.eligible, pick.near and one.near_miss, pick.not_earned and not one.eligible)
        if not any(ways):
            return False
    text = f"{names.fold(one.name)} {names.fold(one.person)}" if words else ""
    return all(word in text for word in words)


def _seconds(one: Decision) -> int:
    return sum(tally.seconds_in_window for tally in one.tallies.values())


def distance(ruler: Ruler, kind: Kind, one: Decision) -> Fraction:
    """Return which share of the rule of *kind* is missing to this person, by what was counted of her."""
    return Fraction(0) if one.by_rule else _missing(kind.rule, Attendance(ruler, one.tallies))


def _missing(rule: Rule, attendance: Attendance) -> Fraction:
    match rule:
        case SessionsRule():
            short = rule.least - len(attendance.attended(rule.share))
            nearest = sorted(_missing_session(attendance, rule.share))[: max(short, 0)]
            return sum(nearest, start=Fraction(0)) / max(rule.least, 1)
        case RequiredRule():
            missing = _missing_session(attendance, rule.share, frozenset(rule.sessions))
            return sum(missing, start=Fraction(0)) / max(len(rule.sessions), 1)
        case PercentRule():
            return _missing_time(attendance, rule.percent / 100 * attendance.ruler.window_seconds)
        case MinutesRule():
            return _missing_time(attendance, Fraction(60 * rule.minutes))
        case AllOf():
            return max((_missing(part, attendance) for part in rule.rules), default=Fraction(0))
        case AnyOf():
            return min((_missing(part, attendance) for part in rule.rules), default=_WHOLE)


def _missing_session(attendance: Attendance, share: Fraction, only: frozenset[str] | None = None) -> list[Fraction]:
    """Return of each session that does not count which share of the time that it takes is missing."""
    least = attendance.ruler.thresholds(share)
    missed = ((s.id, seconds or 0) for s, seconds in attendance.missed(share) if only is None or s.id in only)
    return [
        _WHOLE - Fraction(min(seconds, least[id_]), least[id_]) if least[id_] else _WHOLE for id_, seconds in missed
    ]


def _missing_time(attendance: Attendance, needed: Fraction) -> Fraction:
    return max(_WHOLE - attendance.seconds_in_windows / needed, Fraction(0)) if needed else Fraction(0)
