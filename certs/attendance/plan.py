"""How one file or sheet is read: what its outline is, and how its rows become records.

A first pass, the `survey`, says what there is; the second makes the records, when nothing is left to ask.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from certs.attendance import records
from certs.attendance.questions import files, settling
from certs.attendance.questions.outline import Outline
from certs.attendance.questions.question import Answers
from certs.attendance.records import Actions, Findings, Record, Scope
from certs.attendance.rows.cells import Rows
from certs.attendance.tables import subject
from certs.attendance.tables.formats import Layout
from certs.attendance.tables.survey import Survey
from certs.attendance.tables.table import Totals, walk
from certs.attendance.times.calendar import Calendar, favourites
from certs.attendance.times.stamps import with_colon
from certs.errors import InputError, Problem
from certs.model import Session
from certs.wording import say


@dataclass
class Plan:
    """How one file or sheet is read, and what its rows left open the last time."""

    outline: Outline
    findings: Findings = field(default_factory=Findings)

    def records(self) -> Iterator[Record]:
        """Go through the rows again and yield what they say.

        Nothing is yielded while the file cannot be read for want of an answer.
        """
        if any(question.blocks for question in files.of_outline(self.outline)):
            return
        self.findings.clear()
        emitted: list[Record] = []
        scope = self._scope()
        collectors: dict[int, records.Collector] = {}
        broken, whole, table = self.outline.broken, self.outline.rows.cut.cells, None
        for table, line, cells in walk(self.outline.rows, Totals()):
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
            yield records.cut_row(self.outline.rows.name, broken, table, whole)
        for collector in collectors.values():
            if isinstance(collector, Actions):
                collector.finish()
        yield from emitted

    def _scope(self) -> Scope:
        """Return what holds for all rows."""
        outline = self.outline
        summary = any(t.format.layout is Layout.STATED and t.has_addresses for t in outline.survey.tables)
        return Scope(
            file=outline.rows.name,
            calendar=outline.calendar,
            session=outline.fixed or outline.assumed,
            times_count=outline.times_count or bool(outline.gaps),
            summary_lists_nameless=summary and outline.has_times,
            findings=self.findings,
            windows={s.id: (int(s.window.start.timestamp()), int(s.window.end.timestamp())) for s in outline.sessions},
            has_addresses=outline.has_addresses,
            times_of_day=outline.times_of_day,
            minutes_first=outline.survey.minutes_first,
            unit=outline.lengths.unit if outline.has_times else outline.answers.unit,
            totals_first=bool(outline.gaps),
        )


_ENDLESS = say("This is no report: it has more tables or dates than any export.")
_ROWS_BETWEEN_CHECKS = 256
NOBODY = say("The report has no person in it: check that it is the right export.")


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
    outline = Outline(rows, survey, main, sessions, answers, zone, orders, fixed, assumed, calendar)
    _settle_shared_days(outline)
    return Plan(outline)


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
        text = say("The file holds no whole row: {why}.", why=cut.why) if cut.why else NOBODY
        raise InputError(Problem(text, rows.name, cut.line))
    return survey


def _settle_shared_days(outline: Outline) -> None:
    """Decide which session counts on days that have several, by where the joins lie."""
    shared = outline.calendar.shared_days(outline.survey.seen)
    if not shared:
        return
    decided, outline.undecided = favourites(outline.calendar, shared, _joins(outline.rows))
    outline.calendar.favour(decided)


def _joins(rows: Rows) -> Iterator[tuple[str, str]]:
    """Yield the cells of join and leave."""
    for table, _, cells in walk(rows, Totals()):
        join, leave = table.index("join"), table.index("leave")
        if table.format.layout is Layout.TIMES and 0 <= max(join, leave) < len(cells):
            yield with_colon(cells[join]), with_colon(cells[leave])
