"""Who may open and do what: every route of the console by every kind of visitor, from the map of addresses itself."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from werkzeug.routing import Rule

from certs.model import UserRole
from certs.web.console import ROOMS
from certs.web.console.desk import Demands, demands_of
from tests.web.console.conftest import SLUG, Browser, Desk

ROLES = {
    "ana@example.org": UserRole.ORGANISER,
    "ben@example.org": UserRole.APPROVER,
    "vera@example.org": UserRole.VIEWER,
}
FILLED = {"slug": SLUG, "ordinal": 1, "errand": 1, "number": "7K3M9QXZ2P4C", "file": 1, "one": 1, "wanted": 1}
"""What stands in addresses; everything else is a word that nobody has."""
WORDS = "nobody"
NO_ROLE = "There is no such event, or you have no role in it."


class Way(NamedTuple):
    """One method of one route."""

    method: str
    address: str
    demands: Demands

    @property
    def is_of_event(self) -> bool:
        return bool(self.demands.roles)


def ways(desk: Desk) -> Iterator[Way]:
    """Yield every way into the console."""
    ours = {room.pages.name for room in ROOMS}
    for rule in desk.flask.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in ours:
            demands = demands_of(desk.flask.view_functions[rule.endpoint])
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield Way(method, address_of(desk, rule), demands)


def address_of(desk: Desk, rule: Rule) -> str:
    values = {name: FILLED.get(name, WORDS) for name in rule.arguments}
    built = desk.flask.url_map.bind("certs.example.org").build(rule.endpoint, values)
    assert isinstance(built, str)
    return built


def answer_to(browser: Browser, way: Way, token: str) -> tuple[int, str, str]:
    """Return status, where it leads, and the page."""
    data = {"csrf_token": token} if way.method == "POST" else None
    answer = browser.open(way.address, method=way.method, data=data)
    return answer.status_code, answer.headers.get("Location", ""), answer.get_data().decode(errors="replace")


def test_every_way_into_the_console_says_who_may_go_it(desk: Desk) -> None:
    found = list(ways(desk))
    assert len(found) > 30
    assert all(one.demands.everybody or one.demands.roles or "<slug>" not in one.address for one in found)


def test_whoever_is_not_signed_in_is_led_to_the_sign_in(desk: Desk) -> None:
    """Participants have no account, so they are nobody here."""
    browser = desk.browser()
    token = browser.token("/sign-in")
    for way in ways(desk):
        if not way.demands.everybody:
            status, location, _ = answer_to(browser, way, token)
            assert (status, location.partition("?")[0]) == (303, "/sign-in"), way


def test_anothers_event_is_as_if_it_were_not_there(desk: Desk) -> None:
    for email in ("olga@example.org", "ada@example.org"):
        browser = desk.browser(email)
        token = browser.token("/desk/me")
        for way in filter(lambda one: one.is_of_event, ways(desk)):
            status, _, page = answer_to(browser, way, token)
            assert status == 404, (email, way)
            assert NO_ROLE in page, (email, way)


@pytest.mark.parametrize("email", list(ROLES))
def test_each_role_does_what_it_may_and_nothing_else(desk: Desk, email: str) -> None:
    browser = desk.browser(email)
    token = browser.token("/desk/me")
    for way in filter(lambda one: one.is_of_event, ways(desk)):
        status, _, page = answer_to(browser, way, token)
        assert status < 500, way
        if ROLES[email] in way.demands.roles:
            assert "of this event may do that" not in page, way
        else:
            assert status == 403, way
            assert "of this event may do that" in page, way


def test_viewers_change_nothing_of_an_event(desk: Desk) -> None:
    changing = [one for one in ways(desk) if one.is_of_event and one.method == "POST"]
    assert changing
    assert not [one for one in changing if UserRole.VIEWER in one.demands.roles]


def test_what_is_the_administrators_is_not_there_for_others(desk: Desk) -> None:
    for email in (*ROLES, "olga@example.org"):
        browser = desk.browser(email)
        token = browser.token("/desk/me")
        for way in filter(lambda one: one.demands.administrator, ways(desk)):
            assert answer_to(browser, way, token)[0] == 404, (email, way)


def test_no_form_is_taken_without_its_token(desk: Desk) -> None:
    for email in (*ROLES, "ada@example.org"):
        browser = desk.browser(email)
        for way in filter(lambda one: one.method == "POST", ways(desk)):
            status, _, page = answer_to(browser, way, "")
            assert status == 403, (email, way)
            assert "Open the page again." in page, (email, way)
