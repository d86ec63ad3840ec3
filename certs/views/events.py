"""Events: their sessions, and what storing a changed event file does."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

from certs.model import Decision, Session

if TYPE_CHECKING:
    from certs.work.events import Proposal


class SessionView(TypedDict):
    """A session."""

    id: str
    title: str
    window_seconds: int


class EventsView(TypedDict):
    """The events of a register."""

    events: list[str]


class CertifiedView(TypedDict):
    """How many certificates an event has."""

    issued: int
    ordered: int


class ConcernedView(TypedDict):
    """Somebody whose decision changes."""

    email: str
    name: str
    kind: str


class EventChangeView(TypedDict):
    """What an event file changes."""

    event: str
    sessions: int
    changed: bool
    differences: list[str]
    odd: list[str]
    certificates: CertifiedView
    eligible_now: list[ConcernedView]
    eligible_no_more: list[ConcernedView]
    rulings_lost: int


def session(one: Session) -> SessionView:
    """Return a session."""
    return {"id": one.id, "title": one.title, "window_seconds": one.window_seconds}


def listed(slugs: Sequence[str]) -> EventsView:
    """Return the events of a register."""
    return {"events": list(slugs)}


def change(proposal: "Proposal", *, changed: bool) -> EventChangeView:
    """Return what an event file changes, or has *changed*."""
    effect = proposal.effect
    return {
        "event": proposal.event.slug,
        "sessions": len(proposal.event.sessions),
        "changed": changed,
        "differences": list(proposal.differences),
        "odd": list(proposal.questions),
        "certificates": {"issued": effect.issued, "ordered": effect.ordered},
        "eligible_now": [_concerned(one) for one in effect.gained],
        "eligible_no_more": [_concerned(one) for one in effect.lost],
        "rulings_lost": effect.rulings_lost,
    }


def _concerned(one: Decision) -> ConcernedView:
    return {"email": one.person, "name": one.name, "kind": one.kind}
