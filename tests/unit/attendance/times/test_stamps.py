"""The same two moments as programs and languages write them, and times whose day or zone is not told."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from certs import attendance
from certs.attendance import Answers, QuestionKind
from certs.attendance.times.stamps import with_colon
from certs.model import Interval, Session, SessionId
from tests.unit.attendance.exports import ADA, SESSION, TIMES, at, rows
from tests.unit.attendance.test_variants import read, times

STAMPS: Mapping[str, str] = {
    "Greek": "%d/%m/%Y %I:%M:%S π.μ.",
    "Greek without dots": "%d/%m/%Y, %I:%M:%S πμ",
    "Hindi": "%d/%m/%Y, %I:%M:%S पूर्वाह्न",
    "Vietnamese": "%d/%m/%Y %I:%M:%S SA",
    "Spanish with no-break spaces": "%d/%m/%Y %I:%M:%S a.\u00a0m.",
    "Chinese, half before": "%Y年%m月%d日 上午%I:%M:%S",
    "Korean, half before": "%Y. %m. %d. 오전 %I:%M:%S",
    "Korean, in words": "%Y년 %m월 %d일 오전 %I시 %M분",
    "Japanese, in signs": "%Y年%m月%d日 %H時%M分%S秒",
    "full-width colons": "%Y/%m/%d %H：%M：%S",
    "Arabic comma and marks": "%d\u200f/%m\u200f/%Y، %I:%M:%S ص",
    "German o'clock": "%d. April %Y, %H:%M Uhr",
    "Saturday before, as it is": "%d.%m.%Y Sa %H:%M",
    "French h": "%d/%m/%Y %Hh%M",
    "Brazilian h and m": "%d/%m/%Y %Hh%Mm",
    "Italian dots": "%d/%m/%Y %H.%M.%S",
    "Finnish dots": "%d.%m.%Y klo %H.%M",
    "compact": "%Y%m%dT%H%M%S",
    "milliseconds": "%Y-%m-%dT%H:%M:%S.123",
    "day of the week": "%a %d %b %Y %H:%M:%S",
    "Spanish de": "%d de abril de %Y %H:%M h",
    "English at": "April %drd, %Y at %I:%M am",
    "Thai years": "%d/%m/2569 %H:%M:%S",
    "JavaScript": "%a %b %d %Y %H:%M:%S GMT+0200 (Central European Summer Time)",
    "Java": "%Y-%m-%dT%H:%M:%S+02:00[Europe/Zurich]",
    "a zone by its name": "%Y-%m-%d %H:%M:%S Europe/Paris",
    "two digits of the year and a name": "%d-%b-%y %H:%M",
}
MORNING = {
    ADA: [Interval(at("09:01"), at("10:01")), Interval(at("10:05"), at("10:50"))],
    **{person: [Interval(at("09:30"), at("11:00"))] for person in TIMES if person != ADA},
}
HEADER = "Name;Email;Join time;Leave time\n"


@pytest.mark.parametrize("wording", STAMPS)
def test_a_moment_is_read_however_it_is_written(wording: str) -> None:
    text = HEADER + rows("NAME;EMAIL;JOIN;LEAVE", STAMPS[wording])
    assert times(read(text.encode())) == MORNING


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９"])
def test_digits_of_other_scripts_are_digits(digits: str) -> None:
    text = rows("NAME;EMAIL;JOIN;LEAVE", "%d/%m/%Y %H:%M:%S").translate(str.maketrans("0123456789", digits))
    assert times(read((HEADER + text).encode())) == TIMES


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("46135.375", "2026-04-23 09:00:00"),
        ("0.375", "09:00:00"),
        ("20260423090530", "2026-04-23 09:05:30"),
        ("2 Mar 2026 10.00AM", "2 Mar 2026 10:00AM"),
        ("9.05", "9:05"),
        ("23.04.26", "23.04.26"),
        ("23/04/2026", "23/04/2026"),
        ("--", "--"),
        ("847 1111 1111", "847 1111 1111"),
    ],
)
def test_only_a_time_gets_a_colon(written: str, meant: str) -> None:
    """A date alone keeps its dots: three numbers are no time."""
    assert with_colon(written) == meant


def test_a_number_and_a_text_in_one_row_are_both_moments() -> None:
    """Typed by hand, one became a date, the other stayed text, the third lost its format."""
    text = f"{HEADER}Ada;{ADA};23.04.2026 09:01;46135.417361111\n"
    assert times(read(text.encode())) == {ADA: [Interval(at("09:01"), at("10:01"))]}


@pytest.mark.parametrize(("zone", "asked"), [("CEST", []), ("Europe/Rome", []), ("XQT", [QuestionKind.TIMEZONE])])
def test_an_abbreviation_that_nobody_knows_is_asked_about(zone: str, asked: list[QuestionKind]) -> None:
    text = HEADER + rows("NAME;EMAIL;JOIN;LEAVE", f"%d %B %Y %H:%M {zone}")
    reading = attendance.read("export.csv", text.encode(), [SESSION])
    assert [question.kind for question in reading.questions] == asked
    assert times(reading) == TIMES


def test_a_moment_in_utc_belongs_to_the_day_on_which_the_session_is_held() -> None:
    """In Seoul it is already the next day."""
    morning = Interval(at("01:00"), at("03:00"))
    session = Session(SessionId("s"), "Seoul", "Asia/Seoul", morning)
    late = Session(SessionId("t"), "New York", "America/New_York", Interval(at("04:00"), at("05:00")))
    for held, stamp, start in ((session, "2026-04-22T23:00:00Z", "01:00"), (late, "2026-04-23T02:10:00Z", "04:10")):
        text = f"{HEADER}Ada;{ADA};{stamp};{stamp[:14]}30:00Z\n"
        reading = attendance.read("export.csv", text.encode(), [held])
        assert [(join.session, join.interval) for join in reading.joins] == [
            (held.id, Interval(at(start), at(f"{start[:3]}30")))
        ]


NIGHT = Session(SessionId("n"), "Night", "Europe/Zurich", Interval(at("22:00"), at("22:00") + timedelta(hours=3)))


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Date;Email;Arrival;Departure", f"23/04/2026;{ADA};23:30;00:30"),
        ("Email;Join time;Leave time", f"{ADA};23:30;00:30"),
        ("Email;Join time;Leave time", f"{ADA};11:30 PM;12:30 AM"),
    ],
)
def test_times_of_day_go_on_past_midnight_where_the_session_does(header: str, row: str) -> None:
    reading = attendance.read("export.csv", f"{header}\n{row}\n".encode(), [NIGHT])
    assert [join.interval and join.interval.end - join.interval.start for join in reading.joins] == [
        at("01:00") - at("00:00")
    ]


@pytest.mark.parametrize(
    ("join", "leave", "minutes"), [("23:30", "00:30", 60), ("22:00", "01:00", 180), ("23:59", "00:00", 1)]
)
def test_a_night_with_a_date_in_both_cells_is_one_join(join: str, leave: str, minutes: int) -> None:
    """Whatever file it is in: the second date is another day's, not a mistake."""
    text = f"{HEADER}Ada;{ADA};2026-04-23 {join};2026-04-24 {leave}\n"
    reading = attendance.read("export.csv", text.encode(), [NIGHT], Answers(zone="Europe/Zurich"))
    assert ([row.reason for row in reading.unusable], reading.unanswered) == ([], [])
    (one,) = reading.joins
    assert one.session == NIGHT.id
    assert one.interval is not None
    assert one.interval.end - one.interval.start == timedelta(minutes=minutes)


def test_a_leave_before_its_join_is_no_night_where_the_session_ends_by_day() -> None:
    text = f"Date;Email;Arrival;Departure\n23/04/2026;{ADA};10:30;09:30\n23/04/2026;{ADA};09:30;10:30\n"
    assert [(row.line, row.reason) for row in read(text.encode()).unusable] == [(2, "leave_before_join")]


def test_one_file_may_hold_two_sessions_of_a_day() -> None:
    """Every join lies in one session alone; one that lies in both makes it a question."""
    first = Session(SessionId("1"), "First", "Europe/Zurich", Interval(at("09:00"), at("10:00")))
    second = Session(SessionId("2"), "Second", "Europe/Zurich", Interval(at("14:00"), at("15:00")))
    apart = f"{HEADER}A;{ADA};2026-04-23 09:00;2026-04-23 10:05\nA;{ADA};2026-04-23 13:55;2026-04-23 15:00\n"
    across = f"{HEADER}A;{ADA};2026-04-23 09:00;2026-04-23 15:00\n"
    answers = Answers(zone="Europe/Zurich")
    reading = attendance.read("export.csv", apart.encode(), [first, second], answers)
    assert [join.session for join in reading.joins] == ["1", "2"]
    reading = attendance.read("export.csv", across.encode(), [first, second], answers)
    assert [question.kind for question in reading.unanswered] == [QuestionKind.SESSION]
