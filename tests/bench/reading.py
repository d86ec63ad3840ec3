"""How long and how much memory reading takes: the largest CSV and the largest workbook that are promised.

`python -m tests.bench.reading FILE` reads one file and adds up everybody's seconds; the bench measures that process,
and what it starts, from outside.
"""

import os
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from certs import attendance
from certs.attendance import Answers
from certs.model import Interval, Join, Session, SessionId
from tests.bench.measure import Whole, whole_process
from tests.unit.attendance.books import cell, xlsx

CSV_ROWS = 1_000_000
"""With a hundred bytes each; promised in 60 s and 300 MiB."""
WORKBOOK_ROWS = 200_000
"""Promised in 400 MiB, the reading child included."""
HEADER = ("Name (original name)", "Email", "Join time", "Leave time", "Duration (minutes)", "Guest")
BEGIN = datetime(2026, 10, 6, 11, tzinfo=UTC)
SESSION = Session(SessionId("1"), "Long", "UTC", Interval(BEGIN, BEGIN + timedelta(hours=12)))
_PEOPLE = 50_000
_SYLLABLES = tuple(consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou")
_SHEET = "xl/worksheets/sheet1.xml"


def largest(folder: Path) -> Iterator[tuple[str, Whole]]:
    """Yield what was read, and what reading it took."""
    for label, path in (
        ("CSV", csv_of(folder / "large.csv", CSV_ROWS, _PEOPLE)),
        ("workbook", _workbook(folder / "large.xlsx")),
    ):
        megabytes = path.stat().st_size / 1e6
        command = (sys.executable, "-m", "tests.bench.reading", path)
        rows = CSV_ROWS if label == "CSV" else WORKBOOK_ROWS
        yield f"{label}, {rows:,} rows, {megabytes:.0f} MB", whole_process(command, os.environ, folder / "log.txt")


def _rows(count: int, people: int = _PEOPLE) -> Iterator[tuple[str, ...]]:
    """Yield rows of *people* who come and go all day."""
    for number in range(count):
        joined = BEGIN + timedelta(seconds=number * 37 % 36_000)
        left = joined + timedelta(seconds=number * 53 % 3_600)
        person = number * 7_919 % people
        minutes = str(-(-(left - joined).seconds // 60))
        stamps = (f"{moment:%m/%d/%Y %I:%M:%S %p}" for moment in (joined, left))
        yield (_name(person), f"person.number.{person}@example.org", *stamps, minutes, "No")


def _name(person: int) -> str:
    """Return a first and last name that nobody else has, up to 24 million."""
    spelt = [_SYLLABLES[person // len(_SYLLABLES) ** place % len(_SYLLABLES)] for place in range(4)]
    return f"{spelt[0]}{spelt[1]} {spelt[2]}{spelt[3]}".title()


def csv_of(path: Path, count: int, people: int) -> Path:
    """Write an export of *count* rows of *people* to *path*."""
    with path.open("w", encoding="utf-8-sig") as file:
        file.write(",".join(HEADER) + "\n")
        file.writelines(",".join(row) + "\n" for row in _rows(count, people))
    return path


def _workbook(path: Path) -> Path:
    head, tail = str(xlsx("|")[_SHEET]).split("|")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in xlsx("").items():
            if name != _SHEET:
                archive.writestr(name, content)
        with archive.open(_SHEET, "w") as sheet:
            sheet.write(head.encode())
            for line, row in enumerate((HEADER, *_rows(WORKBOOK_ROWS)), 1):
                cells = "".join(cell(f"{chr(65 + column)}{line}", value) for column, value in enumerate(row))
                sheet.write(f'<row r="{line}">{cells}</row>'.encode())
            sheet.write(tail.encode())
    return path


def main(path: Path) -> None:
    """Read *path* and print how many people came."""
    reading = attendance.read(path.name, path, [SESSION], Answers(zone="UTC"))
    seconds: Counter[str] = Counter()
    for record in reading.records:
        if isinstance(record, Join) and record.interval is not None:
            seconds[record.person] += int((record.interval.end - record.interval.start).total_seconds())
    print(f"{len(seconds):,} people, {seconds.total():,} seconds")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
