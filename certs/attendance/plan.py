"""How one file or sheet is read: its session, zone and order of dates, what it asks, and its records.

A first pass, the `survey`, says what there is; the second makes the records, when nothing is left to ask.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from functools import cached_property

from certs.attendance import doubts, records, settling, shifts, subject
from certs.attendance.calendar import Calendar, Timed, favourites
from certs.attendance.cells import Rows
from certs.attendance.formats import Format, Layout
from certs.attendance.lengths import Lengths, has_gap, lengths
from certs.attendance.question import Answers, DateOrder, Question
from certs.attendance.records import Actions, Findings, Record, Scope
from certs.attendance.shifts import Shift
from certs.attendance.stamps import with_colon
from certs.attendance.survey import Survey
from certs.attendance.tables import Totals, walk
from certs.errors import InputError, Problem
from certs.model import Session, SessionId


@dataclass
class Plan:
    """How one file or sheet is read."""

    rows: Rows
    survey: Survey
    format: Format
    sessions: Sequence[Session]
    answers: Answers
    zone: tzinfo | None
    orders: list[DateOrder]
    fixed: Session | None
    assumed: Session | None
    only_day: date | None
    calendar: Calendar
    undecided: list[date] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    notes: list[str] = field(default_factory=list)

    @property
    def rows_seen(self) -> int:
        """How many data rows the first pass saw."""
        return self.survey.rows

    @property
    def has_people(self) -> bool:
        """Say whether any row names somebody."""
        return self.survey.has_people

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
            return f"{cut.why} (row at line {cut.line})"
        return f"its last row stops in the middle (line {cut.line})" if self._broken else self.survey.missing

    @property
    def _broken(self) -> int:
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

    def questions(self) -> list[Question]:
        """Return what the file leaves open, in the order in which it is asked."""
        return doubts.of_plan(self)

    def outside(self) -> list[str]:
        """Say that none of the file's days is a session's day, if that is so."""
        days = self.calendar.days(self.survey.seen)
        if not days or any(days.values()):
            return []
        return [doubts.outside_text(sorted(days), self.sessions, self.fixed)]

    def records(self) -> Iterator[Record]:
        """Go through the rows again and yield what they say.

        Nothing is yielded while the file cannot be read for want of an answer.
        """
        if any(q.kind.of_file and not q.assumed for q in self.questions()):
            return
        self.findings.clear()
        emitted: list[Record] = []
        scope = self._scope()
        collectors: dict[int, records.Collector] = {}
        broken, whole, table = self._broken, self.rows.cut.cells, None
        for table, line, cells in walk(self.rows, Totals()):
            collector = collectors.get(table.line)
            if collector is None:
                collector = collectors[table.line] = records.collector(scope, table, emitted.append)
            if not broken or line < broken:
                collector.row(line, cells)
            elif line == broken:
                whole = cells[:-1]
            if emitted:
                yield from emitted
                emitted.clear()
        if broken:
            yield records.cut_row(self.rows.name, broken, table, whole)
        for collector in collectors.values():
            if isinstance(collector, Actions):
                collector.finish()
        yield from emitted

    def _scope(self) -> Scope:
        """Return what holds for all rows."""
        summary = any(t.format.layout is Layout.STATED and t.has_addresses for t in self.survey.tables)
        return Scope(
            file=self.rows.name,
            calendar=self.calendar,
            session=self.fixed or self.assumed,
            times_count=self.times_count or bool(self.gaps),
            summary_lists_nameless=summary and self.has_times,
            findings=self.findings,
            windows={s.id: (int(s.window.start.timestamp()), int(s.window.end.timestamp())) for s in self.sessions},
            has_addresses=self.has_addresses,
            times_of_day=self.times_of_day,
            minutes_first=self.survey.minutes_first,
            unit=self.lengths.unit if self.has_times else self.answers.unit,
            totals_first=bool(self.gaps),
        )


_ENDLESS = "This is no report: it has more tables or dates than any export."
_ROWS_BETWEEN_CHECKS = 256
NOBODY = "The report has no person in it: check that it is the right export."


def plan_of(rows: Rows, sessions: Sequence[Session], answers: Answers) -> Plan | None:
    """Go through *rows* once and return how they are read, None if they hold no table we know.

    Raises:
        InputError: an answer names a session that does not exist or a date order the file contradicts; or there are
            header rows and not a single row below them.
    """
    survey = _surveyed(rows)
    if survey.addressed_names and not any("email" in table.columns for table in survey.tables):
        rows.addressed = True
        survey = _surveyed(rows)
    if not survey.tables:
        return None
    layout_rank = [Layout.TIMES, Layout.ACTIONS, Layout.MARKS, Layout.STATED, Layout.LIST]
    main = min(survey.tables, key=lambda table: layout_rank.index(table.format.layout)).format
    refusal = survey.rivalry or subject.refusal(survey, sessions) or main.refusal
    refusal = refusal or (subject.no_list(survey) if main.layout is Layout.LIST else "")
    if refusal:
        raise InputError(Problem(refusal, rows.name))
    fixed = settling.fixed_session(rows, sessions, answers)
    zone = settling.zone_of(main, survey, answers)
    considered = [fixed] if fixed is not None else sessions
    orders = settling.orders_of(rows, survey, considered, zone, answers)
    assumed = fixed or settling.assumed_session(rows, survey.totals.started, sessions)
    only_day = settling.only_day(assumed, zone)
    settling.refuse_times_of_either_day(rows, survey, assumed)
    calendar = Calendar(considered, orders[0] if orders else None, zone, only_day)
    plan = Plan(rows, survey, main, sessions, answers, zone, orders, fixed, assumed, only_day, calendar)
    _settle_shared_days(plan)
    return plan


def _surveyed(rows: Rows) -> Survey:
    """Go through *rows* once.

    Raises:
        InputError: there are more tables than in any export, or header rows and not a single whole row below them.
    """
    survey = Survey()
    for table, line, cells in walk(rows, survey.totals):
        survey.take(table, line, cells)
        if survey.rows % _ROWS_BETWEEN_CHECKS == 0 and survey.is_endless:
            break
    if survey.is_endless:
        raise InputError(Problem(_ENDLESS, rows.name))
    if not survey.tables and survey.totals.headers:
        cut = rows.cut
        raise InputError(
            Problem(f"The file holds no whole row: {cut.why}." if cut.why else NOBODY, rows.name, cut.line)
        )
    return survey


def _settle_shared_days(plan: Plan) -> None:
    """Decide which session counts on days that have several, by where the joins lie."""
    shared = plan.calendar.shared_days(plan.survey.seen)
    if not shared:
        return
    decided, plan.undecided = favourites(plan.calendar, shared, _joins(plan.rows))
    plan.calendar.favour(decided)


def _joins(rows: Rows) -> Iterator[tuple[str, str]]:
    """Yield the cells of join and leave."""
    for table, _, cells in walk(rows, Totals()):
        join, leave = table.index("join"), table.index("leave")
        if table.format.layout is Layout.TIMES and 0 <= max(join, leave) < len(cells):
            yield with_colon(cells[join]), with_colon(cells[leave])
