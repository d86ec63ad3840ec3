"""What organisers answer to requests, and what comes of it on her page; others see little and do nothing."""

from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from certs.ground.number import parse
from certs.model import Act, Request, RequestsSought
from certs.work import corrections
from tests.web.console.conftest import SLUG
from tests.web.participant.conftest import MARIA, PEDRO, Marathon
from tests.web.participant.test_counted import number_of

LIST = f"/desk/{SLUG}/requests"
PDF = b"%PDF-1.7 a signed sheet"


def one(marathon: Marathon) -> Request:
    """Return the only request."""
    (found,) = marathon.desk.store.requests.listed(SLUG, RequestsSought()).items
    return found


def ask_name(marathon: Marathon, name: str) -> int:
    form = f"{marathon.path(MARIA)}/name/{number_of(marathon)}"
    assert marathon.browser().post(form, data={"name": name, "sure": "yes"}).status_code == 303
    return one(marathon).id


def appeal(marathon: Marathon) -> int:
    given = {"words": "I sat beside maria@example.org.", "file": (BytesIO(PDF), "sheet.pdf")}
    assert marathon.browser().post(f"{marathon.path(PEDRO)}/attendance/{SLUG}", data=given).status_code == 303
    return one(marathon).id


def answer(marathon: Marathon, what: str, **fields: str) -> TestResponse:
    """Answer as Ana does."""
    return marathon.browser("ana@example.org").submit(f"{LIST}/{what}", LIST, **fields)


def test_an_accepted_name_becomes_a_certificate_that_replaces_the_old_one(issued: Marathon) -> None:
    """By the way of every correction: gathered, ordered, approved by a second person, issued."""
    old, asked, store = parse(number_of(issued)), ask_name(issued, "María López"), issued.desk.store
    assert answer(issued, f"{asked}/accept").status_code == 303
    assert "Accepted: the corrected certificate" in issued.page(MARIA)
    (batch,) = corrections.order(store, issued.desk.keys, SLUG, 1, Act("Ana", issued.desk.now), demo=False)
    new = issued.finish(batch.id)
    before, after = store.certificate(old), store.certificate(new)
    assert before is not None
    assert after is not None
    assert (before.superseded_by, after.statement.name) == (new, "María López")
    page = issued.page(MARIA)
    assert page.index("María López") < page.index("Replaced</b>.")


def test_evidence_for_an_appeal_earns_the_certificate(issued: Marathon) -> None:
    asked = appeal(issued)
    fields = {"session": "1", "minutes": "100", "kind": "signed sheet", "note": "folder 4"}
    assert answer(issued, f"{asked}/evidence", **fields).status_code == 303
    issued.issue()
    page = issued.page(PEDRO)
    assert "Valid</b>." in page
    assert "100 of 120 min" in page
    assert "Accepted." in page


def test_a_refusal_needs_a_sentence_and_she_reads_it(issued: Marathon) -> None:
    asked = appeal(issued)
    assert answer(issued, f"{asked}/refuse", answer=" ").status_code == 400
    assert answer(issued, f"{asked}/refuse", answer="You left <b>early</b>.").status_code == 303
    assert "You left &lt;b&gt;early&lt;/b&gt;." in issued.page(PEDRO)
    again = answer(issued, f"{asked}/refuse", answer="Once more.")
    assert again.status_code == 409


def test_who_was_hardly_seen_is_granted_nothing_and_asks_on(issued: Marathon) -> None:
    """The refusal is the rule's own, and the request waits."""
    asked = appeal(issued)
    refused = answer(issued, f"{asked}/grant", reason="he says so")
    assert refused.status_code == 400
    assert "no near miss" in refused.text
    assert one(issued).state == "asked"


def test_small_changes_are_accepted_by_kind_in_the_number_that_was_shown(issued: Marathon) -> None:
    ask_name(issued, "LÓPEZ, María")
    browser = issued.browser("ana@example.org")
    assert "Accept 1 small change" in browser.get(LIST).text
    assert browser.submit(f"{LIST}/small", LIST, expected="2").status_code == 409
    assert one(issued).state == "asked"
    assert browser.submit(f"{LIST}/small", LIST, expected="1").status_code == 303
    assert one(issued).state == "accepted"
    assert [each.changes.name for each in corrections.waiting(issued.desk.store, SLUG)] == ["LÓPEZ, María"]


def test_another_name_is_no_small_change(issued: Marathon) -> None:
    ask_name(issued, "Marta Lopez")
    assert "small change" not in issued.browser("ana@example.org").get(LIST).text


def test_the_file_is_handed_out_and_never_shown(issued: Marathon) -> None:
    asked = appeal(issued)
    sent = issued.browser("ana@example.org").get(f"{LIST}/{asked}/file")
    assert (sent.data, sent.content_type) == (PDF, "application/octet-stream")
    assert sent.headers["Content-Disposition"] == f'attachment; filename="request-{asked}.pdf"'
    assert sent.headers["X-Content-Type-Options"] == "nosniff"


def test_old_and_new_are_seen_as_pictures(issued: Marathon) -> None:
    asked, browser = ask_name(issued, "Marta Lopez"), issued.browser("ana@example.org")
    pictures = [browser.get(f"{LIST}/{asked}/{which}.png") for which in ("old", "new")]
    assert [each.mimetype for each in pictures] == ["image/png", "image/png"]
    assert pictures[0].data != pictures[1].data
    assert browser.get(f"{LIST}/{asked}/other.png").status_code == 404


def test_a_viewer_looks_and_does_nothing(issued: Marathon) -> None:
    asked = appeal(issued)
    vera = issued.browser("vera@example.org")
    page = vera.get(LIST).text
    assert "I sat beside m…@example.org." in page
    assert "pedro@" not in page
    token = vera.token("/desk/me")
    for what in ("refuse", "accept", "evidence", "grant"):
        assert vera.post(f"{LIST}/{asked}/{what}", data={"csrf_token": token}).status_code == 403
    assert vera.get(f"{LIST}/{asked}/file").status_code == 403
    assert one(issued).state == "asked"


@pytest.mark.parametrize("where", [f"{LIST}/{{}}/file", "/desk/others-2026/requests/{}/file"])
def test_another_event_has_none_of_it(issued: Marathon, where: str) -> None:
    asked = appeal(issued)
    assert issued.browser("olga@example.org").get(where.format(asked)).status_code == 404


def test_home_says_how_many_wait(issued: Marathon) -> None:
    appeal(issued)
    page = issued.browser("ana@example.org").get("/desk").text
    assert "1 request</b> of participants in" in page
    assert "of participants in" not in issued.browser("ben@example.org").get("/desk").text
