"""Set-up: an event is made or changed by a form or as a file, what that does is shown first, and nothing is lost."""

import io
import re
from html import unescape

import pytest

from certs import eventfile
from certs.eventfile import form
from certs.model import Act, ErrandKind, UserRole
from tests.web.console.conftest import NOW, OTHERS, SLUG, Browser, Desk
from tests.web.console.test_earned import counted, queries_of

__all__ = ["counted"]
PAGE, NEW = f"/desk/{SLUG}/setup", "/desk/new"
FILE = """# Said by Ada
slug = "fresh-2027"
title = "Fresh Marathon 2027"
zone = "Europe/Zurich"

[rule]
sessions = 1   # one is enough
share = 0.5

[[sessions]]
id = "1"
title = "Opening"
start = 2027-10-06T13:00:00
end = 2027-10-06T15:00:00
"""


@pytest.fixture
def ana(desk: Desk) -> Browser:
    return desk.browser("ana@example.org")


@pytest.fixture
def ada(desk: Desk) -> Browser:
    return desk.browser("ada@example.org")


def send(browser: Browser, page: str, text: str, do: str = "look", **fields: str) -> tuple[int, str]:
    shown = browser.get(page).text
    seen = re.search(r'name="seen" value="([^"]*)"', shown)
    data = {"how": "file", "text": text, "do": do, "seen": seen[1] if seen else "", **fields}
    answer = browser.post(page, data={"csrf_token": browser.token(page), **data})
    return answer.status_code, answer.text


def typed(desk: Desk, browser: Browser, do: str = "look", **fields: str) -> tuple[int, str]:
    """Send the form of the event with these fields changed."""
    text = desk.store.events.definition(SLUG)
    words = {name.replace("__", "."): word for name, word in fields.items()}
    return send(browser, PAGE, text, do, how="form", **{**form.read(text).fields, **words})


def text_in(page: str) -> str:
    found = re.search(r'<textarea[^>]*name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return unescape(found[1])


def concerned(page: str) -> str:
    found = re.search(r'name="concerned" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_the_form_shows_the_definition_and_keeps_nothing_by_looking(desk: Desk, ana: Browser) -> None:
    before = desk.store.events.definition(SLUG)
    page = ana.get(PAGE).text
    assert 'value="Good Practice Marathon 2026"' in page
    assert 'name="sessions.0.from" type="time" value="13:00"' in page
    assert text_in(ana.get(f"{PAGE}?how=file").text) == before
    assert desk.store.events.definition(SLUG) == before


def test_a_row_is_added_and_the_file_shows_it_but_nothing_is_stored(desk: Desk, ana: Browser) -> None:
    before = desk.store.events.definition(SLUG)
    status, page = typed(desk, ana, "session", title="Better")
    assert (status, 'name="sessions.1.id"' in page) == (200, True)
    assert 'title = "Better"' in text_in(page)
    _, page = typed(desk, ana, "file", place="Dhaka")
    assert 'place = "Dhaka"' in text_in(page)
    assert desk.store.events.definition(SLUG) == before


def test_what_changes_is_shown_and_stored_after_that(desk: Desk, ana: Browser) -> None:
    status, page = typed(desk, ana, title="Better Marathon")
    assert status == 200
    assert "title: Good Practice Marathon 2026 → Better Marathon" in page
    assert desk.store.events.title(SLUG) == "Good Practice Marathon 2026"
    status, _ = send(ana, PAGE, text_in(page), "save", concerned=concerned(page), reason="a new name")
    assert status == 303
    assert desk.store.events.title(SLUG) == "Better Marathon"
    assert "The event is saved." in ana.get(PAGE).text


def test_a_wrong_field_is_told_there_and_what_was_typed_stays(desk: Desk, ana: Browser) -> None:
    status, page = typed(desk, ana, title="", zone="Mars", sessions__0__day="soon")
    assert status == 400
    assert "<title>Error: " in page
    assert 'value="soon"' in page
    status, page = typed(desk, ana, title="", zone="Mars")
    assert status == 400
    assert 'id="title-wrong"' in page
    assert 'id="zone-wrong"' in page
    assert 'href="#zone"' in page


def test_a_wrong_file_is_told_with_its_lines(ana: Browser) -> None:
    status, page = send(ana, PAGE, 'slug = "gmp-2026"\ntitle = 3\n')
    assert status == 400
    assert "line 2: " in page
    assert "title = 3" in text_in(page)
    status, page = send(ana, PAGE, "title = ")
    assert (status, "This is not TOML" in page) == (400, True)
    assert send(ana, PAGE, "title = ", "form")[0] == 400


def test_another_event_is_not_changed_from_here(desk: Desk, ana: Browser) -> None:
    before = desk.store.events.definition(OTHERS)
    text = before.replace("Good", "Bad")
    assert send(ana, PAGE, text)[0] == 400
    assert send(ana, PAGE, text, "save", pictures=OTHERS)[0] == 400
    assert desk.store.events.definition(OTHERS) == before


@pytest.mark.parametrize("demand", ['approval = "two"', "signed_in = true"])
def test_an_organiser_does_not_let_herself_approve_alone(desk: Desk, ana: Browser, demand: str) -> None:
    """She may demand a second person, and people who signed in; only an administrator takes that back."""
    name = demand.split(maxsplit=1)[0]
    plain = "\n".join(line for line in desk.store.events.definition(SLUG).splitlines() if not line.startswith(name))
    strict = f"{demand}\n{plain}"
    before = desk.store.events.definition(SLUG)
    if before != strict:
        desk.store.events.add(eventfile.parse(strict, "event.toml"), strict, Act("Ada", NOW), before)
    status, page = send(ana, PAGE, plain)
    assert status == 403
    assert "is taken back by an administrator alone" in page
    assert desk.store.events.definition(SLUG) == strict


def test_somebody_else_was_faster(desk: Desk, ana: Browser) -> None:
    _, page = typed(desk, ana, title="Better Marathon")
    before = desk.store.events.definition(SLUG)
    text = before.replace("Good Practice", "Ben’s")
    desk.store.events.add(eventfile.parse(text, "e"), text, Act("Ben", NOW))
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    data = {"csrf_token": ana.token(PAGE), "how": "file", "do": "save", "text": text_in(page)}
    answer = ana.post(PAGE, data={**data, "seen": seen[1], "concerned": concerned(page)})
    assert answer.status_code == 409
    assert "Somebody else changed" in answer.text
    assert "Better Marathon" in answer.text
    assert desk.store.events.definition(SLUG) == text


def test_a_change_that_concerns_people_shows_them_and_needs_a_reason(counted: Desk) -> None:
    ana = counted.browser("ana@example.org")
    status, page = typed(counted, ana, rule__sessions="1")
    assert status == 200
    assert "1 person gains a certificate" in page
    assert "Ben Diaz" in page
    text, whom = text_in(page), concerned(page)
    assert send(ana, PAGE, text, "save", concerned=whom)[0] == 400
    assert send(ana, PAGE, text, "save", concerned="0 0 9 9", reason="as agreed")[0] == 409
    assert counted.store.events.definition(SLUG) != text
    assert send(ana, PAGE, text, "save", concerned=whom, reason="as agreed")[0] == 303
    assert counted.store.events.definition(SLUG) == text
    assert counted.store.errands.newest(ErrandKind.COUNT, SLUG) is not None
    assert "as agreed" in ana.get(f"/desk/{SLUG}/trail").text


def test_another_rule_is_used_from_who_earned_it(counted: Desk) -> None:
    ana = counted.browser("ana@example.org")
    earned = f"/desk/{SLUG}/earned?sessions=1&percent=50"
    assert "Use this rule" in ana.get(earned).text
    answer = ana.submit(f"{PAGE}/rule", earned, kind="attendance", sessions="1", percent="50")
    assert answer.status_code == 200
    assert "1 person gains a certificate, 0 lose one." in answer.text
    assert "required" in answer.text
    assert send(ana, PAGE, text_in(answer.text), "save", concerned=concerned(answer.text), reason="kinder")[0] == 303
    assert "sessions = 1" in counted.store.events.definition(SLUG)
    refused = ana.submit(f"{PAGE}/rule", earned, kind="attendance", sessions="7", percent="50")
    assert refused.status_code == 400


def test_a_viewer_looks_and_can_send_nothing(desk: Desk) -> None:
    page = desk.browser("vera@example.org").get(PAGE).text
    assert "<fieldset disabled>" in page
    assert "Save event</button><span" not in page
    assert "Give this role" not in page


def test_an_event_is_made_of_a_file_and_its_maker_organises_it(desk: Desk, ada: Browser) -> None:
    status, _ = send(ada, NEW, FILE, organise="yes")
    assert status == 303
    assert desk.store.events.definition("fresh-2027") == FILE
    assert ada.get("/desk/fresh-2027/setup").status_code == 200
    assert send(ada, NEW, FILE)[0] == 409
    assert send(ada, NEW, FILE.replace("fresh-2027", "fresh-2028").replace("1   #", "9 #"))[0] == 400


def test_an_event_begins_with_an_empty_form(desk: Desk, ada: Browser) -> None:
    page = ada.submit(NEW, do="blank", slug="blank-2027").text
    assert 'name="slug" type="text" value="blank-2027"' in page
    assert 'name="sessions.0.day"' in page
    assert ada.submit(NEW, do="blank", slug="Not A Slug").status_code == 400
    assert ada.submit(NEW, do="blank", slug=SLUG).status_code == 400
    assert desk.store.events.slugs() == [SLUG, OTHERS]


def test_last_years_event_is_copied_with_two_acts(desk: Desk, ada: Browser) -> None:
    page = ada.get(f"{NEW}?copy={SLUG}").text
    assert 'value="2027-10-05"' in page
    assert 'value="gmp-2027"' in page
    answer = ada.submit(NEW, do="copy", copy=SLUG, slug="gmp-2027", first_day="2027-10-05")
    assert answer.status_code == 200
    assert "title: Good Practice Marathon 2026 → Good Practice Marathon 2027" in answer.text
    assert "2026-10-06 13:00–15:00 Europe/Zurich → 2027-10-05 13:00–15:00 Europe/Zurich" in answer.text
    status, _ = send(ada, NEW, text_in(answer.text), "save", concerned=concerned(answer.text), copied=SLUG)
    assert status == 303
    assert "start = 2027-10-05T13:00:00" in desk.store.events.definition("gmp-2027")
    assert [one.role for one in desk.store.users.of_event("gmp-2027")] == []


@pytest.mark.parametrize(("slug", "day"), [("gmp-2027", "soon"), ("gmp-2027", "9999-12-31"), ("no-such", "2027-10-05")])
def test_a_copy_that_cannot_be_is_refused_and_nothing_is_kept(desk: Desk, ada: Browser, slug: str, day: str) -> None:
    source = "none" if slug == "no-such" else SLUG
    assert ada.submit(NEW, do="copy", copy=source, slug=slug, first_day=day).status_code == 400
    assert desk.store.events.slugs() == [SLUG, OTHERS]


def test_an_upload_that_is_no_text_is_refused(ada: Browser) -> None:
    data = {"csrf_token": ada.token(NEW), "how": "file", "do": "look"}
    answer = ada.post(NEW, data={**data, "file": (io.BytesIO(b"\xff\xfe\x00"), "<img>.toml")})
    assert answer.status_code == 400
    assert "&lt;img&gt;.toml is not in UTF-8." in answer.text


def test_the_organiser_says_who_works_on_it(desk: Desk, ana: Browser) -> None:
    people = f"{PAGE}/people"
    assert ana.submit(people, PAGE, email="olga@example.org", role="approver").status_code == 303
    assert ("olga@example.org", UserRole.APPROVER) in [
        (one.user.email, one.role) for one in desk.store.users.of_event(SLUG)
    ]
    ana.submit(people, PAGE, email="olga@example.org", role="approver", take="yes")
    assert "olga@example.org" not in [one.user.email for one in desk.store.users.of_event(SLUG)]
    ana.submit(people, PAGE, email="ana@example.org", role="organiser", take="yes")
    assert "is the only organiser" in ana.get(PAGE).text
    for email, role in (("nobody@example.org", "viewer"), ("ben@example.org", "administrator")):
        ana.submit(people, PAGE, email=email, role=role)
    assert len(desk.store.users.of_event(SLUG)) == 3


def test_roles_are_given_only_after_the_password_of_late(desk: Desk, ana: Browser) -> None:
    desk.later(minutes=11)
    answer = ana.submit(f"{PAGE}/people", PAGE, email="olga@example.org", role="approver")
    assert answer.headers["Location"].startswith("/sign-in/again")
    assert len(desk.store.users.of_event(SLUG)) == 3


def test_the_page_asks_a_bounded_number_of_times(counted: Desk) -> None:
    assert queries_of(counted, PAGE) < 40
