"""Every sample export is read to the last second, row and reason."""

from collections.abc import Mapping
from typing import Any

import pytest

from certs.attendance import Answers
from certs.ground import presence
from certs.model import Basis, Join, PersonKey, Tally

from .samples import CASES, Sample, sample

every_case = pytest.mark.parametrize("case", CASES)
cases_with_sessions = pytest.mark.parametrize("case", [case for case in CASES if sample(case).sessions])
cases_without_addresses = pytest.mark.parametrize(
    "case", [case for case in CASES if "by_name" in sample(case).expected]
)


@every_case
def test_seconds_of_every_person(case: str) -> None:
    """Seconds, seconds in the window, rows and merged intervals agree, for exactly the people expected."""
    one = sample(case)
    found = presence.tallies([join for reading in one.read() for join in reading.joins], one.sessions)
    expected = {p["email"]: p["sessions"] for p in one.expected["people"] if p["sessions"]}
    assert found.keys() == expected.keys()
    for person, sessions in expected.items():
        assert {s: _shown(tally) for s, tally in found[PersonKey(person)].items()} == sessions


@every_case
def test_unusable_rows(case: str) -> None:
    """Every row that cannot be credited is reported with file, line, reason, name, section and seconds."""
    one = sample(case)
    found = {(r.file, r.line, r.reason, r.name, r.section, r.seconds) for x in one.read() for r in x.unusable}
    expected = {
        (r["file"], r["line"], r["reason"], r.get("name", ""), r.get("section", ""), r.get("seconds"))
        for r in one.expected["unusable_rows"]
    }
    assert found == expected


@every_case
def test_what_is_asked(case: str) -> None:
    """A file asks for what it does not say, and for nothing else."""
    asked = {str(question.kind) for reading in sample(case).read() for question in reading.questions}
    assert asked == set(sample(case).expected["needs_answer"])


@cases_with_sessions
def test_answered_zone_is_not_asked(case: str) -> None:
    """With its zone given, a file asks for the zone no more and says the same."""
    one = sample(case)
    answers = Answers(zone=one.sessions[0].zone)
    readings = one.read(answers)
    assert "timezone" not in {str(question.kind) for reading in readings for question in reading.questions}
    assert [r.joins for r in readings] == [r.joins for r in one.read()]


@every_case
def test_registered_never_attended(case: str) -> None:
    """Who registered and never came is known; a speaker who never came is registered too."""
    one = sample(case)
    readings = one.read()
    came = {join.person for reading in readings for join in reading.joins}
    came |= {mark.person for reading in readings for mark in reading.marks}
    found = {r.person for reading in readings for r in reading.registrations} - came
    absent_speakers = {p["email"] for p in one.expected["people"] if not p["sessions"]}
    assert found == set(one.expected["registered_never_attended"]) | absent_speakers


@cases_without_addresses
def test_seconds_by_name(case: str) -> None:
    """Where the format has no addresses, seconds are known by the name as listed."""
    one = sample(case)
    assert _by_name(one) == {name: entry["seconds"] for name, entry in one.expected["by_name"].items()}


@every_case
def test_status_letters(case: str) -> None:
    """Status letters come in the order of the file's sessions."""
    one = sample(case)
    found: dict[str, list[str]] = {}
    for reading in one.read():
        for mark in reading.marks:
            found.setdefault(mark.person, []).append(mark.letter)
    assert found == one.expected.get("stated_presence", {})


def _shown(tally: Tally) -> Mapping[str, Any]:
    """Return *tally* as the samples write it."""
    if tally.basis is Basis.STATED:
        return {"seconds": tally.seconds, "seconds_in_window": None, "basis": "stated_duration"}
    return {
        "seconds": tally.seconds,
        "seconds_in_window": tally.seconds_in_window,
        "rows": tally.rows,
        "merged": tally.merged,
    }


def _by_name(one: Sample) -> dict[str, int]:
    """Return seconds by name of rows without an address."""
    joins = [join for reading in one.read() for join in reading.unmatched]
    named = [
        Join(j.session, PersonKey(j.name), j.interval, j.line, j.name, j.role, j.stated_seconds, j.basis) for j in joins
    ]
    tallies = presence.tallies(named, one.sessions)
    return {name: sum(tally.seconds for tally in sessions.values()) for name, sessions in tallies.items()}
