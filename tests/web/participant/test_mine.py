"""`/mine`: always the same answer, and a link that opens once, after a button."""

from dataclasses import replace

import pytest

from certs.web.edge.shared import SITE
from certs.wording import LANGUAGES
from certs.work.herself import listing
from tests.web.participant.conftest import MARIA, Marathon

SENT = "If we know this address, a mail is on its way."


@pytest.fixture(autouse=True)
def mails(held: Marathon) -> None:
    """A mail server is set."""
    can_mail(held, True)


def can_mail(held: Marathon, so: bool) -> None:
    parts = held.browser().application.extensions
    parts[SITE] = replace(parts[SITE], mails=so)


def test_where_no_mail_can_be_sent_nobody_is_told_that_one_is(held: Marathon) -> None:
    """And the address is not kept."""
    can_mail(held, False)
    for answer in (held.browser().get("/mine"), held.browser().post("/mine", data={"address": MARIA[1]})):
        assert "This site sends no mail." in answer.text
        assert SENT not in answer.text
    assert held.desk.store.own_lists.waits() is False


def ask(held: Marathon, typed: str) -> str:
    answer = held.browser().post("/mine", data={"address": typed})
    assert answer.status_code == 200
    return answer.text


def link(held: Marathon) -> str:
    """Let the worker answer; return the path in Maria's mail."""
    listing.answer(held.desk.store, "", held.desk.now)
    (mail,) = held.desk.store.messages.of_person(MARIA[1])  # type: ignore[arg-type]
    return mail.letter.link


def test_known_and_unknown_are_answered_alike(held: Marathon) -> None:
    """To the byte, and with the same headers."""
    known = held.browser().post("/mine", data={"address": MARIA[1]})
    other = held.browser().post("/mine", data={"address": "nobody@example.org"})
    assert SENT in known.text
    assert (known.data, [*known.headers]) == (other.data, [*other.headers])


def test_what_is_no_address_is_said_so(held: Marathon) -> None:
    answer = held.browser().post("/mine", data={"address": "maria"})
    assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)


def test_the_link_leads_to_her_page_once(held: Marathon) -> None:
    """GET and HEAD use nothing up, as scanners of mail ask; a replay says so."""
    ask(held, MARIA[1])
    path, browser = link(held), held.browser()
    assert browser.head(path).status_code == 200
    assert "Show my certificates" in browser.get(path).text
    answer = browser.post(path)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(held.path(MARIA))
    for again in (browser.post(path), browser.get(path)):
        assert (again.status_code, "used already" in again.text) == (410, True)


def test_a_personal_token_is_no_such_link(held: Marathon) -> None:
    """Nor is such a link a personal token."""
    token = held.path(MARIA).removeprefix("/me/")
    assert held.browser().post(f"/mine/{token}").status_code == 404
    ask(held, MARIA[1])
    assert held.browser().get(f"/me/{link(held).removeprefix('/mine/')}").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_small_and_in_her_language(held: Marathon, language: str) -> None:
    page = held.browser().get(f"/mine?lang={language}")
    assert len(page.data) < 30_000
    assert f'lang="{language}"' in page.text
    assert ("Type the address" in page.text) is (language == "en")
