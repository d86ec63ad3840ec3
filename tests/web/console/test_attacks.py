"""What strangers try at the desk: guess by the thousand, frame its pages, send its forms from elsewhere."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from certs.web.console.desk import DESK
from certs.web.console.tries import TooManyTriesError, Tries
from tests.web.console.conftest import BASE, PASSWORD, SLUG, Desk
from tests.web.console.test_roles import Way, ways

ANA = "ana@example.org"
THOUSANDS = 10_000


def let_through(desk: Desk, guesses: Iterator[tuple[str, str]]) -> int:
    """Return of how many *guesses*, each of an address from a visitor, a password would be looked at."""
    tries: Tries = desk.flask.extensions[DESK].tries
    through = 0
    for email, visitor in guesses:
        with desk.flask.test_request_context("/sign-in", environ_base={"REMOTE_ADDR": visitor}):
            try:
                tries.spend(email)
            except TooManyTriesError:
                continue
            through += 1
    return through


def visitor(n: int) -> str:
    return f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}"


def test_ten_thousand_guesses_at_one_account_from_everywhere_are_five(desk: Desk) -> None:
    """And the owner signs in from her own browser while they go on."""
    hers = desk.browser(ANA)
    hers.submit("/sign-out", "/desk/")
    assert let_through(desk, ((ANA, visitor(n)) for n in range(THOUSANDS))) == 5
    assert hers.submit("/sign-in", email=ANA, password=PASSWORD).status_code == 303


def test_ten_thousand_accounts_guessed_at_by_one_visitor_are_twenty(desk: Desk) -> None:
    """Others sign in meanwhile."""
    guesses = ((f"{n}@example.org", "10.9.9.9") for n in range(THOUSANDS))
    assert let_through(desk, guesses) == 20
    assert desk.browser().submit("/sign-in", email=ANA, password=PASSWORD).status_code == 303


def test_a_spelling_of_an_address_is_no_other_account(desk: Desk) -> None:
    spellings = (ANA, ANA.upper(), f" {ANA} ", "Ana@Example.ORG")
    assert let_through(desk, ((spellings[n % 4], visitor(n)) for n in range(40))) == 5


def gets(desk: Desk) -> list[Way]:
    return [one for one in ways(desk) if one.method == "GET"]


@pytest.mark.parametrize("email", ["", ANA, "ada@example.org"])
def test_no_page_of_the_desk_stands_in_a_frame(desk: Desk, email: str) -> None:
    """Of nobody's, and not those that refuse either; no script but the site's own runs there, and nothing is kept."""
    browser = desk.browser(email)
    for way in gets(desk):
        told = browser.get(way.address).headers
        policy = told["Content-Security-Policy"].split("; ")
        assert {"frame-ancestors 'none'", "default-src 'none'", "script-src 'self'"} <= set(policy), way
        assert not [one for one in policy if "unsafe" in one or "*" in one or "data:" in one], way
        assert told["X-Frame-Options"] == "DENY", way
        assert "no-store" in told["Cache-Control"], way


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{BASE}.evil.example"])
def test_no_form_is_taken_from_another_site(desk: Desk, origin: str) -> None:
    """Whoever is signed in, even with the token of the page."""
    for email in (ANA, "ben@example.org", "ada@example.org"):
        browser = desk.browser(email)
        token = browser.token("/desk/me")
        for way in (one for one in ways(desk) if one.method == "POST"):
            answer = browser.post(way.address, data={"csrf_token": token}, headers={"Origin": origin})
            assert answer.status_code == 403, way
            assert "sent from another site" in answer.text, way


def test_looking_changes_nothing_in_the_register(desk: Desk) -> None:
    """Whatever page somebody opens, or is led to."""
    for email in (ANA, "ben@example.org", "ada@example.org"):
        browser = desk.browser(email)
        before = contents(desk)
        for way in gets(desk):
            browser.get(way.address)
            assert contents(desk) == before, way


def contents(desk: Desk) -> list[str]:
    """Return everything that the register holds."""
    with desk.store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        return list(raw.iterdump())


@pytest.mark.parametrize("wish", ["https://evil.example/", "//evil.example", "/\\evil.example", "/verify", "/desk/\nx"])
def test_nobody_is_sent_elsewhere_after_showing_herself_again(desk: Desk, wish: str) -> None:
    browser = desk.browser(ANA)
    answer = browser.submit("/sign-in/again", password=PASSWORD, next=wish)
    assert answer.headers["Location"] == "/desk/"


def test_a_form_after_a_pause_leads_back_to_where_it_was_and_nowhere_else(desk: Desk) -> None:
    """What a foreign page says it is comes to nothing."""
    browser = desk.browser(ANA)
    token = browser.token("/desk/me")
    desk.later(minutes=11)
    page = f"/desk/{SLUG}/certificates/withdraw?whom=all"
    for referrer, wanted in ((f"{BASE}{page}", page), ("https://evil.example/desk//evil.example", "/desk/")):
        answer = browser.post(page.partition("?")[0], data={"csrf_token": token}, headers={"Referer": referrer})
        led = urlsplit(answer.headers["Location"])
        assert led.path == "/sign-in/again"
        (asked,) = parse_qs(led.query)["next"]
        back = browser.submit("/sign-in/again", password=PASSWORD, next=asked)
        assert back.headers["Location"] == wanted
        desk.later(minutes=11)
