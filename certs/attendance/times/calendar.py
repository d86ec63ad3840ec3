"""From what a cell says to a moment: the order of day and month, the session, the zone.

Collected from the whole file first (`Seen`), decided once (`order_of`), then applied to every row (`Calendar`). Zones
come, in this order, from the cell (an offset or abbreviation), from the format where it is known to be UTC, from the
organiser's answer, from the session. An hour that a clock change repeats is settled by the minutes the row states, or
left as several readings.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from certs.attendance.times import moments
from certs.attendance.times.moments import SECONDS_A_DAY, DateOrder
from certs.attendance.times.zones import abbreviation_offset
from certs.model import Session, SessionId

_DAY = timedelta(days=1)
_MOST_ZONES = 100
_TOLERANCE_SECONDS = 60
"""Stated minutes are whole; reports round them up."""


@dataclass
class Seen:
    """The halves of cells that a file's times consist of.

    *spans* holds pairs of date texts of joins and leaves that differ, each with the least and greatest difference of
    their times of day; *days* all date texts of joins; *others* dates of registration and the like.
    """

    days: set[str] = field(default_factory=set)
    spans: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    zoneless: bool = False
    """Whether any time comes without a zone of its own."""
    abbreviations: set[str] = field(default_factory=set)
    """Zones of times, such as EDT."""

    @property
    def dates(self) -> set[str]:
        """Every date text that a join or leave has."""
        return self.days.union(last for _, last in self.spans)

    def times(self, join: str, leave: str) -> None:
        """Take note of one row's join and leave."""
        day, clock = moments.split(join)
        last, until = moments.split(leave)
        if not clock:
            return
        self.days.add(day)
        if not self.zoneless:
            self._look_for_zone(clock)
        if day != last and until:
            self._span(day, last, clock, until)

    def _look_for_zone(self, text: str) -> None:
        """Take note of a time without a zone."""
        clock = moments.clock(text)
        self.zoneless = clock is not None and not clock.zoned
        if clock is not None and clock.zone and len(self.abbreviations) < _MOST_ZONES:
            self.abbreviations.add(clock.zone)

    def _span(self, day: str, last: str, clock: str, until: str) -> None:
        """Take note of a row whose join and leave have different dates."""
        first, second = moments.clock(clock), moments.clock(until)
        if first is None or second is None:
            return
        gap = second.seconds - first.seconds
        least, most = self.spans.get((day, last), (gap, gap))
        self.spans[day, last] = min(least, gap), max(most, gap)


def order_of(seen: Seen, sessions: Sequence[Session], zone: tzinfo | None) -> list[DateOrder]:
    """Return the orders of day and month that remain: one, several that must be asked about, or none needed.

    A reading goes when it makes a date that does not exist, lets somebody leave before joining or stay over a day, or
    misses the days of all sessions while another reading meets them.
    """
    found = [moments.dates(text) for text in (*seen.dates, *seen.others)]
    open_ones = ambiguous(seen)
    slashed = [d for d in found if d is not None and d.readings.keys() & {DateOrder.DMY, DateOrder.MDY}]
    left = [o for o in (DateOrder.DMY, DateOrder.MDY) if all(o in d.readings for d in slashed)]
    if not slashed or (not open_ones and left):
        return left[:1]
    if len(left) < 2:
        return left
    left = _fewest(left, {order: _impossible_spans(seen, order) for order in left})
    if sessions:
        days = _days_of(sessions, zone)
        left = _fewest(left, {order: _missed(seen, order, days) for order in left})
    return left


def ambiguous(seen: Seen) -> list[str]:
    """Return the date texts of joins and leaves that are different days in different orders."""
    read = ((text, moments.dates(text)) for text in sorted(seen.dates))
    return [text for text, found in read if found is not None and len(set(found.readings.values())) > 1]


def _fewest(orders: list[DateOrder], faults: Mapping[DateOrder, int]) -> list[DateOrder]:
    """Return those of *orders* with the fewest faults."""
    least = min(faults.values())
    return [order for order in orders if faults[order] == least]


def _impossible_spans(seen: Seen, order: DateOrder) -> int:
    """Count the pairs of dates whose span is negative or longer than a day."""
    faults = 0
    for (first, last), (least, most) in seen.spans.items():
        start, end = _read(first, order), _read(last, order)
        if start is not None and end is not None:
            days = (end - start).days * SECONDS_A_DAY
            faults += days + least < 0 or days + most > SECONDS_A_DAY
    return faults


def _missed(seen: Seen, order: DateOrder, days: frozenset[date]) -> int:
    """Count the dates of joins that are no session's day."""
    return sum(day is not None and day not in days for day in (_read(text, order) for text in seen.days))


def _read(text: str, order: DateOrder | None) -> date | None:
    """Return the date that *text* is under that order."""
    found = moments.dates(text)
    if found is None:
        return None
    return found.certain or (found.readings.get(order) if order else None)


def sittings(sessions: Iterable[Session]) -> list[Session]:
    """Return *sessions* with each window of one that was held again as one of its own, of the same id."""
    return [replace(session, window=window, again=()) for session in sessions for window in session.windows]


def days_of(session: Session, zone: tzinfo | None = None) -> frozenset[date]:
    """Return the local days that *session* touches, in *zone* or its own."""
    place = zone or ZoneInfo(session.zone)
    edges = ((window.start, window.end - timedelta(seconds=1)) for window in session.windows)
    return frozenset(moment.astimezone(place).date() for edge in edges for moment in edge)


def _days_of(sessions: Iterable[Session], zone: tzinfo | None) -> frozenset[date]:
    return frozenset().union(*(days_of(session, zone) for session in sessions))


@dataclass(frozen=True, slots=True)
class Timed:
    """A row's join and leave in seconds since 1970; *others* are further readings around a clock change."""

    start: int
    end: int
    session: SessionId | None
    others: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Day:
    """A date text resolved: its sessions, its zone, and its midnight in seconds if the day has 24 hours."""

    sessions: tuple[Session, ...]
    midnight: int | None
    date: date
    zone: tzinfo
    half: str


class Calendar:
    """Turns cells into moments, for one file or sheet."""

    def __init__(
        self, sessions: Sequence[Session], order: DateOrder | None, zone: tzinfo | None, only_day: date | None = None
    ) -> None:
        self._sessions = sittings(sessions)
        self._order = order
        self._zone = zone
        self._only_day = only_day
        self._days: dict[str, _Day | None] = {}
        self._easy: dict[str, tuple[int, SessionId]] = {}
        """Date texts that are settled once for all: midnight in seconds since 1970, and the session."""
        self._favourites: dict[date, SessionId] = {}

    def favour(self, favourites: Mapping[date, SessionId]) -> None:
        """Say which session counts on days that have several."""
        self._favourites.update(favourites)

    def span(self, join: str, leave: str, stated_seconds: int = 0) -> Timed | None:
        """Return the interval that a row's cells tell, None where one is no time."""
        day_text, clock_text = moments.split(join)
        last_text, until_text = moments.split(leave)
        if day_text == last_text:
            easy = self._easy.get(day_text)
            if easy is not None:
                since, until_seconds = moments.plain_clock(clock_text), moments.plain_clock(until_text)
                if since >= 0 and until_seconds >= 0:
                    return Timed(easy[0] + since, easy[0] + until_seconds, easy[1])
        day = self._day(day_text)
        undated = not last_text.strip()
        last = day if undated or last_text == day_text else self._day(last_text)
        clock, until = moments.clock(clock_text), moments.clock(until_text)
        if day is None or last is None or clock is None or until is None:
            return None
        readings = [(a, b) for a in _instants(day, clock) for b in _instants(last, until)]
        if undated:
            readings = _overnight(day, readings, floating=not day_text.strip())
        (start, end), *others = _settled(readings, stated_seconds)
        sessions = self._sessions_on(start, end) if clock.zoned else day.sessions or last.sessions
        return Timed(start, end, self._nearest(sessions, day.date, start, end), tuple(others))

    def instant(self, cell: str) -> Timed | None:
        """Return the one moment that *cell* tells, as a span of no length."""
        return self.span(cell, cell)

    def _sessions_on(self, start: int, end: int) -> tuple[Session, ...]:
        """Return the sessions of the day on which a join lies where they are held; its own zone may have another."""
        moments_of_join = [datetime.fromtimestamp(second, UTC) for second in (start, end)]
        found = (
            tuple(s for s in self._sessions if moment.astimezone(ZoneInfo(s.zone)).date() in days_of(s))
            for moment in moments_of_join
        )
        return next(filter(None, found), ())

    def _nearest(self, sessions: Sequence[Session], day: date, start: int, end: int) -> SessionId | None:
        """Return the session a join belongs to among those of its day: the favoured one, else the nearest."""
        if not sessions:
            return None
        favourite = self._favourites.get(day)
        if favourite is not None and len(sessions) > 1:
            return favourite
        return min(sessions, key=lambda s: _distance(s, start, end)).id

    def _day(self, text: str) -> _Day | None:
        """Return what is known about a date text."""
        if text not in self._days:
            found = moments.dates(text)
            if found is not None and not found.readings:
                day: date | None = self._only_day
            else:
                day = _read(text, self._order)
            resolved = None if day is None or found is None else self._resolve(day, found.half)
            if len(self._days) > 100_000:
                self._days.clear()
                self._easy.clear()
            self._days[text] = resolved
            if (
                resolved is not None
                and resolved.midnight is not None
                and not resolved.half
                and len(resolved.sessions) == 1
                and (text.strip() or _overnight_session(resolved) is None)
            ):
                self._easy[text] = resolved.midnight, resolved.sessions[0].id
        return self._days[text]

    def _resolve(self, day: date, half: str) -> _Day:
        """Find sessions and zone of a date."""
        sessions = tuple(s for s in self._sessions if day in days_of(s, self._zone))
        zone = self._zone or self._zone_near(day, sessions)
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        regular = midnight.utcoffset() == (midnight + _DAY).utcoffset() == (midnight + _DAY / 2).utcoffset()
        return _Day(sessions, int(midnight.timestamp()) if regular else None, day, zone, half)

    def _zone_near(self, day: date, sessions: tuple[Session, ...]) -> tzinfo:
        """Return the zone of the day's session, or of the one nearest in time."""
        if sessions:
            return ZoneInfo(sessions[0].zone)
        if not self._sessions:
            return UTC
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        return ZoneInfo(min(self._sessions, key=lambda s: abs(s.window.start - noon)).zone)

    def shared_days(self, seen: Seen) -> dict[date, tuple[Session, ...]]:
        """Return the file's days that have several sessions."""
        found = (self._day(text) for text in seen.days)
        return {day.date: day.sessions for day in found if day is not None and len(day.sessions) > 1}

    def days(self, seen: Seen) -> dict[date, tuple[Session, ...]]:
        """Return the days of the file's joins with their sessions."""
        found = (self._day(text) for text in seen.days)
        return {day.date: day.sessions for day in found if day is not None}


def _settled(readings: list[tuple[int, int]], stated: int) -> tuple[tuple[int, int], ...]:
    """Choose among the readings around a clock change by the stated length, else keep all that are possible."""
    possible = [r for r in readings if 0 <= r[1] - r[0] <= SECONDS_A_DAY] or readings[:1]
    if len(possible) > 1 and stated:
        fitting = [r for r in possible if abs(r[1] - r[0] - stated) < _TOLERANCE_SECONDS + 1]
        possible = fitting or possible
    return tuple(possible)


def _overnight_session(day: _Day) -> Session | None:
    """Return the session of *day* that goes on past midnight."""
    return next((s for s in day.sessions if max(days_of(s, day.zone)) > day.date), None)


def _overnight(day: _Day, readings: list[tuple[int, int]], *, floating: bool) -> list[tuple[int, int]]:
    """Read times of day in a session that goes on past midnight: they may be those of the next day.

    *floating* tells that neither time has a date; otherwise only the leave has none.
    """
    session = _overnight_session(day)
    shifts = [(0, 0), (0, SECONDS_A_DAY)] + [(SECONDS_A_DAY, SECONDS_A_DAY)] * floating
    moved = [(a + x, b + y) for a, b in readings for x, y in shifts]
    possible = [r for r in moved if 0 <= r[1] - r[0] <= SECONDS_A_DAY]
    if session is None or not possible:
        return readings
    return [max(possible, key=lambda r: _overlap(session, *r))]


def favourites(
    calendar: Calendar, shared: Mapping[date, Sequence[Session]], rows: Iterable[tuple[str, str]]
) -> tuple[dict[date, SessionId], list[date]]:
    """Decide days with several sessions by where the joins lie; return the days that stay open too.

    Where every join lies in one session only, each counts for that one, and nothing is open.
    """
    overlap: dict[date, dict[SessionId, int]] = {day: defaultdict(int) for day in shared}
    straddled: set[date] = set()
    for join, leave in rows:
        timed = calendar.span(join, leave)
        if timed is None:
            continue
        for day, sessions in shared.items():
            covered = [(s.id, max(0, _overlap(s, timed.start, timed.end))) for s in sessions]
            if sum(seconds > 0 for _, seconds in covered) > 1:
                straddled.add(day)
            for session, seconds in covered:
                overlap[day][session] += seconds
    decided, undecided = {}, []
    for day, found in overlap.items():
        ranked = sorted(((total, session) for session, total in found.items()), reverse=True)
        if ranked and ranked[0][0] > 4 * (ranked[1][0] if len(ranked) > 1 else 0):
            decided[day] = ranked[0][1]
        elif day in straddled or not any(found.values()):
            undecided.append(day)
    return decided, undecided


def _overlap(session: Session, start: int, end: int) -> int:
    """Return how many seconds of the window a join covers, negative for its distance."""
    return int(min(end, session.window.end.timestamp()) - max(start, session.window.start.timestamp()))


def _distance(session: Session, start: int, end: int) -> int:
    return -_overlap(session, start, end)


def _seconds(clock: moments.Clock, half: str) -> int:
    """Return seconds since midnight, with a half of day that stood before the time."""
    if not half:
        return clock.seconds
    hour = clock.seconds // 3600
    if half == "pm" and hour < 12:
        return clock.seconds + SECONDS_A_DAY // 2
    return clock.seconds - SECONDS_A_DAY // 2 if half == "am" and hour == 12 else clock.seconds


def _instants(day: _Day, clock: moments.Clock) -> list[int]:
    """Return the moments that a local time can be: one, or two in a repeated hour."""
    seconds = _seconds(clock, day.half)
    offset = clock.offset_minutes
    if offset is None and clock.zone:
        offset = abbreviation_offset(clock.zone, day.date, seconds, day.zone)
    if offset is None:
        return _local(day, seconds)
    midnight = datetime(day.date.year, day.date.month, day.date.day, tzinfo=UTC)
    return [int(midnight.timestamp()) + seconds - offset * 60]


def _local(day: _Day, seconds: int) -> list[int]:
    """Return the moments of a local time in the day's zone."""
    naive = datetime(day.date.year, day.date.month, day.date.day) + timedelta(seconds=seconds)  # noqa: DTZ001
    found = {int(naive.replace(tzinfo=day.zone, fold=fold).timestamp()) for fold in (0, 1)}
    # In the hour that a clock change leaves out both folds exist on paper; the first keeps the time before the change.
    late = [moment for moment in found if datetime.fromtimestamp(moment, day.zone).replace(tzinfo=None) == naive]
    return sorted(late or found)[: 2 if late else 1]
