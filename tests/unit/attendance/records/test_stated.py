"""Rows that state less than from joining to leaving."""

from certs.attendance import Answers, Reading, read
from tests.register import session

HEAD = "Name,E-mail,Joined,Left,Minutes\n"
LESS = """Ana Doe,ana@example.org,2026-10-06 13:00,2026-10-06 15:00,90 min
Ana Doe,ana@example.org,2026-10-06 15:05,2026-10-06 15:20,10 min
"""
AS_LONG = "Ben Roe,ben@example.org,2026-10-06 13:00,2026-10-06 15:00,120 min\n"


def of(rows: str) -> Reading:
    reading = read("report.csv", (HEAD + rows).encode(), [session()], Answers(zone="Europe/Zurich"))
    assert reading.counts["joins"] == rows.count("\n")
    return reading


def test_what_is_stated_counts_and_the_difference_is_said() -> None:
    """In rows and minutes, and as often as one asks."""
    reading = of(LESS + AS_LONG)
    said = ["2 rows state less than from joining to leaving, 35 minutes in all: what is stated counts."]
    assert [reading.records.notes(), reading.records.notes()] == [said, said]
    lengths = [(one.interval.end - one.interval.start).total_seconds() / 60 for one in reading.joins if one.interval]
    assert lengths == [90, 10, 120]


def test_nothing_is_said_where_both_agree() -> None:
    assert of(AS_LONG + AS_LONG.replace("Ben", "Cy").replace("ben", "cy")).records.notes() == []
