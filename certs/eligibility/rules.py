"""A rule applied to one person's tallies: does it hold, was it close, and why in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from certs.eligibility.words import absences, count, joined, percent
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


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a rule holds, whether it was close, and the reason as a sentence."""

    holds: bool
    near: bool
    text: str


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person's tallies within the event."""

    event: Event
    tallies: Mapping[SessionId, Tally]

    @property
    def seconds_in_windows(self) -> int:
        """Seconds in the windows of all sessions together."""
        return sum(tally.seconds_in_window for tally in self.tallies.values())

    def attends(self, session: Session, share: Fraction) -> bool:
        """Say whether *session* counts as attended; share 0 is any second, inside the window or not."""
        tally = self.tallies.get(session.id)
        if tally is None:
            return False
        if share == 0:
            return tally.seconds > 0
        return tally.seconds_in_window * share.denominator >= session.window_seconds * share.numerator

    def attended(self, share: Fraction) -> frozenset[SessionId]:
        """Return the sessions that count as attended."""
        return frozenset(s.id for s in self.event.sessions if self.attends(s, share))

    def missed(self, share: Fraction) -> list[tuple[Session, Fraction | None]]:
        """Return the sessions that do not count, each with the share of its window; None for absent."""
        return [(session, self._share(session)) for session in self.event.sessions if not self.attends(session, share)]

    def _share(self, session: Session) -> Fraction | None:
        tally = self.tallies.get(session.id)
        if tally is None or tally.seconds == 0:
            return None
        return Fraction(tally.seconds_in_window, session.window_seconds)


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
        return Finding(True, False, f"{count(got, 'session')} attended, {rule.least} needed.")
    near = attendance.event.near_miss
    missed = attendance.missed(rule.share)
    close = sum(share is not None and share >= rule.share * (1 - near.share) for _, share in missed)
    is_near = got > 0 and (got + near.sessions >= rule.least or got + close >= rule.least)
    text = f"{got} of {count(rule.least, 'session')} needed: {absences(missed, attendance.event)}."
    return Finding(False, is_near, text)


def _required(rule: RequiredRule, attendance: Attendance) -> Finding:
    """Each of these sessions."""
    missed = [item for item in attendance.missed(rule.share) if item[0].id in rule.sessions]
    if not missed:
        return Finding(True, False, f"All {count(len(rule.sessions), 'required session')} attended.")
    near = attendance.event.near_miss
    close = all(share is not None and share >= rule.share * (1 - near.share) for _, share in missed)
    required = count(len(rule.sessions), "required session")
    text = f"{len(missed)} of {required} missed: {absences(missed, attendance.event)}."
    return Finding(False, close, text)


def _percent(rule: PercentRule, attendance: Attendance) -> Finding:
    """At least this share of all windows."""
    share = rule.percent / 100
    return _time(share * attendance.event.window_seconds, f"{percent(share)} needed", attendance)


def _minutes(rule: MinutesRule, attendance: Attendance) -> Finding:
    """At least so many minutes in all windows."""
    return _time(Fraction(rule.minutes * 60), f"{count(rule.minutes, 'minute')} needed", attendance, minutes=True)


def _time(needed: Fraction, demand: str, attendance: Attendance, *, minutes: bool = False) -> Finding:
    """At least *needed* seconds in all windows."""
    event = attendance.event
    got = attendance.seconds_in_windows
    shown = f"{percent(Fraction(got, event.window_seconds))} of the time present"
    if minutes:
        shown = f"{count(got // 60, 'minute')} present"
    if got >= needed:
        return Finding(True, False, f"{shown}, {demand}.")
    missed = [item for item in attendance.missed(Fraction(1)) if item[1] is None or item[1] < 1]
    return Finding(False, got >= needed * (1 - event.near_miss.share), f"{shown}, {demand}: {absences(missed, event)}.")


def _all(rule: AllOf, attendance: Attendance) -> Finding:
    """Every part holds."""
    findings = [examine(part, attendance) for part in rule.rules]
    failed = [finding for finding in findings if not finding.holds]
    text = joined([finding.text for finding in failed or findings], "and")
    return Finding(not failed, bool(failed) and all(finding.near for finding in failed), text)


def _any(rule: AnyOf, attendance: Attendance) -> Finding:
    """One part holds."""
    findings = [examine(part, attendance) for part in rule.rules]
    for finding in findings:
        if finding.holds:
            return finding
    return Finding(False, any(f.near for f in findings), "None of these: " + joined([f.text for f in findings], "or"))
