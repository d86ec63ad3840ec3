"""What somebody wants to know of many certificates at once: a pasted text or a table in, numbers and addresses out.

    asked_in_text("7K3M-9QXZ-2P4C, https://certs.example.org/c/…")
    asked_in_table("hired.xlsx", data)

Nothing tells what the columns of somebody else's table are called, so the column is found by what it holds: the one in
which most cells are numbers or addresses of ours, of those with as many the first. Its first cell is a heading where it
looks like nothing that was meant as a number. Cells that cannot be read stay in the list, for one is told of each;
empty ones are left out. A workbook may have several such sheets.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from certs.attendance.rows import cells as reading
from certs.attendance.rows import workbook
from certs.attendance.rows.source import LongLineError, Source, encoding_of
from certs.errors import InputError, Problem
from certs.ground import number as numbers
from certs.wording import say
from certs.work.verify.typed import named

_BETWEEN = re.compile(r"[,;\t|]")
_SEPARATORS = re.compile(r"[\s\-_.–—]+")
_NEARLY = range(10, 15)
"""So many letters and digits has what was meant as a number."""
Row = Sequence[str]


def asked_on_lines(text: str) -> list[str]:
    """Return every line of *text* that is not empty, as it stands."""
    return [entry for line in text.splitlines() if (entry := line.strip())]


def asked_in_text(text: str) -> list[str]:
    """Return what a pasted *text* asks: a list, in lines or with commas, or rows that were copied from a table.

    What cannot be read is among it.
    """
    listed = _listed(text)
    if 2 * _read(listed) > len(listed):
        return listed
    rows = [line.split("\t") for line in text.splitlines()]
    return _column(rows) or listed


def asked_in_table(name: str, data: bytes) -> list[str]:
    """Return what the column of numbers or addresses in the table *data* asks; its file is called *name*.

    Raises:
        InputError: it is no table, or none of its columns is such a one.
        StorageError: a workbook cannot be read for want of room.
    """
    found = [entry for rows in _sheets(name, data) for entry in _column(rows)]
    if not found:
        raise InputError(
            Problem(say("This table has no column of which most cells are certificate numbers or addresses."), name)
        )
    return found


def _sheets(name: str, data: bytes) -> Iterator[list[Row]]:
    """Yield the rows of each sheet that is shown.

    Raises:
        InputError: it is no table.
    """
    try:
        if workbook.is_workbook(data):
            shown = [rows for rows in reading.of_workbook(name, Source(data)) if not rows.hidden]
            for one in shown:
                yield [cells for _, cells in one]
            return
        source = Source(data)
        rows = reading.of_text(name, source, encoding_of(source, lambda _: 0), _read)
        yield [*(cells for _, cells in rows), *([rows.cut.cells] if rows.cut.cells else [])]
    except (InputError, LongLineError) as error:
        raise InputError(
            Problem(say("This file cannot be read: save it as CSV in UTF-8, or as XLSX without a password."), name)
        ) from error


def _listed(text: str) -> list[str]:
    """Return what stands between commas and line ends, and between spaces where all of that can be read."""
    found: list[str] = []
    for part in filter(None, (part.strip() for line in text.splitlines() for part in _BETWEEN.split(line))):
        words = part.split()
        found += words if len(words) > 1 and not _is_read(part) and all(map(_is_read, words)) else [part]
    return found


def _column(rows: Sequence[Row]) -> list[str]:
    """Return the cells of the column of which most can be read, without its heading; nothing if there is none."""
    best: list[str] = []
    for at in range(max(map(len, rows), default=0)):
        cells = _without_heading([cell for row in rows if at < len(row) and (cell := row[at].strip())])
        if 2 * _read(cells) > len(cells) and _read(cells) > _read(best):
            best = cells
    return best


def _without_heading(cells: list[str]) -> list[str]:
    return cells if not cells or _is_read(cells[0]) or _is_meant(cells[0]) else cells[1:]


def _is_meant(cell: str) -> bool:
    """Say whether *cell* may have been meant as a number or an address, with a mistake in it."""
    bare = _SEPARATORS.sub("", cell)
    return "/" in cell or (len(bare) in _NEARLY and any(letter in numbers.ALPHABET[:10] for letter in bare))


def _read(cells: Iterable[str]) -> int:
    """Return how many of *cells* can be read."""
    return sum(map(_is_read, cells))


@lru_cache(maxsize=1 << 15)
def _is_read(cell: str) -> bool:
    try:
        named(cell)
    except InputError:
        return False
    return True
