"""Read one export: decode, split into cells, find the tables, make typed joins.

Every file is gone through twice: once to see what it is (tables, dates, totals, its end), once to turn rows into
records. So memory does not grow with the file, and the order of day and month is known before the first row counts.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeVar

from certs.attendance.plan import NOBODY, Plan, plan_of
from certs.attendance.questions import files
from certs.attendance.questions.question import Answers, Question, QuestionKind
from certs.attendance.questions.telephones import Telephones
from certs.attendance.records import Record
from certs.attendance.rows import cells, markup, source, workbook
from certs.attendance.tables.headers import plausibility, rate
from certs.errors import InputError, Problem
from certs.model import Join, Mark, Portion, Registration, Session, SessionId, UnusableRow
from certs.wording import joined, say

_KEPT_RECORDS = 20_000

One = TypeVar("One", Join, Registration, Mark, UnusableRow)


@dataclass
class Records:
    """Everything a file says, row by row, as often as needed; short ones are kept, long ones read again."""

    plans: Sequence[Plan]
    counts: Counter[str] = field(default_factory=Counter)
    """How many joins, registrations, unusable rows, … there are; known once `portions` were gone through."""
    _kept: list[Record] | None = field(default=None, repr=False)

    def __iter__(self) -> Iterator[Record]:
        if self._kept is not None:
            return iter(self._kept)
        records = (record for plan in self.plans for record in plan.records())
        if sum(plan.outline.survey.rows for plan in self.plans) > _KEPT_RECORDS:
            return records
        self._kept = list(records)
        return iter(self._kept)

    def doubts(self) -> list[Question]:
        """Return what single rows leave open; known once the records were gone through."""
        return [question for plan in self.plans for question in files.of_rows(plan.outline.rows.name, plan.findings)]

    def notes(self) -> list[str]:
        """Say what an organiser should know of the rows; known once the records were gone through."""
        return [note for plan in self.plans for note in files.rows_notes(plan.findings)]

    def portions(self) -> Iterator[Portion]:
        """Yield everything in portions, and count it on the way."""
        self.counts.clear()
        records = iter(self)
        while some := list(islice(records, _KEPT_RECORDS)):
            portion = _portion(some)
            for what in ("joins", "registrations", "unusable", "unmatched", "marks"):
                self.counts[what] += len(getattr(portion, what))
            yield portion

    def only(self, kind: type[One]) -> list[One]:
        """Return the records of one kind; for long files iterate instead."""
        return [record for record in self if isinstance(record, kind)]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file says.

    *session* is the session the file belongs to, None for a registration list, a file that covers several, and one
    whose order of day and month is to be asked; each join names its own. *questions* with an `assumed` answer were
    read with it; one without, see `unanswered`, blocks the file. *notes* are sentences on how the file was read, for
    the organiser to see. `records` gives everything row by row.
    """

    name: str
    sha256: str
    format: str
    session: SessionId | None
    records: Records
    questions: Sequence[Question] = ()
    notes: Sequence[str] = ()
    dates: str = ""
    """How a date was read that can be read two ways, empty where there is none."""

    @property
    def joins(self) -> list[Join]:
        """Joins of people with an address."""
        return [join for join in self.records.only(Join) if join.person]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many `joins`, `registrations`, `unusable` rows and so on there are."""
        if not self.records.counts:
            for _ in self.records.portions():
                pass
        return self.records.counts

    @property
    def unmatched(self) -> list[Join]:
        """Joins of rows without an address: `person` is empty."""
        return [join for join in self.records.only(Join) if not join.person]

    @property
    def registrations(self) -> list[Registration]:
        """Registrations, a person as often as the file lists her."""
        return self.records.only(Registration)

    @property
    def marks(self) -> list[Mark]:
        """Status letters, where the format gives those instead of times."""
        return self.records.only(Mark)

    @property
    def unusable(self) -> list[UnusableRow]:
        """Rows that cannot be credited to a person, with their reasons."""
        return self.records.only(UnusableRow)

    @property
    def unanswered(self) -> list[Question]:
        """Questions that must be answered before the file can be read."""
        return [question for question in self.questions if question.blocks]

    def require_answers(self) -> None:
        """Refuse a file that cannot be read without an answer.

        Raises:
            InputError: it cannot; says what is asked and how to answer.
        """
        if self.unanswered:
            raise InputError(*(Problem(q.text, self.name, _line(q)) for q in self.unanswered))


def _portion(records: list[Record]) -> Portion:
    """Sort *records* by what they are."""
    joins = [r for r in records if isinstance(r, Join)]
    return Portion(
        joins=[join for join in joins if join.person],
        registrations=[r for r in records if isinstance(r, Registration)],
        unusable=[r for r in records if isinstance(r, UnusableRow)],
        unmatched=[join for join in joins if not join.person],
        marks=[r for r in records if isinstance(r, Mark)],
    )


def read(
    name: str,
    data: bytes | Path,
    sessions: Sequence[Session],
    answers: Answers = Answers(),  # noqa: B008 -- frozen
    watch: Callable[[int], None] | None = None,
) -> Reading:
    """Return what the export *data* (its bytes, or where they lie), called *name*, says about *sessions*.

    *watch* is told of every piece of the file that was gone through, for a progress bar.

    Raises:
        InputError: it is no export we know, holds no person, or belongs to none of *sessions*.
    """
    file = source.Source(data, watch)
    if not file.size:
        raise InputError(Problem(say("The file is empty: export it again."), name))
    sheets, notes = _sheets(name, file)
    plans = [plan for plan in (plan_of(rows, sessions, answers) for rows in sheets) if plan is not None]
    plans = _visible(plans)
    if not plans:
        raise InputError(Problem(_NOTHING_FOUND, name))
    if not any(plan.outline.survey.has_people for plan in plans):
        raise InputError(Problem(NOBODY, name))
    records = Records(plans)
    questions = [question for plan in plans for question in files.of_outline(plan.outline)]
    main = max((plan.outline for plan in plans), key=lambda outline: outline.survey.rows)
    reading = Reading(
        name=name,
        sha256=file.sha256,
        format=main.format.name,
        session=None if any(q.kind is QuestionKind.DATE_ORDER for q in questions) else _only_session(plans),
        records=records,
        questions=questions,
        notes=[*notes, *(note for plan in plans for note in files.notes(plan.outline))],
        dates=files.dates(main),
    )
    if not reading.unanswered:
        _refuse_if_nobody(name, plans, records)
    return reading


def look_through(telephones: Telephones, name: str, data: bytes) -> None:
    """Note the telephone numbers in one export, and whose they are.

    Raises:
        InputError: it is no table at all.
    """
    telephones.look_through(name, _sheets(name, source.Source(data))[0])


_NOTHING_FOUND = say(
    "This is no report we know: no row has the column titles of an attendance or registration export"
    " (such as Name, Email, Join Time, Leave Time). Export it again as the platform makes it."
)


_FOREIGN = {
    b"%PDF": say("a PDF"),
    b"\x89PNG": say("a picture"),
    b"\xff\xd8\xff": say("a picture"),
    b"\x1f\x8b": say("an archive"),
    b"7z\xbc\xaf": say("an archive"),
    b"Rar!": say("an archive"),
}
"""What other files begin with."""


def _sheets(name: str, file: source.Source) -> tuple[list[cells.Rows], list[str]]:
    """Return the rows of each sheet, or of the one text, and how they were decoded."""
    head = file.head()
    if workbook.is_workbook(head):
        return cells.of_workbook(name, file), []
    for beginning, what in _FOREIGN.items():
        if head.startswith(beginning):
            raise InputError(
                Problem(say("This is {what}, not a table: export the report as CSV or XLSX.", what=what), name)
            )
    try:
        encoding = source.encoding_of(file, plausibility)
    except source.LongLineError as error:
        raise cells.no_text(name, error) from None
    notes: list[str] = []
    if not encoding.certain:
        notes.append(
            say("The file is not UTF-8; it was read as {encoding}: look at the names.", encoding=encoding.name)
        )
    if markup.is_markup(head):
        return cells.of_markup(name, file, encoding), notes
    return [cells.of_text(name, file, encoding, rate)], notes


def _visible(plans: list[Plan]) -> list[Plan]:
    """Leave out hidden sheets where visible ones have tables, and summaries where the joins themselves are there."""
    shown = [plan for plan in plans if not plan.outline.rows.hidden] or plans
    detailed = [plan for plan in shown if plan.outline.has_times]
    return [plan for plan in shown if plan.outline.has_times or not plan.outline.is_summary] if detailed else shown


def _only_session(plans: list[Plan]) -> SessionId | None:
    """Return the session, if all tables belong to one."""
    found = {session for plan in plans for session in plan.outline.session_ids}
    return found.pop() if len(found) == 1 else None


def _refuse_if_nobody(name: str, plans: list[Plan], records: Records) -> None:
    """Refuse a file that credits no presence to anybody, whether registered or not, though it has rows of presence.

    Raises:
        InputError: no row counts for anybody.
    """
    registered, unusable = False, []
    for record in records:
        if isinstance(record, UnusableRow):
            unusable.append(record)
        elif isinstance(record, Registration):
            registered = True
        else:
            return
    elsewhere = next((row for row in unusable if row.reason == "outside_session_date"), None)
    first = elsewhere or (unusable[0] if unusable else None)
    if registered and elsewhere is None:
        return
    outside = [text for plan in plans for text in files.outside(plan.outline)]
    text = outside[0] if outside else _nobody(first)
    raise InputError(Problem(text, name, first.line if first is not None else 0))


def _nobody(first: UnusableRow | None) -> str:
    """Say that no row counts, and of the *first* one why."""
    text = say("No row of this report can be credited to anybody.")
    return joined([text, say("The first one: {reason}.", reason=first.reason)]) if first is not None else text


def _line(question: Question) -> int:
    """Return where in the file a question arises."""
    return question.evidence[0].line if question.evidence else 0
