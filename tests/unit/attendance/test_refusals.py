"""Exports that must not become "nobody attended"."""

import pytest

from certs import attendance
from certs.errors import InputError
from certs.model import SessionId
from tests.unit.attendance.samples import MARATHON, sample

NAME = "attendee_900000000007_2026_10_06.csv"


def altered(old: str, new: str) -> bytes:
    return sample(MARATHON).files[NAME].decode("utf-8-sig").replace(old, new).encode()


def test_a_report_of_another_day_is_refused_though_it_lists_registered_people() -> None:
    with pytest.raises(InputError, match="outside every session") as refusal:
        attendance.read(NAME, altered("10/06/2026", "11/06/2026"), sample(MARATHON).sessions)
    assert refusal.value.problems[0].file == NAME
    assert refusal.value.problems[0].line == 7


def test_a_report_said_to_be_of_another_session_is_not_called_outside_every_session() -> None:
    """It is the word that is wrong, and both days are named."""
    data = sample(MARATHON).files[NAME]
    said = "The report is of 6 October 2026, and session 3, which it is said to be of, is on 13 October 2026"
    with pytest.raises(InputError, match=said):
        attendance.read(NAME, data, sample(MARATHON).sessions, attendance.Answers(sessions={NAME: SessionId("3")}))


def test_a_report_without_a_person_is_refused() -> None:
    head = b"".join(sample(MARATHON).files[NAME].splitlines(keepends=True)[:6]).replace(b"1801,2745", b"0,0")
    with pytest.raises(InputError, match="no person"):
        attendance.read(NAME, head, sample(MARATHON).sessions)


@pytest.mark.parametrize("data", [b"hello,world\r\n1,2\r\n", bytes(range(256)) * 20, b"\n" * 50])
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="no report we know"):
        attendance.read("x.csv", data, sample(MARATHON).sessions)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(InputError, match="empty"):
        attendance.read("x.csv", b"", sample(MARATHON).sessions)


def test_a_spoilt_row_amid_the_table_is_reported() -> None:
    """A lone cell between two rows of people is no title: the row is reported as too short."""
    text = (
        "Name,Email,Join Time,Leave Time\n"
        "Ana,ana@example.org,2026-10-06 13:00:00,2026-10-06 14:00:00\n"
        "Bob\n"
        "Cleo,cleo@example.org,2026-10-06 13:00:00,2026-10-06 14:00:00\n"
        "* a footnote\n"
    )
    reading = attendance.read("a.csv", text.encode(), sample(MARATHON).sessions)
    assert [(row.line, row.reason) for row in reading.unusable] == [(3, "short_row")]
    assert [join.line for join in reading.joins] == [2, 4]
