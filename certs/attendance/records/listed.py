"""Rows without times or minutes: registrations, and status letters."""

from certs.attendance.records.scope import Emit, Scope
from certs.attendance.records.who import Who, cell_of, is_total
from certs.attendance.tables.table import Table
from certs.ground import address
from certs.model import Mark, Registration, SessionId, UnusableRow


class Listed:
    """Rows of a registration list."""

    def __init__(self, scope: Scope, table: Table, emit: Emit) -> None:
        self._scope, self._table, self._emit = scope, table, emit
        self._who = Who(table)

    def row(self, line: int, cells: list[str]) -> None:
        """Turn one row into a registration."""
        person = self._who.person(cells)
        if isinstance(person, address.BadAddress):
            if person is address.BadAddress.MISSING and (is_total(cells) or not self._who.listed_name(cells)):
                self._emit(UnusableRow(self._scope.file, line, "totals_row", section=self._table.title))
                return
            name = self._who.listed_name(cells)
            reason = "short_row" if len(cells) <= self._table.index("email") else person.value
            self._emit(UnusableRow(self._scope.file, line, reason, name, self._table.title))
            return
        name = self._who.registered(cells) or self._who.name(cells)
        country, organisation = self._who.whence(cells)
        self._emit(Registration(person, name, line, country, organisation=organisation))


class Marked:
    """Rows with a status letter for each session."""

    def __init__(self, scope: Scope, table: Table, emit: Emit) -> None:
        self._scope, self._table, self._emit = scope, table, emit
        self._who = Who(table)
        self._sessions = [self._session_of(column) for column in table.marks]

    def row(self, line: int, cells: list[str]) -> None:
        """Turn one row into marks."""
        person = self._who.person(cells)
        name = self._who.registered(cells) or self._who.name(cells)
        if isinstance(person, address.BadAddress):
            if not is_total(cells):
                self._emit(UnusableRow(self._scope.file, line, person.value, name, self._table.title))
            return
        self._emit(Registration(person, name, line, listed=False))
        for column, session in zip(self._table.marks, self._sessions, strict=True):
            letter = cell_of(cells, column).split("(")[0].strip()
            self._emit(Mark(session, person, "" if letter in ("?", "-") else letter, line))

    def _session_of(self, column: int) -> SessionId:
        """Return the session of a column by the date in its title, empty if there is none."""
        timed = self._scope.calendar.instant(self._table.moment(column))
        return (timed.session if timed is not None else None) or SessionId("")
