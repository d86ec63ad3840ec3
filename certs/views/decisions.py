"""Decisions on people: with seconds, with evidence and rulings, and as a certificate was ordered for them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NotRequired, TypedDict, TypeVar

from certs.ground.number import printed
from certs.model import (
    Basis,
    Decision,
    Event,
    ExtraEvidence,
    FrozenDecision,
    PersonKey,
    Role,
    Ruling,
    Tally,
    Totals,
    UnusableRow,
)
from certs.views.events import SessionView, session
from certs.views.imports import UnusableView, unusable
from certs.views.times import iso

_Item = TypeVar("_Item")
_HALF = Fraction(1, 2)
_ROLES = (Role.HOST, Role.PANELIST, Role.ATTENDEE)


class TallyView(TypedDict):
    """Seconds of a person in a session."""

    seconds: int
    seconds_in_window: int
    rows: int
    merged: int
    basis: NotRequired[str]


class WithdrawnView(TypedDict):
    """The end of a piece of evidence."""

    at: str
    by: str
    reason: str


class EvidenceView(TypedDict):
    """A piece of evidence beside the exports."""

    id: int
    email: str
    session: str
    role: str
    seconds: int
    kind: str
    note: str
    author: str
    added_at: str
    withdrawn: NotRequired[WithdrawnView]


class RulingView(TypedDict):
    """A person's decision in place of the rule."""

    id: int
    ruled: str
    by: str
    at: str
    reason: str
    criteria: str
    found: str


class DecisionView(TypedDict):
    """A decision on a person, with her seconds."""

    email: str
    name: str
    name_certain: bool
    roles: list[str]
    kind: str
    sessions: dict[str, TallyView]
    sessions_attended_any: int
    sessions_attended_50pct: int
    pct: float
    eligible: bool
    near_miss: bool
    reason: str
    evidence: NotRequired[list[EvidenceView]]
    ruling: NotRequired[RulingView]


class RuledView(TypedDict):
    """A decision where it is ruled on: without seconds."""

    email: str
    name: str
    kind: str
    eligible: bool
    eligible_by_rule: bool
    reason: str
    ruling: NotRequired[RulingView]


class OutcomeView(TypedDict):
    """A decision in a line: of whom, which kind, what and why."""

    email: str
    kind: str
    eligible: bool
    reason: str


class KindView(TypedDict):
    """A kind of an event's certificates."""

    name: str
    title: str | None


class TotalsView(TypedDict):
    """How many of each, among all people of an event."""

    people_with_attendance: int
    registered_never_attended: int
    eligible: int
    people_eligible: int
    near_misses: int
    ruled: int
    unusable_rows: int


class DecisionsView(TypedDict):
    """The decisions on an event's people."""

    event: str
    sessions: list[SessionView]
    kinds: list[KindView]
    totals: TotalsView
    people: list[DecisionView]
    registered_never_attended: list[str]
    unusable_rows: list[UnusableView]


class FrozenView(TypedDict):
    """Why a certificate was ordered, as the decision said then."""

    number: str
    name: str
    kind: str
    state: str
    ordered_at: str
    ordered_by: str
    reason: str
    evidence: list[int]
    ruling: int | None


class Streamed(list[_Item]):
    """A list that is made while it is written, a value at a time; its length is not known before."""

    def __init__(self, items: Callable[[], Iterable[_Item]]) -> None:
        """Take what gives the items, however often they are gone through."""
        super().__init__()
        self._items = items

    def __iter__(self) -> Iterator[_Item]:
        return iter(self._items())

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None


def decisions(
    event: Event,
    counted: Totals,
    everybody: Iterable[Decision],
    shown: Callable[[], Iterable[Decision]],
    rows: Sequence[UnusableRow],
) -> DecisionsView:
    """Return the decisions *shown* out of those on *everybody*, of whom *counted* are the totals.

    Both are gone through while it is written. The *rows* could be credited to nobody.
    """
    return {
        "event": event.slug,
        "sessions": [session(one) for one in event.sessions],
        "kinds": [{"name": kind.name, "title": kind.title or None} for kind in event.kinds],
        "totals": totals(counted, len(rows)),
        "people": Streamed(lambda: (decision(event, one) for one in shown() if one.tallies)),
        "registered_never_attended": Streamed(lambda: _absent(everybody, shown())),
        "unusable_rows": [unusable(row) for row in rows],
    }


def totals(counted: Totals, unusable_rows: int = 0) -> TotalsView:
    """Return what was *counted* among everybody."""
    return {
        "people_with_attendance": counted.came,
        "registered_never_attended": counted.people - counted.came,
        "eligible": sum(counted.eligible.values()),
        "people_eligible": counted.people_eligible,
        "near_misses": counted.near_misses,
        "ruled": counted.ruled,
        "unusable_rows": unusable_rows,
    }


def _absent(everybody: Iterable[Decision], shown: Iterable[Decision]) -> list[PersonKey]:
    """Return who of those *shown* was never there, whether or not that counts for a kind of certificate, by address."""
    absent = {one.person for one in shown if not (one.tallies or one.roles)}
    if absent:
        absent.difference_update(one.person for one in everybody if one.tallies or one.roles)
    return sorted(absent)


def decision(event: Event, one: Decision) -> DecisionView:
    """Return a decision with seconds."""
    view: DecisionView = {
        "email": one.person,
        "name": one.name,
        "name_certain": one.name_certain,
        "roles": roles(one.roles) if one.roles - {Role.ATTENDEE} else [],
        "kind": one.kind,
        "sessions": {id_: tally(of) for id_, of in one.tallies.items()},
        "sessions_attended_any": attended_any(one),
        "sessions_attended_50pct": attended_half(event, one),
        "pct": percent(event, one),
        "eligible": one.eligible,
        "near_miss": one.near_miss,
        "reason": one.reason,
    }
    if one.evidence:
        view["evidence"] = [evidence(piece) for piece in one.evidence]
    if one.ruling is not None:
        view["ruling"] = ruling(one.ruling)
    return view


def attended_any(one: Decision) -> int:
    """Return in how many sessions a person was for a second or more."""
    return sum(tally.seconds > 0 for tally in one.tallies.values())


def attended_half(event: Event, one: Decision) -> int:
    """Return in how many sessions a person was for half of the window or more."""
    here = (each for each in event.sessions if each.id in one.tallies)
    return sum(one.tallies[each.id].seconds_in_window >= each.window_seconds * _HALF for each in here)


def percent(event: Event, one: Decision) -> float:
    """Return the share of all windows that a person was present, in percent; 0 where there are none."""
    inside = sum(tally.seconds_in_window for tally in one.tallies.values())
    return round(100 * inside / event.window_seconds, 3) if event.window_seconds else 0.0


def roles(of: frozenset[Role] | set[Role]) -> list[str]:
    """Return roles, hosts first."""
    return [role.value for role in _ROLES if role in of]


def tally(of: Tally) -> TallyView:
    """Return seconds in a session, with their basis where it is not a platform's times."""
    view: TallyView = {
        "seconds": of.seconds,
        "seconds_in_window": of.seconds_in_window,
        "rows": of.rows,
        "merged": of.merged,
    }
    if of.basis is not Basis.TIMES:
        view["basis"] = of.basis.value
    return view


def evidence(one: ExtraEvidence) -> EvidenceView:
    """Return a piece of evidence, and how it ended."""
    view: EvidenceView = {
        "id": one.id,
        "email": one.person,
        "session": one.session,
        "role": one.role.value,
        "seconds": one.seconds,
        "kind": one.kind,
        "note": one.note,
        "author": one.author,
        "added_at": iso(one.added_at),
    }
    if one.withdrawn_at is not None:
        view["withdrawn"] = {"at": iso(one.withdrawn_at), "by": one.withdrawn_by, "reason": one.withdrawn_reason}
    return view


def ruling(one: Ruling) -> RulingView:
    """Return a ruling."""
    return {
        "id": one.id,
        "ruled": one.ruled.value,
        "by": one.author,
        "at": iso(one.at),
        "reason": one.reason,
        "criteria": one.criteria,
        "found": one.found,
    }


def ruled(one: Decision) -> RuledView:
    """Return a decision that is or may be ruled on."""
    view: RuledView = {
        "email": one.person,
        "name": one.name,
        "kind": one.kind,
        "eligible": one.eligible,
        "eligible_by_rule": one.by_rule,
        "reason": one.reason,
    }
    if one.ruling is not None:
        view["ruling"] = ruling(one.ruling)
    return view


def outcome(one: Decision) -> OutcomeView:
    """Return a decision in a line."""
    return {"email": one.person, "kind": one.kind, "eligible": one.eligible, "reason": one.reason}


def frozen(one: FrozenDecision) -> FrozenView:
    """Return what a certificate was ordered for."""
    return {
        "number": printed(one.number),
        "name": one.name,
        "kind": one.kind,
        "state": one.state.value,
        "ordered_at": iso(one.ordered_at),
        "ordered_by": one.ordered_by,
        "reason": one.reason,
        "evidence": list(one.evidence),
        "ruling": one.ruling or None,
    }
