"""What a table is about: people in a session, or something that only looks like it.

A table that nobody knows must not pass as a list of registrations, for then nobody came. So what lists meetings,
arrivals, totals over several sessions or a column for each session is named as that and refused, with what to export
instead; and a list of addresses that shows no sign of being one of registrations is asked about.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from certs.attendance import vocabulary
from certs.attendance.tables.formats import Layout
from certs.attendance.tables.headers import JOINS
from certs.attendance.tables.survey import Survey
from certs.attendance.tables.table import Table
from certs.attendance.times import durations, moments
from certs.model import Session

MEETINGS = (
    "This lists meetings with their hosts, and nobody's attendance. In the platform's list of meetings, open the number"
    " of participants of each meeting, and export that list."
)
ARRIVALS = (
    "This says who arrived ({titles}), not how long anybody stayed. Export the report with the times of joining and"
    " leaving, or add the people by hand: certs evidence add."
)
SERIES = (
    'This adds up several sessions ("{title}"): it does not say who was in which. Export the report of each session,'
    " with the times of joining and leaving."
)
MATRIX = (
    'The columns "{first}" to "{last}" are one for each session: such a table is not read, since nobody knows what'
    " its cells mean. Give each join a row, or each session a file with minutes."
)
_WHO_ONLY = (
    "The report says who attended but not how long: export it with the times of joining and leaving,"
    " or add people by hand with their evidence."
)
_REGISTERS = frozenset({"registered", "approval", "order"})
"""Columns that only lists of registrations have."""
_NAMED = re.compile(
    r"regist|inscri|anmeld|iscri|rejestr|enrol|rsvp|sign-?up|регистр|注册|报名|登録|등록|تسجيل|kayıt|inschrijv|tilmeld|påmeld|anmäl",
    re.IGNORECASE,
)
_NAMED_OTHERWISE = re.compile(
    r"attend|present|came|check-?in|asist|teilnahm|участ|出席|签到|poll|survey|feedback", re.I
)
_TITLES = {
    "telephone": re.compile(r"phone|mobile|mobil|téléphone|teléfono|telefon|whatsapp|телефон|电话|هاتف"),
    "names": re.compile(r"name|nombre|nom |nome|имя|фио|姓名|名字|اسم"),
    "a waiting room": re.compile(r"waiting|lobby|warteraum|espera|attente|ожидани|等候"),
    "a country": re.compile(r"countr|pays|país|staat|nation|страна|国家|بلد"),
}
_MOST_NAMED = 6
_NUMBERED = re.compile(r"\d+")
_LENGTHS = re.compile(r"\d{1,4}(?:[.,]\d+)?\s?%?")


def refusal(survey: Survey, sessions: Sequence[Session]) -> str:
    """Say why the tables of a file tell of nobody's presence in a session, empty if they do or may."""
    for table in survey.tables:
        if _lists_meetings(table, survey.sampled(table)):
            return MEETINGS
    main = survey.tables
    series = next((table for table in main if _adds_up(table, survey.sampled(table))), None)
    if series is not None:
        return SERIES.format(title=series.headings[series.index("series")])
    lists = [table for table in main if table.format.layout is Layout.LIST]
    if len(lists) < len(main):
        return ""
    for table in lists:
        titles = _arrivals(table, survey.sampled(table))
        if titles:
            return ARRIVALS.format(titles=" and ".join(f'"{title}"' for title in titles[:3]))
        matrix = matrix_of(table, survey.sampled(table), sessions)
        if matrix and not _REGISTERS & table.columns.keys():
            return MATRIX.format(first=matrix[0], last=matrix[-1])
    return ""


def shows_registrations(survey: Survey, name: str, sheet: str, sessions: Sequence[Session]) -> bool:
    """Say whether a list shows that it is one of registrations: by its columns, a title, or what somebody called it."""
    for table in survey.tables:
        by_columns = _REGISTERS & table.columns.keys()
        by_title = vocabulary.means("registration", table.title) or _REGISTERS & survey.titles
        by_name = any(_NAMED.search(one) and not _NAMED_OTHERWISE.search(one) for one in (name, sheet))
        if not (by_columns or by_title or by_name):
            return False
        if matrix_of(table, survey.sampled(table), sessions):
            return False
    return True


def matrix_of(table: Table, sample: Sequence[Sequence[str]], sessions: Sequence[Session]) -> list[str]:
    """Return the titles of columns that are one for each session and hold marks or minutes, empty if fewer than two."""
    families: dict[str, list[int]] = defaultdict(list)
    known = {vocabulary.plain(text) for session in sessions for text in (session.id, session.title)}
    for index, title in enumerate(table.headings):
        plain = vocabulary.plain(title)
        if plain in known:
            families[""].append(index)
        elif plain and index not in table.columns.values() and _NUMBERED.search(plain):
            families[_NUMBERED.sub("#", plain)].append(index)
    for family in families.values():
        if len(family) > 1 and all(_holds_marks(index, sample) for index in family):
            return [table.headings[index] for index in family]
    return []


def unused(table: Table, sample: Sequence[Sequence[str]]) -> str:
    """Name the columns of *table* that nobody looks at, and among them those that look as if they mattered."""
    used = set(table.columns.values()) | set(table.marks) | set(table.meeting)
    left = {index: title.strip() for index, title in enumerate(table.headings) if title.strip() and index not in used}
    if not left:
        return ""
    telling = {index: what for index in left if (what := _may_matter(index, left[index], sample))}
    plain = [f'"{left[index]}"' for index in left if index not in telling]
    more = f" and {len(plain) - _MOST_NAMED} more" if len(plain) > _MOST_NAMED else ""
    matter = ", ".join(f'"{left[index]}" ({what})' for index, what in telling.items())
    said = f"Columns not used: {', '.join(plain[:_MOST_NAMED])}{more}." if plain else ""
    return f"{said} Not used either, though they may matter: {matter}.".strip() if matter else said


def _may_matter(index: int, title: str, sample: Sequence[Sequence[str]]) -> str:
    """Say what a column that nobody looks at seems to hold, empty where it is none of what counts."""
    filled = [row[index].strip() for row in sample if index < len(row) and row[index].strip()]
    if filled and sum("@" in cell for cell in filled) * 2 > len(filled):
        return "addresses"
    plain = vocabulary.plain(title)
    return next(
        (what for what in ("telephone", "names", "a waiting room", "a country") if _TITLES[what].search(plain)), ""
    )


def _lists_meetings(table: Table, sample: Sequence[Sequence[str]]) -> bool:
    """Say whether a table has a row for each meeting: then the only people in it are hosts."""
    if not table.meeting or JOINS & table.columns.keys():
        return False
    if "total_participants" in table.columns:
        return True
    people: dict[tuple[str, ...], set[str]] = defaultdict(set)
    at = table.index("email")
    for cells in sample:
        meeting = tuple(cells[index] for index in table.meeting if index < len(cells))
        people[meeting].add(cells[at] if 0 <= at < len(cells) else "")
    return not any(len(found) > 1 for found in people.values())


def _adds_up(table: Table, sample: Sequence[Sequence[str]]) -> bool:
    """Say whether a table has totals over several sessions."""
    at = table.index("series")
    counted = (cells[at].strip() for cells in sample if 0 <= at < len(cells))
    return any(cell.isdigit() and int(cell) > 1 for cell in counted)


def _arrivals(table: Table, sample: Sequence[Sequence[str]]) -> list[str]:
    """Return the titles of the columns that say who arrived, in a list without lengths."""
    columns = {"arrived", "join", "leave", *JOINS} & table.columns.keys()
    found = [table.headings[table.columns[column]] for column in sorted(columns)]
    if table.index("status") >= 0 and _says_arrived(table.index("status"), sample):
        found.append(table.headings[table.index("status")])
    unknown = (i for i, title in enumerate(table.headings) if title and not vocabulary.column(title))
    return found or [table.headings[index] for index in unknown if _says_arrived(index, sample)]


def _says_arrived(index: int, sample: Sequence[Sequence[str]]) -> bool:
    """Say whether a column says of anybody that she arrived."""
    return any(vocabulary.means("arrived", cells[index]) for cells in sample if index < len(cells))


def _holds_marks(index: int, sample: Sequence[Sequence[str]]) -> bool:
    """Say whether a column holds nothing but marks, yes and no, or numbers, and something at all."""
    cells = [row[index].strip() if index < len(row) else "" for row in sample]
    return any(cells) and all(_is_mark(cell) for cell in cells)


def _is_mark(cell: str) -> bool:
    return bool(
        _LENGTHS.fullmatch(cell)
        or any(vocabulary.means(meaning, cell) for meaning in ("mark", "yes", "no", "nothing", "arrived"))
        or durations.seconds(cell) is not None
    )


def no_list(survey: Survey) -> str:
    """Say why a table without times is no list of registrations, empty if it is one."""
    if survey.says_who:
        return _WHO_ONLY
    if survey.untitled_times:
        titles = " and ".join(f'"{title}"' for title in survey.untitled_times[:2])
        return (
            f"{titles} hold times under titles we do not know: name them Joined and Left, or take them out of a list."
        )
    days = [title for table in survey.tables for title in table.headings if _is_day(title)]
    if len(days) > 1:
        return (
            f'The columns "{days[0]}" to "{days[-1]}" are days: a table of days is not read, since nobody knows what'
            " its cells mean. Give each join a row, or each day a file with minutes."
        )
    return ""


def _is_day(title: str) -> bool:
    """Say whether the title of a column is a date."""
    found = moments.dates(title) if any(c.isdigit() for c in title) else None
    return found is not None and bool(found.readings)
