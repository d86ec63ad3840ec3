"""What was counted for her, and the picture of what was issued: hers alone, in her language, and light."""

import io

import pytest
from PIL import Image

from certs.ground.number import printed
from certs.model import Act, Ruled
from certs.wording import LANGUAGES
from certs.work import rulings
from certs.work.deliver import personal
from tests.register import act
from tests.web.console.conftest import SLUG
from tests.web.participant.conftest import MARIA, PEDRO, Marathon
from tests.web.test_languages import ENGLISH, spoken

MOST_PAGE_BYTES, MOST_PICTURE_BYTES = 30_000, 60_000


def number_of(marathon: Marathon) -> str:
    (one,) = marathon.desk.store.addressed(SLUG)
    return printed(one.certificate.number)


def test_before_issue_nothing_is_told_of_what_was_counted(held: Marathon) -> None:
    page = held.page(PEDRO)
    assert "Nothing is issued to you yet." in page
    assert "Good Practice Marathon 2026" in page
    assert "min" not in spoken(page).split()


def test_who_did_not_earn_one_reads_minutes_rule_and_outcome(issued: Marathon) -> None:
    page = issued.page(PEDRO)
    assert "20 of 120 min" in page
    assert "Sessions that count: 0. Needed: 1, each for at least 50 % of its time." in page
    assert "This was not enough for a certificate." in page
    assert "Maria" not in page


def test_who_earned_one_reads_the_same_beside_it(issued: Marathon) -> None:
    page, number = issued.page(MARIA), number_of(issued)
    assert "115 of 120 min" in page
    assert "You earned a certificate." in page
    assert "Pedro" not in page
    assert f'href="/c/{number}/credential.json"' in page
    assert "certId=" + number in page


def test_the_picture_is_of_the_issued_file_and_light(issued: Marathon) -> None:
    """It loads when she comes to it, and is nobody else's."""
    number = number_of(issued)
    answer = issued.browser().get(f"{issued.path(MARIA)}/{number}.png")
    with Image.open(io.BytesIO(answer.data)) as seen:
        assert (answer.mimetype, seen.format, seen.width) == ("image/png", "PNG", 702)
    assert len(answer.data) <= MOST_PICTURE_BYTES
    assert f'src="{issued.path(MARIA)}/{number}.png" width="702" height="{seen.height}" loading="lazy"' in issued.page(
        MARIA
    )
    assert issued.browser().get(f"{issued.path(PEDRO)}/{number}.png").status_code == 404


@pytest.mark.parametrize("person", [MARIA, PEDRO], ids=["earned", "not earned"])
def test_nothing_of_it_is_left_in_english(issued: Marathon, person: tuple[str, str]) -> None:
    for code in LANGUAGES[1:]:
        page = issued.page(person, code)
        assert ENGLISH.search(spoken(page)) is None, spoken(page)
        assert len(page.encode()) <= MOST_PAGE_BYTES


def test_looking_changes_nothing(issued: Marathon) -> None:
    """Neither page nor picture, by GET or HEAD, whatever is to be counted anew."""
    store, browser, number = issued.desk.store, issued.browser(), number_of(issued)
    store.decisions.forget(SLUG)
    before = store.newest_moment(), store.decisions.kept(SLUG), len(list(store.audit(SLUG)))
    for path in (issued.path(MARIA), issued.path(PEDRO), f"{issued.path(MARIA)}/{number}.png"):
        for ask in (browser.get, browser.head):
            assert ask(path).status_code == 200
    assert (store.newest_moment(), store.decisions.kept(SLUG), len(list(store.audit(SLUG)))) == before


def test_a_withdrawn_link_of_somebody_without_certificate_says_so(issued: Marathon) -> None:
    path = issued.path(PEDRO)
    personal.withdraw(issued.desk.store, PEDRO[1], act(reason="lost"))
    answer = issued.browser().get(path)
    assert answer.status_code == 404
    assert "This personal link was withdrawn" in answer.text


def test_a_decision_of_the_organisers_is_told_and_its_reason_is_not(issued: Marathon) -> None:
    store, now = issued.desk.store, issued.desk.now
    planned = rulings.plan(store, SLUG, Ruled.WITHHELD, [MARIA[1]])
    rulings.rule(store, planned, Act("Ana", now, "somebody else sat there"))
    issued.count()
    page = issued.page(MARIA)
    assert "The organisers decided that no certificate is issued to you." in page
    assert "somebody else" not in page
