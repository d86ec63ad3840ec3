"""Workbooks (XLSX, XLS, ODS) as rows of cells, read so that a hostile file can do no harm.

    if workbook.is_workbook(data):
        for sheet in workbook.read_sheets(name, data):
            for line, cells in sheet.rows:
                ...

*line* is the sheet's own row number, from 1; rows without any cell are left out, cells to the right of the last one with a
value too. A cell is what the sheet holds: text, a number, a moment, a time of day, a duration or a truth value; an empty
one, a cell hidden by a merge and a formula without cached value are "". Nothing is trimmed or guessed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

Cell = str | float | bool | datetime | time | timedelta
"""A cell's value; moments are naive, a date alone is its midnight, whole numbers are floats, as in the sheet."""


class Rows(Protocol):
    """The rows of a sheet, decoded anew each time they are gone through; never all in memory at once."""

    def __iter__(self) -> Iterator[tuple[int, list[Cell]]]:
        """Go through the sheet's row numbers and cells, top down."""
        ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook, in the workbook's order; *hidden* is what the workbook says."""

    name: str
    hidden: bool
    rows: Rows


@dataclass(frozen=True, slots=True)
class Limits:
    """What a workbook may cost before it is refused."""

    rows: int = 200_000
    """The last row number that may hold a value."""
    columns: int = 1_000


def is_workbook(data: bytes) -> bool:
    """Say whether *data* begins like a ZIP archive (XLSX, ODS) or an OLE file (XLS), whatever its name."""
    return data.startswith((b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))


def read_sheets(name: str, data: bytes, limits: Limits = Limits()) -> Sequence[Sheet]:  # noqa: B008 -- frozen
    """Return the sheets of the workbook *data*, called *name*.

    Raises:
        InputError: it is no workbook, is locked, damaged, hostile or too large; says what to do.
    """
    raise NotImplementedError
