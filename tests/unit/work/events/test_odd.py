"""Odd events: what cannot be right is refused, what may be right is asked about, what is ordinary is neither."""

from datetime import UTC, datetime

import pytest

from certs import eventfile
from certs.errors import InputError
from certs.model import Event
from certs.work.events.odd import demand_possible, questions

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RULE = "[rule]\nsessions = 1\nshare = 0.5\n"


def session(id_: str, start: str, end: str, title: str = "") -> str:
    return f'[[sessions]]\nid = "{id_}"\ntitle = "{title or "Session " + id_}"\nstart = {start}:00\nend = {end}:00\n'


ONE = session("1", "2026-10-06T13:00", "2026-10-06T15:00")
TWO = session("2", "2026-10-08T13:00", "2026-10-08T15:00")


def event(sessions: str = ONE + TWO, rule: str = RULE, slug: str = "gmp-2026", top: str = "") -> Event:
    head = f'slug = "{slug}"\ntitle = "Good Practice"\nzone = "Europe/Zurich"\n{top}'
    return eventfile.parse(head + rule + sessions, "e.toml", strict=True)


def refused(given: Event, *, is_new: bool = True) -> list[str]:
    with pytest.raises(InputError) as caught:
        demand_possible(given, "e.toml", NOW, is_new=is_new)
    return [problem.message for problem in caught.value.problems]


def asked(given: Event, *others: Event) -> list[str]:
    demand_possible(given, "e.toml", NOW, is_new=True)
    return questions(given, NOW, others)


def test_an_ordinary_event_is_neither_refused_nor_asked_about() -> None:
    assert asked(event()) == []


@pytest.mark.parametrize("slug", ["cgmp-2026", "gxp", "who-pq-2026-q3", "oms-geneve", "h1n1-2027", "ich-q9", "csv-2"])
def test_slugs_that_people_remember(slug: str) -> None:
    assert asked(event(slug=slug)) == []


@pytest.mark.parametrize("slug", ["xk3j9q2f", "gmp-bcdfghj", "d41d8cd98f00b204e9", "a1b2c3"])
def test_a_slug_that_nobody_will_remember_is_asked_about(slug: str) -> None:
    (found,) = asked(event(slug=slug))
    assert found.startswith(f'The slug "{slug}" is typed in every command and hard to remember')


def test_a_slug_that_is_a_number_or_too_long_is_refused() -> None:
    """Of a new event; one that the register holds keeps its name."""
    assert refused(event(slug="2026"))[0].startswith('The slug "2026" is a number')
    long = "-".join(["training"] * 5)
    assert refused(event(slug=long)) == ["The slug has 44 characters; everybody types it: 40 are the most."]
    demand_possible(event(slug=long), "e.toml", NOW, is_new=False)


@pytest.mark.parametrize(
    ("sessions", "said"),
    [
        (session("1", "2026-10-06T13:00", "2027-10-06T15:00"), "Session 1 lasts 365 days"),
        (session("1", "2066-10-06T13:00", "2066-10-06T15:00"), "Session 1 is in the year 2066"),
        (session("1", "1926-10-06T13:00", "1926-10-06T15:00"), "Session 1 is in the year 1926"),
        (ONE + ONE.replace('id = "1"', 'id = "2"'), "Sessions 1 and 2 are one and the same"),
        (ONE + TWO.replace('id = "2"', 'id = "01"'), 'Sessions "1" and "01" have the same number'),
    ],
)
def test_what_cannot_be_right_is_refused(sessions: str, said: str) -> None:
    assert refused(event(sessions))[0].startswith(said)


@pytest.mark.parametrize(
    ("sessions", "said"),
    [
        (session("1", "2026-10-06T08:00", "2026-10-06T21:00"), "Session 1 (Session 1) lasts 13 hours."),
        (session("1", "2026-10-06T13:00", "2026-10-06T13:02"), "Session 1 (Session 1) lasts 120 seconds."),
        (session("1", "2029-10-06T13:00", "2029-10-06T15:00"), "is on 2029-10-06, more than two years from now"),
        (session("1", "2016-10-06T13:00", "2016-10-06T15:00"), "was on 2016-10-06, more than five years ago"),
        (ONE + session("2", "2026-10-06T14:59", "2026-10-06T16:00"), "Sessions 1 and 2 overlap"),
        (ONE + TWO.replace("Session 2", "session  1"), "Sessions 1 and 2 have the same title"),
        (ONE + session("2", "2026-10-05T13:00", "2026-10-05T15:00"), "another order than they begin: 2 before 1"),
        (ONE + session("2", "2025-10-05T13:00", "2025-10-05T15:00", "B"), "it is 366 days, 2025-10-05 to 2026-10-06"),
        (session("1", "2026-10-25T01:00", "2026-10-25T04:00"), "The clocks in Europe/Zurich change during Session 1"),
    ],
)
def test_what_may_be_right_is_asked_about(sessions: str, said: str) -> None:
    assert any(said in line for line in asked(event(sessions)))


def test_sessions_that_touch_do_not_overlap() -> None:
    assert asked(event(ONE + session("2", "2026-10-06T15:00", "2026-10-06T16:00"))) == []


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("[rule]\nsessions = 1\n", "[rule] is met by nearly everybody"),
        ("[rule]\nminutes = 1\n", "[rule] is met by nearly everybody"),
        ("[rule]\npercent = 1\n", "[rule] is met by nearly everybody"),
        ("[rule]\nany = [{ percent = 75 }, { minutes = 1 }]\n", "[rule] is met by nearly everybody"),
        ("[rule]\nsessions = 2\n", '[rule] has no "share"'),
        ("[rule]\nsessions = 2\nshare = 1\n", "[rule] is missed by everybody who comes a second late"),
        ("[rule]\npercent = 100\n", "[rule] is missed by everybody who comes a second late"),
        (RULE + "[kinds.b]\nrule = { percent = 50 }\n", "[kinds.b] has no title: its certificates are headed like"),
        (
            RULE + '[kinds.crew]\ntitle = "Crew"\nrule = { percent = 50, roles = ["host"] }\n',
            '[kinds.crew] is not for attendees, and its certificates say "attended"',
        ),
        (RULE + "[near_miss]\nsessions = 2\n", "[near_miss] makes a near miss of everybody"),
        (RULE + "[near_miss]\npercent = 100\n", "[near_miss] makes a near miss of everybody"),
        (
            RULE + '[kinds.best]\ntitle = "Best"\ninstead_of = "attendance"\nrule = { sessions = 1, share = 0.5 }\n',
            "Nobody would be given attendance",
        ),
    ],
)
def test_a_rule_that_everybody_or_nobody_meets_is_asked_about(rule: str, said: str) -> None:
    (found,) = asked(event(rule=rule))
    assert found.startswith(said)


def test_a_speaker_for_a_moment_is_a_speaker() -> None:
    """A kind for panelists alone may take whoever was there."""
    assert (
        asked(event(rule=RULE + '[kinds.speaker]\ntitle = "Speaker"\nrule = { sessions = 1, roles = ["panelist"] }\n'))
        == []
    )


@pytest.mark.parametrize("rule", ["sessions = 3\nshare = 0.5", "percent = 101", "minutes = 241", "sessions = 0"])
def test_a_rule_that_nobody_can_meet_is_refused(rule: str) -> None:
    with pytest.raises(InputError, match="between"):
        event(rule=f"[rule]\n{rule}\n")


@pytest.mark.parametrize("end", ["2026-10-06T13:00", "2026-10-06T12:00"])
def test_a_session_that_ends_before_it_begins_or_lasts_no_time_is_refused(end: str) -> None:
    with pytest.raises(InputError, match="ends before it begins or is empty"):
        event(session("1", "2026-10-06T13:00", end))


@pytest.mark.parametrize(
    ("start", "said"),
    [("2026-03-29T02:30", "does not exist in Europe/Zurich"), ("2026-10-25T02:30", "comes twice in Europe/Zurich")],
)
def test_a_time_that_the_clocks_leave_out_or_show_twice_is_refused(start: str, said: str) -> None:
    """A file that the register holds is read as before."""
    lines = session("1", start, start.replace("T02:30", "T05:00"))
    with pytest.raises(InputError, match=said):
        event(lines)
    text = f'slug = "e"\ntitle = "E"\nzone = "Europe/Zurich"\n{RULE}{lines}'
    assert eventfile.parse(text, "e.toml").sessions


def test_with_an_offset_a_time_that_comes_twice_is_one_moment() -> None:
    lines = session("1", "2026-10-25T02:30", "2026-10-25T05:00").replace("02:30:00", "02:30:00+01:00")
    assert event(lines).sessions[0].window_seconds == 2.5 * 3600


def test_a_last_day_of_validity_that_is_past_is_asked_about() -> None:
    (found,) = asked(event(top="valid_until = 2026-11-01\n"))
    assert found.startswith("Certificates are valid until 2026-11-01, which is past")


def test_a_second_event_of_the_same_title_and_dates_is_asked_about() -> None:
    """A slug changed in the file makes another event; a second edition of other dates is ordinary."""
    (found,) = asked(event(slug="gmp-2027"), event())
    assert found.startswith("There is an event of this title and these dates already, gmp-2026")
    later = event(session("1", "2027-10-06T13:00", "2027-10-06T15:00"), slug="gmp-2027")
    assert asked(later, event()) == []
