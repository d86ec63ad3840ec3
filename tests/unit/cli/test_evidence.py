"""What people add and decide by hand, at the command line: the same in tables, in JSON and in CSV."""

import csv
import io
import json

import pytest

from tests.unit.cli.conftest import Operator

EVENT = """
slug = "small"
title = "A small event"
zone = "UTC"
[rule]
sessions = 2
share = 0.5
[[sessions]]
id = "1"
title = "First"
start = 2026-10-06T11:00:00Z
end = 2026-10-06T13:00:00Z
[[sessions]]
id = "2"
title = "Second"
start = 2026-10-08T11:00:00Z
end = 2026-10-08T13:00:00Z
"""
TABLE = """Name,E-mail,Joined,Left
Ana Souza,ana@example.org,2026-10-06 11:00,2026-10-06 13:00
Ana Souza,ana@example.org,2026-10-08 11:00,2026-10-08 11:30
Ben Okri,ben@example.org,2026-10-06 11:00,2026-10-06 12:00
Cy Twombly,cy@example.org,2026-10-06 11:00,2026-10-06 11:01
"""


@pytest.fixture
def organiser(operator: Operator) -> Operator:
    """Return somebody whose event has three people: two are short of one session, and one of both."""

    def make() -> None:
        (operator.home / "small.toml").write_text(EVENT)
        (operator.home / "table.csv").write_text(TABLE)
        assert operator.types("event", "add", "small.toml").code == 0
        assert operator.types("import", "small", "table.csv", "--zone", "UTC").code == 0

    operator.prepare("small", make)
    return operator


def test_evidence_is_marked_as_such_everywhere(organiser: Operator) -> None:
    """In the answer, the table, JSON and CSV; a formula in the note does not run."""
    sheet = ("--minutes", "90", "--kind", "signed sheet", "--note", "=folder 4")
    said = organiser.types("evidence", "add", "small", "2", "ana@example.org", *sheet, "--as", "Ben")
    assert "ana@example.org, attendance: yes: 2 sessions attended, 2 needed; evidence for 8 Oct: signed" in said.out
    assert "5400/5400*" in organiser.types("decide", "small").out
    (ana, *_) = json.loads(organiser.types("decide", "small", "--json").out)["people"]
    assert ana["sessions"]["2"]["basis"] == "evidence"
    (piece,) = ana["evidence"]
    assert (piece["kind"], piece["note"], piece["author"]) == ("signed sheet", "=folder 4", "Ben")
    (row, *_) = csv.DictReader(io.StringIO(organiser.types("decide", "small", "--csv").out.removeprefix("\ufeff")))
    assert row["evidence"] == "session 2: signed sheet (=folder 4)"


def test_how_long_is_said_once(organiser: Operator) -> None:
    """Neither and both are refused."""
    sheet = ("--kind", "signed sheet", "--note", "folder")
    for lengths in ((), ("--full", "--minutes", "3")):
        said = organiser.types("evidence", "add", "small", "2", "ana@example.org", *sheet, *lengths)
        assert (said.code, "--minutes N or --full" in said.err) == (2, True)
    assert json.loads(organiser.types("evidence", "list", "small", "--json").out)["evidence"] == []


def test_withdrawn_evidence_stays_listed(organiser: Operator) -> None:
    """With --all, and by whom and why."""
    sheet = ("--full", "--kind", "signed sheet", "--note", "folder")
    organiser.types("evidence", "add", "small", "2", "ana@example.org", *sheet)
    assert organiser.types("evidence", "withdraw", "small", "1", "--reason", "wrong", "--as", "Cy").code == 0
    assert "There is no evidence" in organiser.types("evidence", "list", "small").out
    assert "withdrawn by Cy" in organiser.types("evidence", "list", "small", "--all").out
    assert organiser.types("evidence", "withdraw", "small", "1", "--reason", "wrong").code == 5


def test_near_misses_are_granted_in_one_decision(organiser: Operator) -> None:
    """Listed, asked, granted, shown in every form of the decision, told before the order."""
    listed = organiser.types("near-misses", "small")
    assert [line.split()[0] for line in listed.out.splitlines()] == ["ana@example.org", "ben@example.org"]
    within = json.loads(organiser.types("near-misses", "small", "--sessions", "0", "--percent", "5", "--json").out)
    assert (within["within"], within["near_misses"]) == ({"sessions": 0, "percent": 5.0}, [])
    assert organiser.types("near-misses", "small", "--csv").out.startswith("\ufeffemail,name,kind,reason")
    asked = organiser.types("grant", "small", "--all-near", "--reason", "power cut")
    assert (asked.code, "to 2 people who miss the rule?" in asked.err) == (2, True)
    granted = organiser.types("grant", "small", "--all-near", "--reason", "power cut", "--yes", "--json").out
    assert {one["ruling"]["by"] for one in json.loads(granted)["granted"]} == {"ana"}
    people = {one["email"]: one for one in json.loads(organiser.types("decide", "small", "--json").out)["people"]}
    assert people["ben@example.org"]["ruling"]["reason"] == "power cut"
    assert "ruling" not in people["cy@example.org"]
    rows = list(csv.DictReader(io.StringIO(organiser.types("decide", "small", "--csv").out.removeprefix("\ufeff"))))
    assert [row["ruled"] for row in rows] == ["granted by ana: power cut"] * 2 + [""]
    assert "Order 2 certificates (2 granted as near misses)" in organiser.types("order", "small").err


def test_withheld_and_lifted(organiser: Operator) -> None:
    """The rule decides again afterwards."""
    assert organiser.types("withhold", "small", "cy@example.org", "--reason", "x", "--yes").code == 0
    assert "withheld by ana" in organiser.types("decide", "small").out
    assert organiser.types("lift", "small", "cy@example.org", "--reason", "x", "--yes").code == 0
    assert "withheld" not in organiser.types("decide", "small").out


@pytest.mark.parametrize("people", [(), ("ana@example.org", "--all-near")])
def test_whom_is_said_once(organiser: Operator, people: tuple[str, ...]) -> None:
    """Nobody grants to everybody by leaving something out."""
    said = organiser.types("grant", "small", *people, "--reason", "x", "--yes")
    assert (said.code, "addresses, or --all-near" in said.err) == (2, True)


def test_the_arithmetic_on_request(organiser: Operator) -> None:
    """For a person and for a program: rows with file and line, union, share, threshold, demand, evidence, result."""
    sheet = ("--minutes", "50", "--kind", "signed sheet", "--note", "folder")
    organiser.types("evidence", "add", "small", "2", "ana@example.org", *sheet)
    said = organiser.types("decide", "small", "--explain", "Ana@example.org").out
    assert "table.csv:3  2026-10-08 11:00:00 to 11:30:00, 1,800 seconds as attendee" in said
    assert "by evidence; 3,000 in the window (41.6 %), 3,600 needed: does not count" in said
    assert "no  attended all 2 sessions" in said
    found = json.loads(organiser.types("decide", "small", "--explain", "ana@example.org", "--json").out)
    (kind,) = found["kinds"]
    assert (kind["eligible"], kind["near_miss"], kind["demand"]["got"], kind["demand"]["needed"]) == (False, True, 1, 2)
    first, second = kind["sessions"]
    assert (first["rows"][0]["line"], first["attended"], first["share"]) == (2, True, 1.0)
    assert (second["basis"], second["least_seconds"], second["evidence"][0]["counts"]) == ("evidence", 3600, True)
    assert organiser.types("decide", "small", "--explain", "zoe@example.org").code == 4
    assert organiser.types("decide", "small", "--explain", "ana@example.org", "--csv").code == 2


def test_the_arithmetic_tells_what_was_ordered(organiser: Operator) -> None:
    """The sentence that was frozen with the certificate."""
    organiser.types("grant", "small", "ana@example.org", "--reason", "power cut", "--yes")
    assert organiser.types("keys", "new", "claim").code == 0
    assert organiser.types("order", "small", "--yes").code == 0
    assert "decided by people: " in organiser.types("status", "1").out
    (one,) = json.loads(organiser.types("status", "1", "--json").out)["decided_by_people"]
    assert (one["name"], one["ruling"]) == ("Ana Souza", 1)
    said = organiser.types("decide", "small", "--explain", "ana@example.org").out
    assert "(attendance, ordered; ordered by ana, 2026-11-22)" in said
    assert said.rstrip().endswith("granted by ana on 22 Nov 2026: power cut.")


def test_a_batch_that_was_given_up_is_not_approved(organiser: Operator) -> None:
    """Nobody approves certificates that will not come; the sentence says what to do."""
    organiser.types("grant", "small", "ana@example.org", "--reason", "power cut", "--yes")
    assert organiser.types("keys", "new", "claim").code == 0
    assert "Batch small/1: 1 certificate (1 granted" in organiser.types("order", "small", "--yes").out
    assert organiser.types("withhold", "small", "ana@example.org", "--reason", "x", "--yes").code == 0
    said = organiser.types("approve", "1", "--as", "ben")
    assert (said.code, "Order again: certs order small" in said.err) == (5, True)


def test_several_kinds_are_told_apart_and_everybody_is_counted_once(organiser: Operator) -> None:
    """Who joined is not absent because her presence does not count for speakers."""
    kinds = '[kinds.speaker]\ntitle = "Speaker"\nrule = { sessions = 1, roles = ["panelist"] }\n[[sessions]]'
    text = EVENT.replace('"small"', '"kinds"').replace("sessions = 2", "sessions = 1").replace("[[sessions]]", kinds, 1)
    (organiser.home / "kinds.toml").write_text(text)
    assert organiser.types("event", "add", "kinds.toml", "--yes").code == 0
    (organiser.home / "all.csv").write_text(TABLE.replace("Cy T", "C. T"))
    assert organiser.types("import", "kinds", "all.csv", "--zone", "UTC").code == 0
    said = organiser.types("decide", "kinds")
    assert said.err.startswith("2 people eligible (2 attendance, 0 speaker: Speaker), ")
    assert "; 3 people attended, 0 registered and never came." in said.err
    assert [line.split()[4] for line in said.out.splitlines()[1:3]] == ["attendance"] * 2
    found = json.loads(organiser.types("decide", "kinds", "--json").out)
    assert (found["totals"]["people_with_attendance"], found["registered_never_attended"]) == (3, [])


def test_an_order_says_who_is_left_out_for_a_better_kind(organiser: Operator) -> None:
    """Nobody is left to order for, and the answer says why."""
    better = '[kinds.distinction]\ninstead_of = "attendance"\nrule = { sessions = 1, share = 0.5 }\n[[sessions]]'
    text = (
        EVENT.replace('"small"', '"better"').replace("sessions = 2", "sessions = 1").replace("[[sessions]]", better, 1)
    )
    (organiser.home / "better.toml").write_text(text)
    assert organiser.types("event", "add", "better.toml", "--yes").code == 0
    assert organiser.types("import", "better", "table.csv", "--zone", "UTC").code == 0
    said = organiser.types("order", "better")
    assert (said.code, said.out) == (
        0,
        "Everybody else who is eligible has a certificate: there is nothing to order.\n",
    )
    assert said.err == (
        "2 people are left out: distinction stands in its place. Order it with:\n"
        "  certs order better --kind distinction\n"
    )


STAFFED = """Attendee Report
Report generated time,10/07/2026 03:08:00 PM
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registrants,Unique Viewers,Total Users
Small - First,900 0000 0007,"10/06/2026 11:00:00 AM",120,2,2,2
Panelist Details
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest,Country/Region Name
Yes,Pia Panel,pia@example.org,"10/06/2026 11:00:00 AM","10/06/2026 01:00:00 PM",120,Yes,Ghana
Attendee Details
Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,Approval Status,Join Time,Leave Time,\
Time in Session (minutes),Is Guest,Country/Region Name
Yes,Ana Souza,Ana,Souza,ana@example.org,"10/01/2026 11:00:00 AM",approved,"10/06/2026 11:00:00 AM",\
"10/06/2026 01:00:00 PM",120,Yes,Ghana
"""
REPORT = "attendee_900000000007_2026_10_06.csv"


@pytest.fixture
def staffed(organiser: Operator) -> Operator:
    """Return somebody with a second event and a report that lists a panelist."""
    (organiser.home / "staffed.toml").write_text(EVENT.replace('"small"', '"staffed"'))
    (organiser.home / REPORT).write_text(STAFFED)
    assert organiser.types("event", "add", "staffed.toml", "--yes").code == 0
    return organiser


def test_whether_panelists_count_is_asked_with_their_names_and_what_to_write(staffed: Operator) -> None:
    said = staffed.types("import", "staffed", REPORT, "--zone", "UTC")
    assert said.code == 0, said.err
    assert said.out.endswith(
        "1 host or panelist is counted like everybody else: Pia Panel.\n"
        "Say in the event file, under [rule], whose presence counts, and add it again:\n"
        '  roles = ["attendee"]                       leaves them out\n'
        '  roles = ["attendee", "panelist", "host"]   counts them, and asks no more\n'
        "Dates with two meanings are read so: 10/06/2026 is 6 October 2026. Else: --date-order.\n"
        "Nobody yet was in session 2, which took place.\nNext: certs check staffed\n"
    )


@pytest.mark.parametrize("roles", ['["attendee"]', '["attendee", "panelist", "host"]'])
def test_once_the_event_file_says_whose_presence_counts_nothing_is_asked(staffed: Operator, roles: str) -> None:
    text = EVENT.replace('"small"', '"staffed"').replace("share = 0.5", f"share = 0.5\nroles = {roles}")
    (staffed.home / "staffed.toml").write_text(text)
    assert staffed.types("event", "add", "staffed.toml", "--yes").code == 0
    said = staffed.types("import", "staffed", REPORT, "--zone", "UTC")
    assert (said.code, "panelist" in said.out) == (0, False)


def test_a_program_is_told_who_counts_by_default(staffed: Operator) -> None:
    """And nobody after the import is taken back."""
    said = json.loads(staffed.types("import", "staffed", REPORT, "--zone", "UTC", "--json").out)
    assert said["counted_staff"] == [{"email": "pia@example.org", "name": "Pia Panel"}]
    assert staffed.types("unimport", "staffed", REPORT, "--reason", "x", "--yes").code == 0
    (staffed.home / "table.csv").write_text(TABLE + "Di Li,di@example.org,2026-10-08 11:00,2026-10-08 12:00\n")
    said = json.loads(staffed.types("import", "staffed", "table.csv", "--zone", "UTC", "--json").out)
    assert said["counted_staff"] == []


def test_an_event_without_hosts_is_asked_nothing(organiser: Operator) -> None:
    (organiser.home / "more.csv").write_text(TABLE + "Di Li,di@example.org,2026-10-08 11:00,2026-10-08 12:00\n")
    said = organiser.types("import", "small", "more.csv", "--zone", "UTC")
    assert (said.code, "counted like everybody" in said.out) == (0, False)
