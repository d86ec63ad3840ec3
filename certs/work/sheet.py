"""A table that a person wrote, as CSV or as a workbook: a heading row, and rows of text beneath it.

    for row in read("names.xlsx", data, {"number": ("certificate",), "name": ("new name",)}):
        row.cells["number"], row.cells.get("name", "")

Unlike an export, such a table is made for certs, so nothing in it is guessed: a column that is not known is refused,
and so is a value without a heading. CSV is in UTF-8 (or UTF-16 with its mark, as spreadsheets write it), with commas,
semicolons or tabs. Empty rows and hidden sheets are left out. *line* is the row's own in the file.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from certs.attendance.rows import cells as reading
from certs.attendance.rows import workbook
from certs.attendance.rows.source import Source
from certs.errors import InputError, Problem
from certs.wording import say

MAX_BYTES = 20 << 20
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = (",", ";", "\t")
_Line = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """What one row has in each known column; empty cells are left out."""

    line: int
    cells: Mapping[str, str]


def read(name: str, data: bytes, columns: Mapping[str, Sequence[str]]) -> list[Row]:
    """Return the rows of the table *data*, in a file called *name*.

    *columns* are the names by which its columns are asked for, each with what else may stand in the heading.

    Raises:
        InputError: it is no such table; says all that is wrong, each with its line.
    """
    if len(data) > MAX_BYTES:
        raise InputError(Problem(say("This table has more than {max_bytes} MB.", max_bytes=MAX_BYTES >> 20), name))
    known = {_plain(word): column for column, others in columns.items() for word in (column, *others)}
    lines = _of_workbook(name, data) if workbook.is_workbook(data) else _of_text(name, data, known)
    filled = [(line, row) for line, row in lines if any(row)]
    if len(filled) < 2:
        raise InputError(Problem(say("This table has no rows beneath its heading."), name))
    (line, heading), *rows = filled
    headed = _headed(name, line, heading, known)
    if wide := [number for number, row in rows if any(cell for at, cell in enumerate(row) if at not in headed)]:
        raise InputError(*(Problem(say("A value stands beneath no heading."), name, number) for number in wide))
    return [Row(number, {headed[at]: cell for at, cell in enumerate(row) if cell}) for number, row in rows]


def _headed(name: str, line: int, heading: Sequence[str], known: Mapping[str, str]) -> dict[int, str]:
    """Return which column stands where.

    Raises:
        InputError: a heading is not known, or two mean the same.
    """
    listed = ", ".join(dict.fromkeys(known.values()))
    problems: list[Problem] = []
    found: dict[int, str] = {}
    for at, title in enumerate(heading):
        column = known.get(_plain(title))
        if not title:
            continue
        if column is None:
            problems.append(
                Problem(
                    say(
                        'The column "{title}" is not known: take it out. Known are {listed}.',
                        title=title,
                        listed=listed,
                    ),
                    name,
                    line,
                )
            )
        elif column in found.values():
            problems.append(Problem(say('Two columns say "{column}".', column=column), name, line))
        else:
            found[at] = column
    if problems:
        raise InputError(*problems)
    return found


def _of_workbook(name: str, data: bytes) -> Iterable[_Line]:
    """Return the rows of the one sheet that has any.

    Raises:
        InputError: there are several, or the workbook cannot be read.
    """
    sheets = [list(rows) for rows in reading.of_workbook(name, Source(data)) if not rows.hidden]
    filled = [rows for rows in sheets if rows]
    if len(filled) > 1:
        raise InputError(
            Problem(say("{n_filled} sheets of this workbook have rows: leave one.", n_filled=len(filled)), name)
        )
    return [(line, [cell.strip() for cell in row]) for line, row in (filled[0] if filled else ())]


def _of_text(name: str, data: bytes, known: Mapping[str, str]) -> Iterator[_Line]:
    """Yield the rows of a delimited text, split by what gives most known headings.

    Raises:
        InputError: it is no text.
    """
    encoding = next((one for mark, one in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise InputError(Problem(say("This table is not in UTF-8: save it as CSV UTF-8, or as XLSX."), name)) from None
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=lambda one: sum(_plain(cell.strip('"')) in known for cell in first.split(one)))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for row in rows:
            yield begins, [cell.strip() for cell in row]
            begins = rows.line_num + 1
    except csv.Error as error:
        raise InputError(Problem(say("This line cannot be read as CSV: {error}.", error=error), name, begins)) from None


def _plain(title: str) -> str:
    """Return a heading without what does not tell it from another."""
    return " ".join(title.casefold().replace("-", " ").replace("_", " ").split())
