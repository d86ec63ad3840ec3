"""Rows of a table turned into joins, registrations, marks and unusable rows.

One class per layout. A row that cannot be credited is reported with its line and reason, never dropped: `no_email`,
`bad_email`, `two_emails_in_cell`, `leave_before_join`, `missing_leave`, `unreadable_time`, `outside_session_date`,
`short_row`, `waiting_room_only`, `totals_row`. A row without an address becomes a join of nobody as well, so that a
person can say whose it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from certs import address, names
from certs.attendance import durations, moments, vocabulary
from certs.attendance.calendar import Calendar, Timed
from certs.attendance.moments import SECONDS_A_DAY
from certs.attendance.tables import Layout, Table
from certs.model import (
    Basis,
    Interval,
    Join,
    Mark,
    PersonKey,
    Registration,
    Role,
    Session,
    SessionId,
    UnusableRow,
)

Record = Join | Registration | Mark | UnusableRow

NOBODY = PersonKey("")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A row that says "not attended" beside join and leave times."""

    person: PersonKey
    name: str
    session: SessionId
    line: int


@dataclass(frozen=True, slots=True)
class Unknowable:
    """A join whose seconds hang on which side of a clock change it lies; *totals* are the possible ones."""

    person: PersonKey
    name: str
    session: SessionId
    line: int
    totals: tuple[int, ...]


@dataclass
class Findings:
    """What rows leave open, gathered while they are turned into records."""

    contradictions: list[Contradiction] = field(default_factory=list)
    unknowable: list[Unknowable] = field(default_factory=list)


@dataclass(frozen=True)
class Scope:
    """What holds for all rows of a file or sheet."""

    file: str
    calendar: Calendar
    session: Session | None
    """The session of rows that do not tell their own date."""
    times_count: bool
    """False where joins are counted and a table of totals only repeats them."""
    summary_lists_nameless: bool
    """True where a summary table already reports people without an address."""
    findings: Findings
    windows: Mapping[SessionId, tuple[int, int]]
    """Start and end of each session in seconds since 1970."""
    times_of_day: bool = False
    """True where joins have no date: then the minutes stated count, which leave out the gaps."""


Emit = Callable[[Record], None]


class Times:
    """Rows with join and leave."""

    def __init__(self, scope: Scope, table: Table, emit: Emit) -> None:
        self._scope, self._table, self._emit = scope, table, emit
        self._join, self._leave = table.index("join"), table.index("leave")
        self._attended, self._waiting = table.index("attended"), table.index("waiting")
        self._duration = table.index("duration")
        # Webinar reports have no roles; a column called so is a question of the organiser's own.
        self._role = table.index("role") if self._attended < 0 else -1
        self._who = _Who(table)
        self._silent = scope.summary_lists_nameless

    def row(self, line: int, cells: list[str]) -> None:
        """Turn one row into records."""
        if len(cells) < self._table.needed:
            self._unusable(line, "short_row", cells)
            return
        join, leave = cells[self._join], cells[self._leave]
        if ":" not in join and self._is_no_presence(line, cells, join, leave):
            return
        if self._waiting >= 0 and vocabulary.means("yes", _cell(cells, self._waiting)):
            self._unusable(line, "waiting_room_only", cells)
            return
        person = self._who.person(cells)
        timed = self._timed(cells, join, leave)
        problem = self._problem(person, timed, leave)
        if problem:
            self._report(line, cells, person, timed, problem)
        elif isinstance(timed, Timed) and not isinstance(person, address.BadAddress):
            self._credit(line, cells, person, timed)

    def _is_no_presence(self, line: int, cells: list[str], join: str, leave: str) -> bool:
        """Deal with rows that tell of no presence: registered people who never came, totals, footers."""
        name = self._who.name(cells)
        person = self._who.person(cells)
        missing = isinstance(person, address.BadAddress)
        if missing and _is_total(cells):
            self._emit(UnusableRow(self._scope.file, line, "totals_row", section=self._table.title))
            return True
        if not (vocabulary.means("nothing", join) and vocabulary.means("nothing", leave)):
            return False
        if missing and vocabulary.means("anonymous", name):
            return True
        said_present = self._attended >= 0 and vocabulary.means("yes", cells[self._attended])
        if isinstance(person, address.BadAddress):
            self._unusable(line, person.value, cells)
        else:
            registered = self._who.registered(cells) or name
            self._emit(Registration(person, registered, line, self._who.country(cells), listed=False))
            if said_present or self._attended < 0:
                self._unusable(line, "unreadable_time", cells)
        return True

    def _timed(self, cells: list[str], join: str, leave: str) -> Timed | None:
        """Read both times."""
        stated = 0
        if self._duration >= 0:
            stated = durations.seconds(_cell(cells, self._duration)) or 0
        return self._scope.calendar.span(join, leave, stated)

    def _problem(self, person: PersonKey | address.BadAddress, timed: Timed | None, leave: str) -> str:
        """Return why a row cannot be credited, empty if it can."""
        if isinstance(person, address.BadAddress):
            return person.value
        if timed is None:
            return "missing_leave" if vocabulary.means("nothing", leave) else "unreadable_time"
        if timed.end < timed.start:
            return "leave_before_join"
        if timed.end - timed.start > SECONDS_A_DAY:
            return "unreadable_time"
        return "" if timed.session is not None else "outside_session_date"

    def _report(
        self, line: int, cells: list[str], person: PersonKey | address.BadAddress, timed: Timed | None, problem: str
    ) -> None:
        """Report a row, and keep its join for a person to claim where only the address is wanting."""
        known = timed is not None and timed.end >= timed.start
        seconds = timed.end - timed.start if timed is not None and known else None
        if isinstance(person, address.BadAddress):
            if timed is not None and known and timed.session is not None:
                self._emit(self._made(line, NOBODY, self._who.listed_name(cells), timed, timed.session))
            if self._silent and person is address.BadAddress.MISSING:
                return
        self._unusable(line, problem, cells, seconds)

    def _credit(self, line: int, cells: list[str], person: PersonKey, timed: Timed) -> None:
        """Emit the join, and the registration where the table gives first and last name."""
        assert timed.session is not None  # noqa: S101 -- a problem otherwise
        name = self._who.name(cells)
        if self._attended >= 0 and vocabulary.means("no", cells[self._attended]):
            self._scope.findings.contradictions.append(Contradiction(person, name, timed.session, line))
        if timed.others:
            self._doubt(line, person, name, timed, timed.session)
        if self._who.has_parts:
            registered = self._who.registered(cells)
            if registered:
                self._emit(Registration(person, registered, line, self._who.country(cells), listed=False))
        self._emit(self._made(line, person, name, timed, timed.session, self._role_of(cells)))

    def _doubt(self, line: int, person: PersonKey, name: str, timed: Timed, session: SessionId) -> None:
        """Note that a clock change leaves several readings, if they differ in what they count."""
        since, until = self._scope.windows[session]
        readings = ((timed.start, timed.end), *timed.others)
        counted = {(b - a, max(0, min(b, until) - max(a, since))) for a, b in readings}
        if len(counted) > 1:
            totals = tuple(dict.fromkeys(b - a for a, b in readings))
            self._scope.findings.unknowable.append(Unknowable(person, name, session, line, totals))

    def _made(
        self, line: int, person: PersonKey, name: str, timed: Timed, session: SessionId, role: Role = Role.ATTENDEE
    ) -> Join:
        """Return the join."""
        interval = Interval(datetime.fromtimestamp(timed.start, UTC), datetime.fromtimestamp(timed.end, UTC))
        return Join(session, person, interval, line, name, role)

    def _role_of(self, cells: list[str]) -> Role:
        """Return the role that the table or its role column gives."""
        if self._role >= 0 and vocabulary.means("host", _cell(cells, self._role)):
            return Role.HOST
        return self._table.role

    def _unusable(self, line: int, reason: str, cells: list[str], seconds: int | None = None) -> None:
        name = self._who.listed_name(cells)
        self._emit(UnusableRow(self._scope.file, line, reason, name, self._table.title, seconds))


class Stated:
    """Rows with minutes only, or whose minutes are truer than first join and last leave."""

    def __init__(self, scope: Scope, table: Table, emit: Emit) -> None:
        self._scope, self._table, self._emit = scope, table, emit
        self._duration = table.index("duration")
        self._start = max(table.index("join"), table.index("first_join"))
        self._waiting, self._role = table.index("waiting"), table.index("role")
        self._who = _Who(table)

    def row(self, line: int, cells: list[str]) -> None:
        """Turn one row into records."""
        if self._duration < 0 or len(cells) <= self._duration:
            self._unusable(line, "short_row", cells)
            return
        person = self._who.person(cells)
        missing = isinstance(person, address.BadAddress)
        name = self._who.name(cells)
        if missing and vocabulary.means("anonymous", name):
            return
        if missing and _is_total(cells):
            self._emit(UnusableRow(self._scope.file, line, "totals_row", section=self._table.title))
            return
        if self._waiting >= 0 and vocabulary.means("yes", _cell(cells, self._waiting)):
            self._unusable(line, "waiting_room_only", cells)
            return
        seconds = durations.seconds(cells[self._duration])
        if isinstance(person, address.BadAddress):
            self._without_address(line, cells, person, seconds)
        elif not self._scope.times_count:
            return
        elif seconds is None:
            self._unusable(line, "unreadable_time", cells)
        else:
            self._credit(line, cells, person, name, seconds)

    def _without_address(self, line: int, cells: list[str], person: address.BadAddress, seconds: int | None) -> None:
        """Report the row unless the format has no addresses at all, and keep its minutes to be claimed."""
        if self._table.has_addresses:
            self._unusable(line, person.value, cells, seconds)
        session = self._session(cells)
        if seconds is not None and session is not None and self._scope.times_count:
            self._emit(_stated(session, NOBODY, line, self._who.listed_name(cells), seconds))

    def _credit(self, line: int, cells: list[str], person: PersonKey, name: str, seconds: int) -> None:
        session = self._session(cells)
        if session is None:
            self._unusable(line, "outside_session_date", cells, seconds)
            return
        if self._who.has_parts:
            self._emit(Registration(person, self._who.registered(cells), line, self._who.country(cells), listed=False))
        role = self._table.role
        if self._role >= 0 and vocabulary.means("host", _cell(cells, self._role)):
            role = Role.HOST
        self._emit(_stated(session, person, line, name, seconds, role))

    def _session(self, cells: list[str]) -> SessionId | None:
        """Return the session of a row: by its date where it has one."""
        if self._start >= 0:
            cell = _cell(cells, self._start)
            day, _ = moments.split(cell)
            if day.strip():
                timed = self._scope.calendar.instant(cell)
                return timed.session if timed is not None else self._given
        return self._given

    @property
    def _given(self) -> SessionId | None:
        return self._scope.session.id if self._scope.session is not None else None

    def _unusable(self, line: int, reason: str, cells: list[str], seconds: int | None = None) -> None:
        name = self._who.listed_name(cells)
        self._emit(UnusableRow(self._scope.file, line, reason, name, self._table.title, seconds))


class Listed:
    """Rows of a registration list."""

    def __init__(self, scope: Scope, table: Table, emit: Emit) -> None:
        self._scope, self._table, self._emit = scope, table, emit
        self._who = _Who(table)

    def row(self, line: int, cells: list[str]) -> None:
        """Turn one row into a registration."""
        person = self._who.person(cells)
        if isinstance(person, address.BadAddress):
            if person is address.BadAddress.MISSING and (_is_total(cells) or not self._who.listed_name(cells)):
                self._emit(UnusableRow(self._scope.file, line, "totals_row", section=self._table.title))
                return
            name = self._who.listed_name(cells)
            reason = "short_row" if len(cells) <= self._table.index("email") else person.value
            self._emit(UnusableRow(self._scope.file, line, reason, name, self._table.title))
            return
        name = self._who.registered(cells) or self._who.name(cells)
        self._emit(Registration(person, name, line, self._who.country(cells)))


class Marked:
    """Rows with a status letter for each session."""

    def __init__(self, scope: Scope, table: Table, emit: Emit) -> None:
        self._scope, self._table, self._emit = scope, table, emit
        self._who = _Who(table)
        self._sessions = [self._session_of(column) for column in table.marks]

    def row(self, line: int, cells: list[str]) -> None:
        """Turn one row into marks."""
        person = self._who.person(cells)
        name = self._who.registered(cells) or self._who.name(cells)
        if isinstance(person, address.BadAddress):
            if not _is_total(cells):
                self._emit(UnusableRow(self._scope.file, line, person.value, name, self._table.title))
            return
        self._emit(Registration(person, name, line, listed=False))
        for column, session in zip(self._table.marks, self._sessions, strict=True):
            letter = _cell(cells, column).split("(")[0].strip()
            self._emit(Mark(session, person, "" if letter in ("?", "-") else letter, line))

    def _session_of(self, column: int) -> SessionId:
        """Return the session of a column by the date in its title, empty if there is none."""
        day = " ".join(word.strip(".,") for word in self._table.headings[column].split()[:3]) + " 12:00"
        timed = self._scope.calendar.instant(day)
        return (timed.session if timed is not None else None) or SessionId("")


@dataclass(slots=True)
class _Open:
    """A join that waits for its leave."""

    name: str
    person: PersonKey | address.BadAddress
    role: Role
    line: int
    timed: Timed


class Actions:
    """Rows that tell one event each, joined or left; paired per person, or per connection where there is one."""

    def __init__(self, scope: Scope, table: Table, emit: Emit) -> None:
        self._scope, self._table, self._emit = scope, table, emit
        self._who = _Who(table)
        self._action = table.index("action")
        self._moment = max(table.index("utc_timestamp"), table.index("timestamp"))
        self._connection = table.index("connection")
        self._participant = table.index("upn")
        self._open: dict[tuple[str, str], _Open] = {}
        self._events: list[tuple[int, int, int, list[str], Timed]] = []

    def row(self, line: int, cells: list[str]) -> None:
        """Take note of one event; they are paired in the order of time at the end."""
        if len(cells) <= max(self._action, self._moment):
            self._unusable(line, "short_row", cells)
            return
        joined = vocabulary.means("joined", cells[self._action])
        if not joined and not vocabulary.means("left", cells[self._action]):
            self._unusable(line, "unreadable_time", cells)
            return
        timed = self._scope.calendar.instant(cells[self._moment])
        if timed is None:
            self._unusable(line, "unreadable_time", cells)
        elif timed.session is None:
            self._unusable(line, "outside_session_date", cells)
        else:
            # At one moment somebody leaves before joining again.
            self._events.append((timed.start, int(joined), line, cells, timed))

    def finish(self) -> None:
        """Pair the events and close what is open at the session's end."""
        for _, joined, line, cells, timed in sorted(self._events, key=lambda event: event[:3]):
            person = self._person(cells)
            key = self._key(cells, person)
            before = self._open.get(key)
            if before is not None and before.timed.session != timed.session:
                self._close(self._open.pop(key))
                before = None
            if joined and before is None:
                self._open[key] = _Open(self._who.listed_name(cells), person, self._table.role, line, timed)
            elif not joined and before is not None:
                self._add(self._open.pop(key), timed.start)
            elif not joined:
                self._unusable(line, "unreadable_time", cells)
        for one in self._open.values():
            self._close(one)
        self._open.clear()

    def _person(self, cells: list[str]) -> PersonKey | address.BadAddress:
        """Return the address; a live event gives it as participant id."""
        if self._table.has_addresses:
            return self._who.person(cells)
        return _address(_cell(cells, self._participant)) if self._participant >= 0 else address.BadAddress.MISSING

    def _key(self, cells: list[str], person: PersonKey | address.BadAddress) -> tuple[str, str]:
        """Return what pairs a leave with its join."""
        who = self._who.listed_name(cells) if isinstance(person, address.BadAddress) else person
        return who, _cell(cells, self._connection) if self._connection >= 0 else ""

    def _close(self, one: _Open) -> None:
        """End a join at its session's end; one that began later counts nothing."""
        assert one.timed.session is not None  # noqa: S101 -- noted only with a session
        _, end = self._scope.windows[one.timed.session]
        if end > one.timed.start:
            self._add(one, end)

    def _add(self, one: _Open, end: int) -> None:
        """Emit one join."""
        assert one.timed.session is not None  # noqa: S101 -- noted only with a session
        interval = Interval(datetime.fromtimestamp(one.timed.start, UTC), datetime.fromtimestamp(end, UTC))
        person = NOBODY if isinstance(one.person, address.BadAddress) else one.person
        self._emit(Join(one.timed.session, person, interval, one.line, one.name, one.role))
        if isinstance(one.person, address.BadAddress) and (self._participant >= 0 or self._table.has_addresses):
            seconds = end - one.timed.start
            row = UnusableRow(self._scope.file, one.line, one.person.value, one.name, self._table.title, seconds)
            self._emit(row)

    def _unusable(self, line: int, reason: str, cells: list[str]) -> None:
        name = self._who.listed_name(cells)
        self._emit(UnusableRow(self._scope.file, line, reason, name, self._table.title))


class _Who:
    """Finds address, name and country in a row."""

    def __init__(self, table: Table) -> None:
        self._email = table.index("email")
        self._name = table.index("name")
        self._first, self._last = table.index("first"), table.index("last")
        self._country = table.index("country")
        self.has_parts = self._first >= 0 or self._last >= 0

    def person(self, cells: list[str]) -> PersonKey | address.BadAddress:
        """Return the key of the row's address, or what is wrong with it."""
        if self._email < 0 or self._email >= len(cells):
            return address.BadAddress.MISSING
        return _address(cells[self._email])

    def registered(self, cells: list[str]) -> str:
        """Return first and last name as one, empty where the table has none."""
        if not self.has_parts:
            return ""
        return _joined(_cell(cells, self._first), _cell(cells, self._last))

    def name(self, cells: list[str]) -> str:
        """Return the display name, else first and last name."""
        display = _cleaned(_cell(cells, self._name)) if self._name >= 0 else ""
        return display or self.registered(cells)

    def listed_name(self, cells: list[str]) -> str:
        """Return the name under which a report lists the row."""
        return self.name(cells)

    def country(self, cells: list[str]) -> str:
        """Return the country as it is spelled in the row."""
        return _cell(cells, self._country).strip()[:100] if self._country >= 0 else ""


def collector(scope: Scope, table: Table, emit: Emit) -> Times | Stated | Listed | Marked | Actions:
    """Return what turns the rows of *table* into records."""
    kinds: dict[Layout, type[Times | Stated | Listed | Marked | Actions]] = {
        Layout.TIMES: Times,
        Layout.STATED: Stated,
        Layout.LIST: Listed,
        Layout.MARKS: Marked,
        Layout.ACTIONS: Actions,
    }
    layout = table.format.layout
    if scope.times_of_day and layout is Layout.TIMES and table.index("duration") >= 0:
        layout = Layout.STATED
    return kinds[layout](scope, table, emit)


def _cell(cells: list[str], index: int) -> str:
    """Return a cell as it reads, empty where the row is too short."""
    if not 0 <= index < len(cells):
        return ""
    cell = cells[index]
    return vocabulary.unwrapped(cell) if cell[:1] in ("=", "'") else cell


def _is_total(cells: list[str]) -> bool:
    """Say whether a row without an address holds totals."""
    first = next((cell for cell in cells if cell.strip()), "")
    return vocabulary.means("total", first) or all(not c.strip() or c.strip(" ,.").isdigit() for c in cells)


def _stated(
    session: SessionId, person: PersonKey, line: int, name: str, seconds: int, role: Role = Role.ATTENDEE
) -> Join:
    """Return a join that has minutes only."""
    return Join(session, person, None, line, name, role, seconds, Basis.STATED)


@lru_cache(maxsize=16_384)
def _address(cell: str) -> PersonKey | address.BadAddress:
    return address.read(vocabulary.unwrapped(cell))


@lru_cache(maxsize=16_384)
def _cleaned(cell: str) -> str:
    return names.clean(cell)


@lru_cache(maxsize=16_384)
def _joined(first: str, last: str) -> str:
    return names.joined(first, last)
