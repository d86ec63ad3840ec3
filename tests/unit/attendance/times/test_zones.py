"""Zones that a file states for all its times at once."""

import pytest

from certs import attendance
from certs.attendance import Answers, QuestionKind
from certs.model import Interval
from tests.unit.attendance.exports import ADA, SESSION, at

ROW = f"\nAda,{ADA},2026-04-23 07:01:00,2026-04-23 08:01:00\n"
HOUR = Interval(at("09:01"), at("10:01"))


@pytest.mark.parametrize(
    "head",
    [
        "Name,Email,Join time (UTC),Leave time (UTC)",
        "Name,Email,Join time [GMT],Leave time",
        "Name,Email,Join time UTC,Leave time UTC",
        "Name,Email,Join time (GMT+00:00),Leave time",
        "Name,Email,Join time (Africa/Abidjan),Leave time",
        "Time zone,UTC\nName,Email,Join time,Leave time",
        "Zeitzone:,(UTC+00:00) Dublin\nName,Email,Join time,Leave time",
        "Topic,Meeting ID,Start time,Time zone\nX,1,2026-04-23 07:00:00,UTC\n\nName,Email,Join time,Leave time",
    ],
)
@pytest.mark.parametrize("answer", ["", "Asia/Tokyo"])
def test_a_zone_that_the_file_states_needs_no_answer(head: str, answer: str) -> None:
    """Nor does an answer overrule it."""
    reading = attendance.read("export.csv", (head + ROW).encode(), [SESSION], Answers(zone=answer))
    assert [join.interval for join in reading.joins] == [HOUR]
    assert not reading.questions


@pytest.mark.parametrize("title", ["Join time (local)", "Join time (Mars/Base)", "Join time (+99:00)", "Join time"])
def test_what_is_no_zone_is_asked_about(title: str) -> None:
    reading = attendance.read("export.csv", f"Name,Email,{title},Leave time{ROW}".encode(), [SESSION])
    assert [question.kind for question in reading.questions] == [QuestionKind.TIMEZONE]
    assert [join.interval for join in reading.joins] == [Interval(at("07:01"), at("08:01"))]
