"""Decisions as they were counted, kept by the register until what they rest on changes.

    counted = counts.counted(store, "cgmp-2026")
    for decision in counted: ...

Whoever asks first after a change counts, a command or a worker (`refresh`); everybody after that reads. The order alone
decides from the joins again, see `orders`. People are counted a few thousand at a time, so memory does not grow with
an event.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from certs import eligibility
from certs.errors import ConflictError, ReadOnlyError
from certs.model import Decision, Event, Finding, Kind, SessionId, Tally, Totals
from certs.ports import Store
from certs.wording import say
from certs.work import imports, readiness
from certs.work import questions as asking

_TRIES = 3
"""How often is counted anew where somebody changes the event meanwhile."""


class Counted(Protocol):
    """The decisions of an event, by kind, then by address; may be gone through again and again."""

    @property
    def event(self) -> Event:
        """The event as it was decided on."""
        ...

    def __iter__(self) -> Iterator[Decision]:
        """Yield them."""
        ...

    def totals(self) -> Totals:
        """Count them."""
        ...

    def tallies(self, kind: str) -> Iterable[Mapping[SessionId, Tally]]:
        """Return everybody's presence, as *kind* counts it."""
        ...


@dataclass(frozen=True, slots=True)
class _Kept:
    """Decisions that the register keeps, a few at a time in memory."""

    event: Event
    store: Store

    def __iter__(self) -> Iterator[Decision]:
        for kind in self.event.kinds:
            yield from self.store.decisions.all(self.event.slug, kind.name)

    def totals(self) -> Totals:
        return self.store.decisions.totals(self.event.slug)

    def tallies(self, kind: str) -> Iterable[Mapping[SessionId, Tally]]:
        return self.store.decisions.tallies(self.event.slug, kind)


@dataclass(frozen=True, slots=True)
class _Unkept:
    """Decisions counted for whoever may keep nothing, all in memory."""

    event: Event
    decisions: Sequence[Decision]

    def __iter__(self) -> Iterator[Decision]:
        return iter(self.decisions)

    def totals(self) -> Totals:
        return eligibility.totals(self.decisions)

    def tallies(self, kind: str) -> Iterable[Mapping[SessionId, Tally]]:
        return (one.tallies for one in self.decisions if one.kind == kind and one.tallies)


def counted(store: Store, slug: str, now: datetime | None = None) -> Counted:
    """Return the decisions on everybody who joined or registered, counted now where they are not kept.

    Under a role that only reads, or from a replica, they are counted for this once where nobody else kept them. With
    *now*, what is odd about attendance is found on the way, and kept where anything is.

    Raises:
        ConflictError: somebody changes the event all the time.
        NotFoundError: no such event.
        ReadOnlyError: questions are still to be looked for after an import, by somebody who may write.
        StorageError: the database fails.
    """
    try:
        refresh(store, slug, now)
    except ReadOnlyError:
        return _unkept(store, slug)
    return _Kept(imports.event_of(store, slug), store)


def _unkept(store: Store, slug: str) -> Counted:
    crowd = readiness.Crowd(imports.event_of(store, slug))
    places = {kind.name: place for place, kind in enumerate(crowd.event.kinds)}
    decisions = sorted(_decided(store, slug, crowd), key=lambda one: (places[one.kind], one.person))
    return _Unkept(crowd.event, decisions)


def refresh(store: Store, slug: str, now: datetime | None = None) -> bool:
    """Count the decisions of an event where those that are kept are not right any more; say whether that was so.

    With *now*, what is odd about attendance is found on the way.

    Raises:
        ConflictError: somebody changes the event all the time.
        NotFoundError: no such event.
        ReadOnlyError: the register takes no changes from here, and what is kept there is not right any more.
        StorageError: the database fails.
    """
    if _is_kept(store, slug):
        return False
    for _ in range(_TRIES):
        asking.known(store, slug)
        as_of = store.decisions.as_of(slug)
        crowd = readiness.Crowd(imports.event_of(store, slug), files_of(store, slug))
        if store.decisions.keep(slug, as_of, _decided(store, slug, crowd)):
            if now is not None:
                _odd(store, crowd, as_of, now)
            return True
    raise ConflictError(say("{slug} is changed all the time: its decisions cannot be counted. Try again.", slug=slug))


def _is_kept(store: Store, slug: str) -> bool:
    """Say whether the kept decisions are right; then doubts were looked for, too, before they were counted."""
    return store.decisions.kept(slug) == store.decisions.as_of(slug)


def odd(store: Store, slug: str, now: datetime) -> Sequence[Finding]:
    """Return what is odd about attendance at an event; nothing where nobody was present.

    Raises:
        ConflictError, NotFoundError, StorageError: as `counted` has it.
    """
    with suppress(ReadOnlyError):
        refresh(store, slug, now)
    if _is_kept(store, slug) and (kept := store.decisions.odd(slug, now)) is not None:
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
        with suppress(ReadOnlyError):
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
    found = counted(store, slug)
    return eligibility.Shares(found.event.sessions, found.tallies(kind.name))


def _decided(store: Store, slug: str, crowd: readiness.Crowd) -> Iterator[Decision]:
    """Decide for everybody, some people at a time; *crowd* takes note of them."""
    settled, parts = asking.by_people(store, slug)
    added = eligibility.by_person(settled.evidence)
    for records in parts:
        roll = eligibility.call_roll(crowd.event, records, added, settled.names)
        decisions = roll.decide(settled.held, settled.rulings)
        crowd.add(roll, decisions)
        yield from decisions
