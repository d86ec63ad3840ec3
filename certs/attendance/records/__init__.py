"""Rows of a table turned into joins, registrations, marks and unusable rows.

One class per layout. A row that cannot be credited is reported with its line and reason, never dropped: `no_email`,
`bad_email`, `two_emails_in_cell`, `leave_before_join`, `missing_leave`, `unreadable_time`, `outside_session_date`,
`short_row`, `waiting_room_only`, `unknown_attendance`, `totals_row`. A row without an address becomes a join of nobody
as well, so that a person can say whose it is.
"""

from collections.abc import Sequence

from certs.attendance.records.actions import Actions
from certs.attendance.records.listed import Listed, Marked
from certs.attendance.records.scope import Emit, Findings, Record, Scope
from certs.attendance.records.stated import Stated
from certs.attendance.records.times import Times
from certs.attendance.records.who import Who
from certs.attendance.tables.formats import Layout
from certs.attendance.tables.table import Table
from certs.model import UnusableRow

__all__ = ["Actions", "Collector", "Findings", "Record", "Scope", "collector", "cut_row"]

Collector = Times | Stated | Listed | Marked | Actions


def collector(scope: Scope, table: Table, emit: Emit) -> Collector:
    """Return what turns the rows of *table* into records."""
    kinds: dict[Layout, type[Collector]] = {
        Layout.TIMES: Times,
        Layout.STATED: Stated,
        Layout.LIST: Listed,
        Layout.MARKS: Marked,
        Layout.ACTIONS: Actions,
    }
    layout = table.format.layout
    if (scope.times_of_day or scope.totals_first) and layout is Layout.TIMES and table.index("duration") >= 0:
        layout = Layout.STATED
    return kinds[layout](scope, table, emit)


def cut_row(file: str, line: int, table: Table | None, whole: Sequence[str]) -> UnusableRow:
    """Return the report of a row that the end of the file cut; *whole* are its cells that are not."""
    if table is None:
        return UnusableRow(file, line, "truncated_row")
    columns = [table.index("name")] if table.index("name") >= 0 else [table.index("first"), table.index("last")]
    name = Who(table).name(list(whole)) if max(columns) < len(whole) else ""
    return UnusableRow(file, line, "truncated_row", name, table.title)
