"""A session that was held again, for Asia and for America, is one session: the better of its windows counts."""

from datetime import date

import pytest

from certs import attendance, eventfile
from certs.attendance import Answers, QuestionKind, Reading
from certs.db import facts
from certs.errors import InputError
from certs.ground import presence
from certs.model import Event, Tally
from certs.work.rehearsal import facts_of

EVENT = """
slug = "gmp-2026"
title = "GMP"
issuer = "Institute"
zone = "Europe/Zurich"
[rule]
sessions = 1
share = 0.5
[[sessions]]
id = "1"
title = "Data integrity"
start = 2026-10-06T09:00:00
end = 2026-10-06T11:00:00
AGAIN
"""
NEXT_DAY = "again = [{ start = 2026-10-07T18:00:00, end = 2026-10-07T20:00:00 }]"
EVENING = "again = [{ start = 2026-10-06T18:00:00, end = 2026-10-06T20:00:00 }]"


def event(again: str) -> Event:
    """Return the event whose session was held again."""
    return eventfile.parse(EVENT.replace("AGAIN", again), "event.toml")


def read(again: str, *rows: str) -> Reading:
    """Read the joins of one person."""
    text = "Name,Email,Joined,Left\n" + "".join(f"Ada,ada@example.org,{row}\n" for row in rows)
    return attendance.read("joins.csv", text.encode(), event(again).sessions, Answers(zone="Europe/Zurich"))


def tally(again: str, *rows: str) -> Tally:
    """Return what is counted of her."""
    (found,) = presence.tallies(read(again, *rows).joins, event(again).sessions).values()
    return found[event(again).sessions[0].id]


MORNING, LATER = "2026-10-06 09:00,2026-10-06 10:30", "2026-10-07 18:00,2026-10-07 20:00"


@pytest.mark.parametrize(
    ("rows", "minutes"),
    [
        ([MORNING], 90),
        ([LATER], 120),
        ([MORNING, LATER], 120),
        (["2026-10-06 08:00,2026-10-06 09:20", "2026-10-07 17:00,2026-10-07 18:40"], 40),
    ],
)
def test_either_counts_and_both_count_once(rows: list[str], minutes: int) -> None:
    assert tally(NEXT_DAY, *rows).seconds_in_window == minutes * 60


def test_two_windows_of_one_day_need_no_question() -> None:
    reading = read(EVENING, "2026-10-06 18:10,2026-10-06 19:40", MORNING)
    assert not reading.unanswered
    assert reading.session == "1"
    assert tally(EVENING, "2026-10-06 18:10,2026-10-06 19:40").seconds_in_window == 90 * 60


def test_a_clock_of_another_zone_is_noticed_for_either() -> None:
    text = "Name,Email,Joined,Left\n" + "".join(
        f"P,p{n}@example.org,2026-10-07 12:00,2026-10-07 14:00\n" for n in range(5)
    )
    reading = attendance.read("joins.csv", text.encode(), event(NEXT_DAY).sessions)
    assert [question.kind for question in reading.unanswered] == [QuestionKind.TIMEZONE]


def test_times_without_a_date_are_refused_where_the_days_differ() -> None:
    with pytest.raises(InputError, match="was held more than once, and these times have no date"):
        read(NEXT_DAY, "09:00,10:30")


@pytest.mark.parametrize(
    ("again", "says"),
    [
        ("again = [{ start = 2026-10-07T18:00:00, end = 2026-10-07T19:00:00 }]", "both must be as long"),
        ("again = [{ start = 2026-10-06T10:00:00, end = 2026-10-06T12:00:00 }]", "its windows overlap"),
        ("again = [{ start = 2026-10-05T09:00:00, end = 2026-10-05T11:00:00 }]", "write the earliest window"),
        ("again = [{ start = 2026-10-07T18:00:00 }]", '"end" is missing'),
        ("again = [{ start = 2026-10-07T18:00:00, end = 2026-10-07T20:00:00, zone = 'UTC' }]", 'Unknown key "zone"'),
        ("again = 2026-10-07T18:00:00", "must be a list of tables"),
    ],
)
def test_windows_that_cannot_be(again: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        event(again)


def test_the_certificate_names_every_day() -> None:
    """Who attended the second time reads no day on which she was not there alone."""
    held = event(NEXT_DAY)
    frozen = facts_of(held, held.kinds[0], demo=False)
    (line,) = frozen.sessions
    assert line.days == (date(2026, 10, 6), date(2026, 10, 7))
    assert (frozen.first_day, frozen.last_day, line.times) == (date(2026, 10, 6), date(2026, 10, 7), "")
    assert facts.load(facts.dump(frozen)) == frozen
