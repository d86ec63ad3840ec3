"""What must never change what is read: order, cuts into several files, repetition, and how the same text is written."""

import csv
import io
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from certs import attendance
from certs.attendance import Answers, Reading
from certs.ground.presence import tallies
from certs.model import Join, PersonKey
from tests.unit.attendance.exports import SESSION, ZURICH

HEADER = ("Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)", "Guest")
NAMES = (
    "Ada Lovelace",
    'Grace "Amazing" Hopper',
    "Núñez, José",
    "文博 公孙",
    "Оксана Мельниченко",
    "مريم  الأنصاري",
    "=SUM(1)",
)
BEGIN = datetime(2026, 4, 23, 8, 30, tzinfo=ZURICH)
Row = tuple[str, ...]
PROPERTY = settings(max_examples=100, deadline=None)


def row(person: int, start: int, length: int) -> Row:
    """Return a row of an export: *start* and *length* in seconds."""
    joined, left = BEGIN + timedelta(seconds=start), BEGIN + timedelta(seconds=start + length)
    stamps = (f"{moment:%m/%d/%Y %I:%M:%S %p}" for moment in (joined, left))
    return (NAMES[person], f"p{person}@example.org", *stamps, str(-(-length // 60)), "No")


ROWS = st.lists(
    st.builds(row, st.integers(0, len(NAMES) - 1), st.integers(0, 3 * 3600), st.integers(0, 3600)),
    min_size=1,
    max_size=25,
)


def text(rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    """Return an export of *rows*."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    return out.getvalue()


def read(data: bytes | str) -> Reading:
    """Read one export of the one session."""
    raw = data.encode() if isinstance(data, str) else data
    return attendance.read("export.csv", raw, [SESSION], Answers(zone=SESSION.zone))


def seconds(*readings: Reading) -> Mapping[PersonKey, tuple[int, int]]:
    """Return how many seconds each person was there, in all and in the window, all files together."""
    found = tallies([join for reading in readings for join in reading.joins], [SESSION])
    return {who: (one[SESSION.id].seconds, one[SESSION.id].seconds_in_window) for who, one in found.items()}


def without_line(join: Join) -> tuple[object, ...]:
    """Return what a join says, but not where it stands."""
    return (join.person, join.interval, join.name, join.role, join.stated_seconds, join.basis)


@PROPERTY
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[Row], dice: random.Random) -> None:
    shuffled = list(rows)
    dice.shuffle(shuffled)
    assert seconds(read(text(shuffled))) == seconds(read(text(rows)))


@PROPERTY
@given(ROWS.filter(lambda rows: len(rows) > 1), st.data())
def test_a_file_cut_in_two_gives_the_same(rows: list[Row], pick: st.DataObject) -> None:
    at = pick.draw(st.integers(1, len(rows) - 1))
    assert seconds(read(text(rows[:at])), read(text(rows[at:]))) == seconds(read(text(rows)))


@PROPERTY
@given(ROWS, st.data())
def test_a_row_that_stands_twice_counts_once(rows: list[Row], pick: st.DataObject) -> None:
    again = pick.draw(st.lists(st.sampled_from(rows), min_size=1, max_size=5))
    assert seconds(read(text([*rows, *again]))) == seconds(read(text(rows)))


ENCODINGS = st.sampled_from(("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16 with mark", "utf-16-be with mark"))


def encoded(written: str, encoding: str) -> bytes:
    """Return *written* in that encoding."""
    if encoding == "utf-16 with mark":
        return b"\xff\xfe" + written.encode("utf-16-le")
    if encoding == "utf-16-be with mark":
        return b"\xfe\xff" + written.encode("utf-16-be")
    return written.encode(encoding)


@PROPERTY
@given(ROWS, ENCODINGS, st.sampled_from(",;\t|"), st.sampled_from(("\n", "\r\n", "\r")), st.booleans())
def test_the_way_the_text_is_written_does_not_matter(
    rows: list[Row], encoding: str, delimiter: str, newline: str, padded: bool
) -> None:
    """Encoding, mark, delimiter, line ends and empty cells at the end change neither joins nor lines."""
    wide = [(*cells, "", "", "") for cells in rows] if padded else rows
    data = encoded(text(wide, delimiter).replace("\n", newline), encoding)
    plain, other = read(text(rows)), read(data)
    assert other.format == plain.format
    assert list(other.joins) == list(plain.joins)
    assert other.registrations == plain.registrations


@PROPERTY
@given(ROWS)
def test_every_join_names_the_line_where_it_stands(rows: list[Row]) -> None:
    reading = read(text(rows))
    for join in reading.joins:
        alone = read(text([rows[join.line - 2]]))
        assert [without_line(one) for one in alone.joins] == [without_line(join)]


@PROPERTY
@given(ROWS)
def test_no_row_is_lost(rows: list[Row]) -> None:
    """Each row becomes a join or is reported."""
    reading = read(text(rows))
    assert len(reading.joins) + len(reading.unmatched) + len(reading.unusable) >= len(rows)
