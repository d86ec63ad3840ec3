"""The account of the decisions on one person: every row that speaks of her, and what the rule makes of it."""

from typing import TYPE_CHECKING, NotRequired, TypedDict

from certs import eligibility
from certs.model import Mark
from certs.views.decisions import EvidenceView, FrozenView, RulingView, evidence, frozen, ruling
from certs.views.times import iso

if TYPE_CHECKING:
    from certs.work.account import Accounts


class RowView(TypedDict):
    """A row of an export that speaks of the person: a mark, or a join with its role and times."""

    file: str
    line: int
    listed_as: str
    counts: bool
    mark: NotRequired[str]
    role: NotRequired[str]
    times: NotRequired[list[str]]
    stated_seconds: NotRequired[int | None]


class CountedEvidenceView(EvidenceView):
    """A piece of evidence, and whether it counts for this kind."""

    counts: bool


class WindowView(TypedDict):
    """When a session was held."""

    start: str
    end: str


class SittingView(TypedDict):
    """A person in a session, and what counts of it."""

    id: str
    title: str
    window: WindowView
    zone: str
    window_seconds: int
    rows: list[RowView]
    evidence: list[CountedEvidenceView]
    seconds: int
    seconds_in_window: int
    stretches: int
    basis: str | None
    share: float
    least_seconds: int
    attended: bool


class DemandView(TypedDict):
    """What a rule demands: of *parts*, or so many units of something."""

    text: str
    holds: bool
    parts: NotRequired[list["DemandView"]]
    got: NotRequired[int]
    needed: NotRequired[int]
    unit: NotRequired[str]


class AccountView(TypedDict):
    """The arithmetic of one kind."""

    kind: str
    name: str
    eligible: bool
    eligible_by_rule: bool
    near_miss: bool
    reason: str
    criteria: str
    roles: list[str]
    sessions: list[SittingView]
    seconds_in_windows: int
    window_seconds: int
    demand: DemandView
    ruling: RulingView | None


class AccountsView(TypedDict):
    """The arithmetic behind the decisions on one person, and what her certificates were ordered for."""

    event: str
    email: str
    kinds: list[AccountView]
    certificates: list[FrozenView]


def accounts(found: "Accounts") -> AccountsView:
    """Return the account of one person."""
    return {
        "event": found.slug,
        "email": found.person,
        "kinds": [_account(one) for one in found.kinds],
        "certificates": [frozen(one) for one in found.frozen],
    }


def _account(one: eligibility.Account) -> AccountView:
    decision = one.decision
    return {
        "kind": one.kind.name,
        "name": decision.name,
        "eligible": decision.eligible,
        "eligible_by_rule": decision.by_rule,
        "near_miss": decision.near_miss,
        "reason": decision.reason,
        "criteria": eligibility.criteria(one.event, one.kind),
        "roles": sorted(one.kind.roles),
        "sessions": [_sitting(sitting, one) for sitting in one.sittings],
        "seconds_in_windows": one.seconds_in_windows,
        "window_seconds": one.event.window_seconds,
        "demand": _demand(one.demand),
        "ruling": None if decision.ruling is None else ruling(decision.ruling),
    }


def _sitting(sitting: eligibility.Sitting, one: eligibility.Account) -> SittingView:
    session, tally = sitting.session, sitting.tally
    counted = one.decision.evidence
    return {
        "id": session.id,
        "title": session.title,
        "window": {"start": iso(session.window.start), "end": iso(session.window.end)},
        "zone": session.zone,
        "window_seconds": session.window_seconds,
        "rows": [_row(row) for row in sitting.rows],
        "evidence": [{**evidence(piece), "counts": piece in counted} for piece in sitting.evidence],
        "seconds": tally.seconds if tally else 0,
        "seconds_in_window": tally.seconds_in_window if tally else 0,
        "stretches": tally.merged if tally else 0,
        "basis": tally.basis.value if tally else None,
        "share": round(tally.seconds_in_window / session.window_seconds, 6) if tally else 0.0,
        "least_seconds": sitting.least_seconds,
        "attended": sitting.attended,
    }


def _row(row: eligibility.Row) -> RowView:
    record = row.record
    view: RowView = {"file": row.file, "line": record.line, "listed_as": row.listed_as, "counts": row.counts}
    if isinstance(record, Mark):
        view["mark"] = record.letter
        return view
    view["role"] = record.role.value
    view["times"] = [iso(record.interval.start), iso(record.interval.end)] if record.interval else []
    view["stated_seconds"] = record.stated_seconds
    return view


def _demand(one: eligibility.Demand) -> DemandView:
    view: DemandView = {"text": one.text, "holds": one.holds}
    if one.parts:
        view["parts"] = [_demand(part) for part in one.parts]
        return view
    view["got"], view["needed"], view["unit"] = one.got, one.needed, one.unit
    return view
