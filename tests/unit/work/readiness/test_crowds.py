"""The same people twice, at two places, of another event, or there for days."""

from dataclasses import replace

import pytest

from certs.eligibility import call_roll
from certs.model import Basis, Registration, Severity
from certs.work.readiness.crowd import Crowd
from tests.register import named as called
from tests.unit.work.readiness.cast import EVENT, SESSIONS, Record, crowd, found, joined, minutes, named

ONE, TWO, THREE = SESSIONS


def registered(people: int, prefix: str = "p") -> list[Record]:
    return [named(f"{prefix}{number}", f"{called(f'{prefix}{number}')} Okri") for number in range(people)]


@pytest.mark.parametrize(("known", "stops"), [(9, True), (10, False), (20, False), (7, False)])
def test_people_who_are_mostly_in_no_list_stop(known: int, stops: bool) -> None:
    """More than half of twenty; a list of fewer than eight people is none to judge by."""
    keys = {key for key in found([*registered(known), *crowd()]) if key.startswith("people_unknown")}
    assert keys == ({"people_unknown:1", "people_unknown:2", "people_unknown:3"} if stops else set())


def test_it_says_how_many_and_which_file() -> None:
    one = found([*registered(20), *crowd(), *(joined(f"x{n}", TWO) for n in range(30))])["people_unknown:2"]
    assert one.text == (
        '30 of the 50 people in session 2 "Part 2" are in no list of registrations, which has 20 people.'
    )
    assert (one.severity, one.acceptable) == (Severity.STOPS, True)


def test_an_attendee_table_is_no_list_of_registrations() -> None:
    """It names just those whom it is about."""
    tabled = [replace(one, listed=False) for one in registered(20) if isinstance(one, Registration)]
    assert found([*tabled, *crowd((ONE, TWO, THREE), 60)]) == {}


def stays(people: int, at: object, differ: bool = True) -> list[Record]:
    return [joined(f"p{n}", at, end=60 + n if differ else 60) for n in range(people)]  # type: ignore[arg-type]


def test_one_export_for_two_sessions_stops() -> None:
    """The same people for the same seconds, to the second."""
    one = found([*stays(20, ONE), *stays(20, TWO), *crowd((THREE,))])["sessions_alike:1+2"]
    assert (one.severity, one.acceptable) == (Severity.STOPS, True)
    assert one.text.startswith('20 people were in session 1 "Part 1" and in session 2 "Part 2" for exactly as many')


def test_who_all_stayed_as_long_says_nothing() -> None:
    """Neither do stated minutes, nor a few who happen to agree."""
    assert found([*stays(20, ONE, differ=False), *stays(20, TWO, differ=False), *crowd((THREE,))]) == {}
    stated = [minutes(f"p{n}", at, 60 + n) for at in (ONE, TWO) for n in range(20)]
    assert found([*stated, *crowd((THREE,))]) == {}
    others = [joined(f"p{n}", TWO, end=60 + n + (n > 9)) for n in range(20)]
    assert found([*stays(20, ONE), *others, *crowd((THREE,))]) == {}
    assert all(one.basis is Basis.STATED for one in stated)


@pytest.mark.parametrize(("people", "severity"), [(3, Severity.SAID), (10, Severity.SAID), (11, Severity.STOPS)])
def test_two_sessions_at_once_are_said(people: int, severity: Severity) -> None:
    """Half of a session's people or fewer may have two devices; more means that a file is of another session."""
    parallel = replace(TWO, window=ONE.window)
    event = replace(EVENT, sessions=(ONE, parallel, THREE))
    records = [*crowd((ONE, THREE)), *(joined(f"p{n}", parallel) for n in range(people))]
    records += [joined(f"q{n}", parallel) for n in range(20 - people)]
    one = found(records, event)["two_at_once:1+2"]
    assert one.severity is severity
    assert f"{people} people were in session 1" in one.text
    assert "for up to 130 minutes" in one.text


def test_to_go_from_one_to_the_next_is_usual() -> None:
    """Who leaves late and joins early is in both for a few minutes."""
    after = replace(
        TWO, window=replace(TWO.window, start=ONE.window.end, end=ONE.window.end + (ONE.window.end - ONE.window.start))
    )
    event = replace(EVENT, sessions=(ONE, after, THREE))
    assert found([*crowd((ONE, THREE), end=122), *crowd((after,), begin=-2)], event) == {}


def test_stays_of_days_are_said() -> None:
    """A line that nobody hung up; of it no more than the window counts."""
    one = found([*crowd(), joined("p1", TWO, end=241)])["stays_long:2"]
    assert one.severity is Severity.SAID
    assert "1 person was in session 2" in one.text
    assert "p1@example.org for 246." in one.text
    assert found([*crowd(), joined("p1", TWO, begin=0, end=235)]) == {}


def test_times_are_what_they_were_however_far_from_today() -> None:
    """Those of a clock that was a century wrong take more room, and change no others."""
    known, far = Crowd(EVENT), 60 * 24 * 365 * 100
    expected: list[tuple[int, int]] = []
    for number, minute in enumerate((0, far, -far, 5)):
        one = joined(f"p{number}", ONE, minute, minute + 9)
        known.add(call_roll(EVENT, [one]), [])
        begin = int(ONE.window.start.timestamp()) + 60 * minute
        expected.append((begin, begin + 540))
        assert list(known.spans(ONE.id)) == expected
    assert list(known.spans(TWO.id)) == []
