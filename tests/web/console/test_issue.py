"""Issue: an order in a browser, approved by another person, its intent kept for the worker."""

import pytest

from certs import eventfile
from certs.errors import DeniedError
from certs.model import Act, ErrandKind, UserRole
from certs.work import counts, orders
from tests.web.console.conftest import NOW, PASSWORD, SLUG, Desk
from tests.web.console.test_earned import attended

PAGE = f"/desk/{SLUG}/issue"
BATCH = f"/desk/{SLUG}/batches/1"


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """Two earned a certificate, one did not; everything is counted."""
    attended(desk, "1", {"ana.souza@example.org": 120, "ben.diaz@example.org": 90, "cem.kaya@example.org": 1})
    counts.refresh(desk.store, SLUG, NOW)
    return desk


@pytest.fixture
def ordered(ready: Desk) -> Desk:
    ana = ready.browser("ana@example.org")
    assert ana.led(ana.submit(PAGE, expected="2")) == BATCH
    return ready


def test_the_order_says_how_many_and_keeps_who_asked(ordered: Desk) -> None:
    (batch,) = ordered.store.batches.of_event(SLUG)
    assert (batch.count, batch.ordered_by, batch.approved_at) == (2, "Ana", None)
    entry = next(one for one in ordered.store.trail.entries() if one.act == "batch.order")
    assert (entry.actor, entry.role) == ("Ana", "organiser, password")


def test_another_number_than_was_shown_orders_nothing(ready: Desk) -> None:
    ana = ready.browser("ana@example.org")
    page = ana.get(ana.led(ana.submit(PAGE, expected="3"))).text
    assert "<title>Error: " in page
    assert "By now it would be 2 certificates" in page
    assert ready.store.batches.of_event(SLUG) == []


def test_an_order_waits_for_the_worker_on_a_page_that_looks_again(ready: Desk) -> None:
    """Whoever closes it loses nothing; asked for twice, it is one order."""
    ready.works, ana = False, ready.browser("ana@example.org")
    waits = ana.submit(PAGE, expected="2").location
    assert ana.submit(PAGE, expected="2").location == waits
    page = ana.get(waits).text
    assert 'id="errand" data-live="2"' in page
    assert '<meta http-equiv="refresh" content="3">' in page
    ready.work()
    assert ana.get(waits).location == BATCH
    assert [one.count for one in ready.store.batches.of_event(SLUG)] == [2]
    assert ready.browser("olga@example.org").get(waits).status_code == 404


def test_what_is_no_act_of_a_page_has_no_page(ready: Desk) -> None:
    ana = ready.browser("ana@example.org")
    ana.submit(f"/desk/{SLUG}/earned/count", f"/desk/{SLUG}/earned")
    counted = ready.store.errands.newest(ErrandKind.COUNT, SLUG)
    assert counted is not None
    assert ana.get(f"/desk/{SLUG}/errands/{counted.id}").status_code == 404


def test_before_anything_is_counted_the_reason_stands_in_place_of_the_button(desk: Desk) -> None:
    page = desk.browser("ana@example.org").get(PAGE).text
    assert "The decisions are not counted" in page
    assert "<button>Order" not in page


def test_where_all_have_theirs_nothing_is_offered(ordered: Desk) -> None:
    page = ordered.browser("ana@example.org").get(PAGE).text
    assert "there is nothing to order" in page
    assert "<button>Order" not in page


def test_whoever_ordered_does_not_approve_even_as_an_approver(ordered: Desk) -> None:
    ana = ordered.store.users.by_email("ana@example.org")
    assert ana is not None
    ordered.store.users.give(ana.ref, SLUG, UserRole.APPROVER, Act("Ada", NOW))
    browser = ordered.browser("ana@example.org")
    assert "somebody else must approve it" in browser.get(BATCH).text
    answer = browser.submit(f"{BATCH}/approve", BATCH, password=PASSWORD, then="issue")
    assert answer.status_code == 403
    assert ordered.store.batches.at(SLUG, 1).approved_at is None


def test_an_organiser_alone_approves_nothing_where_two_people_are_demanded(ordered: Desk) -> None:
    luis = ordered.user("luis@example.org", UserRole.ORGANISER)
    answer = ordered.browser(luis.email).submit(f"{BATCH}/approve", BATCH, password=PASSWORD)
    assert answer.status_code == 403
    assert ordered.store.batches.at(SLUG, 1).approved_at is None


def test_the_approver_sees_whom_and_why_and_shows_the_password_again(ordered: Desk) -> None:
    ben = ordered.browser("ben@example.org")
    page = ben.get(BATCH).text
    assert "Ana asks to approve 2 certificates" in page
    assert "Ana Souza" in page
    assert "Approve and issue 2 certificates" in page
    ordered.later(minutes=11)
    for typed in ("", "a wrong password"):
        refused = ben.submit(f"{BATCH}/approve", BATCH, password=typed, then="issue")
        assert refused.status_code == 403
        assert "This is not your password." in refused.text
    assert ordered.store.batches.at(SLUG, 1).approved_at is None
    assert ben.submit(f"{BATCH}/approve", BATCH, password=PASSWORD, then="issue").status_code == 303
    assert ordered.store.batches.at(SLUG, 1).approved_by == "Ben"


def test_approving_keeps_the_wish_to_issue_and_the_page_looks_again(ordered: Desk) -> None:
    ben = ordered.browser("ben@example.org")
    ben.submit(f"{BATCH}/approve", BATCH, password=PASSWORD, then="issue")
    errand = ordered.store.errands.newest(ErrandKind.ISSUE, SLUG)
    assert errand is not None
    assert (errand.wish.what, errand.asked_by, errand.role) == (f"{SLUG}/1", "Ben", "approver, password")
    page = ben.get(BATCH).text
    assert 'id="issuing" data-live="2"' in page
    assert '<meta http-equiv="refresh" content="5">' in page
    assert "Nothing is working on this." in page


def test_approving_alone_asks_for_nothing_more(ordered: Desk) -> None:
    ordered.browser("ben@example.org").submit(f"{BATCH}/approve", BATCH, password=PASSWORD, then="")
    assert ordered.store.errands.newest(ErrandKind.ISSUE, SLUG) is None
    ana = ordered.browser("ana@example.org")
    assert "Issue 2 certificates" in ana.get(BATCH).text
    ana.submit(f"{BATCH}/issue", BATCH)
    assert ordered.store.errands.newest(ErrandKind.ISSUE, SLUG) is not None


def test_nothing_is_issued_that_nobody_approved(ordered: Desk) -> None:
    answer = ordered.browser("ana@example.org").submit(f"{BATCH}/issue", BATCH)
    assert answer.status_code == 409
    assert ordered.store.errands.newest(ErrandKind.ISSUE, SLUG) is None


def test_sent_back_with_a_reason_the_order_ends(ordered: Desk) -> None:
    ben = ordered.browser("ben@example.org")
    assert ben.submit(f"{BATCH}/reject", BATCH, reason=" ").status_code == 400
    assert ben.submit(f"{BATCH}/reject", BATCH, reason="the rule is last year's").status_code == 303
    assert "the rule is last year&#39;s" in ben.get(BATCH).text
    assert "<button>Order 2 certificates" in ordered.browser("ana@example.org").get(PAGE).text


def test_the_organiser_withdraws_her_order(ordered: Desk) -> None:
    ana = ordered.browser("ana@example.org")
    assert ana.submit(f"{BATCH}/withdraw", BATCH, reason="").status_code == 303
    assert "This order was given up" in ana.get(BATCH).text


def test_an_event_that_wants_people_signed_in_refuses_the_word_of_the_shell(ready: Desk) -> None:
    before = ready.store.events.definition(SLUG)
    text = before.replace('approval = "two"', 'approval = "two"\nsigned_in = true')
    ready.store.events.add(eventfile.parse(text, "event.toml"), text, Act("Ada", NOW), before)
    counts.refresh(ready.store, SLUG, NOW)
    planned = orders.plan(ready.store, SLUG)
    with pytest.raises(DeniedError, match="signed in"):
        orders.place(ready.store, planned, Act("Ana", NOW), demo=False)
    ana = ready.browser("ana@example.org")
    assert ana.led(ana.submit(PAGE, expected="2")) == BATCH
    batch = ready.store.batches.at(SLUG, 1)
    with pytest.raises(DeniedError, match="signed in"):
        orders.approve(ready.store, batch.id, Act("Ben", NOW))
    answer = ready.browser("ben@example.org").submit(f"{BATCH}/approve", BATCH, password=PASSWORD)
    assert answer.status_code == 303
