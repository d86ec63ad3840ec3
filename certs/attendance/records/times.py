"""Rows with join and leave."""

from dataclasses import replace
from datetime import UTC, datetime

from certs.attendance import vocabulary
from certs.attendance.records.scope import NOBODY, Contradiction, Emit, Scope, Unknowable
from certs.attendance.records.who import Who, cell_of, is_total
from certs.attendance.tables.table import Table
from certs.attendance.times import durations
from certs.attendance.times.calendar import Timed
from certs.attendance.times.moments import SECONDS_A_DAY
from certs.attendance.times.stamps import with_colon
from certs.ground import address
from certs.model import Interval, Join, PersonKey, Registration, Role, SessionId, UnusableRow

_MOST_LENGTHS = 4_096
"""So many different lengths are remembered; whole minutes of a day are fewer."""


class Times:
    """Rows with join and leave."""

    def __init__(self, scope: Scope, table: Table, emit: Emit) -> None:
        self._scope, self._table, self._emit = scope, table, emit
        self._join, self._leave = table.index("join"), table.index("leave")
        self._attended, self._waiting = table.index("attended"), table.index("waiting")
        self._duration = table.index("duration")
        unit = scope.unit
        self._has_unit, self._unit, self._tolerance = bool(unit), unit or "minute", durations.tolerance(unit)
        # Webinar reports have no roles; a column called so is a question of the organiser's own.
        self._role = table.index("role") if self._attended < 0 else -1
        self._lengths: dict[str, int] = {}
        self._who = Who(table)
        self._silent = scope.summary_lists_nameless

    def row(self, line: int, cells: list[str]) -> None:
        """Turn one row into records."""
        if len(cells) < self._table.needed:
            self._unusable(line, "short_row", cells)
            return
        join, leave = cells[self._join], cells[self._leave]
        if ":" not in join or ":" not in leave:
            join, leave = with_colon(join), with_colon(leave)
        if ":" not in join and self._is_no_presence(line, cells, join, leave):
            return
        if self._waiting >= 0 and vocabulary.means("yes", cell_of(cells, self._waiting)):
            self._unusable(line, "waiting_room_only", cells)
            return
        person = self._who.person(cells) if self._scope.has_addresses else NOBODY
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
        if missing and is_total(cells):
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
            country, organisation = self._who.whence(cells)
            self._emit(Registration(person, registered, line, country, False, organisation))
            if said_present or self._attended < 0:
                self._unusable(line, "unreadable_time", cells)
        return True

    def _timed(self, cells: list[str], join: str, leave: str) -> Timed | None:
        """Read both times; where the row's total is shorter than from one to the other there are gaps: it counts."""
        if self._duration < 0:
            return self._scope.calendar.span(join, leave)
        cell = cells[self._duration] if self._duration < len(cells) else ""
        stated = self._lengths.get(cell, -1)
        if stated < 0:
            stated = self._length(cell)
        timed = self._scope.calendar.span(join, leave, stated)
        if timed is None or not 0 < stated < timed.end - timed.start - self._tolerance:
            return timed
        known = self._has_unit or not durations.is_number(vocabulary.unwrapped(cell))
        if not known:
            return timed
        self._scope.findings.shorten(timed.end - timed.start - stated)
        return replace(timed, end=timed.start + stated, others=())

    def _length(self, cell: str) -> int:
        """Return the seconds that *cell* states, 0 for none; most are those of an earlier row."""
        read = durations.seconds(vocabulary.unwrapped(cell), minutes_first=self._scope.minutes_first, unit=self._unit)
        if len(self._lengths) < _MOST_LENGTHS:
            self._lengths[cell] = read or 0
        return read or 0

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
                self._emit(self._made(line, NOBODY, self._who.claimed_name(cells), timed, timed.session))
            if self._silent:
                return
        self._unusable(line, problem, cells, seconds)

    def _credit(self, line: int, cells: list[str], person: PersonKey, timed: Timed) -> None:
        """Emit the join, and the registration where the table gives first and last name."""
        assert timed.session is not None  # noqa: S101 -- a problem otherwise
        name = self._who.name(cells)
        if not person:
            self._emit(self._made(line, NOBODY, name, timed, timed.session))
            return
        if self._attended >= 0 and vocabulary.means("no", cells[self._attended]):
            self._scope.findings.contradictions.append(Contradiction(person, name, timed.session, line))
        if timed.others:
            self._doubt(line, person, name, timed, timed.session)
        if self._who.has_parts:
            registered = self._who.registered(cells)
            if registered:
                country, organisation = self._who.whence(cells)
                self._emit(Registration(person, registered, line, country, False, organisation))
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
        if self._role >= 0 and vocabulary.means("host", cell_of(cells, self._role)):
            return Role.HOST
        return self._table.role

    def _unusable(self, line: int, reason: str, cells: list[str], seconds: int | None = None) -> None:
        name = self._who.listed_name(cells)
        self._emit(UnusableRow(self._scope.file, line, reason, name, self._table.title, seconds))
