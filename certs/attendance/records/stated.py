"""Rows with minutes only."""

from certs.attendance import vocabulary
from certs.attendance.records.scope import NOBODY, Emit, Scope
from certs.attendance.records.who import Who, cell_of, is_total
from certs.attendance.tables.formats import Layout
from certs.attendance.tables.table import Table
from certs.attendance.times import durations, moments
from certs.attendance.times.stamps import with_colon
from certs.ground import address
from certs.model import Basis, Join, PersonKey, Registration, Role, SessionId, UnusableRow


class Stated:
    """Rows with minutes only, or whose minutes are truer than first join and last leave."""

    def __init__(self, scope: Scope, table: Table, emit: Emit) -> None:
        self._scope, self._table, self._emit = scope, table, emit
        self._duration = table.index("duration")
        self._start = max(table.index("join"), table.index("first_join"))
        self._attended = table.index("attended")
        self._waiting, self._role = table.index("waiting"), table.index("role")
        unit = scope.unit or table.unit if table.format.layout is Layout.TIMES else table.unit or scope.unit
        self._unit = unit or "minute"
        self._who = Who(table)
        self._longest: dict[tuple[PersonKey, SessionId], int] = {}

    def row(self, line: int, cells: list[str]) -> None:
        """Turn one row into records."""
        short = self._duration < 0 or len(cells) <= self._duration
        if short and self._scope.times_count:
            self._unusable(line, "short_row", cells)
            return
        person = self._who.person(cells)
        missing = isinstance(person, address.BadAddress)
        name = self._who.name(cells)
        if missing and vocabulary.means("anonymous", name):
            return
        if missing and is_total(cells):
            self._emit(UnusableRow(self._scope.file, line, "totals_row", section=self._table.title))
            return
        if self._waiting >= 0 and vocabulary.means("yes", cell_of(cells, self._waiting)):
            self._unusable(line, "waiting_room_only", cells)
            return
        if not missing and self._attended >= 0 and not self._says_present(line, cells):
            return
        seconds = None if short else self._seconds(cells[self._duration])
        if isinstance(person, address.BadAddress):
            self._without_address(line, cells, person, seconds)
        elif not self._scope.times_count:
            self._register(line, cells, person)
        elif seconds is None:
            self._unusable(line, "unreadable_time", cells)
        else:
            self._credit(line, cells, person, name, seconds)

    def _seconds(self, cell: str) -> int | None:
        return durations.seconds(cell, minutes_first=self._scope.minutes_first, unit=self._unit)

    def _says_present(self, line: int, cells: list[str]) -> bool:
        """Say whether the row's word on attendance is that she was there; who was not is registered all the same."""
        said = cell_of(cells, self._attended)
        if any(vocabulary.means(meaning, said) for meaning in ("yes", "live")):
            return True
        person = self._who.person(cells)
        if not isinstance(person, address.BadAddress):
            self._register(line, cells, person)
        if not any(vocabulary.means(meaning, said) for meaning in ("no", "nothing", "waited")):
            self._unusable(line, "unknown_attendance", cells)
        return False

    def _without_address(self, line: int, cells: list[str], person: address.BadAddress, seconds: int | None) -> None:
        """Report the row unless the format has no addresses at all, and keep its minutes to be claimed."""
        if self._table.has_addresses:
            self._unusable(line, person.value, cells, seconds)
        session = self._session(cells)
        if seconds is not None and session is not None and self._scope.times_count:
            self._emit(_stated(session, NOBODY, line, self._who.claimed_name(cells), seconds))

    def _credit(self, line: int, cells: list[str], person: PersonKey, name: str, seconds: int) -> None:
        session = self._session(cells)
        if session is None:
            self._unusable(line, "outside_session_date", cells, seconds)
            return
        self._register(line, cells, person)
        longest = self._longest.get((person, session))
        if longest is not None and seconds:
            self._scope.findings.add_further(min(longest, seconds))
        self._longest[person, session] = max(longest or 0, seconds)
        role = self._table.role
        if self._role >= 0 and vocabulary.means("host", cell_of(cells, self._role)):
            role = Role.HOST
        self._emit(_stated(session, person, line, name, seconds, role))

    def _register(self, line: int, cells: list[str], person: PersonKey) -> None:
        """Note first and last name, where the table gives them."""
        registered = self._who.registered(cells)
        if registered:
            country, organisation = self._who.whence(cells)
            self._emit(Registration(person, registered, line, country, False, organisation))

    def _session(self, cells: list[str]) -> SessionId | None:
        """Return the session of a row: by its date where it has one."""
        if self._start >= 0:
            cell = with_colon(cell_of(cells, self._start))
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


def _stated(
    session: SessionId, person: PersonKey, line: int, name: str, seconds: int, role: Role = Role.ATTENDEE
) -> Join:
    """Return a join that has minutes only."""
    return Join(session, person, None, line, name, role, seconds, Basis.STATED)
