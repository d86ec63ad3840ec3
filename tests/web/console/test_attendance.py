"""Attendance: exports come in one by one, each all or nothing; what cannot be read waits and says why."""

import html
import re

import pytest

from tests.web.console.conftest import SLUG, Browser, Desk
from tests.web.console.exports import ANA, PAGE, report, send

BEN = ("Ben Okafor", "ben.okafor@moh.example.org")
UNREADABLE = ("notes.csv", b"hello,world\n1,2\n")


@pytest.fixture
def ana(desk: Desk) -> Browser:
    """Ana's browser."""
    return desk.browser("ana@example.org")


def shown(browser: Browser, page: str = PAGE) -> str:
    """Return the words of a page."""
    text = re.sub(r"<[^>]+>", " ", browser.get(page).text)
    return " ".join(html.unescape(text).split())


def counting(desk: Desk) -> list[str]:
    return [one.name for one in desk.store.imports.listed(SLUG) if one.counts]


def test_what_can_be_read_counts_and_what_cannot_is_named(desk: Desk, ana: Browser) -> None:
    """Of two files one is no export: the other counts all the same."""
    answer = send(ana, ("one.csv", report(ANA)), UNREADABLE)
    page = shown(ana, answer.headers["Location"])
    assert "1 file was read. 1 file waits for you below." in page
    assert "notes.csv was not read. Nothing else is affected." in page
    assert "1 of 1 sessions" in page
    assert counting(desk) == ["one.csv"]


def test_the_same_file_again_changes_nothing(desk: Desk, ana: Browser) -> None:
    send(ana, ("one.csv", report(ANA)))
    send(ana, ("renamed.csv", report(ANA)))
    assert "renamed.csv is here already: nothing changes." in shown(ana)
    assert counting(desk) == ["one.csv"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\\\Users\\\\ana\\\\report.csv", "report.csv"),
        ("<img src=x onerror=alert(1)>.csv", "<img src=x onerror=alert(1)>.csv"),
        ("..", "export"),
    ],
)
def test_a_name_is_only_a_name(desk: Desk, ana: Browser, sent: str, kept: str) -> None:
    """Whatever a file is called leads nowhere and is shown as text."""
    send(ana, (sent, report(ANA)))
    assert counting(desk) == [kept]
    assert "<img src" not in ana.get(PAGE).text


def test_files_that_arrived_are_read_later_if_the_line_breaks(desk: Desk, ana: Browser) -> None:
    """A script sends one by one and has them read at the end; what arrived before a break waits, unread."""
    assert send(ana, ("one.csv", report(ANA)), more="yes").status_code == 204
    assert counting(desk) == []
    assert "1 file arrived and is safe, but was not read yet." in shown(ana)
    ana.submit(f"{PAGE}/read", PAGE)
    assert counting(desk) == ["one.csv"]


def test_a_file_that_a_script_sends_again_is_said_to_be_here(desk: Desk, ana: Browser) -> None:
    send(ana, ("one.csv", report(ANA)))
    answer = send(ana, ("again.csv", report(ANA)), more="yes")
    assert (answer.status_code, answer.text) == (200, "again.csv is here already: nothing changes.")
    assert answer.content_type.startswith("text/plain")


def test_reading_is_a_workers_and_where_none_is_that_is_said(desk: Desk, ana: Browser) -> None:
    """The request keeps the files and answers; nothing counts before a worker read them, in her name."""
    desk.works = False
    answer = send(ana, ("one.csv", report(ANA)))
    page = ana.get(answer.headers["Location"]).text
    assert 'id="reading" data-live="2"' in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert "Nothing is working on this." in page
    assert "was not read yet" not in page
    assert counting(desk) == []
    desk.store.errands.beat("a worker")
    assert "Nothing is working on this." not in ana.get(PAGE).text
    desk.work()
    page = ana.get(answer.headers["Location"]).text
    assert "1 file was read." in page
    assert "data-live" not in page
    (entry,) = [one for one in desk.store.trail.entries() if one.act == "import.add"]
    assert (entry.actor, entry.role) == ("Ana", "organiser, password")


def test_the_reading_of_another_event_is_not_told_here(desk: Desk, ana: Browser) -> None:
    led = send(ana, ("one.csv", report(ANA))).headers["Location"]
    olga = desk.browser("olga@example.org")
    assert "1 file was read." not in olga.get(led.replace(SLUG, "others-2026")).text
    assert "1 file was read." in ana.get(led).text


def test_another_version_of_a_file_asks_which_counts(desk: Desk, ana: Browser) -> None:
    """Only after somebody saw who loses does the corrected one stand in place of the other."""
    send(ana, ("one.csv", report(ANA, BEN)))
    send(ana, ("one.csv", report(ANA, (BEN[0], BEN[1]), leave="10/06/2026 01:10:00 PM")))
    assert "Is this a corrected version of it?" in shown(ana)
    (waiting,) = desk.store.tray.listed(SLUG)
    old = waiting.asked[0].candidates[1]
    answer = ana.submit(f"{PAGE}/waiting/{waiting.id}", PAGE, changed=old)
    effect = ana.led(answer)
    assert "2 would lose one." in shown(ana, effect)
    as_of = re.search(r'name="as_of" value="(\d+)"', ana.get(effect).text)
    assert as_of is not None
    ana.submit(f"{effect}/count", effect, as_of=as_of[1], reason="exported too early")
    assert len(counting(desk)) == 1
    assert desk.store.imports.listed(SLUG)[0].undone_reason == "exported too early"
    assert desk.store.tray.listed(SLUG) == []


def test_both_versions_count_if_somebody_says_so(desk: Desk, ana: Browser) -> None:
    send(ana, ("one.csv", report(ANA)))
    send(ana, ("one.csv", report(BEN)))
    (waiting,) = desk.store.tray.listed(SLUG)
    ana.submit(f"{PAGE}/waiting/{waiting.id}", PAGE, changed="beside")
    assert counting(desk) == ["one.csv", "one.csv"]
    assert "Both count." in shown(ana)


def test_what_was_shown_is_what_is_done(desk: Desk, ana: Browser) -> None:
    """Between looking and agreeing somebody else imported: nothing happens."""
    send(ana, ("one.csv", report(ANA)))
    (one,) = desk.store.imports.listed(SLUG)
    out = ana.led(ana.submit(f"{PAGE}/files/{one.sha256}/look", f"{PAGE}/files/{one.sha256}"))
    as_of = re.search(r'name="as_of" value="(\d+)"', ana.get(out).text)
    assert as_of is not None
    send(ana, ("two.csv", report(BEN)))
    page = ana.get(ana.led(ana.submit(out, out, as_of=as_of[1], reason="wrong webinar"))).text
    assert "Somebody changed the event meanwhile; nothing was done." in page
    assert "is to be worked out first, or anew" in ana.get(out).text
    assert counting(desk) == ["one.csv", "two.csv"]


def test_a_file_is_taken_out_with_a_reason(desk: Desk, ana: Browser) -> None:
    send(ana, ("one.csv", report(ANA)))
    (one,) = desk.store.imports.listed(SLUG)
    out = ana.led(ana.submit(f"{PAGE}/files/{one.sha256}/look", f"{PAGE}/files/{one.sha256}"))
    assert "1 would lose one." in shown(ana, out)
    as_of = re.search(r'name="as_of" value="(\d+)"', ana.get(out).text)
    assert as_of is not None
    assert ana.submit(out, out, as_of=as_of[1], reason=" ").status_code == 400
    ana.submit(out, out, as_of=as_of[1], reason="wrong webinar")
    assert counting(desk) == []


def test_rows_for_nobody_are_listed_with_line_and_reason(desk: Desk, ana: Browser) -> None:
    send(ana, ("one.csv", report(ANA, ("15550101", ""))))
    (one,) = desk.store.imports.listed(SLUG)
    page = shown(ana, f"{PAGE}/files/{one.sha256}")
    assert "3 15550101 115 no address: nobody knows whose it is" in page


@pytest.mark.parametrize(
    ("minutes", "people", "said"),
    [
        ("", "nobody@example.org", "No import of the event names nobody@example.org."),
        ("many", ANA[1], "Write minutes as a number"),
        ("500", ANA[1], "500 minutes in session 1 cannot be"),
    ],
)
def test_evidence_that_cannot_be_is_refused_and_what_was_typed_stays(
    desk: Desk, ana: Browser, minutes: str, people: str, said: str
) -> None:
    send(ana, ("one.csv", report(ANA)))
    page = f"{PAGE}/evidence"
    answer = ana.submit(page, minutes=minutes, people=people, session="1", kind="sheet", note="folder 7")
    assert answer.status_code == 400
    assert said in html.unescape(answer.text)
    assert 'value="folder 7"' in answer.text
    assert desk.store.evidence.all(SLUG) == []


def test_evidence_is_added_and_withdrawn(desk: Desk, ana: Browser) -> None:
    send(ana, ("one.csv", report(ANA)))
    page = f"{PAGE}/evidence"
    ana.submit(page, minutes="", people=f"{ANA[1]},\n", session="1", kind="signed sheet", note="folder 7")
    assert "Evidence for 1 person was added." in shown(ana, page)
    (one,) = desk.store.evidence.all(SLUG)
    assert one.author == "Ana"
    ana.submit(f"{page}/{one.id}/withdraw", page, reason="not her hand")
    assert not desk.store.evidence.all(SLUG)[0].in_force


@pytest.mark.parametrize("who", ["ben", "vera"])
def test_whoever_does_not_organise_looks_and_changes_nothing(desk: Desk, ana: Browser, who: str) -> None:
    send(ana, ("one.csv", report(ANA)))
    other = desk.browser(f"{who}@example.org")
    assert "one.csv" in shown(other)
    assert "Drop all exports" not in shown(other)
    assert send(other, ("two.csv", report(BEN))).status_code == 403
    assert counting(desk) == ["one.csv"]


def test_the_trail_says_who_in_which_role(desk: Desk, ana: Browser) -> None:
    send(ana, ("one.csv", report(ANA)))
    (entry,) = [one for one in desk.store.trail.entries() if one.act == "import.add"]
    assert (entry.actor, entry.role) == ("Ana", "organiser, password")
