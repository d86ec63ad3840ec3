"""Seconds a person was present in a session, from the joins an export lists.

An export has one row for each join; a second device or a promotion to panelist makes rows overlap. So seconds are the
length of the *union* of the half-open intervals [join, leave), clipped to the session's window. Gaps are never bridged.
Where an export states minutes only, or somebody adds evidence, the largest stated number counts, at most the
window. A session that was held again has several windows: that in which she was longest counts.

Pure: aware datetimes in, whole seconds out. A `Ledger` takes joins one by one and keeps 16 bytes of each.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from certs.model import Basis, ExtraEvidence, Interval, Join, Mark, PersonKey, Session, SessionId, Tally

_Span = tuple[int, int]

PRESENT = frozenset({"P"})
"""Status letters that stand for a whole window of presence."""


class Ledger:
    """Joins of many people, kept small: an array of start and end seconds for each person and session."""

    def __init__(self, sessions: Iterable[Session]) -> None:
        self._windows: dict[SessionId, tuple[_Span, ...]] = {s.id: tuple(map(_span, s.windows)) for s in sessions}
        self._times: dict[tuple[PersonKey, SessionId], array[int]] = {}
        self._stated: dict[tuple[PersonKey, SessionId], tuple[int, int, Basis]] = {}

    def add(self, join: Join) -> None:
        """Enter one join.

        Raises:
            ValueError: it ends before it begins, or names a session that was not given.
        """
        if join.session not in self._windows:
            raise ValueError(f"no session {join.session!r}")
        key = join.person, join.session
        if join.interval is None:
            self._state(key, join.stated_seconds, join.basis)
            return
        start, end = _span(join.interval)
        if end < start:
            raise ValueError(f"join ends before it begins: {join.interval}")
        times = self._times.get(key)
        if times is None:
            times = self._times[key] = array("q")
        times.append(start)
        times.append(end)

    def mark(self, mark: Mark, windows: Mapping[SessionId, int], present: frozenset[str] = PRESENT) -> None:
        """Enter a status letter: one that means present stands for the whole window, others for nothing."""
        if mark.letter in present and mark.session in windows:
            self._state((mark.person, mark.session), windows[mark.session], Basis.STATED)

    def vouch(self, evidence: ExtraEvidence) -> None:
        """Enter evidence that somebody added; it is no row of an export."""
        if evidence.session in self._windows:
            self._state((evidence.person, evidence.session), evidence.seconds, Basis.EVIDENCE, 0)

    def _state(self, key: tuple[PersonKey, SessionId], seconds: int, basis: Basis, rows: int = 1) -> None:
        """Remember the largest stated number, and how many rows there were."""
        before, rows_before, known = self._stated.get(key, (-1, 0, basis))
        rows += rows_before
        self._stated[key] = (seconds, rows, basis) if seconds > before else (before, rows, known)

    def tallies(self) -> dict[PersonKey, dict[SessionId, Tally]]:
        """Return each person's presence in each session she joined."""
        found: dict[PersonKey, dict[SessionId, Tally]] = {}
        for key, times in self._times.items():
            tally = _tally(times, self._windows[key[1]])
            stated = self._stated.get(key)
            found.setdefault(key[0], {})[key[1]] = self._larger(tally, stated, key[1]) if stated else tally
        for key, stated in self._stated.items():
            if key not in self._times:
                found.setdefault(key[0], {})[key[1]] = self._larger(Tally(-1, -1, 0, 0), stated, key[1])
        return found

    def joined(self) -> "Mapping[SessionId, array[int]]":
        """Return the times of everybody's joins, start, end, start, end, …, by session."""
        found: defaultdict[SessionId, array[int]] = defaultdict(lambda: array("q"))
        for (_, session), times in self._times.items():
            found[session] += times
        return dict(found)

    def people(self) -> frozenset[PersonKey]:
        """Return who was in a session for any second, by whatever says so."""
        stated = {person for (person, _), (seconds, _, _) in self._stated.items() if seconds > 0}
        return frozenset({person for person, _ in self._times} | stated)

    def at_once(self) -> Iterator[tuple[SessionId, SessionId, PersonKey, int]]:
        """Yield who was in two sessions at the same time, with the seconds that both have in common."""
        reach = {session: (min(times), max(times)) for session, times in self.joined().items()}
        meeting = [
            (one, other)
            for one, other in combinations([id_ for id_ in self._windows if id_ in reach], 2)
            if reach[one][0] < reach[other][1] and reach[other][0] < reach[one][1]
        ]
        for one, other in meeting:
            for (person, session), mine in self._times.items():
                theirs = self._times.get((person, other)) if session == one else None
                if theirs and (seconds := _shared(mine, theirs)):
                    yield one, other, person, seconds

    def present(self) -> dict[SessionId, int]:
        """Return how many people were in each session for any second, by whatever says so."""
        stated = {key for key, (seconds, _, _) in self._stated.items() if seconds > 0}
        return Counter(session for _, session in {*self._times, *stated})

    def united(self, people: Iterable[PersonKey], joins: Iterable[Join] = ()) -> Mapping[SessionId, Tally]:
        """Return the presence that *people* would have if they were one person, to whom *joins* belong as well."""
        one, whole = PersonKey("one"), Ledger(())
        whole._windows = self._windows
        for session in self._windows:
            for person in people:
                if times := self._times.get((person, session)):
                    whole._times.setdefault((one, session), array("q")).extend(times)
                if stated := self._stated.get((person, session)):
                    whole._state((one, session), stated[0], stated[2], stated[1])
        for join in joins:
            whole.add(replace(join, person=one))
        return whole.tallies().get(one, {})

    def together(self, one: PersonKey, other: PersonKey) -> bool:
        """Say whether two people were present in one session at one moment."""
        for session in self._windows:
            mine, theirs = self._times.get((one, session)), self._times.get((other, session))
            if mine and theirs and _overlap(mine, theirs):
                return True
        return False

    def _larger(self, tally: Tally, stated: tuple[int, int, Basis], session: SessionId) -> Tally:
        """Return *tally*, or what is stated where that is more."""
        seconds, rows, basis = stated
        start, end = self._windows[session][0]
        in_window = min(seconds, end - start)
        if in_window <= tally.seconds_in_window:
            return Tally(tally.seconds, tally.seconds_in_window, tally.rows + rows, tally.merged, tally.basis)
        return Tally(seconds, in_window, tally.rows + rows, tally.merged, basis)


def tallies(joins: Iterable[Join], sessions: Iterable[Session]) -> Mapping[PersonKey, Mapping[SessionId, Tally]]:
    """Return each person's presence in each session she joined.

    Raises:
        ValueError: a join ends before it begins, or names a session that is not given.
    """
    ledger = Ledger(sessions)
    for join in joins:
        ledger.add(join)
    return ledger.tallies()


def _span(interval: Interval) -> _Span:
    """Return *interval* in whole seconds since 1970."""
    return int(interval.start.timestamp()), int(interval.end.timestamp())


def _tally(times: "array[int]", windows: tuple[_Span, ...]) -> Tally:
    """Unite the spans in *times* (start, end, start, end, …) and clip them to the best of *windows*."""
    seconds = merged = 0
    inside = [0] * len(windows)
    for start, end in _merged(times):
        merged += 1
        seconds += end - start
        for index, (since, until) in enumerate(windows):
            inside[index] += max(0, min(end, until) - max(start, since))
    return Tally(seconds, max(inside), len(times) // 2, merged)


def _overlap(mine: "array[int]", theirs: "array[int]") -> bool:
    """Say whether two people's spans have a moment in common."""
    other = list(_merged(theirs))
    return any(start < until and since < end for start, end in _merged(mine) for since, until in other)


def _shared(mine: "array[int]", theirs: "array[int]") -> int:
    """Return the seconds that two sets of spans have in common."""
    other = list(_merged(theirs))
    return sum(max(0, min(end, until) - max(start, since)) for start, end in _merged(mine) for since, until in other)


def _merged(times: "array[int]") -> Iterator[_Span]:
    """Yield the disjoint spans that *times* covers; touching ones are one."""
    if len(times) == 2:
        yield times[0], times[1]
        return
    spans = sorted(zip(times[::2], times[1::2], strict=True))
    start, end = spans[0]
    for next_start, next_end in spans[1:]:
        if next_start > end:
            yield start, end
            start, end = next_start, next_end
        elif next_end > end:
            end = next_end
    yield start, end
