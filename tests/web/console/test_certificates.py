"""Certificates in the desk: found, withdrawn with a public and a private reason, taken back; and the trail."""

import json
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from certs.ground.number import printed
from certs.model import Approval, Draft, ErrandKind, Number, Order, RevocationReason
from tests import register
from tests.web.console.conftest import PASSWORD, SLUG, Desk
from tests.world import EVENT as FACTS

LIST = f"/desk/{SLUG}/certificates"
NOTE = "complaint of 12 November, file 4"


@pytest.fixture
def issued(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Two certificates, of Ana Souza and Ben Diaz."""
    monkeypatch.setattr(register, "ordered", lambda store, drafts: place(desk, drafts))
    register.issued(desk.store, ["ana.souza@example.org", "ben.diaz@example.org"])
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
