"""Doubts: worst first, with what follows; answered by a person, taken back, left alone together."""

import html
import re

import pytest

from certs.errors import NotFoundError
from certs.model import Act
from certs.work import doubts as use
from certs.work import errands
from certs.work.doubts import Weight
from tests.web.console.conftest import NOW, SLUG, Browser, Desk
from tests.web.console.exports import report, send

PAGE = f"/desk/{SLUG}/doubts"
HALF = "10/06/2026 01:50:00 PM"
YOLOTL, ITURBIDE = "yolotl@clinic.example.org", "y.iturbide@moh.example.org"
NAME = "Yolotl Guadalupe Iturbide"


@pytest.fixture
def ana(desk: Desk) -> Browser:
    """Ana's browser; two addresses bear one name, and a caller by telephone is nobody known.

    Neither address stayed for half of the session; the first was there in its first part, the second in its last.
    """
    browser = desk.browser("ana@example.org")
    first = report((NAME, YOLOTL), ("15550101", ""), ("15550102", ""), leave=HALF)
    last = report((NAME, ITURBIDE), leave="10/06/2026 02:50:00 PM").replace(b"01:00:00 PM", b"02:00:00 PM")
    send(browser, ("first.csv", first), ("last.csv", last))
    return browser


def shown(browser: Browser, page: str = PAGE) -> str:
    text = re.sub(r"<[^>]+>", " ", browser.get(page).text)
    return " ".join(html.unescape(text).split())


def decisive(desk: Desk) -> use.Doubt:
    (one,) = use.doubts(desk.store, SLUG).of(Weight.DECIDES)
    return one


def test_what_decides_about_a_certificate_comes_first(desk: Desk, ana: Browser) -> None:
    """And every answer says what follows: together she was there long enough, alone neither is."""
    found = use.doubts(desk.store, SLUG)
    assert [one.weight for one in found.open] == [Weight.DECIDES, Weight.HARMLESS, Weight.HARMLESS]
    assert [(one.word, one.then) for one in found.open[0].answers] == [
        (YOLOTL, "Then 1 of 1 session count, and that earns a certificate."),
        (ITURBIDE, "Then 1 of 1 session count, and that earns a certificate."),
        ("different", "Each stays alone, with 0 sessions and 0 sessions."),
    ]
    page = shown(ana)
    assert "Question 1 of 3 · They decide about a certificate" in page
    assert "Are these addresses one person?" in page
    assert "checked" not in ana.get(PAGE).text


def test_of_many_doubts_the_worker_finds_out_which_weigh_most(
    desk: Desk, ana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page works out what follows for the one that it shows; the order is that of the last count."""
    decides = decisive(desk).asked.id
    assert errands.weights(desk.store, SLUG) == {}
    monkeypatch.setattr(use, "MOST_WORKED_OUT", 2)
    page = shown(ana)
    assert "What follows is worked out by the worker 1" in page
    assert "Then 1 of 1 session count, and that earns a certificate." in page
    ana.submit(f"/desk/{SLUG}/earned/count", f"/desk/{SLUG}/earned")
    assert errands.weights(desk.store, SLUG)[decides] == Weight.DECIDES
    page = shown(ana)
    assert "Question 1 of 3 · They decide about a certificate" in page
    assert "They decide about a certificate 1" in page
    assert "Leave all 2 as they are" in page


def test_what_follows_is_what_is_decided_then(desk: Desk, ana: Browser) -> None:
    """The outcome that was promised is that of the decision: she earns it."""
    asked = decisive(desk).asked
    ana.submit(f"{PAGE}/{asked.id}", PAGE, answer=YOLOTL)
    file = f"/desk/{SLUG}/attendance/files/{desk.store.imports.listed(SLUG)[0].sha256}"
    effect = ana.get(ana.led(ana.submit(f"{file}/look", file))).text
    assert "1 person would gain" not in effect
    assert "1 would lose one." in effect


def test_an_answer_is_told_with_its_undo(desk: Desk, ana: Browser) -> None:
    asked = decisive(desk).asked
    ana.submit(f"{PAGE}/{asked.id}", PAGE, answer="different")
    page = ana.get(PAGE).text
    assert "Answered." in page
    assert f'name="questions" value="{asked.id}"' in page
    ana.submit(f"{PAGE}/back", PAGE, questions=asked.id)
    assert "1 answer was taken back." in shown(ana)
    assert decisive(desk).asked.id == asked.id


@pytest.mark.parametrize("given", [{"answer": ""}, {"answer": "maybe"}, {"answer": "else", "typed": ""}, {}])
def test_what_is_no_answer_changes_nothing(desk: Desk, ana: Browser, given: dict[str, str]) -> None:
    asked = decisive(desk).asked
    answer = ana.submit(f"{PAGE}/{asked.id}", PAGE, **given)
    assert answer.status_code == 400
    assert "<title>Error:" in answer.text
    assert decisive(desk).asked == asked


def test_a_row_of_nobody_may_be_somebody_s(desk: Desk, ana: Browser) -> None:
    """The address is typed, for whose it is no list can know."""
    one = use.doubts(desk.store, SLUG).nobodys[0]
    wrong = ana.submit(f"{PAGE}/{one.asked.id}", PAGE, answer="else", typed="not an address")
    assert wrong.status_code == 400
    assert 'value="not an address"' in wrong.text
    ana.submit(f"{PAGE}/{one.asked.id}", PAGE, answer="else", typed=YOLOTL)
    (answered,) = use.doubts(desk.store, SLUG).answered
    assert (answered.answer, answered.answered_by) == (YOLOTL, "Ana")


def test_all_rows_of_nobody_are_left_together_and_taken_back_together(desk: Desk, ana: Browser) -> None:
    ana.submit(f"{PAGE}/leave", PAGE, count="2")
    assert use.doubts(desk.store, SLUG).nobodys == []
    page = ana.get(PAGE).text
    ids = re.search(r'name="questions" value="([^"]+)"', page)
    assert ids is not None
    ana.submit(f"{PAGE}/back", PAGE, questions=ids[1])
    assert len(use.doubts(desk.store, SLUG).nobodys) == 2


def test_leaving_another_number_than_was_shown_leaves_none(desk: Desk, ana: Browser) -> None:
    ana.submit(f"{PAGE}/leave", PAGE, count="3")
    assert "These are others now" in shown(ana)
    assert len(use.doubts(desk.store, SLUG).nobodys) == 2


def test_later_shows_the_next_and_comes_round(desk: Desk, ana: Browser) -> None:
    found = use.doubts(desk.store, SLUG).open
    assert "Question 2 of 3" in shown(ana, f"{PAGE}?after={found[0].asked.id}")
    assert "Question 1 of 3" in shown(ana, f"{PAGE}?after={found[2].asked.id}")


def test_a_viewer_sees_names_and_masked_addresses(desk: Desk, ana: Browser) -> None:
    page = shown(desk.browser("vera@example.org"))
    assert NAME in page
    assert "y…@clinic.example.org" in page
    assert YOLOTL not in page
    assert "Answer and go on" not in page
    assert YOLOTL in shown(desk.browser("ben@example.org"))


@pytest.mark.parametrize("who", ["ben", "vera"])
def test_only_an_organiser_answers(desk: Desk, ana: Browser, who: str) -> None:
    asked = decisive(desk).asked
    other = desk.browser(f"{who}@example.org")
    token = other.token(PAGE)
    for address in (asked.id, "back", "leave", "suggested"):
        assert other.post(f"{PAGE}/{address}", data={"csrf_token": token, "answer": "different"}).status_code == 403
    assert decisive(desk).asked == asked


def test_there_is_nothing_to_take_back_twice(desk: Desk, ana: Browser) -> None:
    asked = decisive(desk).asked
    act = Act("Ana", NOW)
    with pytest.raises(NotFoundError):
        use.take_back(desk.store, SLUG, [asked.id], act)
