"""What holds for all rows of a file or sheet, and what rows leave open while they are turned into records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from certs.attendance.times.calendar import Calendar
from certs.model import Join, Mark, PersonKey, Registration, Session, SessionId, UnusableRow

Record = Join | Registration | Mark | UnusableRow
Emit = Callable[[Record], None]

NOBODY = PersonKey("")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A row that says "not attended" beside join and leave times."""

    person: PersonKey
    name: str
    session: SessionId
    line: int


@dataclass(frozen=True, slots=True)
class Unknowable:
    """A join whose seconds hang on which side of a clock change it lies; *totals* are the possible ones."""

    person: PersonKey
    name: str
    session: SessionId
    line: int
    totals: tuple[int, ...]


@dataclass
class Findings:
    """What rows leave open, gathered while they are turned into records."""

    contradictions: list[Contradiction] = field(default_factory=list)
    unknowable: list[Unknowable] = field(default_factory=list)
    shortened: int = 0
    """Rows that state less than from joining to leaving, where what they state counts."""
    shortened_seconds: int = 0
    further: int = 0
    """Rows with a length alone of people who have another one for the session: the longest counts."""
    further_seconds: int = 0
    """What the longest rows leave out of their sum."""

    def clear(self) -> None:
        """Forget everything, before the rows are gone through once more."""
        self.contradictions.clear()
        self.unknowable.clear()
        self.shortened = self.shortened_seconds = self.further = self.further_seconds = 0

    def shorten(self, seconds: int) -> None:
        """Note a row that states so much less."""
        self.shortened += 1
        self.shortened_seconds += seconds

    def add_further(self, seconds: int) -> None:
        """Note one more row of somebody, by which the longest of hers leaves out so much."""
        self.further += 1
        self.further_seconds += seconds


@dataclass(frozen=True)
class Scope:
    """What holds for all rows of a file or sheet."""

    file: str
    calendar: Calendar
    session: Session | None
    """The session of rows that do not tell their own date."""
    times_count: bool
    """False where joins are counted and a table of totals only repeats them."""
    summary_lists_nameless: bool
    """True where a summary table already reports people without an address."""
    findings: Findings
    windows: Mapping[SessionId, tuple[int, int]]
    """Start and end of each session in seconds since 1970."""
    has_addresses: bool = True
    """False where no table has a column for them: then rows without are not odd, only unmatched."""
    times_of_day: bool = False
    """True where joins have no date: then the minutes stated count, which leave out the gaps."""
    unit: str = ""
    """What plain numbers are in, beside joins; elsewhere where the title does not say it. Empty if nobody knows."""
    totals_first: bool = False
    """True where everybody has one row whose total leaves out the gaps: then it counts, not joining to leaving."""
    minutes_first: bool = False
    """True where lengths such as 1:30 are minutes and seconds."""
