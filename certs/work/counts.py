"""Decisions as they were counted, kept by the register until what they rest on changes.

    counted = counts.counted(store, "cgmp-2026")
    for decision in counted: ...

Whoever asks first after a change counts, a command or a worker (`refresh`); everybody after that reads. The order alone
decides from the joins again, see `orders`. People are counted a few thousand at a time, so memory does not grow with
an event.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from certs import eligibility
from certs.errors import ConflictError
from certs.model import Decision, Event, Finding, Kind, SessionId, Totals
from certs.ports import Store
from certs.wording import say
from certs.work import imports, readiness
from certs.work import questions as asking

_TRIES = 3
"""How often is counted anew where somebody changes the event meanwhile."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The kept decisions of an event, by kind, then by address; may be gone through again and again."""

    event: Event
    store: Store

    def __iter__(self) -> Iterator[Decision]:
        """Yield them, a few at a time in memory."""
        for kind in self.event.kinds:
            yield from self.store.decisions.all(self.event.slug, kind.name)

    def totals(self) -> Totals:
        """Count them."""
        return self.store.decisions.totals(self.event.slug)


def counted(store: Store, slug: str) -> Counted:
    """Return the decisions on everybody who joined or registered, counted now where they are not kept.

    Raises:
        ConflictError: somebody changes the event all the time.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    refresh(store, slug)
    return Counted(imports.event_of(store, slug), store)


def refresh(store: Store, slug: str, now: datetime | None = None) -> bool:
    """Count the decisions of an event where those that are kept are not right any more; say whether that was so.

    With *now*, what is odd about attendance is found on the way.

    Raises:
        ConflictError: somebody changes the event all the time.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    for _ in range(_TRIES):
        asking.known(store, slug)
        as_of = store.decisions.as_of(slug)
        if store.decisions.kept(slug) == as_of:
            return False
        crowd = readiness.Crowd(imports.event_of(store, slug), files_of(store, slug))
        if store.decisions.keep(slug, as_of, _decided(store, slug, crowd)):
            if now is not None:
                _odd(store, crowd, as_of, now)
            return True
    raise ConflictError(say("{slug} is changed all the time: its decisions cannot be counted. Try again.", slug=slug))


def odd(store: Store, slug: str, now: datetime) -> Sequence[Finding]:
    """Return what is odd about attendance at an event; nothing where nobody was present.

    Raises:
        ConflictError, NotFoundError, StorageError: as `counted` has it.
    """
    refresh(store, slug, now)
    kept = store.decisions.odd(slug, now)
    if kept is not None:
        return kept
    as_of = store.decisions.as_of(slug)
    crowd = readiness.Crowd(imports.event_of(store, slug), files_of(store, slug))
    for _ in _decided(store, slug, crowd):
        pass
    return _odd(store, crowd, as_of, now)


def _odd(store: Store, crowd: readiness.Crowd, as_of: str, now: datetime) -> Sequence[Finding]:
    """Return what is odd about *crowd*, and keep it for the time that it is so."""
    found = readiness.odd(crowd, now) if crowd.has_tallies else []
    ends = sorted(session.window.end for session in crowd.event.sessions if now < session.window.end)
    if not any(one.code == readiness.CLOCK_EARLY for one in found):  # that says what time it is
        store.decisions.note_odd(crowd.event.slug, as_of, found, ends[0] if ends else None)
    return found


def files_of(store: Store, slug: str) -> Mapping[SessionId, Sequence[str]]:
    """Return the names of the exports of each session that count.

    Raises:
        StorageError: the database fails.
    """
    found: dict[SessionId, list[str]] = {}
    for one in store.imports.listed(slug):
        if one.counts and one.session is not None:
            found.setdefault(one.session, []).append(one.name)
    return found


def shares(store: Store, slug: str, kind: Kind) -> eligibility.Shares:
    """Return how many people any demand of sessions and shares would leave, from the presence that *kind* counts.

    Raises:
        ConflictError, NotFoundError, StorageError: as `counted` has it.
    """
    refresh(store, slug)
    event = imports.event_of(store, slug)
    return eligibility.Shares(event.sessions, store.decisions.tallies(slug, kind.name))


def counts_at(store: Store, slug: str, kind: Kind, sessions: int, share: Fraction) -> int:
    """Return how many people attended at least so many *sessions*, each for at least *share* of its window.

    Raises:
        ConflictError, NotFoundError, StorageError: as `counted` has it.
    """
    return shares(store, slug, kind).people(sessions, share)


def _decided(store: Store, slug: str, crowd: readiness.Crowd) -> Iterator[Decision]:
    """Decide for everybody, some people at a time; *crowd* takes note of them."""
    settled, parts = asking.by_people(store, slug)
    vouched = eligibility.by_person(settled.evidence)
    for records in parts:
        roll = eligibility.call_roll(crowd.event, records, vouched, settled.names)
        decisions = roll.decide(settled.held, settled.rulings)
        crowd.add(roll, decisions)
        yield from decisions
