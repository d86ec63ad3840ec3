"""What an approver looks at before she says yes: numbers, what people decided, what is found, and ten certificates.

Half of the ten are those most likely to be wrong, the others drawn by lot, so that nobody who orders knows which will
be looked at. For corrections old stands beside new. What the register counts by now is compared with what was ordered.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from certs.eligibility import Roll
from certs.errors import InputError
from certs.ground import differences, names
from certs.model import Batch, CertificateState, Decision, Event, Finding, Member, PersonKey, Sought
from certs.ports import Store
from certs.work import imports, orders, readiness

SAMPLED = 10
_RISKIEST = SAMPLED // 2
_AT_ONCE = 1000
"""Decisions that are read at a time."""
_LIVE = (CertificateState.ORDERED, CertificateState.HELD)
_STANDING = (*_LIVE, CertificateState.ISSUED)


@dataclass(frozen=True, slots=True)
class Edition:
    """How many *came* to an event, and how many certificates of each kind were ordered and not given up."""

    slug: str
    came: int
    kinds: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Review:
    """A batch as an approver sees it.

    *granted* and *on_evidence* count what rests on a ruling or on evidence, *corrections* what replaces a certificate.
    *changed* are those that the register would state otherwise by now, each with how. *sample* are the ten. *compared*
    is this event, and the last one before it that has certificates, if there is one.
    """

    batch: Batch
    waiting: int
    granted: int
    on_evidence: int
    corrections: int
    findings: Sequence[Finding]
    changed: Sequence[tuple[Member, Sequence[str]]]
    sample: Sequence[Member]
    compared: Sequence[Edition] = ()


def review(store: Store, batch: Batch, now: datetime, chance: Random) -> Review:
    """Look at what is ordered of *batch* and not issued; *chance* draws half of the sample.

    Raises:
        NotFoundError: its event is gone.
        StorageError: the database fails.
    """
    seen = orders.survey(store, batch.slug, _kind_still(store, batch))
    decided = {one.person: one for one in seen.decisions.get(batch.kind, ())}
    looked = _look(_waiting(store, batch), decided, chance)
    seen = replace(seen, due=looked.due)
    found = readiness.of_correction(seen) if looked.corrects else readiness.findings(seen, now)
    compared = () if looked.corrects else _compared(store, seen)
    return Review(batch, *looked.numbers, found, looked.changed, looked.sample, compared)


def glance(store: Store, batch: Batch, now: datetime, chance: Random) -> Review:
    """Look at *batch* in the same way from the kept decisions, quickly; *findings* are those kept about attendance.

    Raises:
        NotFoundError: its event is gone.
        StorageError: the database fails.
    """
    decided = {one.person: one for one in _eligible(store, batch)}
    looked = _look(_waiting(store, batch), decided, chance)
    compared = () if looked.corrects else _compared_as_kept(store, batch.slug)
    found = store.decisions.odd(batch.slug, now) or ()
    return Review(batch, *looked.numbers, found, looked.changed, looked.sample, compared)


def _eligible(store: Store, batch: Batch) -> Iterator[Decision]:
    """Yield the kept decisions by which somebody earns what *batch* is of; who earns none is told by their absence."""
    after, more = "", True
    while more:
        page = store.decisions.page(batch.slug, Sought(batch.kind, eligible=True), after, _AT_ONCE)
        yield from page.items
        after, more = page.after, bool(page.after)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What going through the certificates of a batch once gives; *numbers* as a review has them."""

    numbers: tuple[int, int, int, int]
    changed: Sequence[tuple[Member, Sequence[str]]]
    sample: Sequence[Member]
    due: Sequence[readiness.Due]

    @property
    def corrects(self) -> bool:
        """Whether all that waits are corrections."""
        waiting, _, _, corrections = self.numbers
        return 0 < waiting == corrections


def _look(waiting: Iterable[Member], decided: Mapping[PersonKey, Decision], chance: Random) -> _Looked:
    """Go through the certificates *waiting* once."""
    count: Counter[str] = Counter()
    riskiest: list[tuple[float, int, Member]] = []
    drawn: list[Member] = []
    changed: list[tuple[Member, Sequence[str]]] = []
    due: list[readiness.Due] = []
    for place, one in enumerate(waiting):
        count.update(_counted(one))
        decision = decided.get(one.person)
        heapq.heappush(riskiest, (risk(one, decision), -place, one))
        if len(riskiest) > _RISKIEST:
            heapq.heappop(riskiest)
        _draw(drawn, one, place, chance)
        if decision is not None:
            due.append(readiness.due(replace(decision, name=one.statement.name)))
        if one.replaced is None and (now_counted := _since(one, decision)):
            changed.append((one, now_counted))
    chance.shuffle(drawn)
    first = [one for _, _, one in sorted(riskiest, reverse=True)]
    sample = [*first, *(one for one in drawn if one not in first)][:SAMPLED]
    numbers = (count["waiting"], count["granted"], count["on_evidence"], count["corrections"])
    return _Looked(numbers, changed, sample, due)


def risk(one: Member, decision: Decision | None) -> float:
    """Return how much more a certificate deserves a look than others."""
    name = one.statement.name
    score = 4.0 * names.doubtful(name) + 3.0 * bool(one.ruling) + 3.0 * bool(one.evidence)
    score += 2.0 * bool(names.suggestions(name)) + 1.0 * (not name.isascii()) + len(name) / 100
    return score + (2.0 if decision is None or not decision.name_certain else 0.0)


def _compared(store: Store, seen: readiness.Seen) -> Sequence[Edition]:
    """Return this edition and the one that ended last before it began and has certificates; nothing if none has.

    Raises:
        StorageError: the database fails.
    """
    for slug in _before(store, seen.event):
        if kinds := _ordered(store, slug):
            now = Edition(seen.event.slug, seen.crowd.came, _ordered(store, seen.event.slug))
            return now, Edition(slug, _came(orders.roll_of(store, slug)[1]), kinds)
    return ()


def _before(store: Store, event: Event) -> Iterator[str]:
    """Yield the events that ended before *event* began, the last one first."""
    began = event.sessions[0].window.start
    before: list[tuple[datetime, str]] = []
    for slug in store.events.slugs():
        with suppress(InputError):  # an event file of before, which is not read any more
            ended = max(one.window.end for one in imports.event_of(store, slug).sessions)
            if slug != event.slug and ended <= began:
                before.append((ended, slug))
    yield from (slug for _, slug in sorted(before, reverse=True))


def _compared_as_kept(store: Store, slug: str) -> Sequence[Edition]:
    """Return the same as far as decisions on both editions are kept."""
    event = imports.event_of(store, slug)
    before = [*_before(store, event)][:1] if store.decisions.kept(slug) else []
    found = [(one, _ordered(store, one)) for one in (slug, *before) if store.decisions.kept(one)]
    return [Edition(one, store.decisions.totals(one).came, kinds) for one, kinds in found if kinds]


def _ordered(store: Store, slug: str) -> Mapping[str, int]:
    """Return how many first certificates of each kind are ordered or issued."""
    count: Counter[str] = Counter()
    for batch in store.batches.of_event(slug):
        first = next(store.batches.members(batch.id, most=1), None)
        if first is not None and first.replaced is None:
            count[batch.kind] += sum(batch.counts.get(one, 0) for one in _STANDING)
    return {kind: number for kind, number in count.items() if number}


def _came(roll: Roll) -> int:
    """Return how many people were in a session for any second."""
    return len(roll.came())


def _kind_still(store: Store, batch: Batch) -> str | None:
    """Return the batch's kind if the event still has it: its file may have changed since."""
    event = imports.event_of(store, batch.slug)
    return batch.kind if any(one.name == batch.kind for one in event.kinds) else None


def _waiting(store: Store, batch: Batch) -> Iterator[Member]:
    return (one for one in store.batches.members(batch.id) if one.state in _LIVE)


def _counted(one: Member) -> Iterator[str]:
    yield "waiting"
    if one.ruling:
        yield "granted"
    if one.evidence:
        yield "on_evidence"
    if one.replaced is not None:
        yield "corrections"


def _draw(drawn: list[Member], one: Member, place: int, chance: Random) -> None:
    """Keep *one* among `SAMPLED` of all seen so far, each as likely as any other (Vitter's algorithm R)."""
    if len(drawn) < SAMPLED:
        drawn.append(one)
    elif (at := chance.randint(0, place)) < SAMPLED:
        drawn[at] = one


def _since(one: Member, decision: Decision | None) -> list[str]:
    """Return what the register counts otherwise since *one* was ordered."""
    if decision is None or not decision.eligible:
        return ["not earned any more"]
    said = replace(one.statement, name=decision.name, quarter_hours=decision.quarter_hours, attended=decision.attended)
    return [str(each) for each in differences.changed(one.statement, said)]
