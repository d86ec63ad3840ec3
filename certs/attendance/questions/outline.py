"""What is known of one file or sheet before its rows become records: its session, zone, order of dates, lengths, end.

Questions are put from it, and the plan reads by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from functools import cached_property

from certs.attendance.questions.question import Answers
from certs.attendance.rows.cells import Rows
from certs.attendance.tables import subject
from certs.attendance.tables.formats import Format, Layout
from certs.attendance.tables.survey import Survey
from certs.attendance.times import shifts
from certs.attendance.times.calendar import Calendar, Timed
from certs.attendance.times.lengths import Lengths, has_gap, lengths
from certs.attendance.times.moments import DateOrder
from certs.attendance.times.shifts import Shift
from certs.model import Session, SessionId
from certs.wording import say


@dataclass
class Outline:
    """One file or sheet as the first pass and the answers so far have it."""

    rows: Rows
    survey: Survey
    format: Format
    sessions: Sequence[Session]
    answers: Answers
    zone: tzinfo | None
    orders: list[DateOrder]
    fixed: Session | None
    assumed: Session | None
    calendar: Calendar
    undecided: list[date] = field(default_factory=list)

    @property
    def has_times(self) -> bool:
        """Say whether a table tells joins one by one."""
        return any(t.format.layout in (Layout.TIMES, Layout.ACTIONS) for t in self.survey.tables)

    @property
    def times_of_day(self) -> bool:
        """Say whether no time in the file has a date."""
        return bool(self.survey.seen.days) and not any(text.strip() for text in self.survey.seen.days)

    @property
    def is_summary(self) -> bool:
        """Say whether there is nothing but totals per person."""
        return all(t.format.layout is Layout.STATED for t in self.survey.tables)

    @property
    def has_addresses(self) -> bool:
        """Say whether the format has addresses at all."""
        return any(t.has_addresses or t.index("upn") >= 0 for t in self.survey.tables)

    @property
    def times_count(self) -> bool:
        """Say whether stated lengths count: where joins are told one by one, a table of totals only repeats them."""
        return not self.has_times or self.times_of_day

    @property
    def shows_registrations(self) -> bool:
        """Say whether a list shows that it is one of registrations, or the organiser said so."""
        if self.rows.name in self.answers.registered:
            return True
        return subject.shows_registrations(self.survey, self.rows.name, self.rows.sheet, self.sessions)

    @property
    def truncated(self) -> str:
        """Say how the file was cut short, empty if it was not."""
        cut = self.rows.cut
        if cut.why:
            return say("{why} (row at line {line})", why=cut.why, line=cut.line)
        if not self.broken:
            return self.survey.missing
        return say("its last row stops in the middle (line {line})", line=cut.line)

    @property
    def broken(self) -> int:
        """The line of the row that the end of the file cut, 0 where none is."""
        cut = self.rows.cut
        is_short = self.survey.last_is_short and cut.line == self.survey.last_line
        return cut.line if cut.why or is_short or (cut.line and cut.line == self.survey.totals.last_lone) else 0

    @property
    def session_ids(self) -> frozenset[SessionId]:
        """The sessions that the file's rows belong to."""
        if self.fixed is not None:
            return frozenset({self.fixed.id})
        if self.format.layout is Layout.LIST:
            return frozenset()
        if self.survey.seen.days and self.format.layout in (Layout.TIMES, Layout.ACTIONS):
            found = self.calendar.days(self.survey.seen).values()
            return frozenset(session.id for sessions in found for session in sessions)
        return frozenset({self.assumed.id}) if self.assumed is not None else frozenset()

    @cached_property
    def _spread(self) -> list[tuple[Timed, str]]:
        """Joins from all over the file as they are read, each with the cell of its length."""
        read = ((self.calendar.span(join, leave), length) for join, leave, length in self.survey.spread)
        return [(timed, length) for timed, length in read if timed is not None]

    @cached_property
    def _spans(self) -> list[tuple[int, str]]:
        """The seconds from joining to leaving, and the cell with the length, of rows from all over the file."""
        return [(timed.end - timed.start, length) for timed, length in self._spread]

    @cached_property
    def lengths(self) -> Lengths:
        """What is known of the lengths of the table with joins."""
        titled = next((t.unit for t in self.survey.tables if t.format.layout is Layout.TIMES), "")
        return lengths(titled, self._spans, self.answers.unit)

    @cached_property
    def gaps(self) -> int:
        """How many of the rows looked at have a total shorter than their span, where each person has one row."""
        tables = [table for table in self.survey.tables if table.format.layout is Layout.TIMES]
        if len(tables) != 1 or not self.survey.once:
            return 0
        unit, minutes_first = self.lengths.unit, self.survey.minutes_first
        return sum(has_gap(cell, unit, span, minutes_first=minutes_first) for span, cell in self._spans)

    @cached_property
    def shifts(self) -> list[Shift]:
        """Say which sessions' joins lie beside its window and would lie in it at another time."""
        return shifts.shifts((timed for timed, _ in self._spread), self.sessions)
