"""Evidence that was added, is listed, or was withdrawn."""

from collections.abc import Sequence
from typing import TypedDict

from certs.ground.number import printed
from certs.model import Decision, ExtraEvidence, Number, Statement
from certs.views.certificates import CorrectionView, correction
from certs.views.decisions import EvidenceView, OutcomeView, evidence, outcome


class EvidenceAddedView(TypedDict):
    """What was added, the decisions on those it is about, and what their certificates would say now."""

    event: str
    added: list[EvidenceView]
    decisions: list[OutcomeView]
    certified: list[CorrectionView]


class EvidenceListView(TypedDict):
    """The evidence of an event."""

    event: str
    evidence: list[EvidenceView]


class EvidenceWithdrawnView(TypedDict):
    """The ids of what was withdrawn, and the numbers of certificates that are given up with it."""

    event: str
    withdrawn: list[int]
    given_up: list[str]


def added(
    slug: str,
    pieces: Sequence[ExtraEvidence],
    decisions: Sequence[Decision],
    certified: Sequence[tuple[Statement, Statement]],
) -> EvidenceAddedView:
    """Return the *pieces* that were added, with what follows."""
    return {
        "event": slug,
        "added": [evidence(one) for one in pieces],
        "decisions": [outcome(one) for one in decisions],
        "certified": [correction(*one) for one in certified],
    }


def listed(slug: str, pieces: Sequence[ExtraEvidence]) -> EvidenceListView:
    """Return the evidence of an event."""
    return {"event": slug, "evidence": [evidence(one) for one in pieces]}


def withdrawn(slug: str, ids: Sequence[int], given_up: Sequence[Number]) -> EvidenceWithdrawnView:
    """Return what was withdrawn."""
    return {"event": slug, "withdrawn": sorted(set(ids)), "given_up": [printed(one) for one in given_up]}
