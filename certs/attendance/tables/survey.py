"""The first pass over a file or sheet: what its tables are, which dates and times it has, whether it is whole.

`plan` makes of it how the file is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from certs.attendance import vocabulary
from certs.attendance.tables import rivals
from certs.attendance.tables.formats import Layout
from certs.attendance.tables.table import Table, Totals
from certs.attendance.times import durations, moments
from certs.attendance.times.calendar import Seen
from certs.attendance.times.stamps import with_colon

_MOST_LOOKED_AT = 50
"""Rows of a table that are looked at to know what it is about."""
_MOST_SAMPLED = 20
"""Tables of which rows are kept to be looked at."""
_OTHER_TIMES = frozenset({"registered", "block", "started", "date", "order", "timestamp", "approval"})
"""Columns of a list that may hold times which are not those of a session."""
_MOST_SPREAD = 256
_MOST_TABLES = 1_000
_MOST_DATES = 20_000
"""A report covers days, not decades; both bounds keep a crafted file from filling the memory."""


@dataclass
class Survey:
    """What the first pass has seen."""

    tables: list[Table] = field(default_factory=list)
    seen: Seen = field(default_factory=Seen)
    totals: Totals = field(default_factory=Totals)
    rows: int = 0
    present_rows: int = 0
    listed_rows: int = 0
    summary_rows: int = 0
    has_people: bool = False
    says_who: bool = False
    """Whether a list without times says of anybody that she attended."""
    minutes_first: bool = False
    """Whether lengths such as 62:30 tell that all of them are minutes and seconds."""
    untitled_times: tuple[str, ...] = ()
    """Titles of columns that hold times in a list without any."""
    _passed: int = 0
    _stride: int = 1
    last_line: int = 0
    last_is_short: bool = False
    addressed_names: int = 0
    """Rows of tables without a column of addresses whose name holds one."""
    spread: list[tuple[str, str, str]] = field(default_factory=list)
    """Cells of join, leave and length from all over the file, a few hundred at most."""
    once: set[str] | None = field(default_factory=set)
    """The addresses of rows with join, leave and length, None as soon as one of them comes again."""
    unitless: tuple[str, str] | None = None
    """The title and the largest of lengths that have no unit."""
    rivalry: str = ""
    """Where two columns of one meaning contradict each other."""
    samples: dict[int, list[list[str]]] = field(default_factory=dict)
    """The first rows of each of the first tables, by the line of its header."""

    @property
    def titles(self) -> set[str]:
        """What the titles above the tables count."""
        return {"registered"} if self.totals.registered and not self.present_rows else set()

    def sampled(self, table: Table) -> Sequence[Sequence[str]]:
        """Return the first rows of *table*."""
        return self.samples.get(table.line, ())

    def _sample(self, table: Table, cells: list[str]) -> None:
        """Keep a row, if it is among the first ones."""
        rows = self.samples.get(table.line)
        if rows is None and len(self.samples) < _MOST_SAMPLED:
            rows = self.samples[table.line] = []
        if rows is not None and len(rows) < _MOST_LOOKED_AT:
            rows.append(cells)

    def take(self, table: Table, line: int, cells: list[str]) -> None:
        """Take note of one data row."""
        if not self.tables or self.tables[-1] is not table:
            self.tables.append(table)
            self.seen.days.update(moments.split(table.moment(column))[0] for column in table.marks)
        self.rows += 1
        self.last_line = line
        if self.rows < _MOST_LOOKED_AT * _MOST_SAMPLED:
            self._sample(table, cells)
        if "email" not in table.columns:
            named = max(table.index("name"), table.index("first"))
            self.addressed_names += 0 <= named < len(cells) and "@" in cells[named]
        if table.rivals and not self.rivalry:
            found = next(rivals.rivals(table, cells), None)
            self.rivalry = rivals.text(table, *found, line) if found is not None else ""
        self.last_is_short = len(cells) < table.width
        if not self.has_people:
            self.has_people = _names_somebody(table, cells)
        layout = table.format.layout
        if layout is Layout.TIMES:
            self._times(table, cells)
        elif layout is Layout.ACTIONS:
            column = max(table.index("utc_timestamp"), table.index("timestamp"))
            if len(cells) > column:
                self._moment(cells[column])
        elif layout is Layout.STATED:
            self._stated(table, cells)
        else:
            self.listed_rows += 1
            self._untitled_times(table, cells)
            said = table.index("attended")
            self.says_who = self.says_who or (0 <= said < len(cells) and vocabulary.means("yes", cells[said]))

    def _untitled_times(self, table: Table, cells: list[str]) -> None:
        """Take note of columns that hold times in a list without any: their titles are unknown to us."""
        if table.format.layout is not Layout.LIST or self.listed_rows > _MOST_LOOKED_AT or self.untitled_times:
            return
        pairs = zip(table.headings, cells, strict=False)
        found = tuple(t for t, cell in pairs if vocabulary.column(t) not in _OTHER_TIMES and _holds_time(cell))
        if len(found) > 1:
            self.untitled_times = found

    def _times(self, table: Table, cells: list[str]) -> None:
        """Take note of the dates of a row with join and leave."""
        if len(cells) < table.needed:
            return
        join, leave = cells[table.columns["join"]], cells[table.columns["leave"]]
        if ":" not in join or ":" not in leave:
            join, leave = with_colon(join), with_colon(leave)
        if ":" in join:
            self.present_rows += 1
            self.seen.times(join, leave)
            if not self._passed % self._stride:
                length = table.index("duration")
                self._spread(join, leave, cells[length] if 0 <= length < len(cells) else "")
            self._passed += 1
            if self.once is not None:
                self._count(table, cells)
        registered = table.columns.get("registered", -1)
        if 0 <= registered < len(cells) and len(self.seen.others) < _MOST_DATES:
            self.seen.others.add(moments.split(cells[registered])[0])

    def _count(self, table: Table, cells: list[str]) -> None:
        """Take note of whose row this is, as long as nobody has two."""
        address, length = table.index("email"), table.index("duration")
        whose = cells[address].casefold() if 0 <= address < len(cells) else ""
        if self.once is None or length < 0 or whose in self.once or len(self.once) > _MOST_DATES:
            self.once = None
        elif whose:
            self.once.add(whose)

    def _spread(self, join: str, leave: str, length: str) -> None:
        """Keep one of every so many joins: of a short file all, of a long one fewer and fewer."""
        self.spread.append((join, leave, length))
        if len(self.spread) > _MOST_SPREAD:
            self.spread = self.spread[::2]
            self._stride *= 2

    def _moment(self, cell: str) -> None:
        """Take note of one date."""
        cell = with_colon(cell)
        if ":" in cell:
            self.present_rows += 1
            self.seen.times(cell, cell)

    def _stated(self, table: Table, cells: list[str]) -> None:
        """Take note of a row with minutes, and of its dates if it has any."""
        self.summary_rows += 1
        length = table.index("duration")
        self.minutes_first = self.minutes_first or (
            0 <= length < len(cells) and (table.minutes_first or durations.is_in_minutes_and_seconds(cells[length]))
        )
        if 0 <= length < len(cells) and not table.unit:
            self._unitless(table.headings[length], cells[length])
        start = max(table.index("join"), table.index("first_join"))
        end = max(table.index("leave"), table.index("last_leave"))
        first = with_colon(cells[start]) if 0 <= start < len(cells) else ""
        if ":" in first:
            last = with_colon(cells[end]) if 0 <= end < len(cells) else first
            self.seen.times(first, last)
            if self._passed % self._stride == 0:
                self._spread(first, last, "")
            self._passed += 1

    def _unitless(self, title: str, cell: str) -> None:
        """Take note of a length that is a number alone."""
        if not durations.is_number(cell):
            return
        number = float(cell.replace(",", "."))
        if number and (self.unitless is None or number > float(self.unitless[1].replace(",", "."))):
            self.unitless = title, cell.strip()

    @property
    def is_endless(self) -> bool:
        """Say whether there are more tables or dates than in any export."""
        return len(self.tables) > _MOST_TABLES or len(self.seen.days) + len(self.seen.spans) > _MOST_DATES

    @property
    def missing(self) -> str:
        """Say how many rows are fewer than the file itself states, empty if none."""
        pairs = (
            (self.totals.users, self.present_rows, "joins"),
            (self.totals.registered, self.listed_rows, "registrations"),
            (self.totals.participants, self.summary_rows or self.present_rows, "participants"),
        )
        for stated, found, what in pairs:
            if found and stated > found and not (what == "registrations" and self.present_rows):
                return f"it states {stated:,} {what} but holds {found:,}"
        return ""


def _holds_time(cell: str) -> bool:
    """Say whether a cell holds a day and a time of it."""
    day, clock = moments.split(with_colon(cell))
    return bool(day.strip() and clock) and moments.clock(clock) is not None and moments.dates(day) is not None


def _names_somebody(table: Table, cells: Sequence[str]) -> bool:
    """Say whether a row names a person, by address or, where the table has none, by name."""
    if table.has_addresses and any("@" in cell for cell in cells):
        return True
    column = max(table.index("name"), table.index("first"), table.index("last"), table.index("upn"))
    return 0 <= column < len(cells) and bool(cells[column].strip())
