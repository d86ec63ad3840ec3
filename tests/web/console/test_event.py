"""What every page of an event shows: the strip of four screens, and what was just done."""

import pytest
from flask import Response, url_for

from certs.web.console import notice
from certs.web.console.desk import allows
from tests.web.console.conftest import BASE, OTHERS, SLUG, Desk

PAGE = f"/desk/{SLUG}/attendance"


def test_the_strip_says_how_far_the_event_is(desk: Desk) -> None:
    page = desk.browser("ana@example.org").get(PAGE).text
    assert "0 of 1 sessions" in page
    assert "after the exports" in page
    assert "not ordered yet" in page
    assert "6 October 2026" in page


def test_another_s_event_is_not_there(desk: Desk) -> None:
    assert desk.browser("olga@example.org").get(PAGE).status_code == 404
    assert desk.browser("olga@example.org").get(f"/desk/{OTHERS}/attendance").status_code == 200


@pytest.fixture
def telling(desk: Desk) -> Desk:
    """The desk with an act that can be undone."""

    @allows()
    def act() -> Response:
        undo = notice.Undo("/desk/undone", {"id": "7"})
        return notice.done(url_for("attendance.screen", slug=SLUG), "Gave <b>Ana</b> a row.", undo)

    desk.flask.add_url_rule("/desk/act", "attendance.act", act)
    return desk


def test_what_was_done_is_told_once_with_the_way_back(telling: Desk) -> None:
    browser = telling.browser("ana@example.org")
    assert browser.get("/desk/act").headers["Location"] == PAGE
    told = browser.get(PAGE).text
    assert "Gave &lt;b&gt;Ana&lt;/b&gt; a row." in told
    assert 'action="/desk/undone"' in told
    assert 'name="id" value="7"' in told
    assert "a row." not in browser.get(PAGE).text


def test_a_notice_of_another_browser_is_none(telling: Desk) -> None:
    browser, other = telling.browser("ana@example.org"), telling.browser("ada@example.org")
    browser.get("/desk/act")
    cookie = browser.get_cookie("__Host-told", "certs.example.org")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.secure
    other.set_cookie("__Host-told", cookie.value, domain="certs.example.org")
    assert "a row." not in other.get("/desk/gmp-2026/attendance", base_url=BASE).text
