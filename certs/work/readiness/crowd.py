"""Everybody's presence as numbers, gathered from rolls of a few people at a time: what is odd about it needs no names.

A `Crowd` keeps of each join its start and end, 8 bytes, and otherwise counts; so an event may have a million people.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from certs.eligibility import Roll
from certs.model import Basis, Decision, Event, PersonKey, SessionId
from certs.work.readiness.fitting import Span

LONG = 2
"""Times the window that a stay may last, from joining early to leaving late."""
AT_ONCE_SECONDS = 300
"""Who leaves one session late and joins the next early is in both for so long."""
_NOBODY = PersonKey("")
Pair = tuple[SessionId, SessionId]


@dataclass(slots=True)
class Longest:
    """How many people something holds for, and whose seconds are the most; of several, the last by address."""

    people: int = 0
    seconds: int = 0
    who: PersonKey = _NOBODY

    def see(self, who: PersonKey, seconds: int) -> None:
        """Count one more."""
        self.people += 1
        self.seconds, self.who = max((self.seconds, self.who), (seconds, who))


@dataclass(slots=True)
class Alike:
    """How many people were in two sessions for the same seconds, and which numbers of seconds these are."""

    people: int = 0
    seconds: set[int] = field(default_factory=set)


class _Spans(Collection[Span]):
    """Starts and ends in one array, in turns."""

    def __init__(self, times: "array[int]") -> None:
        self._times = times

    def __len__(self) -> int:
        return len(self._times) // 2

    def __iter__(self) -> Iterator[Span]:
        times = iter(self._times)
        return zip(times, times, strict=True)

    def __contains__(self, span: object) -> bool:
        return any(one == span for one in self)


@dataclass(slots=True)
class Crowd:
    """Who was where in an event, in numbers; *files* are the names of the exports of each session.

    *present* are people in each session by whatever any kind counts, *there* by what the first kind counts, *unlisted*
    those of them who are on no list of registrations, which has *listed* people;
    *came* are who was in any session for any second.
    """

    event: Event
    files: Mapping[SessionId, Sequence[str]] = field(default_factory=dict)
    present: Counter[SessionId] = field(default_factory=Counter)
    there: Counter[SessionId] = field(default_factory=Counter)
    unlisted: Counter[SessionId] = field(default_factory=Counter)
    listed: int = 0
    came: int = 0
    has_tallies: bool = False
    alike: defaultdict[Pair, Alike] = field(default_factory=lambda: defaultdict(Alike))
    at_once: defaultdict[Pair, Longest] = field(default_factory=lambda: defaultdict(Longest))
    long: defaultdict[SessionId, Longest] = field(default_factory=lambda: defaultdict(Longest))
    _times: "defaultdict[SessionId, array[int]]" = field(default_factory=lambda: defaultdict(lambda: array("I")))

    def add(self, roll: Roll, decisions: Iterable[Decision]) -> None:
        """Take note of the people of *roll*, none of whom was seen before, and of the *decisions* on them."""
        self.present.update(roll.present())
        self.came += len(roll.came())
        for session, times in roll.times().items():
            self._times[session] = _joined(self._times[session], times)
        self.listed += sum(person.listed for person in roll.people.values())
        for one, other, person, seconds in roll.at_once():
            if seconds >= AT_ONCE_SECONDS:
                self.at_once[one, other].see(person, seconds)
        first = self.event.kinds[0].name
        for decision in decisions:
            if decision.tallies:
                self.has_tallies = True
                if decision.kind == first:
                    self._see(decision, is_listed=roll.people[decision.person].listed)

    def spans(self, session: SessionId) -> Collection[Span]:
        """Return start and end of every join of *session*."""
        return _Spans(self._times.get(session, array("I")))

    def _see(self, one: Decision, *, is_listed: bool) -> None:
        timed: dict[SessionId, int] = {}
        for session in self.event.sessions:
            tally = one.tallies.get(session.id)
            if tally is None or tally.seconds <= 0:
                continue
            self.there[session.id] += 1
            self.unlisted[session.id] += not is_listed
            if tally.basis is Basis.TIMES:
                timed[session.id] = tally.seconds
            if tally.seconds > LONG * session.window_seconds:
                self.long[session.id].see(one.person, tally.seconds)
        for first, second in combinations(timed, 2):
            if timed[first] == timed[second]:
                same = self.alike[first, second]
                same.people += 1
                same.seconds.add(timed[first])


def _joined(times: "array[int]", more: "array[int]") -> "array[int]":
    """Return *times* with *more*: four bytes each, and eight once one is before 1970 or after 2106."""
    if times.typecode != more.typecode:
        try:
            more = array(times.typecode, more)
        except OverflowError:
            times = array(more.typecode, times)
    times += more
    return times
