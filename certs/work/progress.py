"""How far an event is, from exports to certificates: read of the register alone, nothing is counted anew.

    progress(store, imports.event_of(store, "cgmp-2026")).stage(now)

Figures that rest on decisions are there only where the kept decisions are right; else somebody has to count first.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from certs.model import Batch, CertificateState, Event, Session, SessionId, Totals
from certs.ports import Store


class Stage(StrEnum):
    """What an event waits for."""

    NOT_HELD = "not held yet"
    EXPORTS = "exports missing"
    DOUBTS = "doubts open"
    READY = "ready to order"
    APPROVAL = "waits for approval"
    PAUSED = "paused"
    ISSUING = "being issued"
    ISSUED = "issued"


@dataclass(frozen=True, slots=True)
class Progress:
    """An event's figures, screen by screen."""

    event: Event
    read: Collection[SessionId]
    """The sessions of which an export counts."""
    has_imports: bool
    open_questions: int
    totals: Totals | None
    """What the decisions say; None where they are not counted since the last change."""
    batches: Sequence[Batch]

    @property
    def missing(self) -> Sequence[Session]:
        """The sessions without an export."""
        return [one for one in self.event.sessions if one.id not in self.read]

    @property
    def eligible(self) -> int:
        """How many certificates the rule gives, over all kinds; 0 where they are not counted."""
        return sum(self.totals.eligible.values()) if self.totals else 0

    @property
    def live(self) -> Sequence[Batch]:
        """The orders that nobody gave up."""
        return [one for one in self.batches if one.ending is None]

    @property
    def waiting(self) -> Sequence[Batch]:
        """The orders that somebody has to approve."""
        return [one for one in self.live if one.approved_at is None]

    @property
    def running(self) -> Sequence[Batch]:
        """The approved orders with certificates left to issue."""
        return [one for one in self.live if one.approved_at is not None and one.remaining]

    def issued(self, batches: Sequence[Batch] | None = None) -> int:
        """Return how many certificates were issued, of *batches* or of all."""
        return sum(one.counts.get(CertificateState.ISSUED, 0) for one in (self.batches if batches is None else batches))

    def stage(self, now: datetime) -> Stage:
        """Return what the event waits for: what is under way first, then what a person has to do next."""
        if any(one.error for one in self.running):
            return Stage.PAUSED
        if self.running:
            return Stage.ISSUING
        if self.waiting:
            return Stage.APPROVAL
        if self.issued():
            return Stage.ISSUED
        if not self.has_imports and now < self.event.sessions[0].window.start:
            return Stage.NOT_HELD
        if self.missing:
            return Stage.EXPORTS
        return Stage.DOUBTS if self.open_questions else Stage.READY


def progress(store: Store, event: Event) -> Progress:
    """Return how far *event* is.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    slug = event.slug
    counting = [one for one in store.imports.listed(slug) if one.counts]
    asked = store.questions.count_open(slug) if counting else 0
    kept = store.decisions.kept(slug) if counting else ""
    totals = store.decisions.totals(slug) if kept and kept == store.decisions.as_of(slug) else None
    read = {one.session for one in counting if one.session is not None}
    return Progress(event, read, bool(counting), asked, totals, store.batches.of_event(slug))
