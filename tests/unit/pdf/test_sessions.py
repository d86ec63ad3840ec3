"""The list of sessions is printed whole and legibly, or refused with a reason; it never vanishes."""

from dataclasses import replace
from datetime import date

import pytest

from certs.errors import InputError
from certs.model import EventFacts, SessionId, SessionLine
from certs.pdf import Design, draw_plate
from certs.pdf.forme import forme_of
from certs.pdf.raster import look
from tests.unit.pdf import cast

CLASSIC = Design.load("classic")
LEAST_POINTS = 7


def titled(count: int, length: int) -> EventFacts:
    """Return the event with *count* sessions whose titles have about *length* characters."""
    words = "Contamination control under Annex 1: barriers, monitoring and media simulation, part after part, on and on"
    title = (words * 3)[: length - 4].rstrip()
    lines = tuple(
        SessionLine(SessionId(f"{i}"), f"{title} ({i})", date(2026, 10, 1 + i % 28)) for i in range(1, count + 1)
    )
    return replace(cast.EVENT, sessions=lines)


def page_of(event: EventFacts) -> str:
    statement = cast.statement(event=event)
    plate = draw_plate(CLASSIC, [statement], cast.BASE_URL, cast.sealer())
    seen = look(plate.data + plate.imprint(statement, cast.claim_url(statement)).tail)
    assert seen is not None
    return " ".join(seen.text.split())


@pytest.mark.parametrize(("count", "length"), [(2, 300), (4, 290), (8, 115), (12, 80), (18, 60), (20, 50), (24, 45)])
def test_a_long_list_is_printed_whole(count: int, length: int) -> None:
    """Smaller, or on several lines: the last title is there as the first."""
    page = page_of(titled(count, length))
    assert all(f"({i})" in page for i in range(1, count + 1))
    assert page.count("attended") >= count


@pytest.mark.parametrize("event", [titled(8, 115), titled(18, 60), titled(24, 45), cast.with_sessions(24)])
def test_no_title_is_set_smaller_than_can_be_read(event: EventFacts) -> None:
    style = CLASSIC.styles["session"]
    assert style.smallest >= LEAST_POINTS
    assert forme_of(CLASSIC, event, cast.BASE_URL)


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (
            titled(25, 10),
            "lists at most 24 sessions, and the event has 25: leave the list out with list_sessions = false",
        ),
        (titled(24, 120), "does not fit on the certificate: shorten their titles, of which the longest has 121"),
        (titled(8, 300), "or leave the list out with list_sessions = false"),
    ],
)
def test_what_does_not_fit_is_refused(event: EventFacts, says: str) -> None:
    """With what to do, rather than left out."""
    with pytest.raises(InputError, match=says):
        forme_of(CLASSIC, event, cast.BASE_URL)


def test_a_list_that_is_not_wanted_is_left_out() -> None:
    """Only because the event says so."""
    page = page_of(replace(titled(30, 120), list_sessions=False))
    assert "attended 29 of the 30 sessions" in page
    assert "Contamination" not in page


def one_day(times: str) -> EventFacts:
    lines = tuple(replace(line, day=date(2026, 10, 6), times=times) for line in cast.EVENT.sessions)
    return replace(cast.EVENT, sessions=lines, last_day=cast.EVENT.first_day)


def test_sessions_of_one_day_have_their_times() -> None:
    """In place of a date that the page says anyway; batches ordered before times were kept still have it."""
    page = page_of(one_day("09:00–10:30"))
    assert page.count("09:00–10:30") == len(cast.EVENT.sessions)
    assert ("Time" in page, "6 Oct " in page) == (True, False)
    assert page_of(one_day("")).count("6 Oct ") == len(cast.EVENT.sessions)


def test_sessions_held_again_on_another_day_have_their_days() -> None:
    """Though they were all on one day at first."""
    first, *others = one_day("09:00–10:30").sessions
    again = replace(first, again=(date(2026, 10, 13), date(2026, 10, 20)))
    page = page_of(replace(cast.EVENT, sessions=(again, *others)))
    assert "6 Oct / 13 Oct / 20 Oct" in page
    assert "09:00" not in page


def test_a_single_session_has_its_times_beside_its_day() -> None:
    (line, *_) = cast.EVENT.sessions
    event = replace(one_day(""), sessions=(replace(line, times="09:00–10:30"),))
    assert "6 October 2026, 09:00–10:30 · Online" in page_of(event)


@pytest.mark.parametrize(
    ("language", "missed", "headings"),
    [
        ("en", "not attended", ("Date", "Session", "Attendance")),
        ("fr", "non suivie", ("Date", "Séance", "Participation")),
        ("es", "no asistió", ("Fecha", "Sesión", "Asistencia")),
    ],
)
def test_columns_have_headings_and_what_was_missed_is_said(
    language: str, missed: str, headings: tuple[str, ...]
) -> None:
    """In words, in each language."""
    page = page_of(replace(cast.EVENT, language=language))
    assert missed in page
    assert all(page.count(heading) == 2 for heading in headings[:1])
    assert all(heading in page for heading in headings)
