"""Decisions as they were counted, kept until what they rest on changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from certs.model import Decision, Entitled, Finding, Page, PersonKey, SessionId, Sought, Tally, Totals


class Decisions(Protocol):
    """Decisions kept; what stands here is right while `kept` says the same as `as_of`."""

    def as_of(self, slug: str) -> str:
        """Return what decisions on the event rest on now, in one text: another one after every change that counts.

        Raises:
            NotFoundError: no such event.
        """
        ...

    def kept(self, slug: str) -> str:
        """Return what the kept decisions rest on, empty where none are kept."""
        ...

    def keep(self, slug: str, as_of: str, decisions: Iterable[Decision]) -> bool:
        """Keep all *decisions* on the event in place of those before; false, with nothing changed, if that is not now.

        *decisions* are gone through once, and all before anybody else has to wait.

        Raises:
            NotFoundError: no such event.
            ReadOnlyError: the register takes no changes from here; none of *decisions* was asked for.
        """
        ...

    def note_odd(self, slug: str, as_of: str, odd: Sequence[Finding], until: datetime | None) -> None:
        """Keep beside the decisions what is odd about attendance; that is right before *until* passes.

        Raises:
            ReadOnlyError: the register takes no changes from here.
        """
        ...

    def odd(self, slug: str, now: datetime) -> Sequence[Finding] | None:
        """Return what was found odd and is so still, None where nothing is known."""
        ...

    def all(self, slug: str, kind: str) -> Iterator[Decision]:
        """Yield the decisions on *kind* by address, a few at a time in memory."""
        ...

    def tallies(self, slug: str, kind: str) -> Iterator[Mapping[SessionId, Tally]]:
        """Yield the presence of everybody, as *kind* counts it, by session and in no order."""
        ...

    def entitled(self, slug: str, kind: str) -> Iterator[Entitled]:
        """Yield what certificates of those who earned *kind* would state, in no order."""
        ...

    def earners(self, slug: str, kind: str) -> Sequence[PersonKey]:
        """Return who earned *kind*, in no order."""
        ...

    def forget(self, slug: str) -> None:
        """Keep no decisions on the event any more: whoever asks next counts.

        Raises:
            ReadOnlyError: the register takes no changes from here.
        """
        ...

    def page(self, slug: str, sought: Sought, after: str = "", limit: int = 50) -> Page[Decision]:
        """Return the *limit* decisions from *after* on that are *sought*.

        Raises:
            InputError: *after* is no place in that list.
        """
        ...

    def count(self, slug: str, sought: Sought) -> int:
        """Return how many decisions are *sought*."""
        ...

    def attended(self, slug: str, kind: str) -> Mapping[int, int]:
        """Return of how many people how many sessions count as attended, by that number of sessions."""
        ...

    def one(self, slug: str, person: PersonKey) -> Sequence[Decision]:
        """Return the decisions on *person*, by kind."""
        ...

    def where(self, person: PersonKey) -> Sequence[str]:
        """Return the slugs of the events in which decisions on *person* are kept, in order."""
        ...

    def totals(self, slug: str) -> Totals:
        """Count the decisions."""
        ...
