"""Workbooks (XLSX, XLS, ODS) as rows of cells, read so that a hostile file can do no harm.

    if workbook.is_workbook(data):
        for sheet in workbook.read_sheets(name, data):
            for line, cells in sheet.rows:
                ...

*line* is the sheet's own row number, from 1; rows without any value are left out, and cells to the right of the last
one with a value. `cells[0]` is column A. A cell is what the sheet holds: text, a number, a moment (naive; a date alone
is its midnight), a time of day, a duration or a truth value. Seconds are rounded as a spreadsheet shows them; dates
count from 1904 where the workbook says so.

A cell that is merged with those below stands in each of their rows that has values of its own. "" are empty cells,
those to the right of the first of merged ones, formulas without a cached value (saving in a spreadsheet program
adds them) and errors such as #N/A. 50 % is 0.5; a date that is formatted as a number is a number, a date typed as text
is text. Hidden rows and columns are read like the others, hidden sheets are marked, chart sheets are left out.

Two walls: `container` looks at the file as a stream and refuses what no spreadsheet program writes; then
python-calamine reads it in a process of its own (`child`) with limits on memory, CPU time and output, because it aborts
its whole process on some sheets. A workbook that dies there is refused with a sentence that says what to do.
"""

import errno
import importlib.util
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, NoReturn

from certs.attendance.rows.workbook.child import FULL, HEAVY, LOCKED
from certs.attendance.rows.workbook.container import (
    AS_CSV,
    DAMAGED_TEXT,
    LOCKED_TEXT,
    MAX_BYTES,
    Container,
    Format,
    is_workbook,
    look,
)
from certs.errors import InputError, Problem, StorageError
from certs.wording import say

__all__ = ["MAX_BYTES", "Cell", "Rows", "Sheet", "is_workbook", "read_sheets"]

Cell = str | float | bool | datetime | time | timedelta
"""A cell's value."""

_CELL_TYPES = frozenset({str, float, bool, datetime, time, timedelta})
_TOO_HEAVY = say("This workbook needs more memory or time than one of its size may; {as_csv}.", as_csv=AS_CSV)
_TEMPORARY = say("the temporary folder")
_CHILD = Path(__file__).with_name("child.py")

_MEMORY_BASE = 96 << 20
_MEMORY_FACTOR = 8
"""Address space for each unpacked byte: a cell of 15 bytes of XML becomes about 75 bytes in python-calamine."""
_MEMORY_MOST = 340 << 20
"""Enough for 200,000 rows of 15 full columns."""
_CPU_BASE_SECONDS = 2
_BYTES_PER_CPU_SECOND = 8 << 20
"""Unpacked bytes for which one more second is granted; 50 MB in a second are usual."""
_WALL_FACTOR = 30
"""Seconds on the clock for each of CPU: the last resort for a child that waits for ever, no limit on work."""
_OUTPUT_MOST = 160 << 20
_XLS_FACTOR = 4
"""An XLS packs its numbers more tightly than XML does."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a sheet, decoded anew each time they are gone through: they are never all in memory at once."""

    _name: str
    _lines: bytes
    _begin: int
    _count: int

    def __len__(self) -> int:
        """Return how many rows hold a value."""
        return self._count

    def __iter__(self) -> Iterator[tuple[int, list[Cell]]]:
        """Go through row numbers and cells, top down.

        Raises:
            InputError: the child wrote what no workbook holds.
        """
        lines = io.BytesIO(self._lines)
        lines.seek(self._begin)
        for _ in range(self._count):
            row = _decode(self._name, lines.readline())
            if not row or type(row[0]) is not int or not _CELL_TYPES.issuperset(map(type, row[1:])):
                _unreadable(self._name)
            yield row[0], row[1:]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook, in the workbook's order; *hidden* is what the workbook says."""

    name: str
    hidden: bool
    rows: Rows


def read_sheets(name: str, data: bytes) -> Sequence[Sheet]:
    """Return the sheets of the workbook *data*, called *name*.

    Raises:
        InputError: it is no workbook, or is locked, damaged, hostile or too large; says what to do.
        StorageError: the temporary folder or python-calamine cannot be used.
    """
    lines = _run(name, data, look(name, data))
    index = _decode(name, lines[lines.rfind(b"\n") + 1 :])
    return tuple(_sheet(name, lines, entry) for entry in index)


def _run(name: str, data: bytes, container: Container) -> bytes:
    """Return what the child says about the workbook.

    Raises:
        InputError: the child could not read it, or not within the limits.
        StorageError: there is no child.
    """
    weight = container.weight * (_XLS_FACTOR if container.format is Format.XLS else 1)
    seconds = _CPU_BASE_SECONDS + weight // _BYTES_PER_CPU_SECOND
    memory = min(_MEMORY_BASE + _MEMORY_FACTOR * weight, _MEMORY_MOST)
    try:
        with tempfile.NamedTemporaryFile(suffix=f".{container.format}") as book, tempfile.TemporaryFile() as out:
            book.write(data)
            book.flush()
            limits = (str(memory), str(seconds), str(_OUTPUT_MOST))
            status = subprocess.run(  # noqa: S603 -- our own file, arguments without a shell
                [sys.executable, "-I", "-S", str(_CHILD), _site(), *limits, book.name],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={},
                timeout=seconds * _WALL_FACTOR,
                check=False,
            ).returncode
            _check(name, status)
            out.seek(0)
            return out.read(_OUTPUT_MOST)
    except subprocess.TimeoutExpired:
        raise InputError(Problem(_TOO_HEAVY, name)) from None
    except OSError as problem:
        raise StorageError(_no_room(name, problem.strerror or str(problem))) from problem


def _no_room(name: str, why: str) -> str:
    """Say what to do where the temporary folder cannot be used, the one that was found if any was."""
    place = say("the temporary folder {place}", place=tempfile.tempdir) if tempfile.tempdir else _TEMPORARY
    return say(
        "{name} cannot be read: {why}, in {place}. Free some space there, or set TMPDIR to a folder that has some, "
        "then run the command again.",
        name=name,
        why=why,
        place=place,
    )


def _site() -> str:
    """Return the folder that holds python_calamine, without importing it here."""
    spec = importlib.util.find_spec("python_calamine")
    if spec is None or spec.origin is None:
        raise StorageError(say("python-calamine is not installed; run `make setup`."))
    return str(Path(spec.origin).parent.parent)


def _check(name: str, status: int) -> None:
    """Translate how the child ended; a negative status is the signal that ended it.

    Raises:
        InputError: the workbook is to blame.
        StorageError: the temporary folder is full.
    """
    if status == FULL:
        raise StorageError(_no_room(name, os.strerror(errno.ENOSPC)))
    if status == LOCKED:
        raise InputError(Problem(LOCKED_TEXT, name))
    if status == HEAVY or status < 0:
        raise InputError(Problem(_TOO_HEAVY, name))
    if status:
        _unreadable(name)


def _decode(name: str, line: bytes) -> list[Any]:
    """Return one line of the child, whatever it claims to be."""
    try:
        decoded = _DECODER.decode(line.decode())
    except (ValueError, TypeError, OverflowError, RecursionError):
        _unreadable(name)
    if not isinstance(decoded, list):
        _unreadable(name)
    return decoded


def _cell(plain: dict[str, Any]) -> Cell:
    """Return the value for which JSON has no word.

    Raises:
        ValueError: it is none that the child writes.
    """
    match plain:
        case {"at": str(iso)}:
            return datetime.fromisoformat(iso)
        case {"clock": str(iso)}:
            return time.fromisoformat(iso)
        case {"seconds": int(seconds)}:
            return timedelta(seconds=seconds)
    raise ValueError("no cell")


_DECODER = json.JSONDecoder(object_hook=_cell)


def _sheet(name: str, lines: bytes, entry: object) -> Sheet:
    """Return the sheet that one *entry* of the last line tells of."""
    match entry:
        case [str(title), bool(hidden), int(begin), int(count)] if begin >= 0 and count >= 0:
            return Sheet(title, hidden, Rows(name, lines, begin, count))
    raise InputError(Problem(DAMAGED_TEXT, name))


def _unreadable(name: str) -> NoReturn:
    raise InputError(Problem(DAMAGED_TEXT, name))
