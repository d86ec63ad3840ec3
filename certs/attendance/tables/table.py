"""The tables of an export, found by their header rows wherever they stand.

A report holds several tables of different width, with titles that are translated. So a table is known by the columns
of its header row alone; the title, a row with a single cell above it, only tells hosts from panelists and is quoted
in reports. A block of totals (`Topic, Webinar ID, …` and a row of values) says how many rows the file should have.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import cached_property

from certs.attendance import vocabulary
from certs.attendance.rows.cells import Rows
from certs.attendance.tables.formats import Format, Layout, format_of
from certs.attendance.tables.headers import (
    FACTS,
    HEADING,
    PEOPLE,
    Header,
    assigned,
    block_titles,
    columns_of,
    has_data,
    is_action,
)
from certs.attendance.times import moments, zones
from certs.attendance.times.stamps import with_colon
from certs.model import Role

_STARTS = frozenset({"join", "first_join"})
_MOST_LONE = 100
_MINUTES_SECONDS = re.compile(r"(?<![:\w])m{1,2}:s{1,2}\b", re.IGNORECASE)
_WHEN = ("join", "leave", "first_join", "last_leave", "duration", "timestamp", "utc_timestamp", "registered")
_VITAL = ("email", "join", "leave", "duration", "action", "timestamp", "utc_timestamp", "name")
_NUMBER = re.compile(r"[\d\s.,'’]+")


@dataclass(frozen=True)
class Table:
    """A table: what it is and which column holds what."""

    format: Format
    columns: Mapping[str, int]
    marks: tuple[int, ...]
    title: str
    sheet: str
    line: int
    role: Role
    width: int
    headings: tuple[str, ...] = field(repr=False, default=())
    needed: int = 0
    """How many cells a row must have to be read."""
    rivals: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Where several columns have one meaning."""
    meeting: tuple[int, ...] = ()
    """Columns about a meeting, in a table that has three and more."""

    def moment(self, column: int) -> str:
        """Return the day and time in the title of a column of status letters."""
        found = HEADING.match(self.headings[column])
        return f"{found[1].strip(' ,')} {found[2].replace('.', ':', 1)}" if found else ""

    @property
    def zone(self) -> tzinfo | None:
        """The zone that the title of a column of times gives."""
        columns = ("join", "first_join", "timestamp", "leave", "last_leave")
        found = (zones.of_title(self.headings[self.columns[column]]) for column in columns if column in self.columns)
        return next((zone for zone in found if zone is not None), None)

    @cached_property
    def minutes_first(self) -> bool:
        """Whether the title says that lengths such as 1:30 are minutes and seconds."""
        title = self.headings[self.columns["duration"]] if "duration" in self.columns else ""
        return bool(_MINUTES_SECONDS.search(title))

    @cached_property
    def unit(self) -> str:
        """The unit that the title of the lengths gives: `hour`, `minute`, `second` or empty."""
        return vocabulary.title_unit(self.headings[self.columns["duration"]]) if "duration" in self.columns else ""

    @property
    def has_addresses(self) -> bool:
        """Say whether there is a column for addresses."""
        return "email" in self.columns

    def index(self, column: str) -> int:
        """Return where *column* stands, -1 where it does not."""
        return self.columns.get(column, -1)


@dataclass
class Totals:
    """What the file says about itself: how many rows of what it should have; 0 where it says nothing."""

    users: int = 0
    registered: int = 0
    participants: int = 0
    headers: int = 0
    """Header rows of tables we know, whether rows follow or not."""
    zone: tzinfo | None = None
    """The zone of all times, where a row names it."""
    started: str = ""
    """When the meeting began, as it is written."""
    last_lone: int = 0
    """The line of a single cell that ends the file right below a row of people, 0 where none does."""


def walk(rows: Rows, totals: Totals) -> Iterator[tuple[Table, int, list[str]]]:
    """Yield the data rows of *rows*, each with its table; blocks of totals go into *totals*."""
    scanner = _Scanner(rows.sheet, totals, addressed=rows.addressed)
    for line, cells in rows:
        table = scanner.see(line, cells)
        if table is not None:
            if scanner.lone:
                # The table went on below them: they were neither titles nor footnotes.
                yield from ((table, *row) for row in scanner.lone)
                scanner.lone = []
            yield table, line, _dated(table, cells) if "date" in table.columns else cells
    totals.last_lone = scanner.last_lone


def _dated(table: Table, cells: list[str]) -> list[str]:
    """Put the date that stands in a column of its own before the join; minutes of a day are those at its noon.

    A leave without a date is of the same day, or of the night that follows.
    """
    at = table.columns["date"]
    day = moments.split(cells[at])[0].strip() if at < len(cells) else ""
    if not day:
        return cells
    dated = list(cells)
    for column in ("join", "first_join"):
        index = table.index(column)
        if index == at:
            dated[index] = f"{day} 12:00"
        elif 0 <= index < len(cells):
            time_of_day = with_colon(cells[index])
            if ":" in time_of_day and not moments.split(time_of_day)[0].strip():
                dated[index] = f"{day} {time_of_day}"
    return dated


class _Scanner:
    """Where we are between the tables of one file or sheet."""

    def __init__(self, sheet: str, totals: Totals, *, addressed: bool) -> None:
        self._sheet = sheet
        self._addressed = addressed
        self._totals = totals
        self._table: Table | None = None
        self._resting: Table | None = None
        self._title = ""
        self._title_line = 0
        self._block: list[str] | None = None
        self._speakers = 0
        self._headers: dict[str, bool] = {}
        self._probe = (0, "")
        self._blank_line = 0
        self.lone: list[tuple[int, list[str]]] = []
        """Rows with a single cell since the last row of the table: titles, footnotes, or rows that were spoilt."""

    def see(self, line: int, cells: list[str]) -> Table | None:
        """Return the table that this row belongs to as data, None for headers, titles, blocks and blank rows."""
        column, sign = self._probe
        if self._table is not None and column < len(cells) and sign in cells[column]:
            # Nearly every row of a large file: titles never hold a colon or an at sign.
            return self._table
        filled = len(cells) - cells.count("")
        if filled == 0:
            self._blank_line = line
            return None
        if filled == 1 and not self._single_is_data(line, cells):
            self._see_title(line, cells)
            return None
        if self._may_be_header(cells) and self._see_header(line, cells):
            return None
        if self._block is not None:
            self._see_values(cells)
            return None
        if self._table is None and self._resting is not None and self._resumes(cells):
            self._table = self._resting
        self._see_pair(cells)
        if self._table is None and not self._totals.headers:
            return self._headerless(line, cells)
        return self._table

    @property
    def last_lone(self) -> int:
        """The line of a single cell right below a row of the table, 0 if the last row is no such cell."""
        line, cells = self.lone[0] if len(self.lone) == 1 else (0, [])
        return line if len(cells) == 1 and line != self._blank_line + 1 else 0

    def _single_is_data(self, line: int, cells: list[str]) -> bool:
        """Say whether a row with one filled cell is data: one of a list of nothing but addresses, or a total."""
        index, cell = next((index, cell) for index, cell in enumerate(cells) if cell)
        if "@" not in cell:
            return self._table is not None and (vocabulary.means("total", cell) or cell.strip(" ,.").isdigit())
        if self._title_line == line - 1 and vocabulary.column(self._title) in ("email", "attendee_email"):
            self._open(self._title_line, [*("",) * index, self._title], Header({"email": index}, (), {}, ()))
        if any(cell.count(mark) > 1 for mark in ";\t|,"):
            # An address between delimiters of another kind: a row of another file that was put behind this one.
            self._table = self._table or self._resting
            return self._table is not None
        return self._table is not None and self._table.columns.keys() == {"email"}

    def _see_title(self, line: int, cells: list[str]) -> None:
        """Take note of the title of a table to come; a footnote looks the same and does no harm."""
        self._title_line = line
        self._title = " ".join(next(cell for cell in cells if cell).split())[:200]
        self._resting, self._table = self._table or self._resting, None
        if self._resting is not None and len(self.lone) < _MOST_LONE:
            self.lone.append((line, cells))
        self._block = None

    def _may_be_header(self, cells: list[str]) -> bool:
        """Say quickly whether a row could be a header: its first title is a word we know."""
        first = next((cell for cell in cells if cell), "")
        known = self._headers.get(first)
        if known is None:
            if "@" in "\n".join(cells):
                return False
            known = any(vocabulary.column(cell) or HEADING.match(cell) for cell in cells[:40])
            if len(self._headers) < 10_000:
                self._headers[first] = known
        return known

    def _see_header(self, line: int, cells: list[str]) -> bool:
        """Open the table below a header row, or the block below its titles; return False for any other row."""
        above = self._table or self._resting
        if above is not None and _tells_when(above, cells):
            return False
        header = columns_of(cells)
        found = header.columns.keys()
        if block_titles(cells) > 2 and not found & {"name", "bare", "first", "attended", "join", "action"}:
            self._block, self._table = list(cells), None
            return True
        if any(vocabulary.means("engagement", cell) for cell in cells if cell):
            self._table = self._resting = None
            return True
        if not (found & PEOPLE and (found & FACTS or len(found & PEOPLE) > 1)) or has_data(cells):
            return False
        self._open(line, cells, header)
        return self._table is not None

    def _open(self, line: int, cells: list[str], header: Header) -> None:
        """Start a table, if its columns make one of the formats."""
        columns, marks = assigned(header.columns), header.marks
        if self._addressed and "email" not in columns:
            columns["email"] = next((columns[one] for one in ("name", "first") if one in columns), -1)
        said = {"marks"} if marks else {"total_participants"} if self._totals.participants else set[str]()
        said |= {"meetings"} if header.meeting else set[str]()
        chosen = format_of(columns.keys() | said)
        self._block = self._resting = self._table = None
        self.lone = []
        if chosen is None:
            return
        if chosen.layout is Layout.STATED and "date" in columns and not columns.keys() & _STARTS:
            columns = {**columns, "first_join": columns["date"]}
        width = max((index for index, cell in enumerate(cells) if cell), default=0) + 1
        if self._title_line != line - 1:
            self._title = ""
        role = self._role(columns)
        needed = max((columns[c] for c in _VITAL if c in columns), default=0) + 1
        title, sheet = self._title, self._sheet
        self._table = Table(
            chosen,
            columns,
            marks,
            title,
            sheet,
            line,
            role,
            width,
            tuple(cells),
            needed,
            _own(header.rivals, columns, chosen),
            header.meeting,
        )
        self._probe = _probe_of(chosen.layout, columns)
        self._title = ""
        self._totals.headers += 1

    def _role(self, columns: Mapping[str, int]) -> Role:
        """Return whom a table lists: in webinars, hosts and panelists stand in tables without first and last name."""
        if "attended" not in columns or "first" in columns or "last" in columns or "email" not in columns:
            return Role.ATTENDEE
        if not self._title and not columns.keys() & {"guest", "country"}:
            return Role.ATTENDEE
        self._speakers += 1
        if vocabulary.means("host", self._title):
            return Role.HOST
        if vocabulary.means("panelist", self._title):
            return Role.PANELIST
        return Role.HOST if self._speakers == 1 else Role.PANELIST

    def _see_values(self, cells: list[str]) -> None:
        """Read the row of values below a row of totals' titles."""
        for title, value in zip(self._block or (), cells, strict=False):
            self._note(vocabulary.column(title), value)
        self._block = None

    def _see_pair(self, cells: list[str]) -> None:
        """Read a title with its value beside it, as Teams writes them."""
        if self._table is None and len(cells) >= 2:
            self._note(vocabulary.column(cells[0]), cells[1])

    def _note(self, column: str, value: str) -> None:
        """Remember one total, or the zone."""
        if column == "zone":
            self._totals.zone = self._totals.zone or zones.stated(value)
        if column == "started":
            self._totals.started = self._totals.started or value
        if column.startswith("total_") and _NUMBER.fullmatch(value.strip() or "-"):
            number = int("".join(c for c in value if c.isdigit()) or 0)
            setattr(self._totals, column.removeprefix("total_"), number)

    def _resumes(self, cells: list[str]) -> bool:
        """Say whether a row after a lone cell still belongs to the table above it."""
        table = self._resting
        if table is None or len(cells) < table.needed:
            return False
        address, join = table.index("email"), table.index("join")
        if address >= 0 and "@" in cells[address]:
            return True
        return join >= 0 and moments.clock(moments.split(cells[join])[1]) is not None

    def _headerless(self, line: int, cells: list[str]) -> Table | None:
        """Open the one table that comes without header: Teams' list of name, action and time."""
        if not is_action(cells):
            return None
        columns = {"name": 0, "action": 1, "timestamp": 2}
        self._open(line, ["", "", ""], Header(columns, (), {}, ()))
        return self._table


def _tells_when(table: Table, cells: Sequence[str]) -> bool:
    """Say whether a row has a number where *table* has its times: then it is data, though its words be titles.

    A guest called "Guest" whose role is "Participant" is no header row.
    """
    found = (table.index(column) for column in _WHEN)
    return any(0 <= index < len(cells) and any(c.isdigit() for c in cells[index]) for index in found)


def _own(
    rivals: Mapping[str, tuple[int, ...]], columns: Mapping[str, int], chosen: Format
) -> Mapping[str, tuple[int, ...]]:
    """Leave out of *rivals* the questions that an organiser asked: of some platforms it is known where they stand."""
    end = next((columns[one] for one in chosen.asked_after if one in columns), None)
    if end is None:
        return rivals
    own = {meaning: tuple(index for index in several if index < end) for meaning, several in rivals.items()}
    return {meaning: several for meaning, several in own.items() if len(several) > 1}


def _probe_of(layout: Layout, columns: Mapping[str, int]) -> tuple[int, str]:
    """Return a column and a sign in it that only rows of data have."""
    if layout is Layout.TIMES:
        return columns["join"], ":"
    if layout is Layout.ACTIONS:
        return max(columns.get("timestamp", -1), columns.get("utc_timestamp", -1)), ":"
    return (columns["email"], "@") if "email" in columns else (0, "\x00")
