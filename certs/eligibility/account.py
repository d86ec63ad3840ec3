"""The arithmetic behind one decision: what the files say row by row, what of it counts, and what the rule demands.

Nothing is decided here: an account shows the numbers that `decide` used, in values for a program and in lines for a
person.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from certs.eligibility.rules import Attendance, Ruler, attended_share, examine
from certs.eligibility.words import count, criteria, demand, percent
from certs.model import (
    ALL_ROLES,
    AllOf,
    AnyOf,
    Decision,
    Event,
    ExtraEvidence,
    Join,
    Kind,
    Mark,
    MinutesRule,
    PercentRule,
    RequiredRule,
    Rule,
    Session,
    SessionsRule,
    Tally,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an export about the person; *listed_as* is the address or name in it, where that is not hers."""

    file: str
    record: Join | Mark
    counts: bool
    listed_as: str = ""


@dataclass(frozen=True, slots=True)
class Sitting:
    """One session of an account; *least_seconds* of its window are what counts as attended, *tally* None for absent."""

    session: Session
    rows: tuple[Row, ...]
    evidence: tuple[ExtraEvidence, ...]
    """All there is; what counts of it is in the decision."""
    tally: Tally | None
    least_seconds: int
    attended: bool


@dataclass(frozen=True, slots=True)
class Demand:
    """One condition of the rule: *got* of *needed*, in sessions or seconds; a combination has *parts* instead."""

    text: str
    holds: bool
    got: int = 0
    needed: int = 0
    unit: str = ""
    parts: tuple["Demand", ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """Everything that a decision rests on."""

    event: Event
    kind: Kind
    decision: Decision
    sittings: tuple[Sitting, ...]
    demand: Demand

    @property
    def seconds_in_windows(self) -> int:
        """Seconds in all windows together."""
        return sum(tally.seconds_in_window for tally in self.decision.tallies.values())


def account(event: Event, decision: Decision, rows: Iterable[Row], evidence: Iterable[ExtraEvidence]) -> Account:
    """Return the arithmetic behind *decision* from the *rows* and the *evidence* about its person."""
    kind = next(one for one in event.kinds if one.name == decision.kind)
    ruler = Ruler(event)
    least = ruler.thresholds(attended_share(kind.rule))
    listed = [replace(row, counts=row.counts and _role_counts(row.record, kind)) for row in rows]
    evidenced = list(evidence)
    sittings = tuple(
        Sitting(
            session,
            tuple(row for row in listed if row.record.session == session.id),
            tuple(one for one in evidenced if one.session == session.id),
            decision.tallies.get(session.id),
            least[session.id],
            session.id in decision.attended,
        )
        for session in event.sessions
    )
    return Account(event, kind, decision, sittings, _demand(kind.rule, Attendance(ruler, decision.tallies)))


def _role_counts(record: Join | Mark, kind: Kind) -> bool:
    return isinstance(record, Mark) or record.role in kind.roles


def _demand(rule: Rule, attendance: Attendance) -> Demand:
    """Return what *rule* demands and what is there."""
    text, holds = demand(rule, attendance.event), examine(rule, attendance).holds
    match rule:
        case SessionsRule():
            return Demand(text, holds, len(attendance.attended(rule.share)), rule.least, "sessions")
        case RequiredRule():
            got = len(attendance.attended(rule.share) & set(rule.sessions))
            return Demand(text, holds, got, len(rule.sessions), "required sessions")
        case PercentRule():
            needed = math.ceil(rule.percent / 100 * attendance.ruler.window_seconds)
            return Demand(text, holds, attendance.seconds_in_windows, needed, "seconds")
        case MinutesRule():
            return Demand(text, holds, attendance.seconds_in_windows, 60 * rule.minutes, "seconds")
        case AllOf() | AnyOf():
            word = "all of these" if isinstance(rule, AllOf) else "one of these"
            return Demand(word, holds, parts=tuple(_demand(part, attendance) for part in rule.rules))


# ---------------------------------------------------------------- in lines


def lines(found: Account) -> Iterator[str]:
    """Yield *found* for a person to read."""
    decision = found.decision
    yield f"{decision.name} <{decision.person}>, {decision.kind}: {'' if decision.eligible else 'not '}eligible"
    yield f"  {decision.reason}"
    for sitting in found.sittings:
        yield from _sitting(sitting, decision)
    got, windows = found.seconds_in_windows, found.event.window_seconds
    yield f"All windows together: {got:,} of {windows:,} seconds ({percent(Fraction(got, windows))})"
    yield f"Rule: {criteria(found.event, found.kind)}"
    if found.kind.roles != ALL_ROLES:
        yield f"  presence counts as {' or '.join(sorted(found.kind.roles))}"
    yield from _demands([found.demand], 1)
    if decision.near_miss:
        near = found.event.near_miss
        yield f"Near miss: within {count(near.sessions, 'session')} or {percent(near.share)} of a threshold"
    if decision.ruling is not None:
        yield f"Ruling {decision.ruling.id} decides; by the rule alone: {'' if decision.by_rule else 'not '}eligible"


def _sitting(sitting: Sitting, decision: Decision) -> Iterator[str]:
    session, zone = sitting.session, ZoneInfo(sitting.session.zone)
    edges = [[moment.astimezone(zone) for moment in (one.start, one.end)] for one in session.windows]
    window = " and again ".join(f"{start:%Y-%m-%d %H:%M} to {_clock(end, start)}" for start, end in edges)
    window = f"{window} {session.zone}"
    yield f"Session {session.id}, {session.title}: window {window}, {session.window_seconds:,} seconds"
    for row in sitting.rows:
        yield f"  {_row(row, zone)}"
    for one in sitting.evidence:
        counts = "" if one in decision.evidence else ", does not count"
        by = f"{one.author}, {one.added_at:%Y-%m-%d}"
        yield f"  evidence {one.id}  {one.kind} ({one.note}; {by}), {one.seconds:,} seconds as {one.role}{counts}"
    yield f"  {_sum(sitting)}"


def _row(row: Row, zone: ZoneInfo) -> str:
    record, place = row.record, f"{row.file}:{row.record.line}"
    listed = f", listed as {row.listed_as}" if row.listed_as else ""
    if isinstance(record, Mark):
        return f"{place}  marked {record.letter}{listed}"
    said = f"{record.stated_seconds:,} seconds stated"
    if record.interval is not None:
        start, end = record.interval.start.astimezone(zone), record.interval.end.astimezone(zone)
        seconds = int((record.interval.end - record.interval.start).total_seconds())
        said = f"{start:%Y-%m-%d %H:%M:%S} to {_clock(end, start, '%H:%M:%S')}, {seconds:,} seconds"
    return f"{place}  {said} as {record.role}{listed}{'' if row.counts else ', does not count'}"


def _sum(sitting: Sitting) -> str:
    """Say what the rows of a session come to."""
    tally, window_seconds = sitting.tally, sitting.session.window_seconds
    if tally is None:
        return "absent"
    share = percent(Fraction(tally.seconds_in_window, window_seconds))
    needed = f"{sitting.least_seconds:,} needed" if sitting.least_seconds else "any second is enough"
    stretches = f" in {count(tally.merged, 'stretch', 'stretches')}" if tally.merged else ""
    return (
        f"= {tally.seconds:,} seconds{stretches}, by"
        f" {tally.basis.replace('_', ' ')}; {tally.seconds_in_window:,} in the window ({share}), {needed}:"
        f" {'counts' if sitting.attended else 'does not count'}"
    )


def _demands(demands: Sequence[Demand], depth: int) -> Iterator[str]:
    for one in demands:
        mark = "yes" if one.holds else "no "
        numbers = "" if one.parts else f": {one.got:,} of {one.needed:,} {one.unit}"
        yield f"{'  ' * depth}{mark} {one.text}{numbers}"
        yield from _demands(one.parts, depth + 1)


def _clock(moment: datetime, after: datetime, form: str = "%H:%M") -> str:
    """Return the time of *moment*, with its day where that is another than that of *after*."""
    return moment.strftime(form if moment.date() == after.date() else f"%Y-%m-%d {form}")
