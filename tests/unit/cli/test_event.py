"""`certs event add`: what is odd and what would change is said and asked about, and nothing is done without a yes."""

import json

import pytest

from tests.unit.cli.conftest import Operator
from tests.unit.cli.test_evidence import EVENT, organiser

__all__ = ["organiser"]
CHANGED = EVENT.replace("A small event", "A smaller event").replace("sessions = 2", "sessions = 1")


def add(organiser: Operator, text: str, *options: str) -> tuple[int, str, str]:
    (organiser.home / "small.toml").write_text(text)
    said = organiser.types("event", "add", "small.toml", *options)
    return said.code, said.out, said.err


def definition(organiser: Operator) -> str:
    """Return the title that the register holds."""
    return organiser.types("status", "small").out.splitlines()[0]


def test_the_same_again_says_so_and_asks_nothing(organiser: Operator) -> None:
    said = "Event small (A small event, 2 sessions) was in the register already, just so.\n"
    assert add(organiser, EVENT) == (0, said, "")


def test_a_changed_file_shows_what_changes_and_for_whom_and_asks(organiser: Operator) -> None:
    """Nobody is there to answer, so nothing is changed."""
    code, out, err = add(organiser, CHANGED)
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "Event small (A smaller event, 2 sessions) is in the register; this file says otherwise:",
        "  title: A small event → A smaller event",
        "  issuer: The organisers of A small event → The organisers of A smaller event",
        "  kind attendance, rule: Attended all 2 sessions, each for at least 50 % of its scheduled time. → "
        "Attended at least 1 of 2 sessions for at least 50 % of its scheduled time.",
        "Decisions on attendance: 0 eligible → 2 (2 more, 0 fewer)",
        "  eligible now: Ana Souza <ana@example.org>, attendance",
        "  eligible now: Ben Okri <ben@example.org>, attendance",
        "certs: Change event small? Nobody is there to answer; say --yes to go ahead.",
    ]
    assert definition(organiser) == "small: A small event"


def test_with_a_yes_it_is_changed_and_the_reason_kept(organiser: Operator) -> None:
    code, out, _ = add(organiser, CHANGED, "--yes", "--reason", "the institute has a new name")
    assert (code, out) == (0, "Event small (A smaller event, 2 sessions) is changed in the register.\n")
    assert definition(organiser) == "small: A smaller event"
    assert "the institute has a new name" in organiser.types("audit", "small").out


def test_certificates_that_are_ordered_stay_and_the_answer_says_so(organiser: Operator) -> None:
    add(organiser, CHANGED, "--yes")
    assert organiser.types("keys", "new", "claim").code == 0
    ordered = organiser.types("order", "small", "--yes")
    assert ordered.code == 0, ordered.err
    _, _, err = add(organiser, CHANGED.replace("A smaller event", "Another event"))
    assert "Certificates: 0 issued, 2 ordered. They stay as they are: each says what was frozen with its order." in err
    assert "Decisions: nobody's changes." in err


def test_a_program_reads_the_same(organiser: Operator) -> None:
    _, out, _ = add(organiser, CHANGED, "--yes", "--json")
    said = json.loads(out)
    assert (said["changed"], said["differences"][0]) == (True, "title: A small event → A smaller event")
    assert [one["email"] for one in said["eligible_now"]] == ["ana@example.org", "ben@example.org"]
    assert (said["eligible_no_more"], said["certificates"]) == ([], {"issued": 0, "ordered": 0})


def test_comments_alone_are_kept_without_a_question(organiser: Operator) -> None:
    said = "Event small (A small event, 2 sessions) says the same in other words, which are kept.\n"
    assert add(organiser, EVENT + "# by Ana\n") == (0, said, "")


@pytest.mark.parametrize("options", [(), ("--yes",)])
def test_what_is_odd_is_asked_about(operator: Operator, options: tuple[str, ...]) -> None:
    code, _, err = add(operator, EVENT.replace("share = 0.5\n", ""), *options)
    assert 'Look at this: [rule] has no "share": who is in a session for one second' in err
    assert ("Add event small all the same?" in err, code) == ((False, 0) if options else (True, 2))


def test_what_cannot_be_right_is_refused_whatever_is_answered(operator: Operator) -> None:
    code, _, err = add(operator, EVENT.replace("2026-10-08T13", "2027-10-08T13"), "--yes")
    assert (code, "Session 2 lasts 365 days" in err) == (2, True)
