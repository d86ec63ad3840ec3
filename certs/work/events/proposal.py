"""What storing an event file would change, said before anything is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from certs import eligibility
from certs.errors import ConflictError
from certs.model import Act, CertificateState, Decision, Event, Join, Mark
from certs.ports import Store
from certs.wording import say
from certs.work import imports, rehearsal
from certs.work import questions as asking
from certs.work.events.differences import differences
from certs.work.events.odd import demand_possible, questions
from certs.work.events.source import Source


@dataclass(frozen=True, slots=True)
class Effect:
    """Whom a changed event concerns: certificates, which stay as they are, and decisions, which do not."""

    issued: int = 0
    ordered: int = 0
    before: Sequence[Decision] = ()
    after: Sequence[Decision] = ()
    rulings_lost: int = 0
    """Rulings that count no more, for they were made under another rule."""

    def eligible(self, kind: str) -> tuple[int, int]:
        """Return how many are eligible for *kind* before and after."""
        old, new = (sum(one.eligible and one.kind == kind for one in some) for some in (self.before, self.after))
        return old, new

    @property
    def gained(self) -> Sequence[Decision]:
        """Who becomes eligible for a kind."""
        return _without(self.after, self.before)

    @property
    def lost(self) -> Sequence[Decision]:
        """Who is eligible no more, as it was decided before."""
        return _without(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An event file and what storing it changes; *held* is the text in the register, empty for a new event."""

    event: Event
    text: str
    held: str
    differences: Sequence[str] = ()
    questions: Sequence[str] = ()
    effect: Effect = Effect()
    same: bool = False
    """Whether the register holds just this already."""

    @property
    def is_new(self) -> bool:
        """Whether the register has no such event yet."""
        return not self.held


def propose(store: Store, source: Source, now: datetime, base_url: str = "") -> Proposal:
    """Say what storing *source* would change; nothing is changed.

    Certificates are tried beforehand for a site at *base_url*, whose address stands on them.

    Raises:
        InputError: the file is wrong, or says what cannot be right; says every problem.
        ConflictError: a session that has imports or evidence would vanish.
        StorageError: the database fails.
    """
    event = source.event()
    rehearsal.check(event, base_url, source.name)
    before, held = _held(store, event.slug)
    if before is not None and (held, before.pictures) == (source.text, event.pictures):
        return Proposal(event, source.text, held, same=True)
    demand_possible(event, source.name, now, is_new=before is None)
    if before is None:
        others = [imports.event_of(store, slug) for slug in store.events.slugs()]
        return Proposal(event, source.text, "", questions=questions(event, now, others))
    _keep_sessions(store, before, event)
    changed = differences(before, event)
    asked = [one for one in questions(event, now, ()) if one not in questions(before, now, ())]
    return Proposal(event, source.text, held, changed, asked, _effect(store, before, event) if changed else Effect())


def accept(store: Store, proposal: Proposal, act: Act) -> bool:
    """Store what was proposed; return whether that changed the register.

    Raises:
        ConflictError: somebody else changed the event meanwhile; nothing was changed.
        StorageError: the database fails.
    """
    return store.events.add(proposal.event, proposal.text, act, proposal.held)


def _held(store: Store, slug: str) -> tuple[Event | None, str]:
    """Return the event as the register holds it and its file's text, None and nothing where it does not."""
    if slug not in store.events.slugs():
        return None, ""
    return imports.event_of(store, slug), store.events.definition(slug)


def _keep_sessions(store: Store, before: Event, after: Event) -> None:
    """Make sure that no session vanishes that something rests on.

    Raises:
        ConflictError: one would.
    """
    gone = {one.id for one in before.sessions} - {one.id for one in after.sessions}
    if not gone:
        return
    needed = {one.session for one in store.evidence.all(before.slug)}
    needed |= {one.session for _, one in store.imports.records(before.slug) if isinstance(one, Join | Mark)}
    if lost := sorted(gone & needed):
        raise ConflictError(
            say("Session {lost} has imports or evidence and must stay in the event file.", lost=", ".join(lost))
        )


def _effect(store: Store, before: Event, after: Event) -> Effect:
    """Return whom it concerns that *before* becomes *after*."""
    placed = store.batches.placed(before.slug)
    issued = sum(one.state is CertificateState.ISSUED for one in placed)
    if not store.imports.listed(before.slug):
        return Effect(issued, len(placed) - issued)
    old, new = decisions(store, before, after)
    lost = sum(one.ruling is not None for one in old) - sum(one.ruling is not None for one in new)
    return Effect(issued, len(placed) - issued, old, new, max(lost, 0))


def decisions(store: Store, before: Event, after: Event) -> tuple[Sequence[Decision], Sequence[Decision]]:
    """Return the decisions on an event as it is and as it would be.

    Kept ones serve where they are right; where sessions and roles stay, they are decided again from counted presence.

    Raises:
        StorageError: the database fails.
    """
    slug, kept = before.slug, store.decisions
    is_kept = kept.kept(slug) == kept.as_of(slug)
    old = [one for kind in before.kinds for one in kept.all(slug, kind.name)] if is_kept else _decided(store, before)
    if (after.kinds, after.sessions, after.near_miss) == (before.kinds, before.sessions, before.near_miss):
        return old, old
    counted = {kind.roles: kind.name for kind in reversed(before.kinds)}
    if after.sessions != before.sessions or not {kind.roles for kind in after.kinds} <= counted.keys():
        return old, _decided(store, after)
    settled = asking.settled(store, slug)
    by_kind: dict[str, list[Decision]] = {}
    for one in old:
        by_kind.setdefault(one.kind, []).append(one)
    new: list[Decision] = []
    for kind in after.kinds:
        people = by_kind.get(counted[kind.roles], ())
        new += eligibility.again(after, kind, people, settled.held, settled.rulings)
    return old, new


def _decided(store: Store, event: Event) -> list[Decision]:
    """Decide as the rules of *event* have it."""
    settled = asking.settled(store, event.slug)
    return eligibility.call_roll(event, settled.records, settled.evidence).decide(settled.held, settled.rulings)


def _without(some: Sequence[Decision], others: Sequence[Decision]) -> list[Decision]:
    """Return who is eligible among *some* and not among *others*."""
    eligible = {(one.person, one.kind) for one in others if one.eligible}
    return [one for one in some if one.eligible and (one.person, one.kind) not in eligible]
