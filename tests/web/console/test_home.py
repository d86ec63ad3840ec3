"""Home: what waits for one, and how far one's events are."""

from tests.web.console.conftest import SLUG, Desk
from tests.web.console.exports import ANA, report, send


def test_an_event_says_how_far_it_is_and_leads_on(desk: Desk) -> None:
    page = desk.browser("ana@example.org").get("/desk").text
    assert "Exports missing: 1 of 1" in page
    assert f'href="/desk/{SLUG}/attendance"' in page
    assert "Waiting for you" not in page
    assert "others-2026" not in page


def test_doubts_wait_for_the_organiser_alone(desk: Desk) -> None:
    ana = desk.browser("ana@example.org")
    send(ana, ("one.csv", report(ANA, ("15550101", ""))))
    assert f'href="/desk/{SLUG}/doubts">Settle them' in ana.get("/desk").text
    assert "Settle them" not in desk.browser("vera@example.org").get("/desk").text


def test_events_are_found_by_title_and_year(desk: Desk) -> None:
    ana = desk.browser("ana@example.org")
    assert "Good Practice Marathon" in ana.get("/desk?q=practice").text
    assert "Good Practice Marathon" in ana.get("/desk?q=2026").text
    assert "No event fits." in ana.get("/desk?q=2031").text
