"""Rows of cells with their physical line numbers, from text and from workbooks alike.

Text is split by the delimiter whose rows hold the best header row; the quoting is that of RFC 4180. A row's line is
the one where it begins, though a quoted cell may span several. Workbook cells become text: moments ISO 8601, whole
numbers without a decimal point.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from itertools import chain, islice
from typing import NoReturn

from certs.attendance import vocabulary
from certs.attendance.rows import markup, workbook
from certs.attendance.rows.source import Encoding, LongLineError, Source
from certs.errors import InputError, Problem
from certs.wording import say

Row = tuple[int, list[str]]

MAX_COLUMNS = 2_000
MAX_LINES = 2_000_000
"""Twice what is promised; a file of empty lines must not keep anybody waiting."""
_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_LINES = 300
_KEPT_BYTES = 4 << 20
"""Files up to this size are split once and their rows kept; larger ones are split anew for each pass."""
_END = "\uf8ffend of file\uf8ff"


@dataclass
class Cut:
    """Whether the text stops in the middle, and where that row begins; known once the rows were gone through."""

    line: int = 0
    why: str = ""
    cells: Sequence[str] = ()
    """What is whole of a row that the end of the file cut, where nothing else yields that row."""


@dataclass
class Rows:
    """The rows of one file or sheet, gone through as often as needed; *sheet* is empty for text."""

    name: str
    sheet: str
    make: Callable[[], Iterator[Row]]
    keep: bool
    cut: Cut = field(default_factory=Cut)
    hidden: bool = False
    addressed: bool = False
    """Whether the addresses stand in the cells of the names, as `Ada <ada@example.org>`; known once looked for."""
    _kept: list[Row] | None = None

    def __iter__(self) -> Iterator[Row]:
        if self._kept is not None:
            return iter(self._kept)
        if self.keep:
            self._kept = list(self.make())
            return iter(self._kept)
        return self.make()


def of_text(name: str, source: Source, encoding: Encoding, rate: Callable[[Sequence[str]], int]) -> Rows:
    """Return the rows of a delimited text; *rate* tells how many known titles a row has.

    Raises:
        InputError: it is no text of rows.
    """
    try:
        sample = list(islice(source.lines(encoding), _SAMPLE_LINES))
        dialect = _dialect(sample, rate)
    except (LongLineError, UnicodeError) as error:
        raise no_text(name, error) from None
    cut = Cut()
    keep = source.size <= _KEPT_BYTES

    def make() -> Iterator[Row]:
        rows = _split(name, source, encoding, dialect, cut)
        if dialect.nested:
            rows = ((line, _inner(cells, dialect.delimiter)) for line, cells in rows)
        return _unwrapped(rows) if any('="' in line for line in sample) else rows

    return Rows(name, "", make, keep, cut)


def of_workbook(name: str, source: Source) -> list[Rows]:
    """Return the rows of each sheet.

    Raises:
        InputError: the workbook is damaged, hostile or too large.
    """
    found = []
    for sheet in workbook.read_sheets(name, source.beginning(workbook.MAX_BYTES + 1)):
        make = partial(_of_sheet, sheet)
        found.append(Rows(name, sheet.name, make, keep=source.size <= _KEPT_BYTES // 4, hidden=sheet.hidden))
    return found


def of_markup(name: str, source: Source, encoding: Encoding) -> list[Rows]:
    """Return the rows of each sheet of HTML or XML that was saved as a workbook.

    Raises:
        InputError: it is too large, or no text.
    """
    if source.size > markup.MAX_BYTES:
        raise InputError(
            Problem(say("This web page has more than {n} MB: save it as CSV.", n=markup.MAX_BYTES >> 20), name)
        )
    try:
        sheets = markup.sheets(source.lines(encoding))
    except (LongLineError, UnicodeError) as error:
        raise no_text(name, error) from None
    except markup.MarkupError:
        raise InputError(Problem(say("This web page has more cells than any report: save it as CSV."), name)) from None
    return [Rows(name, sheet.name, partial(_as_wide, sheet.rows), keep=False) for sheet in sheets]


def _of_sheet(sheet: workbook.Sheet) -> Iterator[Row]:
    """Yield the rows of a sheet as text."""
    return _as_wide((line, list(map(_text, cells))) for line, cells in sheet.rows)


def _as_wide(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield *rows*, each as wide as the widest above it: no row of a sheet is short."""
    width = 0
    for line, cells in rows:
        width = max(width, len(cells))
        yield line, [*cells, *[""] * (width - len(cells))]


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How a text is split; *skip* lines come before the first row.

    *spaced* tells that spaces stand between delimiter and quotation mark, *nested* that each line is one quoted cell
    that holds the whole row, as programs save a file that they took for one column.
    """

    delimiter: str
    skip: int = 0
    spaced: bool = False
    nested: bool = False


def _inner(cells: list[str], delimiter: str) -> list[str]:
    """Return the row that a single cell holds."""
    return next(csv.reader(cells, delimiter=delimiter), []) if len(cells) == 1 else cells


def _dialect(lines: list[str], rate: Callable[[Sequence[str]], int]) -> _Dialect:
    """Return the way of splitting under which a row is the best header row."""
    first = lines[0].strip().strip('"').casefold() if lines else ""
    if first.startswith("sep=") and len(first) == 5:
        return _Dialect(first[4], 1)
    for nested in (False, True):
        rated = [(_rating(lines, one, rate), one) for one in _dialects(lines, nested=nested)]
        rating, best = max(rated, key=lambda pair: pair[0])
        if rating:
            return best
    return _Dialect(",")


def _dialects(lines: list[str], *, nested: bool) -> list[_Dialect]:
    """Return a way of splitting for each delimiter."""
    return [_Dialect(mark, 0, any(f'{mark} "' in line for line in lines), nested) for mark in _DELIMITERS]


def _rating(lines: list[str], dialect: _Dialect, rate: Callable[[Sequence[str]], int]) -> int:
    """Return how many known titles the best header row has; no row with a single cell is one."""
    rows: Iterator[list[str]] = csv.reader(lines, delimiter=dialect.delimiter, skipinitialspace=dialect.spaced)
    if dialect.nested:
        rows = (_inner(row, dialect.delimiter) for row in rows)
    try:
        return max((rate(row) for row in rows if 1 < len(row) <= MAX_COLUMNS), default=0)
    except csv.Error:
        return 0


def _split(name: str, source: Source, encoding: Encoding, dialect: _Dialect, cut: Cut) -> Iterator[Row]:
    """Yield the rows of a text; what is incomplete at its end is noted in *cut* and left out.

    Raises:
        InputError: it is no text of rows.
    """
    tail = _Tail(source.lines(encoding))
    reader = csv.reader(chain(tail, [_END]), delimiter=dialect.delimiter, skipinitialspace=dialect.spaced)
    line = 1
    before: Row | None = None
    try:
        for cells in reader:
            if before is not None:
                if before[0] > MAX_LINES or len(before[1]) > MAX_COLUMNS:
                    _refuse_size(name, *before)
                if before[0] > dialect.skip:
                    yield before
            before = (line, cells)
            line = reader.line_num + 1
    except csv.Error:
        raise InputError(
            Problem(say("A quotation mark is never closed, or a cell is endless: export it again."), name, line)
        ) from None
    except (LongLineError, UnicodeError) as error:
        raise no_text(name, error) from None
    _note_cut(cut, before, encoding, tail)


def _refuse_size(name: str, line: int, cells: list[str]) -> NoReturn:
    """Refuse what no export is.

    Raises:
        InputError: a row is too wide, or the file too long.
    """
    if len(cells) > MAX_COLUMNS:
        raise InputError(Problem(say("A row has more than {n:,} columns.", n=MAX_COLUMNS), name, line))
    raise InputError(Problem(say("The file has more than {n:,} lines: split it.", n=MAX_LINES), name))


def _unwrapped(rows: Iterator[Row]) -> Iterator[Row]:
    """Take cells out of `="…"`, with which some exports keep spreadsheets from guessing."""
    for line, cells in rows:
        yield line, [vocabulary.unwrapped(cell) if cell.startswith('="') else cell for cell in cells]


def _note_cut(cut: Cut, last: Row | None, encoding: Encoding, tail: "_Tail") -> None:
    """Note whether the file stops in a quoted cell, inside a character or without ending its last line."""
    if last is not None and last[1] != [_END]:
        cut.line, cut.why, cut.cells = last[0], say("a quoted cell is not closed"), last[1][:-1]
    elif encoding.cut:
        cut.line, cut.why = tail.count, say("its last character is cut")
    elif not tail.ended:
        cut.line = tail.count


class _Tail:
    """Lines that remember how the last one ended."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.count = 0
        self.ended = True

    def __iter__(self) -> Iterator[str]:
        line = "\n"
        for line in self._lines:
            self.count += 1
            yield line
        self.ended = line.endswith("\n")


def no_text(name: str, error: Exception) -> InputError:
    """Return the refusal of bytes that are no text of rows."""
    if isinstance(error, LongLineError):
        return InputError(Problem(say("This is no report: a line is longer than any row of an export."), name))
    return InputError(
        Problem(say("This is no text in an encoding we know: export it again as CSV UTF-8 or XLSX."), name)
    )


def _text(cell: workbook.Cell) -> str:
    """Return a workbook's cell as text."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case str():
            return cell
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case datetime():
            return _rounded(cell).isoformat(" ")
        case timedelta():
            seconds = round(cell.total_seconds())
            return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        case time():
            return cell.isoformat("seconds")


def _rounded(moment: datetime) -> datetime:
    """Return *moment* to the nearest second: sheets hold days as binary fractions."""
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
