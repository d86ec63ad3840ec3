"""Sessions without their people: missing, thin, to come, or beside their window."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from certs.model import Severity
from certs.work.readiness import sessions
from certs.work.readiness.fitting import fit
from tests.unit.work.readiness.cast import EVENT, HOST, NOW, SESSIONS, crowd, found, joined, minutes

ONE, TWO, THREE = SESSIONS


def test_nothing_is_odd_about_a_usual_event() -> None:
    """Early birds, late ones, two devices, a dropped line: all of that is usual."""
    records = [*crowd(), *crowd(begin=30, end=45), *crowd(begin=100, end=140), *crowd(people=3, begin=-40, end=-20)]
    assert found(records) == {}


def test_a_session_without_anybody_stops() -> None:
    """Everybody's certificate would say that she missed it; it may have been cancelled, so it can be accepted."""
    one = found(crowd((ONE, THREE)))["session_missing:2"]
    assert (one.severity, one.acceptable) == (Severity.STOPS, True)
    assert 'session 2 "Part 2", 2026-10-08 13:00' in one.text
    assert "Import its export into small" in one.remedy


def test_minutes_without_times_are_somebody() -> None:
    """So are status letters and evidence, which are minutes as well; no minutes are nobody."""
    stated = [minutes(f"p{number}", TWO, 90) for number in range(20)]
    assert found([*crowd((ONE, THREE)), *stated]) == {}
    assert "session_missing:2" in found([*crowd((ONE, THREE)), minutes("p1", TWO, 0)])


@pytest.mark.parametrize(("people", "thin"), [(4, True), (5, False), (20, False)])
def test_far_fewer_people_than_in_the_others_are_said(people: int, thin: bool) -> None:
    """Less than a quarter."""
    said = found([*crowd((ONE, THREE)), *crowd((TWO,), people)])
    assert ("session_thin:2" in said) is thin
    if thin:
        assert "4 people were in session 2" in said["session_thin:2"].text
        assert said["session_thin:2"].severity is Severity.SAID


def test_a_small_event_has_no_usual_number() -> None:
    """One of three people is no sign of anything."""
    assert found([*crowd((ONE, THREE), 3), *crowd((TWO,), 1)]) == {}


def test_a_session_to_come_stops() -> None:
    """Nobody can have been there; who wants to order before can say so."""
    one = found(crowd((ONE, TWO)), now=THREE.window.start - timedelta(days=1))["session_ahead:3"]
    assert (one.severity, one.acceptable) == (Severity.STOPS, True)
    assert "it ends 2026-10-13 15:00" in one.text
    assert "session_ahead:3" in found(crowd((ONE, TWO)), now=THREE.window.end - timedelta(seconds=1))
    assert "session_missing:3" in found(crowd((ONE, TWO)), now=THREE.window.end)


def test_a_clock_before_what_happened_stops_for_good() -> None:
    """People were there, so it is the clock, or the session's day, that is wrong."""
    one = found(crowd(), now=datetime.fromisoformat("2026-10-10T08:00Z"))["clock_early:3"]
    assert (one.severity, one.acceptable) == (Severity.STOPS, False)
    assert "2026-10-10 08:00 UTC by the clock" in one.text
    assert "20 people" in one.text


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (-2, "2 hours earlier (11:00 to 13:00). The export's times look like UTC."),
        (-1, "1 hour earlier (12:00 to 14:00)."),
        (1, "1 hour later (14:00 to 16:00)."),
        (5.5, "5.5 hours later (18:30 to 20:30)."),
        (5.75, "5.75 hours later (18:45 to 20:45)."),
        (-9, "9 hours earlier (04:00 to 06:00)."),
        (12, "12 hours later (2026-10-07 01:00 to 2026-10-07 03:00)."),
        (24, "24 hours later (2026-10-07 13:00 to 2026-10-07 15:00)."),
        (-120 * 24, "120 days earlier (2026-06-08 13:00 to 2026-06-08 15:00)."),
        (7 * 24, "7 days later (2026-10-13 13:00 to 2026-10-13 15:00)."),
    ],
)
def test_a_shift_of_all_joins_stops_and_is_named(hours: float, said: str) -> None:
    """A wrong zone, a wrong hour, a month read as a day: the sentence says where the joins are."""
    by = round(60 * hours)
    one = found([*crowd((TWO, THREE)), *crowd((ONE,), begin=by - 5, end=by + 125)])["session_shifted:1"]
    assert (one.severity, one.acceptable) == (Severity.STOPS, True)
    assert ' of the time of 20 joins of session 1 "Part 1" lies in its window, 2026-10-06 13:00 to 15:00' in one.text
    assert one.text.endswith(f"; 100% would if it were {said}")
    assert "in zone " in one.remedy


def test_a_shift_is_found_among_people_who_come_and_go() -> None:
    """Not everybody stays from the beginning to the end."""
    moved = [joined(f"p{n}", ONE, 60 + 7 * n % 90 - 10, 60 + 120 - 5 * n % 40) for n in range(40)]
    assert "99% would if it were 1 hour later" in found([*crowd((TWO, THREE), 40), *moved])["session_shifted:1"].text


def test_joins_without_any_order_are_of_another_session() -> None:
    """No shift fits them; if only some are outside, it is said."""
    strewn = [joined(f"p{n}", ONE, 300 + 240 * n, 330 + 240 * n) for n in range(20)]
    one = found([*crowd((TWO, THREE)), *strewn])["session_outside:1"]
    assert one.severity is Severity.STOPS
    assert "0% of the time of 20 joins" in one.text
    assert "from 2026-10-06 18:00 to 2026-10-09 22:30" in one.text
    half = found([*crowd((TWO, THREE)), *strewn, *crowd((ONE,), 10)])["session_outside:1"]
    assert half.severity is Severity.SAID


def test_a_few_late_joins_tell_nothing_unless_nobody_was_there_in_time() -> None:
    """Four people who come for the last half hour are four late people."""
    assert found([*crowd((TWO, THREE), 4), *crowd((ONE,), 4, begin=90, end=240)]) == {}
    assert "session_shifted:1" in found([*crowd((TWO, THREE), 4), *crowd((ONE,), 4, begin=120, end=240)])


def test_the_export_is_named_in_the_remedy() -> None:
    """The command can be typed as it stands, but for the zone."""
    from tests.unit.work.readiness import cast

    known = cast.seen([*crowd((TWO, THREE)), *crowd((ONE,), begin=-125, end=5)])
    (one,) = sessions.findings(replace(known.crowd, files={ONE.id: ["attendee_1.csv"]}), NOW)
    assert one.remedy.startswith("Import attendee_1.csv into small anew, in zone UTC, or correct")


def test_a_session_of_another_event_kind_is_judged_by_the_widest_roles() -> None:
    """Where one kind counts hosts only, the sessions are not empty for that."""
    hosts = replace(EVENT.kinds[0], name="host", roles=frozenset({HOST}))
    assert found(crowd(), replace(EVENT, kinds=(hosts, *EVENT.kinds))) == {}


def test_fitting_is_quick_where_it_fits() -> None:
    """No shift is tried then; in a window nobody was in, nothing fits."""
    assert fit([(0, 100)] * 3, (0, 100), 0.75).shift == 0
    assert fit([], (0, 100), 0.75).share == 1.0
    assert fit([(5, 5)], (0, 100), 0.75).joins == 0
