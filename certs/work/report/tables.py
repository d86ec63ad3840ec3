"""The tables of a report, for the page and for CSV files: a cell has a value to count with and a text to read.

A value that is left out for privacy, or that the register does not know, is a word in both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from certs.work.deliver.spreadsheet import Cell as Value
from certs.work.deliver.spreadsheet import Verbatim
from certs.work.report.figures import UNCHECKED, UNKNOWN, Edition, Group, Report, SessionFigures
from certs.work.report.folding import OTHERS, Folding

NOT_KNOWN = "unknown"
STATES = ("valid", "expired", "replaced", "revoked", "waiting")
"""Shown always; certificates that could not be checked have a column where there are any."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a table."""

    value: Value
    text: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: *count* of *most*, or 0 where it is left out."""

    label: str
    count: int
    most: int
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; *bars* are the chart above them, empty where none says more than the table."""

    name: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    chart: str = ""
    bars: Sequence[Bar] = field(default=())


def words(text: str) -> Cell:
    """Return a cell of text."""
    return Cell(text, text)


def number(count: int | None, folding: Folding, *, hidden: bool = False) -> Cell:
    """Return a count of people or certificates, left out where it is small."""
    if count is None:
        return Cell(NOT_KNOWN, NOT_KNOWN)
    if folding.hides(count):
        return Cell(f"fewer than {folding.below}", f"< {folding.below}")
    return Cell("left out", "…") if hidden else Cell(count, f"{count:,}", is_number=True)


def hours(seconds: int, people: int | None, folding: Folding, *, hidden: bool = False) -> Cell:
    """Return a time in hours, left out where few *people* make it up."""
    if people is None:
        return Cell(NOT_KNOWN, NOT_KNOWN)
    if hidden or folding.hides(people):
        return Cell("left out", "…")
    return Cell(
        round(seconds / 3600, 2), f"{seconds / 3600:,.0f}" if seconds >= 36_000 else f"{seconds / 3600:,.1f}", True
    )


def day(value: date) -> Cell:
    """Return a date."""
    return Cell(value, f"{value.day} {value:%b %Y}".replace(" ", "\u00a0"))


def editions(report: Report, folding: Folding) -> Table:
    """Return the events side by side."""
    headings = [
        *("Title", "First day", "Last day", "Sessions", "Registered", "Attended", "Of 100 registered, attended"),
        *("Hold a certificate", "Hours of training", "Had come before"),
    ]
    rows = [_edition(one, folding) for one in report.editions]
    most = [one.attended for one in report.editions]
    bars = [_bar(one.event.title, one.attended, folding, most) for one in report.editions]
    several = len(report.editions) > 1
    return Table("editions", "In all", headings, rows, chart="People who attended", bars=bars if several else ())


def _edition(one: Edition, folding: Folding) -> list[Cell]:
    return [
        words(one.event.title),
        day(one.sessions[0].day),
        day(max(each.day for each in one.sessions)),
        Cell(len(one.sessions), str(len(one.sessions)), is_number=True),
        number(one.registered, folding),
        number(one.attended, folding),
        _share(one, folding),
        number(one.certified, folding),
        hours(one.seconds, one.attended, folding),
        words("first") if one.came_back is None else number(one.came_back, folding),
    ]


def _share(one: Edition, folding: Folding) -> Cell:
    """Return how many of a hundred who registered came."""
    if one.registered is None:
        return Cell(NOT_KNOWN, NOT_KNOWN)
    if any(map(folding.hides, (one.registered, one.came, one.registered - one.came))):
        return Cell("left out", "…")
    share = round(100 * one.came / one.registered)
    return Cell(share, str(share), is_number=True)


def sessions(edition: Edition, folding: Folding) -> Table:
    """Return the sessions of an event."""
    headings = [
        *("Session", "Title", "Day", "Registered", "Attended", "In the session's time", "Counts as attended"),
        *("Average minutes", "Hours"),
    ]
    rows = [_session(one, folding) for one in edition.sessions]
    most = [one.attended for one in edition.sessions]
    bars = [_bar(f"{one.id}  {one.title}", one.attended, folding, most) for one in edition.sessions]
    note = "Minutes and hours count only what lies in the session's scheduled time."
    if edition.missing:
        note += f" Nothing was imported of session {', '.join(edition.missing)}: what happened there is unknown."
    return Table("sessions", "By session", headings, rows, note, "People who attended", bars)


def _session(one: SessionFigures, folding: Folding) -> list[Cell]:
    few = folding.hides(one.in_time)
    average = Cell("left out", "…") if few else Cell("", "–")
    if one.in_time is None:
        average = Cell(NOT_KNOWN, NOT_KNOWN)
    elif one.in_time and not few:
        minutes = round(one.seconds / one.in_time / 60, 1)
        average = Cell(minutes, f"{minutes:,.0f}", is_number=True)
    counts = (one.registered, one.attended, one.in_time, one.counted)
    cells = [number(count, folding) for count in counts]
    shown = Verbatim(one.id) if one.id.isdecimal() and str(int(one.id)) == one.id else one.id
    return [
        Cell(shown, one.id),
        words(one.title),
        day(one.day),
        *cells,
        average,
        hours(one.seconds, one.in_time, folding),
    ]


def days(edition: Edition, folding: Folding) -> Table:
    """Return the days of an event."""
    rows = [
        [
            day(one.day),
            Cell(one.sessions, str(one.sessions), is_number=True),
            number(one.attended, folding),
            hours(one.seconds, one.attended, folding),
        ]
        for one in edition.days
    ]
    most = [one.attended for one in edition.days]
    bars = [_bar(day(one.day).text, one.attended, folding, most) for one in edition.days]
    return Table("days", "By day", ("Day", "Sessions", "Attended", "Hours"), rows, "", "People who attended", bars)


def groups(name: str, title: str, what: str, found: Sequence[Group], folding: Folding) -> Table:
    """Return people by what they said at registration."""
    shown = folding.groups(found)
    left_out = folding.hidden(shown)
    rows = [_group(one, folding, left_out) for one in shown]
    most = [one.attended for one in shown]
    bars = [_bar(_label(one, folding), one.attended, folding, most) for one in shown]
    note = "As people wrote it when they registered; spellings in other words are not put together."
    if all(one.label == UNKNOWN for one in found):
        note = f"No import says anybody's {what.lower()}."
        bars = []
    headings = (what, "Registered", "Attended", "Hold a certificate", "Hours")
    return Table(name, title, headings, rows, note, "People who attended", bars)


def _group(one: Group, folding: Folding, left_out: set[tuple[str, str]]) -> list[Cell]:
    def count(column: str) -> Cell:
        return number(getattr(one, column), folding, hidden=(one.label, column) in left_out)

    hidden = (one.label, "attended") in left_out
    return [
        words(_label(one, folding)),
        count("registered"),
        count("attended"),
        count("certified"),
        hours(one.seconds, one.attended, folding, hidden=hidden),
    ]


def _label(one: Group, folding: Folding) -> str:
    if one.label == OTHERS:
        return f"Others, each fewer than {folding.below}"
    return one.label if one.label != UNKNOWN else NOT_KNOWN


def certificates(edition: Edition, folding: Folding) -> Table:
    """Return certificates by kind and state; a column of its own for what could not be checked, if there is any."""
    odd = any(one.states.get(UNCHECKED) for one in edition.certificates)
    states = (*STATES, UNCHECKED) if odd else STATES
    rows = [
        [words(one.kind), words(one.title), *(number(one.states.get(state, 0), folding) for state in states)]
        for one in edition.certificates
    ]
    headings = ("Kind", "Title", *(state.capitalize() for state in states))
    note = "Waiting: ordered or held, and not issued yet."
    if odd:
        note += " Unknown: the register does not hold it as it was signed."
    return Table("certificates", "Certificates", headings, rows, note)


def of_edition(edition: Edition, folding: Folding) -> list[Table]:
    """Return all tables of one event."""
    return [
        sessions(edition, folding),
        days(edition, folding),
        groups("countries", "By country", "Country", edition.countries, folding),
        groups("organisations", "By organisation", "Organisation", edition.organisations, folding),
        certificates(edition, folding),
    ]


def _bar(label: str, count: int | None, folding: Folding, among: Sequence[int | None]) -> Bar:
    shown = 0 if count is None or folding.hides(count) else count
    return Bar(label, shown, max((one or 0 for one in among), default=0) or 1, number(count, folding).text)
