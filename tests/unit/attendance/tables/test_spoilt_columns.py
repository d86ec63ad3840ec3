"""Nothing that is wrong is silent: reports from known truth, with a column hidden, renamed, doubled or moved."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certs import attendance
from certs.attendance import Answers, Reading
from certs.errors import InputError
from certs.ground import presence
from certs.model import PersonKey
from tests.unit.attendance.exports import SESSION, WITH_MINUTES, WITH_TIMES, Export

_START = SESSION.window.start.astimezone(ZoneInfo(SESSION.zone))
_TITLES = ("Name", "Email", "Join time", "Leave time", "Duration (minutes)", "Guest")
_STRANGE = st.sampled_from(
    ["Kolumna", "X1", "Spalte 3", "Notes", "Start time", "End time", "Host Email", "Status", "Total", "Duration",
     "Duration (seconds)", "Hours", "First name", "User Name", "Topic", "Checked in", "Email address",
     "Registration time"]
)  # fmt: skip


@st.composite
def truths(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    """Return an address, minutes after the beginning, and minutes of presence, for a few people."""
    people = draw(st.lists(st.integers(0, 40), min_size=2, max_size=6, unique=True))
    return [(f"p{one}@example.org", draw(st.integers(0, 30)), draw(st.integers(20, 90))) for one in people]


def table(truth: Sequence[tuple[str, int, int]]) -> list[list[str]]:
    """Return the truth as a report."""
    rows = [list(_TITLES)]
    for address, late, stayed in truth:
        join = _START + timedelta(minutes=late)
        leave = join + timedelta(minutes=stayed)
        stamps = (f"{moment:%Y-%m-%d %H:%M:%S}" for moment in (join, leave))
        rows.append([f"P {address[:3]}", address, *stamps, str(stayed), "No"])
    return rows


def spoilt(rows: Sequence[Sequence[str]], at: int, how: str, title: str) -> list[list[str]]:
    """Return *rows* with one column hidden, renamed, doubled with other content, or moved to the front."""
    done = []
    for number, row in enumerate(rows):
        cells = list(row)
        cell = cells.pop(at)
        if how == "rename":
            cells.insert(at, title if number == 0 else cell)
        elif how == "double":
            other = rows[1 + number % (len(rows) - 1)][at] if number else cell
            cells.insert(at, cell)
            cells.insert(0, other)
        elif how == "front":
            cells.insert(0, cell)
        done.append(cells)
    return done


def seconds(reading: Reading) -> Mapping[PersonKey, int]:
    """Return what is counted."""
    found = presence.tallies(reading.joins, [SESSION])
    return {person: tallies[SESSION.id].seconds for person, tallies in found.items()}


@settings(deadline=None, max_examples=600, suppress_health_check=[HealthCheck.too_slow])
@given(truths(), st.integers(0, len(_TITLES) - 1), st.sampled_from(["hide", "rename", "double", "front"]), _STRANGE)
def test_a_spoilt_column_never_changes_what_counts_in_silence(
    truth: list[tuple[str, int, int]], at: int, how: str, title: str
) -> None:
    """It is read rightly, or refused, or something is asked, or every row that does not count is named."""
    text = "".join(",".join(row) + "\n" for row in spoilt(table(truth), at, how, title))
    try:
        reading = attendance.read("export.csv", text.encode(), [SESSION], Answers(zone=SESSION.zone))
    except InputError:
        return
    right = {PersonKey(address): stayed * 60 for address, _, stayed in truth}
    counted = seconds(reading)
    blocking = [question for question in reading.questions if not question.assumed]
    assert all(right.get(person) == length for person, length in counted.items())
    assert counted == right or blocking or len(reading.unusable) >= len(right.keys() - counted.keys())


EXPORTS = (*WITH_TIMES, *WITH_MINUTES)
RENAMED = ("Kolumna", "Notes", "Host Email", "Total", "Start time", "Checked in", "Session duration")


def spoilt_exports(text: str) -> list[str]:
    """Return an export with each of its columns hidden, and renamed in several ways."""
    delimiter = max("\t;,", key=text.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    heads = [n for n, below in enumerate(rows[1:]) if "@" in "".join(below) and len(rows[n]) > 2]
    changed = []
    for at in range(max((len(rows[head]) for head in heads), default=0)):
        changed.append([[*row[:at], *row[at + 1 :]] if len(row) > max(at, 2) else row for row in rows])
        for title in RENAMED:
            is_head = [n in heads and len(row) > at for n, row in enumerate(rows)]
            changed.append(
                [[*row[:at], title, *row[at + 1 :]] if is_head[n] else row for n, row in enumerate(rows)],
            )
    return [_written(rows, delimiter) for rows in changed]


def _written(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def present(reading: Reading) -> Mapping[PersonKey, int]:
    """Return who counts for any second."""
    return {person: length for person, length in seconds(reading).items() if length}


@pytest.mark.parametrize("export", EXPORTS, ids=str)
def test_a_spoilt_column_of_any_platform_never_changes_what_counts_in_silence(export: Export) -> None:
    """Hidden or renamed, it is read rightly, refused, asked about, or the rows that do not count are told."""
    answers = Answers(zone=SESSION.zone)
    right = present(attendance.read("export.csv", export.text.encode(), [SESSION], answers))
    for text in spoilt_exports(export.text):
        try:
            reading = attendance.read("export.csv", text.encode(), [SESSION], answers)
        except InputError:
            continue
        if any(not question.assumed for question in reading.questions):
            continue
        counted = present(reading)
        wrong = {person: length for person, length in counted.items() if right.get(person) != length}
        told = "the longest counts" in " ".join(reading.records.notes())
        assert not wrong or told, text
        assert told or len(reading.unusable) >= len(right.keys() - counted.keys()), text
