"""A rule applied to one person's tallies: does it hold, was it close, and why in words."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from certs.eligibility.words import absences, every_one, labels, one_of, percent
from certs.model import (
    AllOf,
    AnyOf,
    Event,
    MinutesRule,
    PercentRule,
    RequiredRule,
    Rule,
    Session,
    SessionId,
    SessionsRule,
    Tally,
)
from certs.wording import say, say_n


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a rule holds, whether it was close, and the reason as a sentence."""

    holds: bool
    near: bool
    text: str


class Ruler:
    """What all people of an event are measured with: worked out once."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.labels = labels(event)
        self.window_seconds = event.window_seconds
        self._thresholds: dict[Fraction, dict[SessionId, int]] = {}
        self._sets: dict[frozenset[SessionId], frozenset[SessionId]] = {}

    def one_of(self, sessions: frozenset[SessionId]) -> frozenset[SessionId]:
        """Return *sessions*, one object for the many people who attended just these."""
        return self._sets.setdefault(sessions, sessions)

    def thresholds(self, share: Fraction) -> dict[SessionId, int]:
        """Return from how many whole seconds on each session's window counts as covered for *share*."""
        found = self._thresholds.get(share)
        if found is None:
            found = {s.id: math.ceil(share * s.window_seconds) for s in self.event.sessions}
            self._thresholds[share] = found
        return found


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person's tallies within the event."""

    ruler: Ruler
    tallies: Mapping[SessionId, Tally]

    @property
    def event(self) -> Event:
        """The event."""
        return self.ruler.event

    @property
    def seconds_in_windows(self) -> int:
        """Seconds in the windows of all sessions together."""
        return sum(tally.seconds_in_window for tally in self.tallies.values())

    def attended(self, share: Fraction) -> frozenset[SessionId]:
        """Return the sessions that count as attended; share 0 is any second, inside the window or not."""
        if not share:
            return self.ruler.one_of(frozenset(id_ for id_, tally in self.tallies.items() if tally.seconds > 0))
        least = self.ruler.thresholds(share)
        found = (id_ for id_, tally in self.tallies.items() if tally.seconds_in_window >= least[id_])
        return self.ruler.one_of(frozenset(found))

    def missed(self, share: Fraction) -> list[tuple[Session, int | None]]:
        """Return the sessions that do not count, each with the seconds of its window; None for absent."""
        attended = self.attended(share)
        return [(session, self._seconds(session)) for session in self.event.sessions if session.id not in attended]

    def close(self, missed: Sequence[tuple[Session, int | None]], share: Fraction) -> int:
        """Count the *missed* sessions that are within the event's near miss of *share*."""
        least = self.ruler.thresholds(share * (1 - self.event.near_miss.share))
        return sum(seconds is not None and seconds >= least[session.id] for session, seconds in missed)

    def _seconds(self, session: Session) -> int | None:
        tally = self.tallies.get(session.id)
        return None if tally is None or tally.seconds == 0 else tally.seconds_in_window


def attended_share(rule: Rule) -> Fraction:
    """Return from which share of its window a session counts as attended under *rule*."""
    if isinstance(rule, SessionsRule | RequiredRule):
        return rule.share
    if isinstance(rule, AllOf | AnyOf):
        return max((attended_share(part) for part in rule.rules), default=Fraction(0))
    return Fraction(0)


def examine(rule: Rule, attendance: Attendance) -> Finding:
    """Apply *rule* to one person."""
    match rule:
        case SessionsRule():
            return _sessions(rule, attendance)
        case RequiredRule():
            return _required(rule, attendance)
        case PercentRule():
            return _percent(rule, attendance)
        case MinutesRule():
            return _minutes(rule, attendance)
        case AllOf():
            return _all(rule, attendance)
        case AnyOf():
            return _any(rule, attendance)


def _sessions(rule: SessionsRule, attendance: Attendance) -> Finding:
    """At least so many sessions."""
    got = len(attendance.attended(rule.share))
    if got >= rule.least:
        return Finding(
            True,
            False,
            say(
                "{count} attended, {least} needed.",
                count=say_n("{n:,} session", "{n:,} sessions", got),
                least=rule.least,
            ),
        )
    near = attendance.event.near_miss
    missed = attendance.missed(rule.share)
    close = attendance.close(missed, rule.share)
    is_near = got > 0 and (got + near.sessions >= rule.least or got + close >= rule.least)
    text = say_n(
        "{got} of {n:,} session needed: {absences}.",
        "{got} of {n:,} sessions needed: {absences}.",
        rule.least,
        got=got,
        absences=absences(missed, attendance.ruler.labels),
    )
    return Finding(False, is_near, text)


def _required(rule: RequiredRule, attendance: Attendance) -> Finding:
    """Each of these sessions."""
    missed = [item for item in attendance.missed(rule.share) if item[0].id in rule.sessions]
    if not missed:
        return Finding(
            True,
            False,
            say(
                "All {count} attended.",
                count=say_n("{n:,} required session", "{n:,} required sessions", len(rule.sessions)),
            ),
        )
    close = attendance.close(missed, rule.share) == len(missed)
    text = say_n(
        "{missed} of {n:,} required session missed: {absences}.",
        "{missed} of {n:,} required sessions missed: {absences}.",
        len(rule.sessions),
        missed=len(missed),
        absences=absences(missed, attendance.ruler.labels),
    )
    return Finding(False, close, text)


def _percent(rule: PercentRule, attendance: Attendance) -> Finding:
    """At least this share of all windows."""
    share = rule.percent / 100
    return _time(share * attendance.ruler.window_seconds, say("{share} needed", share=percent(share)), attendance)


def _minutes(rule: MinutesRule, attendance: Attendance) -> Finding:
    """At least so many minutes in all windows."""
    needed = say_n("{n:,} minute needed", "{n:,} minutes needed", rule.minutes)
    return _time(Fraction(rule.minutes * 60), needed, attendance, minutes=True)


def _time(needed: Fraction, demand: str, attendance: Attendance, *, minutes: bool = False) -> Finding:
    """At least *needed* seconds in all windows."""
    event = attendance.event
    got = attendance.seconds_in_windows
    if minutes:
        shown = say_n("{n:,} minute present", "{n:,} minutes present", got // 60)
    else:
        share = percent(Fraction(got, attendance.ruler.window_seconds))
        shown = say("{share} of the time present", share=share)
    if got >= needed:
        return Finding(True, False, say("{shown}, {demand}.", shown=shown, demand=demand))
    missed = attendance.missed(Fraction(1))
    return Finding(
        False,
        got >= needed * (1 - event.near_miss.share),
        say(
            "{shown}, {demand}: {absences}.",
            shown=shown,
            demand=demand,
            absences=absences(missed, attendance.ruler.labels),
        ),
    )


def _all(rule: AllOf, attendance: Attendance) -> Finding:
    """Every part holds."""
    findings = [examine(part, attendance) for part in rule.rules]
    failed = [finding for finding in findings if not finding.holds]
    text = every_one([finding.text for finding in failed or findings])
    return Finding(not failed, bool(failed) and all(finding.near for finding in failed), text)


def _any(rule: AnyOf, attendance: Attendance) -> Finding:
    """One part holds."""
    findings = [examine(part, attendance) for part in rule.rules]
    for finding in findings:
        if finding.holds:
            return finding
    text = say("None of these: {sentences}", sentences=one_of([f.text for f in findings]))
    return Finding(False, any(f.near for f in findings), text)
