"""Certificates in the desk: found, withdrawn with a public and a private reason, taken back; and the trail."""

import html
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from werkzeug.test import TestResponse

from certs import eventfile
from certs.errors import DeniedError
from certs.ground.number import printed
from certs.model import Act, Approval, Draft, ErrandKind, Number, Order, RevocationReason
from certs.web.console.desk import DESK
from certs.work import corrections
from tests import register
from tests.web.console.conftest import NOW, PASSWORD, SLUG, Desk
from tests.world import EVENT as FACTS

LIST = f"/desk/{SLUG}/certificates"
NOTE = "complaint of 12 November, file 4"


@pytest.fixture
def issued(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Two certificates, of Ana Souza and Ben Diaz."""
    monkeypatch.setattr(register, "ordered", lambda store, drafts: place(desk, drafts))
    register.issued(desk.store, ["ana.souza@example.org", "ben.diaz@example.org"])
    parts = desk.flask.extensions[DESK]
    desk.flask.extensions[DESK] = replace(parts, keys=register.RING)
    return desk


def place(desk: Desk, drafts: Sequence[Draft]) -> int:
    order = Order("attendance", FACTS, Approval.ONE, date(2026, 11, 22), drafts)
    return desk.store.batches.order(order, register.act())


def numbers(desk: Desk) -> list[Number]:
    return [one.certificate.statement.number for one in desk.store.addressed(SLUG)]


def page_of(number: Number) -> str:
    return f"{LIST}/{number}"


def test_certificates_are_found_by_name_address_and_number_in_any_spelling(issued: Desk) -> None:
    browser = issued.browser("ana@example.org")
    one = next(each for each in issued.store.addressed(SLUG) if each.person.startswith("ben"))
    number = printed(one.certificate.statement.number)
    for typed in ("ben.diaz", "BEN", number, number.lower().replace("-", " ")):
        page = browser.get(LIST, query_string={"search": typed}).text
        assert number in page, typed
        assert "ana.souza@" not in page, typed
    assert "Nothing is called so." in browser.get(f"{LIST}?search=zzz").text


def test_the_filters_bear_counts(issued: Desk) -> None:
    page = issued.browser("vera@example.org").get(LIST).text
    assert "Valid <b>2</b>" in page
    assert "a…@example.org" in page
    assert "ana.souza@" not in page


def withdrawn(desk: Desk, number: Number, **fields: str) -> str:
    """Withdraw as Ana does; return where that led."""
    typed = {"class": "error", "said": "The name was wrong.", "note": NOTE, **fields}
    answer = desk.browser("ana@example.org").submit(f"{page_of(number)}/withdraw", page_of(number), **typed)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_what_everybody_reads_is_apart_from_what_the_trail_keeps(issued: Desk) -> None:
    number = numbers(issued)[0]
    assert withdrawn(issued, number) == page_of(number)
    certificate = issued.store.certificate(number)
    assert certificate is not None
    assert certificate.revocation is not None
    assert certificate.revocation.reason is RevocationReason("error")
    assert certificate.revocation.detail == "The name was wrong."
    entry = next(one for one in issued.store.trail.entries() if one.subject == number and one.reason)
    assert (entry.actor, entry.role, entry.reason) == ("Ana", "organiser, password", NOTE)
    assert issued.store.errands.newest(ErrandKind.PUBLISH) is not None


def test_a_withdrawal_is_undone_within_ten_minutes_and_not_later(issued: Desk) -> None:
    first, second = numbers(issued)
    withdrawn(issued, first)
    browser = issued.browser("ana@example.org")
    assert "Undo the withdrawal" in browser.get(page_of(first)).text
    assert browser.submit(f"{page_of(first)}/undo", page_of(first)).status_code == 303
    certificate = issued.store.certificate(first)
    assert certificate is not None
    assert certificate.revocation is None
    withdrawn(issued, second)
    issued.later(minutes=11)
    assert "Undo the withdrawal" not in browser.get(page_of(second)).text
    assert browser.submit(f"{page_of(second)}/undo", page_of(second)).status_code == 409


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"class": "", "note": NOTE}, "Say what kind of reason it is"),
        ({"class": "because", "note": NOTE}, "Say what kind of reason it is"),
        ({"class": "error", "note": " "}, "Say why"),
        ({"class": "error", "note": NOTE, "said": "two  spaces"}, "needless white space"),
    ],
)
def test_a_withdrawal_that_says_too_little_or_too_much_is_refused(
    issued: Desk, fields: dict[str, str], said: str
) -> None:
    number = numbers(issued)[0]
    answer = issued.browser("ana@example.org").submit(f"{page_of(number)}/withdraw", page_of(number), **fields)
    assert answer.status_code == 400
    assert said in answer.text
    certificate = issued.store.certificate(number)
    assert certificate is not None
    assert certificate.revocation is None


def test_withdrawing_asks_for_the_password_once_more_after_ten_minutes(issued: Desk) -> None:
    number, browser = numbers(issued)[0], issued.browser("ana@example.org")
    issued.later(minutes=11)
    answer = browser.submit(f"{page_of(number)}/withdraw", page_of(number), **{"class": "error"}, note=NOTE)
    assert answer.headers["Location"].startswith("/sign-in/again")
    certificate = issued.store.certificate(number)
    assert certificate is not None
    assert certificate.revocation is None
    assert browser.submit("/sign-in/again", password=PASSWORD).status_code == 303


def said_of(page: str, what: str) -> list[str]:
    """Return old and new of the line called *what*, as they stand side by side."""
    found = re.search(rf'<th scope="row">{what}</th><td>(.*?)</td><td>(.*?)</td>', page)
    assert found is not None, page
    return [re.sub(r"<[^>]+>", "", one) for one in found.groups()]


def corrected(desk: Desk, number: Number, **fields: str) -> TestResponse:
    """Ask for a correction as Ana does."""
    typed = {"reason": "she wrote to us", **fields}
    return desk.browser("ana@example.org").submit(f"{page_of(number)}/correct", page_of(number), **typed)


def test_a_correction_shows_old_and_new_and_orders_nothing_yet(issued: Desk) -> None:
    answer = corrected(issued, numbers(issued)[0], name="Ana Sousa", language="pt", hours="1.75")
    assert answer.status_code == 200
    assert said_of(answer.text, "Name")[1] == "Ana Sousa"
    assert said_of(answer.text, "Language of the name")[1] == "pt"
    assert said_of(answer.text, "Hours")[1] == "1.75"
    assert issued.store.gatherings.listed(SLUG) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"hours": "7.3"}, "Write hours in quarters"),
        ({"hours": "-1"}, "Write hours in quarters"),
        ({"name": "A\u202eb"}, "cannot be printed"),
        ({"language": "not a tag"}, "is no language tag"),
        ({"name": "Ana Sousa", "reason": " "}, "Say why"),
        ({"sessions": "said", "attended": "99"}, "The event has no session 99"),
        ({}, "says just that already"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_beside_its_form(
    issued: Desk, fields: dict[str, str], said: str
) -> None:
    answer = corrected(issued, numbers(issued)[0], sure="yes", **fields)
    assert answer.status_code in {400, 409}
    assert said in html.unescape(answer.text)
    assert issued.store.gatherings.listed(SLUG) == []


def test_corrections_are_gathered_and_ordered_together_for_the_second_person(issued: Desk) -> None:
    """Each keeps its own reason; one batch waits for the approver, and nothing waits to be ordered any more."""
    first, second = numbers(issued)
    corrected(issued, first, name="Ana Sousa", sure="yes", reason="misspelt")
    corrected(issued, second, name="Ben Dias", sure="yes", reason="by passport")
    corrected(issued, second, name="Ben Díaz", sure="yes", reason="by passport")
    browser = issued.browser("ana@example.org")
    page = browser.get(LIST).text
    assert "Order 2 corrections" in page
    assert "Ben Dias" not in page
    refused = browser.submit(f"/desk/{SLUG}/corrections", LIST, expected="1")
    assert "By now 2 corrections wait." in browser.get(refused.headers["Location"]).text
    led = browser.submit(f"/desk/{SLUG}/corrections", LIST, expected="2").headers["Location"]
    assert led == f"/desk/{SLUG}/batches/2"
    batch = issued.store.batches.at(SLUG, 2)
    assert (batch.count, batch.ordered_by, batch.reason) == (2, "Ana", "misspelt; by passport")
    said = {one.statement.name: one.reason for one in issued.store.batches.members(batch.id)}
    assert {"Ana Sousa", "Ben Díaz"} == set(said)
    assert said["Ana Sousa"].endswith(": misspelt")
    assert issued.store.gatherings.listed(SLUG) == []
    page = issued.browser("ben@example.org").get(led).text
    assert "correction of" in page
    assert "Ben Díaz" in page


def test_a_correction_is_taken_out_again(issued: Desk) -> None:
    number = numbers(issued)[0]
    corrected(issued, number, name="Ana Sousa", sure="yes")
    browser, out = issued.browser("ana@example.org"), f"/desk/{SLUG}/corrections/{number}/out"
    assert browser.submit(out, LIST).status_code == 303
    assert "Corrections to order" not in browser.get(LIST).text
    assert browser.submit(out, LIST).status_code == 404
    assert (
        "No correction waits"
        in browser.get(browser.submit(f"/desk/{SLUG}/corrections", LIST, expected="0").headers["Location"]).text
    )


def test_a_correction_of_what_was_withdrawn_meanwhile_orders_nothing(issued: Desk) -> None:
    first, second = numbers(issued)
    corrected(issued, first, name="Ana Sousa", sure="yes")
    corrected(issued, second, name="Ben Dias", sure="yes")
    withdrawn(issued, first)
    browser = issued.browser("ana@example.org")
    led = browser.submit(f"/desk/{SLUG}/corrections", LIST, expected="2").headers["Location"]
    assert "was withdrawn on" in browser.get(led).text
    assert [one.ordinal for one in issued.store.batches.of_event(SLUG)] == [1]
    assert len(issued.store.gatherings.listed(SLUG)) == 2


def test_a_correction_is_ordered_signed_in_where_the_event_wants_that(issued: Desk) -> None:
    """Nobody at a shell orders one in another's name."""
    before = issued.store.events.definition(SLUG)
    text = before.replace('approval = "two"', 'approval = "two"\nsigned_in = true')
    issued.store.events.add(eventfile.parse(text, "event.toml"), text, Act("Ada", NOW), before)
    corrected(issued, numbers(issued)[0], name="Ana Sousa", sure="yes")
    with pytest.raises(DeniedError, match="signed in"):
        corrections.order(issued.store, register.RING, SLUG, 1, Act("Ana", issued.now), demo=False)
    answer = issued.browser("ana@example.org").submit(f"/desk/{SLUG}/corrections", LIST, expected="1")
    assert answer.headers["Location"] == f"/desk/{SLUG}/batches/2"


def revoked(desk: Desk) -> list[str]:
    """Return the sentences for everybody of what is withdrawn."""
    found = desk.store.revocations.fates(numbers(desk)).values()
    return [one.revocation.detail for one in found if one.revocation is not None]


def test_many_are_withdrawn_in_one_act_and_taken_back_in_one(issued: Desk) -> None:
    both, browser = numbers(issued), issued.browser("ana@example.org")
    page = f"{LIST}/withdraw?number={both[0]}&number={both[1]}"
    assert "Withdraw 2 certificates" in browser.get(page).text
    fields = {"class": "error", "said": "The date was wrong.", "note": NOTE, "expected": "2"}
    token = browser.token(page)
    answer = browser.post(f"{LIST}/withdraw", data={"csrf_token": token, "number": both, **fields})
    assert answer.status_code == 303, answer.text
    assert revoked(issued) == ["The date was wrong."] * 2
    told = browser.get(LIST).text
    assert "2 certificates are withdrawn." in told
    at = re.search(r'name="at" value="([^"]+)"', told)
    assert at is not None
    assert browser.submit(f"{LIST}/withdraw/undo", LIST, at=at[1]).status_code == 303
    assert revoked(issued) == []
    assert browser.submit(f"{LIST}/withdraw/undo", LIST, at=at[1]).status_code == 404


def test_all_that_a_filter_finds_are_withdrawn_only_in_the_number_that_was_shown(issued: Desk) -> None:
    browser, page = issued.browser("ana@example.org"), f"{LIST}/withdraw?whom=all&search=souza"
    assert "Withdraw 1 certificate" in browser.get(page).text
    fields = {"whom": "all", "search": "souza", "class": "error", "note": NOTE}
    answer = browser.submit(f"{LIST}/withdraw", page, expected="2", **fields)
    assert answer.status_code == 409
    assert "By now these are others." in answer.text
    assert revoked(issued) == []
    assert browser.submit(f"{LIST}/withdraw", page, expected="1", **fields).status_code == 303
    assert revoked(issued) == [""]


@pytest.mark.parametrize(
    "asked", ["", "?number=7K3M9QXZ2P4C", "?number=x", "?whom=all&stands=lost", "?whom=all&search=q"]
)
def test_where_nothing_is_chosen_nothing_is_asked(issued: Desk, asked: str) -> None:
    browser = issued.browser("ana@example.org")
    assert browser.get(f"{LIST}/withdraw{asked}").headers["Location"] == LIST
    assert 'class="say warn"' in browser.get(LIST).text


def test_the_numbers_of_another_event_are_not_withdrawn_here(issued: Desk) -> None:
    olga = issued.browser("olga@example.org")
    token = olga.token("/desk/me")
    fields = {"class": "error", "note": NOTE, "expected": "1", "number": numbers(issued)[0]}
    answer = olga.post("/desk/others-2026/certificates/withdraw", data={"csrf_token": token, **fields})
    assert answer.status_code == 400
    assert revoked(issued) == []


def test_a_certificate_of_another_event_is_not_there(issued: Desk) -> None:
    number = numbers(issued)[0]
    assert issued.browser("olga@example.org").get(f"/desk/others-2026/certificates/{number}").status_code == 404
    for unknown in ("7K3M9QXZ2P4C", "nothing"):
        assert issued.browser("ana@example.org").get(f"{LIST}/{unknown}").status_code == 404


def test_the_trail_is_narrowed_by_person_act_and_day(issued: Desk) -> None:
    withdrawn(issued, numbers(issued)[0])
    browser = issued.browser("ana@example.org")
    page = browser.get(f"/desk/{SLUG}/trail?actor=Ana&act=certificate").text
    assert NOTE in page
    assert "event.add" not in page
    day = (issued.now + timedelta(days=1)).date().isoformat()
    assert "Nothing." in browser.get(f"/desk/{SLUG}/trail?day={day}").text
    refused = browser.get(f"/desk/{SLUG}/trail?day=yesterday")
    assert refused.status_code == 400
    assert "Give a day like" in refused.text


def test_the_trail_comes_as_json_and_csv_for_those_who_see_addresses(issued: Desk) -> None:
    ana = issued.browser("ana@example.org")
    told = json.loads(ana.get(f"/desk/{SLUG}/trail.json?act=batch").text)
    assert {one["act"] for one in told["entries"]} == {"batch.order", "batch.issue"}
    assert ana.get(f"/desk/{SLUG}/trail.csv").data.decode("utf-8-sig").startswith("id,at,actor,role,act,")
    assert issued.browser("vera@example.org").get(f"/desk/{SLUG}/trail.json").status_code == 403
