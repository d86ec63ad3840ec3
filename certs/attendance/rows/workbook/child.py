"""The process that opens a workbook: limits itself, reads with python-calamine, writes plain JSON.

Started by `certs.attendance.rows.workbook` as a file, `python -I -S child.py SITE MEMORY CPU OUTPUT BOOK`: it imports
nothing of certs, so that it is up in milliseconds and holds nothing that a hostile file could want. *SITE* is the
folder of python_calamine; then bytes of address space, seconds of CPU, bytes of output; *BOOK* is the file, whose
ending says its format.

Writes to stdout one line for each row that holds a value, `[ROW, CELL, ...]`, and last a line that tells the sheets
apart, `[[NAME, HIDDEN, OFFSET, ROWS], ...]`: without it the output is cut short. JSON, because whoever takes over this
process can then send its parent nothing but text, numbers and truth values. Moments are `{"at": ISO}`, times of day
`{"clock": ISO}`, durations `{"seconds": N}`, each rounded to the second that a spreadsheet shows. A cell that is merged
with those below stands in each of their rows.
"""

import errno
import json
import math
import os
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from python_calamine import CalamineSheet, CalamineWorkbook

LOCKED = 3
"""Exit status: the workbook asks for a password."""
MOST_MERGED = 200_000
"""Merged ranges that are heeded: as many as rows of the longest workbook."""
HEAVY = 4
"""Exit status: a limit was met, in a way that leaves time to say so; any other than 0 is a workbook nobody can read."""
FULL = 5
"""Exit status: the disk of the temporary folder, where the output goes, is full."""


def main(site: str, memory: str, cpu: str, output: str, book: str) -> int:
    """Read *book* within the limits and return the exit status."""
    for limit, value in (
        (resource.RLIMIT_AS, int(memory)),
        (resource.RLIMIT_CPU, int(cpu)),
        (resource.RLIMIT_FSIZE, int(output)),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(limit, value)
    sys.path.append(site)
    import python_calamine  # noqa: PLC0415 -- after the limits, and from the folder just named

    try:
        _write(python_calamine.load_workbook(book), sys.stdout.buffer)
    except python_calamine.PasswordError:
        return LOCKED
    except MemoryError:
        return HEAVY
    except OSError as problem:
        return {errno.EFBIG: HEAVY, errno.ENOSPC: FULL, errno.EDQUOT: FULL}.get(problem.errno or 0, 1)
    return 0


def _lower(limit: int, value: int) -> None:
    """Set a limit for good, unless a stricter one holds already."""
    hard = resource.getrlimit(limit)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(limit, (value, value))


def _write(book: "CalamineWorkbook", out: IO[bytes]) -> None:
    """Write the rows of all worksheets, one sheet in memory at a time, then the line about the sheets."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain).encode
    sheets: list[tuple[str, bool, int, int]] = []
    offset = 0
    for index, meta in enumerate(book.sheets_metadata):
        if meta.typ != type(meta.typ).WorkSheet:
            continue
        begin, rows = offset, 0
        for row in _rows(book.get_sheet_by_index(index)):
            offset += out.write(encode(row).encode() + b"\n")
            rows += 1
        sheets.append((meta.name, meta.visible != type(meta.visible).Visible, begin, rows))
    out.write(encode(sheets).encode())
    out.flush()


def _rows(sheet: "CalamineSheet") -> "Iterator[list[object]]":
    """Go through the rows that hold a value: the row's number, then its cells from column A to the last value."""
    merged = _Merged(sheet)
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for number, row in enumerate(sheet.iter_rows(), 1):
        while row and row[-1] == "":
            row.pop()
        if row:
            yield [number, *merged.filled(number - 1, [*left, *map(_cell, row)])]


class _Merged:
    """Cells that are merged downwards: each row that has values of its own holds the value of the first, too."""

    def __init__(self, sheet: "CalamineSheet") -> None:
        self._begins: dict[int, list[tuple[int, int]]] = {}
        self._open: dict[int, tuple[int, object]] = {}
        for (first, column), (last, _) in (sheet.merged_cell_ranges or ())[:MOST_MERGED]:
            if last > first:
                self._begins.setdefault(first, []).append((column, last))

    def filled(self, row: int, cells: list[object]) -> list[object]:
        """Return the *cells* of *row*, counted from 0, with what the cells above hold for it."""
        for column, (last, value) in list(self._open.items()):
            if last < row:
                del self._open[column]
            elif column < len(cells) and cells[column] == "":
                cells[column] = value
        for column, last in self._begins.get(row, ()):
            if column < len(cells) and cells[column] != "":
                self._open[column] = (last, cells[column])
        return cells


def _cell(value: object) -> object:
    """Return numbers as floats, and nothing for those that are none."""
    if type(value) is float or type(value) is int:
        return float(value) if math.isfinite(value) else ""
    return value


def _plain(value: object) -> dict[str, str | int]:
    """Return what JSON has no word for as a small object."""
    if isinstance(value, datetime):
        return {"at": _whole(value).isoformat()}
    if isinstance(value, date):
        return {"at": datetime(value.year, value.month, value.day).isoformat()}  # noqa: DTZ001 -- sheets have no zones
    if isinstance(value, time):
        rounded = _whole(datetime.combine(date(2000, 1, 1), value))
        return {"clock": (rounded.time() if rounded.day == 1 else time(23, 59, 59)).isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": round(value.total_seconds())}
    raise TypeError(f"no cell of a workbook: {type(value)}")


def _whole(moment: datetime) -> datetime:
    """Round to the second; the serial numbers of spreadsheets are seldom exact."""
    try:
        return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    except OverflowError:
        return moment.replace(microsecond=0)


if __name__ == "__main__":
    os._exit(main(*sys.argv[1:]))  # what a limit kept from being written must not be tried again
