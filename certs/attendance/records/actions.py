"""Rows that tell one event each, paired into joins."""

from dataclasses import dataclass
from datetime import UTC, datetime

from certs.attendance import vocabulary
from certs.attendance.records.scope import NOBODY, Emit, Scope
from certs.attendance.records.who import Who, cell_of, key_of
from certs.attendance.tables.table import Table
from certs.attendance.times.calendar import Timed
from certs.attendance.times.stamps import with_colon
from certs.ground import address
from certs.model import Interval, Join, PersonKey, Role, UnusableRow


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
        self._who = Who(table)
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
        timed = self._scope.calendar.instant(with_colon(cells[self._moment]))
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
        return key_of(cell_of(cells, self._participant)) if self._participant >= 0 else address.BadAddress.MISSING

    def _key(self, cells: list[str], person: PersonKey | address.BadAddress) -> tuple[str, str]:
        """Return what pairs a leave with its join."""
        who = self._who.listed_name(cells) if isinstance(person, address.BadAddress) else person
        return who, cell_of(cells, self._connection) if self._connection >= 0 else ""

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
