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
from certs.wording import hint, joined, listing, mark, say, say_marked, say_n

MEETINGS = say(
    "This lists meetings with their hosts, and nobody's attendance. In the platform's list of meetings, open the number"
    " of participants of each meeting, and export that list."
)
ARRIVALS = mark(
    "This says who arrived ({titles}), not how long anybody stayed. Export the report with the times of joining and"
    " leaving, or add the people by hand: {vouch}."
)
SERIES = mark(
    'This adds up several sessions ("{title}"): it does not say who was in which. Export the report of each session,'
    " with the times of joining and leaving."
)
MATRIX = mark(
    'The columns "{first}" to "{last}" are one for each session: such a table is not read, since nobody knows what'
    " its cells mean. Give each join a row, or each session a file with minutes."
)
ANSWERS = mark(
    'This lists what people answered or completed ("{title}"), and how long that took them: not how long they were in a'
    " session. If it is attendance nonetheless, take that column out; else export the report of who was there."
)
RECORDINGS = mark(
    'This lists who watched a recording ("{title}"), not who was in a session. Export the report of who was there; if'
    " it is that, take that column out."
)
MEET = say(
    "This looks like Google Meet's sheet without its column Duration: it has one row a person, from the first joining"
    " to the last leaving, and hides when she was away. Download it again with all columns."
)
REPLAYS = mark(
    '"{total}" may count the recording as well ("{replay}"). Take out both columns, and leave or add one with the time'
    " that people spent in the live session."
)
_WHO_ONLY = say(
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
_REPLAYED = re.compile(
    r"replay|archive|on[- ]?demand|recording|aufzeichnung|rediffusion|repetici|grabaci|gravação|回放|запис"
)
_TITLES = {
    say("telephone"): re.compile(r"phone|mobile|mobil|téléphone|teléfono|telefon|whatsapp|телефон|电话|هاتف"),
    say("names"): re.compile(r"name|nombre|nom |nome|имя|фио|姓名|名字|اسم"),
    say("a waiting room"): re.compile(r"waiting|lobby|warteraum|espera|attente|ожидани|等候"),
    say("time that may have to be taken off"): re.compile(
        r"\bbreaks?\b|\bpause|\baway\b|\babsen|\bidle|\blate\b|interrup|descanso|перерыв|отсутств|休息|缺席|استراحة"
    ),
    "the recording": _REPLAYED,
    say("a country"): re.compile(r"countr|pays|país|staat|nation|страна|国家|بلد"),
}
_ANSWERED = re.compile(
    r"((final |quiz |test )?(grade|score)|progress|attempts?|calificación|bewertung|fortschritt|progreso|progression"
    r"|прогресс|оценка|进度|成绩|الدرجة)(\s?/\s?[\d.,]+|\s?%|\s*\(.*\))?"
    r"|finished|submitted|(completed|submitted|finished|recorded) ?(on|at|date)|respon(se|dent) ?id"
)
"""Titles beside the time that a test, a form or a course took."""
_WATCHED = re.compile(
    r"recordings?( name| title)?|videos?( name| title)?|media|views|plays|(times|minutes) viewed|aufzeichnung"
)
_ALL = re.compile(
    r"\b(all|across|every) (the )?(sessions|webinars|meetings|days|classes)"
    r"|overall|cumulative|whole (event|course|series)"
)
_TOTAL = re.compile(r"total|gesamt|insgesamt|всего|общ|总|合計|إجمالي")
_MOST_NAMED = 6
_NUMBERED = re.compile(r"\d+")
_COUNTED = re.compile(r"(\d{1,3})(\.0+)?(\s*(/|of|de|von|di|sur|из)\s*\d{1,3})?")
"""So many sessions: 6, 6 of 8."""
_LENGTHS = re.compile(r"\d{1,4}(?:[.,]\d+)?\s?%?")


def refusal(survey: Survey, sessions: Sequence[Session]) -> str:
    """Say why the tables of a file tell of nobody's presence in a session, empty if they do or may."""
    for table in survey.tables:
        if _lists_meetings(table, survey.sampled(table)):
            return MEETINGS
    main = survey.tables
    series = next((table for table in main if _adds_up(table, survey.sampled(table))), None)
    if series is not None:
        return say_marked(SERIES, title=series.headings[series.index("series")])
    if any(_is_meet(table) for table in main):
        return MEET
    for table in main:
        if table.format.layout is Layout.STATED and not JOINS & table.columns.keys():
            wrong = _answers(table) or _replays(table, survey.sampled(table)) or _over_all(table)
            if wrong:
                return wrong
    lists = [table for table in main if table.format.layout is Layout.LIST]
    if len(lists) < len(main):
        return ""
    for table in lists:
        titles = _arrivals(table, survey.sampled(table))
        if titles:
            return say_marked(ARRIVALS, titles=listing(map(_quoted, titles[:3])), vouch=hint("vouch"))
        matrix = matrix_of(table, survey.sampled(table), sessions)
        if matrix and not _REGISTERS & table.columns.keys():
            return say_marked(MATRIX, first=matrix[0], last=matrix[-1])
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
    left = dict(_unused(table))
    if not left:
        return ""
    telling = {index: what for index in left if (what := _may_matter(index, left[index], sample))}
    plain = [_quoted(left[index]) for index in left if index not in telling]
    matter = [say("{title} ({what})", title=_quoted(left[index]), what=what) for index, what in telling.items()]
    said = []
    if plain:
        said.append(say("Columns not used: {titles}.", titles=_first(plain)))
    if matter:
        said.append(say("Not used either, though they may matter: {titles}.", titles=joined(matter, ", ")))
    return joined(said)


def _first(titles: Sequence[str]) -> str:
    """Return a few titles, and how many more there are."""
    shown, more = joined(titles[:_MOST_NAMED], ", "), len(titles) - _MOST_NAMED
    return say_n("{titles} and {n:,} more", "{titles} and {n:,} more", more, titles=shown) if more > 0 else shown


def _may_matter(index: int, title: str, sample: Sequence[Sequence[str]]) -> str:
    """Say what a column that nobody looks at seems to hold, empty where it is none of what counts."""
    filled = [row[index].strip() for row in sample if index < len(row) and row[index].strip()]
    if filled and sum("@" in cell for cell in filled) * 2 > len(filled):
        return say("addresses")
    plain = vocabulary.plain(title)
    return next((what for what, pattern in _TITLES.items() if pattern.search(plain)), "")


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
    counted = (_COUNTED.fullmatch(cells[at].strip()) for cells in sample if 0 <= at < len(cells))
    return any(found is not None and int(found[1]) > 1 for found in counted)


def _is_meet(table: Table) -> bool:
    """Say whether a table has the times of Google Meet's sheet and not its lengths."""
    titles = {vocabulary.plain(title) for title in table.headings}
    return titles >= {"time joined", "time exited"} and table.index("duration") < 0


def _answers(table: Table) -> str:
    """Say that the lengths of *table* are those of answering or watching, empty if nothing shows that."""
    if table.index("role") >= 0 or table.index("moderator") >= 0:
        return ""
    for sentence, sign in ((ANSWERS, _ANSWERED), (RECORDINGS, _WATCHED)):
        found = next((title for _, title in _unused(table) if sign.fullmatch(vocabulary.plain(title))), "")
        if found:
            return say_marked(sentence, title=found)
    return ""


def _over_all(table: Table) -> str:
    """Say that the title of the lengths of *table* names several sessions, empty if it does not."""
    title = table.headings[table.index("duration")] if table.index("duration") >= 0 else ""
    return say_marked(SERIES, title=title) if _ALL.search(vocabulary.plain(title)) else ""


def _replays(table: Table, sample: Sequence[Sequence[str]]) -> str:
    """Say that the totals of *table* may hold the time of a recording, empty if nothing shows that."""
    total = table.headings[table.index("duration")] if table.index("duration") >= 0 else ""
    if not _TOTAL.search(vocabulary.plain(total)):
        return ""
    for index, title in _unused(table):
        watched = (
            durations.seconds(row[index]) or vocabulary.means("yes", row[index]) for row in sample if index < len(row)
        )
        if _REPLAYED.search(vocabulary.plain(title)) and any(watched):
            return say_marked(REPLAYS, total=total, replay=title)
    return ""


def _unused(table: Table) -> list[tuple[int, str]]:
    """Return the columns of *table* that nobody looks at."""
    used = set(table.columns.values()) | set(table.marks) | set(table.meeting)
    return [(index, title.strip()) for index, title in enumerate(table.headings) if title.strip() and index not in used]


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
        return say(
            "{titles} hold times under titles we do not know: name them Joined and Left, or take them out of a list.",
            titles=listing(map(_quoted, survey.untitled_times[:2])),
        )
    days = [title for table in survey.tables for title in table.headings if _is_day(title)]
    if len(days) > 1:
        return say(
            'The columns "{first}" to "{last}" are days: a table of days is not read, since nobody knows what its cells'
            " mean. Give each join a row, or each day a file with minutes.",
            first=days[0],
            last=days[-1],
        )
    return ""


def _quoted(title: str) -> str:
    return f'"{title}"'


def _is_day(title: str) -> bool:
    """Say whether the title of a column is a date."""
    found = moments.dates(title) if any(c.isdigit() for c in title) else None
    return found is not None and bool(found.readings)
