"""Certificates and what a correction of them changes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

from certs.ground import differences
from certs.ground.number import printed
from certs.model import Batch, CertificateState, Fate, Statement

if TYPE_CHECKING:
    from certs.work.corrections import Proposal


class OldAndNewView(TypedDict):
    """A fact before and after."""

    old: str
    new: str


class CorrectionView(TypedDict):
    """A certificate and what a correction of it changes."""

    number: str
    changes: dict[str, OldAndNewView]


class CorrectedView(TypedDict):
    """What was corrected; batch is null where it is in several, or in none."""

    batch: str | None
    batches: list[str]
    issued: bool
    waiting_for_approval: list[str]
    corrections: list[CorrectionView]
    done_before: dict[str, str]


class ReissuedView(TypedDict):
    """What was replaced under the present keys, and the batches that correct the rest already."""

    count: int
    batches: list[str]
    waiting_for_approval: list[str]
    corrected_in: list[str]


def corrected(proposal: "Proposal", batches: Sequence[Batch]) -> CorrectedView:
    """Return what a *proposal* led to, in *batches* as they are now."""
    return {
        "batch": batches[0].reference if len(batches) == 1 else None,
        "batches": [one.reference for one in batches],
        "issued": bool(batches) and not any(one.remaining or one.counts.get(CertificateState.HELD) for one in batches),
        "waiting_for_approval": _waiting(batches),
        "corrections": [correction(one.standing.statement, one.statement) for one in proposal.fresh],
        "done_before": {printed(old): printed(new) for old, new in proposal.done.items()},
    }


def reissued(count: int, batches: Sequence[Batch], elsewhere: Sequence[str]) -> ReissuedView:
    """Return that *count* certificates are replaced in *batches*, others by corrections in the batches *elsewhere*."""
    return {
        "count": count,
        "batches": [one.reference for one in batches],
        "waiting_for_approval": _waiting(batches),
        "corrected_in": list(elsewhere),
    }


def _waiting(batches: Sequence[Batch]) -> list[str]:
    return [one.reference for one in batches if one.approved_at is None]


def fates(what: str, chosen: Sequence[Fate], fresh: Sequence[Fate]) -> dict[str, object]:
    """Return that the *chosen* certificates are *what*, and whether all of them were so already."""
    return {what: [printed(one.number) for one in chosen], "already": not fresh}


def correction(old: Statement, new: Statement) -> CorrectionView:
    """Return what changes from *old* to *new*."""
    changes: dict[str, OldAndNewView] = {
        one.what: {"old": one.old, "new": one.new} for one in differences.changed(old, new)
    }
    return {"number": printed(old.number), "changes": changes}
