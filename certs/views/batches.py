"""Batches: how far they are, who is in them, what is held back."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypedDict

from certs.ground import differences
from certs.ground.number import printed
from certs.model import (
    Afterwards,
    Batch,
    CertificateState,
    End,
    Ending,
    Errand,
    Finding,
    FrozenDecision,
    HeldBack,
    Imported,
    Member,
)
from certs.views.decisions import FrozenView, frozen
from certs.views.errands import ErrandView, errand
from certs.views.findings import FindingView, findings
from certs.views.imports import ImportView, imported
from certs.views.times import iso

if TYPE_CHECKING:
    from certs.work.orders import Plan


class EndingView(TypedDict):
    """How a batch ended before all of it was issued."""

    how: str
    at: str
    by: str
    reason: str


class BatchView(TypedDict):
    """A batch and how far it is."""

    batch: str
    batch_id: int
    event: str
    kind: str
    title: str | None
    counts: dict[str, int]
    revoked: int
    replaced: int
    ordered_at: str
    ordered_by: str
    approved_at: str | None
    approved_by: str | None
    base_url: str | None
    ended: EndingView | None
    error: str


class HeldView(TypedDict):
    """A certificate that a check holds back."""

    number: str
    email: str
    name: str
    reason: str


class MemberView(TypedDict):
    """A certificate of a batch, as somebody looks at it who approves."""

    number: str
    name: str
    email: str
    kind: str
    state: str
    sessions_attended: int
    sessions_in_all: int
    hours: float
    reason: str
    evidence: list[int]
    ruling: int | None
    held: str
    replaces: str | None
    changes: list[str]


class BatchInFullView(BatchView):
    """A batch with a page of its people."""

    held: list[HeldView]
    decided_by_people: list[FrozenView]
    people: list[MemberView]


class StatusView(TypedDict):
    """How far an event is."""

    event: str
    title: str
    imports: list[ImportView]
    batches: list[BatchView]
    questions_open: int
    errands: list[ErrandView]
    worker_away: bool


class PlacedView(TypedDict):
    """What was ordered; batch is null where nothing was."""

    batch: str | None
    count: int
    granted: int
    on_evidence: int
    findings: list[FindingView]


class ApprovedView(TypedDict):
    """A batch that was approved."""

    batch: str
    count: int
    approved_by: str | None


class IssuedView(TypedDict):
    """A batch that was issued, as far as it is, by state."""

    batch: str
    counts: dict[str, int]


class EndedView(TypedDict):
    """A batch that ended, how many certificates were given up, and how many are issued and stay."""

    batch: str
    ended: str
    given_up: int
    issued: int


def placed(planned: "Plan", batch: Batch | None, found: Iterable[Finding]) -> PlacedView:
    """Return what was *planned* and ordered as *batch*, with what was *found* before."""
    return {
        "batch": batch.reference if batch else None,
        "count": len(planned.decisions),
        "granted": planned.granted,
        "on_evidence": planned.on_evidence,
        "findings": findings(found),
    }


def approved(one: Batch) -> ApprovedView:
    """Return a batch that was approved."""
    return {"batch": one.reference, "count": one.count, "approved_by": one.approved_by}


def issued(one: Batch) -> IssuedView:
    """Return how far a batch is issued."""
    return {"batch": one.reference, "counts": {state.value: number for state, number in one.counts.items()}}


def ended(before: Batch, how: End, given_up: int) -> EndedView:
    """Return how a batch ended that was as *before*."""
    stays = before.counts.get(CertificateState.ISSUED, 0)
    return {"batch": before.reference, "ended": how.value, "given_up": given_up, "issued": stays}


def batch(one: Batch, afterwards: Afterwards) -> BatchView:
    """Return a batch, and what became of its certificates *afterwards*."""
    return {
        "batch": one.reference,
        "batch_id": one.id,
        "event": one.slug,
        "kind": one.kind,
        "title": one.facts.heading or None,
        "counts": {state.value: one.counts.get(state, 0) for state in CertificateState},
        "revoked": afterwards.revoked,
        "replaced": afterwards.replaced,
        "ordered_at": iso(one.ordered_at),
        "ordered_by": one.ordered_by,
        "approved_at": iso(one.approved_at),
        "approved_by": one.approved_by,
        "base_url": one.base_url or None,
        "ended": None if one.ending is None else _ending(one.ending),
        "error": one.error,
    }


def _ending(one: Ending) -> EndingView:
    return {"how": one.how.value, "at": iso(one.at), "by": one.by, "reason": one.reason}


def in_full(
    one: Batch,
    afterwards: Afterwards,
    held: Iterable[HeldBack],
    by_people: Iterable[FrozenDecision],
    members: Iterable[Member],
) -> BatchInFullView:
    """Return a batch with what is *held* back, what people decided, and *members*."""
    return {
        **batch(one, afterwards),
        "held": [
            {"number": printed(each.number), "email": each.person, "name": each.name, "reason": each.reason}
            for each in held
        ],
        "decided_by_people": [frozen(each) for each in by_people],
        "people": [member(each) for each in members],
    }


def member(one: Member) -> MemberView:
    """Return a certificate of a batch."""
    said = one.statement
    return {
        "number": printed(said.number),
        "name": said.name,
        "email": one.person,
        "kind": said.kind,
        "state": one.state.value,
        "sessions_attended": said.sessions_attended,
        "sessions_in_all": said.sessions_in_all,
        "hours": said.quarter_hours / 4,
        "reason": one.reason,
        "evidence": list(one.evidence),
        "ruling": one.ruling or None,
        "held": one.error,
        "replaces": printed(one.replaced.number) if one.replaced else None,
        "changes": corrected(one),
    }


def corrected(one: Member) -> list[str]:
    """Return what a correction changes, each as old and new; nothing for one that corrects none."""
    return [] if one.replaced is None else [str(each) for each in differences.changed(one.replaced, one.statement)]


def status(
    slug: str,
    title: str,
    files: Iterable[Imported],
    of_event: Sequence[tuple[Batch, Afterwards]],
    questions_open: int,
    of_worker: tuple[Iterable[Errand], bool],
) -> StatusView:
    """Return how far an event is: its *files*, its batches, how many questions are open, and its errands.

    *of_worker* says besides whether the worker that does them is away.
    """
    asked, away = of_worker
    return {
        "errands": [errand(one) for one in asked],
        "worker_away": away,
        "event": slug,
        "title": title,
        "imports": [imported(one) for one in files],
        "batches": [batch(one, afterwards) for one, afterwards in of_event],
        "questions_open": questions_open,
    }
