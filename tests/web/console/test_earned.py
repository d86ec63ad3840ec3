"""Who earned it: people with their reasons, counts of filters, other rules, near misses granted and taken back."""

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from certs import eventfile
from certs.model import Act, Interval, Join, PersonKey, Received, Registration, SessionId
from certs.work import counts, questions
from tests.register import EVENT
from tests.web.console.conftest import NOW, SLUG, Desk

PAGE = f"/desk/{SLUG}/earned"
REASON = "power cut in Nairobi"


SECOND = """
[[sessions]]
id = "2"
title = "Session 2"
start = 2026-10-08T13:00:00
end = 2026-10-08T15:00:00
"""


@pytest.fixture
def counted(desk: Desk) -> Desk:
    """Of two sessions Ana attended both, Ben one and nearly half of the other, Cem a minute; Dora never came."""
    before = desk.store.events.definition(SLUG)
    text = before.replace("sessions = 1", "sessions = 2") + SECOND
    desk.store.events.add(eventfile.parse(text, "event.toml"), text, Act("Ada", NOW), before)
    attended(desk, "1", {"ana.souza@example.org": 120, "ben.diaz@example.org": 90, "cem.kaya@example.org": 1})
    attended(desk, "2", {"ana.souza@example.org": 110, "ben.diaz@example.org": 57, "dora@example.org": 0})
    counts.refresh(desk.store, SLUG)
    return desk


def attended(desk: Desk, session: str, minutes: Mapping[str, int]) -> None:
    """Let people have been there for so many minutes of *session*."""
    start = next(one.window.start for one in EVENT.sessions if one.id == session)
    names = {key: key.partition("@")[0].replace(".", " ").title() for key in minutes}
    joins = [
        Join(SessionId(session), PersonKey(key), Interval(start, start + timedelta(minutes=n)), line, names[key])
        for line, (key, n) in enumerate(minutes.items(), 2)
        if n
    ]
    registered = [Registration(PersonKey(key), name, line) for line, (key, name) in enumerate(names.items(), 2)]
    digest = hashlib.sha256(repr((session, minutes)).encode()).hexdigest()
    export = Received(f"s{session}.csv", digest, "test", SessionId(session), b"x", joins, registered, ())
    desk.store.imports.add(SLUG, [export], Act("Ana", NOW))


def figure_of(page: str, filter_: str) -> str:
    """Return the count that the filter called *filter_* bears."""
    found = re.search(rf"</i>{filter_} <b>([\d,]+)</b>", page)
    assert found is not None, filter_
    return found[1]


def ref_of(desk: Desk, person: str) -> str:
    return desk.store.links.of(PersonKey(person)).ref


def test_people_come_with_reasons_and_filters_with_counts(counted: Desk) -> None:
    page = counted.browser("ana@example.org").get(PAGE).text
    assert [figure_of(page, one) for one in ("All", "Earned it", "Near misses", "Never came")] == ["4", "1", "1", "1"]
    assert "Ana Souza" in page
    assert "47 % of the window" in page


def test_a_filter_shows_its_people_alone(counted: Desk) -> None:
    page = counted.browser("ana@example.org").get(f"{PAGE}?which=near").text
    assert "Ben Diaz" in page
    assert "Ana Souza" not in page


def test_a_search_that_finds_nobody_says_so(counted: Desk) -> None:
    page = counted.browser("ana@example.org").get(f"{PAGE}?search=zzz")
    assert "Nobody here is called so." in page.text


def test_other_rules_are_counted_without_being_stored(counted: Desk) -> None:
    page = counted.browser("ana@example.org").get(f"{PAGE}?sessions=1&percent=50").text
    assert "it would give 2" in page
    assert figure_of(page, "Earned it") == "1"


@pytest.mark.parametrize(
    "asked", ["sessions=0&percent=50", "sessions=x&percent=50", "sessions=1&percent=101", "sessions=1"]
)
def test_a_rule_that_is_none_is_refused_beside_its_field(counted: Desk, asked: str) -> None:
    answer = counted.browser("ana@example.org").get(f"{PAGE}?{asked}")
    assert answer.status_code == 400
    assert "<title>Error: " in answer.text
    assert figure_of(answer.text, "All") == "4"


def test_a_near_miss_is_granted_with_its_reason_and_taken_back(counted: Desk) -> None:
    browser = counted.browser("ana@example.org")
    page = f"{PAGE}?which=near"
    ben = ref_of(counted, "ben.diaz@example.org")
    answer = browser.submit(f"{PAGE}/rule", page, ruled="granted", person=ben, reason=REASON, which="near")
    assert answer.status_code == 303
    granted = browser.get(PAGE).text
    assert "1 person may have a certificate now." in granted
    assert (figure_of(granted, "Earned it"), figure_of(granted, "Near misses")) == ("2", "0")
    (ruling,) = counted.store.rulings.all(SLUG)
    assert (ruling.author, ruling.reason) == ("Ana", REASON)
    browser.submit(f"{PAGE}/undo", PAGE, at=ruling.at.isoformat())
    assert figure_of(browser.get(PAGE).text, "Earned it") == "1"


def test_all_near_misses_are_granted_only_in_the_number_that_was_shown(counted: Desk) -> None:
    browser = counted.browser("ana@example.org")
    fields = {"ruled": "granted", "whom": "all", "reason": REASON, "which": "near"}
    refused = browser.submit(f"{PAGE}/rule", f"{PAGE}?which=near", expected="2", **fields)
    assert refused.status_code == 409
    assert counted.store.rulings.all(SLUG) == []
    assert browser.submit(f"{PAGE}/rule", f"{PAGE}?which=near", expected="1", **fields).status_code == 303


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"ruled": "granted", "reason": REASON}, "Choose the people first."),
        ({"ruled": "granted", "person": "ben.diaz@example.org", "reason": ""}, "Say why"),
        ({"ruled": "granted", "person": "cem.kaya@example.org", "reason": REASON}, "no near miss"),
        ({"ruled": "perhaps", "person": "ben.diaz@example.org", "reason": REASON}, "Say what to decide"),
        ({"ruled": "lifted", "person": "ben.diaz@example.org", "reason": REASON}, "nobody granted or withheld"),
        ({"ruled": "granted", "person": "ben.diaz@example.org", "reason": "x" * 201}, "more than 200 characters"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_what_was_typed_stays(
    counted: Desk, fields: dict[str, str], said: str
) -> None:
    if "person" in fields:
        fields = {**fields, "person": ref_of(counted, fields["person"])}
    answer = counted.browser("ana@example.org").submit(f"{PAGE}/rule", f"{PAGE}?which=near", which="near", **fields)
    assert answer.status_code == 400
    assert said in answer.text
    assert f'value="{fields["reason"]}"' in answer.text
    assert counted.store.rulings.all(SLUG) == []


def test_a_viewer_sees_names_and_masked_addresses_alone(counted: Desk) -> None:
    vera = counted.browser("vera@example.org")
    for page in (PAGE, f"/desk/{SLUG}/people/{ref_of(counted, 'ben.diaz@example.org')}"):
        text = vera.get(page).text
        assert "Ben Diaz" in text
        assert "b…@example.org" in text
        assert "ben.diaz@" not in text
        assert "Let them have" not in text
    assert vera.get(f"{PAGE}.csv").status_code == 403


def test_a_person_is_shown_with_every_row_and_what_counts(counted: Desk) -> None:
    page = counted.browser("ana@example.org").get(f"/desk/{SLUG}/people/{ref_of(counted, 'ben.diaz@example.org')}").text
    assert "s1.csv:3" in page
    assert "s2.csv:3" in page
    assert "57 min" in page
    assert "60 min" in page
    assert "does not count" in page


def test_nobody_is_found_by_a_reference_of_nobody(counted: Desk) -> None:
    assert counted.browser("ana@example.org").get(f"/desk/{SLUG}/people/{'0' * 32}").status_code == 404


def test_the_list_of_a_filter_comes_as_csv(counted: Desk) -> None:
    answer = counted.browser("ana@example.org").get(f"{PAGE}.csv?which=near")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{SLUG}-near.csv"'
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("email,name,kind,")
    assert [line.partition(",")[0] for line in lines[1:]] == ["ben.diaz@example.org"]


def test_nothing_is_counted_by_looking(desk: Desk) -> None:
    assert "Nobody yet" in desk.browser("vera@example.org").get(PAGE).text
    assert desk.store.decisions.kept(SLUG) == ""


def test_a_page_carries_the_count_of_every_rule_for_whoever_types_one(counted: Desk) -> None:
    """At the rule that is asked about it says what the page says."""
    page = counted.browser("ana@example.org").get(f"{PAGE}?sessions=2&percent=40").text
    found = re.search(r'data-counts="([^"]+)"', page)
    assert found is not None
    table = json.loads(html.unescape(found[1]))
    assert [len(row) for row in table] == [101, 101]
    assert f"it would give {table[1][40]}." in page
    assert [table[1][50], table[1][40], table[0][0]] == [1, 2, 3]


def test_a_change_is_counted_by_a_worker_and_its_undo_stays_until_then(counted: Desk) -> None:
    counted.works = False
    browser, ben = counted.browser("ana@example.org"), ref_of(counted, "ben.diaz@example.org")
    browser.submit(f"{PAGE}/rule", f"{PAGE}?which=near", ruled="granted", person=ben, reason=REASON, which="near")
    for _ in range(2):
        page = browser.get(PAGE).text
        assert 'id="counting" data-live="2"' in page
        assert "1 person may have a certificate now." in page
        assert figure_of(page, "Earned it") == "1"
    counted.work()
    assert "1 person may have a certificate now." in browser.get(PAGE, headers={"X-Live": "yes"}).text
    page = browser.get(PAGE).text
    assert "1 person may have a certificate now." in page
    assert (figure_of(page, "Earned it"), "data-live" in page) == ("2", False)
    assert "may have a certificate now" not in browser.get(PAGE).text


def test_figures_from_before_a_change_say_so_until_somebody_counts(counted: Desk) -> None:
    browser = counted.browser("ana@example.org")
    assert "Something changed" not in browser.get(PAGE).text
    attended(counted, "1", {"eve.lang@example.org": 110})
    old = browser.get(PAGE).text
    assert "Something changed" in old
    assert figure_of(old, "All") == "4"
    assert browser.submit(f"{PAGE}/count", PAGE).status_code == 303
    assert figure_of(browser.get(PAGE).text, "All") == "5"


def queries_of(desk: Desk, address: str) -> int:
    """Return how many statements a page takes."""
    browser, seen = desk.browser("ana@example.org"), []

    def note(*args: object) -> None:
        seen.append(args[2])

    event.listen(desk.store.engine, "before_cursor_execute", note)
    assert browser.get(address).status_code == 200
    event.remove(desk.store.engine, "before_cursor_execute", note)
    return len(seen)


def test_pages_ask_as_much_of_many_people_as_of_few(counted: Desk) -> None:
    screens = ("attendance", "attendance/evidence", "issue", "certificates", "trail", "setup", "downloads")
    ben = ref_of(counted, "ben.diaz@example.org")
    pages = ("/desk/", PAGE, f"/desk/{SLUG}/people/{ben}", *(f"/desk/{SLUG}/{one}" for one in screens))
    before = [queries_of(counted, page) for page in pages]
    attended(counted, "1", {f"{'abcdefghij'[n % 10]}{n}@example.org": n % 120 for n in range(200)})
    counts.refresh(counted.store, SLUG)
    assert [queries_of(counted, page) for page in pages] == before
    assert max(before) < 60


def test_the_page_of_doubts_asks_as_much_of_many_as_of_few(counted: Desk) -> None:
    """Pairs of addresses that bear one name, each a question."""
    asked = []
    for names in (["eve.lang"], [f"{one}{other}.lang" for one in "abcdef" for other in "ghijkl"]):
        pairs = {f"{name}@{place}.example.org": 100 for name in names for place in ("here", "there")}
        attended(counted, "1", pairs)
        counts.refresh(counted.store, SLUG)
        asked.append((len(questions.unanswered(counted.store, SLUG)), queries_of(counted, f"/desk/{SLUG}/doubts")))
    assert [doubts for doubts, _ in asked] == [1, 37]
    assert len({queries for _, queries in asked}) == 1


def test_somebody_whom_an_answer_alone_names_is_listed_without_a_page(counted: Desk) -> None:
    decisions = list(counted.store.decisions.all(SLUG, "attendance"))
    decisions.append(replace(decisions[0], person=PersonKey("typed@example.org"), name="Typed Alone"))
    assert counted.store.decisions.keep(SLUG, counted.store.decisions.as_of(SLUG), decisions)
    page = counted.browser("ana@example.org").get(PAGE)
    assert page.status_code == 200
    assert "<bdi>Typed Alone</bdi><small>" in page.text
