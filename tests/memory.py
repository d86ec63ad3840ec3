"""Parts of the register without a database, for the contracts that every implementation must hold."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from certs import eligibility
from certs.errors import AwayError, InputError, StorageError
from certs.ground import names
from certs.model import (
    By,
    Decision,
    Entitled,
    Finding,
    Mail,
    MessageState,
    Page,
    PersonKey,
    Reply,
    SessionId,
    Sought,
    Tally,
    Totals,
)
from certs.ports import KeptPack


class MemoryDecisions:
    """`ports.Decisions` on one event, in a list; `change` is what makes it old."""

    def __init__(self, slug: str) -> None:
        self._slug = slug
        self._now, self._kept = 1, ""
        self._decisions: list[Decision] = []
        self._odd: tuple[Sequence[Finding], datetime | None] | None = None

    def change(self) -> None:
        """Let something happen on which decisions rest."""
        self._now += 1

    def as_of(self, slug: str) -> str:
        """Return what is now."""
        assert slug == self._slug
        return str(self._now)

    def kept(self, slug: str) -> str:
        """Return what they rest on."""
        assert slug == self._slug
        return self._kept

    def keep(self, slug: str, as_of: str, decisions: Iterable[Decision]) -> bool:
        """Keep them if *as_of* is now."""
        made = sorted(decisions, key=lambda one: (one.kind, one.person))
        if as_of != self.as_of(slug):
            return False
        self._decisions, self._kept, self._odd = made, as_of, None
        return True

    def note_odd(self, slug: str, as_of: str, odd: Sequence[Finding], until: datetime | None) -> None:
        """Keep what is odd."""
        if as_of == self.kept(slug):
            self._odd = list(odd), until

    def odd(self, slug: str, now: datetime) -> Sequence[Finding] | None:
        """Return what is odd still."""
        assert slug == self._slug
        if self._odd is None or (self._odd[1] is not None and now >= self._odd[1]):
            return None
        return self._odd[0]

    def all(self, slug: str, kind: str) -> Iterator[Decision]:
        """Yield those on *kind*."""
        assert slug == self._slug
        return (one for one in self._decisions if one.kind == kind)

    def tallies(self, slug: str, kind: str) -> Iterator[Mapping[SessionId, Tally]]:
        """Yield everybody's presence."""
        return (one.tallies for one in self.all(slug, kind) if one.tallies)

    def entitled(self, slug: str, kind: str) -> Iterator[Entitled]:
        """Yield what certificates would state."""
        for one in self.all(slug, kind):
            if one.eligible:
                seconds = sum(tally.seconds_in_window for tally in one.tallies.values())
                evidence = tuple(piece.id for piece in one.evidence)
                yield Entitled(
                    one.person, one.name, one.attended, seconds, evidence, one.ruling.id if one.ruling else 0
                )

    def earners(self, slug: str, kind: str) -> Sequence[PersonKey]:
        """Return who earned it."""
        assert slug == self._slug
        return [one.person for one in self._decisions if one.kind == kind and one.eligible]

    def forget(self, slug: str) -> None:
        """Keep nothing."""
        assert slug == self._slug
        self._decisions, self._kept, self._odd = [], "", None

    def page(self, slug: str, sought: Sought, after: str = "", limit: int = 50) -> Page[Decision]:
        """Return some of them; a place is a number here."""
        if after and not (after.isascii() and after.isdecimal()):
            raise InputError("That is no place in this list; begin with its first page.")
        found = sorted((one for one in self.all(slug, sought.kind) if _is_sought(one, sought)), key=_order(sought.by))
        start = int(after or 0)
        end = start + limit
        return Page(found[start:end], str(end) if end < len(found) else "")

    def count(self, slug: str, sought: Sought) -> int:
        """Count those sought."""
        return sum(_is_sought(one, sought) for one in self.all(slug, sought.kind))

    def attended(self, slug: str, kind: str) -> Mapping[int, int]:
        """Count by how many sessions count."""
        return Counter(len(one.attended) for one in self.all(slug, kind))

    def one(self, slug: str, person: PersonKey) -> Sequence[Decision]:
        """Return those on *person*."""
        assert slug == self._slug
        return [one for one in self._decisions if one.person == person]

    def where(self, person: PersonKey) -> Sequence[str]:
        """Return the event, if anything is decided on *person* in it."""
        return [self._slug] if self.one(self._slug, person) else []

    def totals(self, slug: str) -> Totals:
        """Count them."""
        assert slug == self._slug
        return eligibility.totals(self._decisions)


def _is_sought(one: Decision, sought: Sought) -> bool:
    text = f"{names.fold(one.name)} {names.fold(one.person)}"
    asked = (
        (sought.eligible, one.eligible),
        (sought.near_miss, one.near_miss),
        (sought.came, bool(one.tallies or one.roles)),
        (sought.ruled, one.ruling is not None),
    )
    return all(want is None or want == is_so for want, is_so in asked) and all(
        word in text for word in names.fold(sought.search).split()
    )


def _order(by: By) -> Callable[[Decision], Any]:
    """Return what decisions are sorted by."""
    if by is By.NAME:
        return lambda one: (names.fold(one.name), one.person)
    if by is By.SECONDS:
        return lambda one: (-sum(t.seconds_in_window for t in one.tallies.values()), [-ord(c) for c in one.person])
    return lambda one: one.person


class MemoryTails:
    """`ports.Tails` in a dictionary; *away* lets it answer nothing."""

    place = "s3://memory/packs"

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.held: dict[str, bytes] = {}
        self.away = False
        self.asked: list[tuple[str, int, int]] = []

    def keep(self, sha256: str, data: bytes) -> None:
        """Keep *data*, or find that something else is there."""
        self._answer()
        if self.held.setdefault(sha256, data) != data:
            raise StorageError("another pack")

    def read(self, sha256: str, start: int, length: int) -> bytes:
        """Return a piece, and note that it was asked for."""
        self._answer()
        self.asked.append((sha256, start, length))
        found = self.held.get(sha256, b"")[start : start + length]
        if len(found) != length:
            raise StorageError("no such piece")
        return found

    def all(self) -> Iterator[KeptPack]:
        """Yield all, as of some time ago."""
        self._answer()
        yield from (KeptPack(name, len(data), self._now) for name, data in self.held.items())

    def _answer(self) -> None:
        if self.away:
            raise AwayError(f"{self.place} does not answer.")


class MemoryPost:
    """`ports.Post` that keeps every mail it takes; `reply` says what comes of each."""

    def __init__(self, reply: Callable[[Mail], Reply] = lambda _: Reply(MessageState.SENT, "250 taken")) -> None:
        self.reply = reply
        self.taken: list[Mail] = []
        self.closed = 0

    def send(self, mail: Mail) -> Reply:
        """Take *mail*, or not."""
        reply = self.reply(mail)
        if reply.state is MessageState.SENT:
            self.taken.append(mail)
        return reply

    def close(self) -> None:
        """Count how often it was ended."""
        self.closed += 1
