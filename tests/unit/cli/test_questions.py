"""What the imports leave open, as somebody reads it and types the answers."""

import json
import shlex

import pytest

from tests.unit.cli.conftest import Operator
from tests.unit.cli.test_evidence import EVENT

TABLE = """Name,E-mail,Joined,Left
Ana Souza,office@example.org,2026-10-06 11:00,2026-10-06 13:00
Kwame Mensah,office@example.org,2026-10-06 11:00,2026-10-06 13:00
Cy Twombly,cy@example.org,2026-10-06 11:00,2026-10-06 13:00
Cy Twombly,o'cy@example.org,2026-10-08 11:00,2026-10-08 13:00
Dot Lee,,2026-10-08 11:00,2026-10-08 13:00
"""


@pytest.fixture
def doubtful(operator: Operator) -> Operator:
    """Return somebody with a question of each kind about people."""
    (operator.home / "small.toml").write_text(EVENT)
    (operator.home / "table.csv").write_text(TABLE)
    assert operator.types("event", "add", "small.toml").code == 0
    assert operator.types("import", "small", "table.csv", "--zone", "UTC").code == 0
    return operator


def asked(doubtful: Operator, kind: str) -> tuple[str, dict[str, str]]:
    """Return the question of *kind* and the answers it knows."""
    found = json.loads(doubtful.types("questions", "small", "--all", "--json").out)["questions"]
    (one,) = [one for one in found if one["kind"] == kind]
    return one["id"], one["answers"]


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        ("shared_email", ["one", "several"]),
        ("same_person_two_emails?", ["cy@example.org", "o'cy@example.org", "different"]),
        ("no_email", ["nobody"]),
    ],
)
def test_every_line_offered_is_a_command_that_answers(doubtful: Operator, kind: str, answers: list[str]) -> None:
    """As printed, quoted for a shell; an answer that is given is not offered again."""
    id_, known = asked(doubtful, kind)
    assert list(known) == answers
    typed = f"certs answer small {id_} "
    lines = [line.strip() for line in doubtful.types("questions", "small").out.splitlines() if typed in line]
    offered = [shlex.split(line, comments=True)[1:] for line in lines]
    assert [words[-1] for words in offered if words[-1] != "ADDRESS"] == answers
    assert ("ADDRESS" in lines[-1]) is (kind == "no_email")
    for words in offered[: len(answers)]:
        assert doubtful.types(*words).code == 0
        again = doubtful.types("questions", "small", "--all").out
        assert (shlex.join(words[:-1]) + " " + shlex.quote(words[-1]) in again) is False


def test_an_answer_that_is_none_says_which_there_are(doubtful: Operator) -> None:
    """Exit code 2, and what to type."""
    id_, _ = asked(doubtful, "shared_email")
    said = doubtful.types("answer", "small", id_, "both")
    assert (said.code, "Answer with one of: one, several." in said.err) == (2, True)


def test_whose_a_row_is_must_be_an_address(doubtful: Operator) -> None:
    """Something with an @ in it is not enough; case and brackets around an address are no matter."""
    id_, _ = asked(doubtful, "no_email")
    for given in ("dot lee@example", "@", "a@b@c", "dot@", "dot@example.org, ben@example.org"):
        assert doubtful.types("answer", "small", id_, given).code == 2
    said = json.loads(doubtful.types("answer", "small", id_, "<Dot@Example.org>", "--json").out)
    assert said["unanswered"] == 2
    found = json.loads(doubtful.types("questions", "small", "--all", "--json").out)["questions"]
    assert "dot@example.org" in {one["answer"] for one in found}


def test_one_is_said_in_the_singular(doubtful: Operator) -> None:
    """Three questions, two, and one."""
    for kind, given, left in (("no_email", "NOBODY", "2 questions are"), ("shared_email", "One", "1 question is")):
        assert f"Noted. {left} open." in doubtful.types("answer", "small", asked(doubtful, kind)[0], given).out
    assert doubtful.types("questions", "small").out.endswith("\n1 question.\n")


def test_names_that_are_none_are_counted_among_what_is_open(doubtful: Operator) -> None:
    """Whatever kind a question is of, the line tells what is assumed until it is answered."""
    row = "iPhone,x@example.org,2026-10-06 11:00,2026-10-06 13:00\n"
    (doubtful.home / "more.csv").write_text("Name,E-mail,Joined,Left\n" + row)
    said = doubtful.types("import", "small", "more.csv", "--zone", "UTC").out
    assert "4 questions are open: " in said
    assert "; 1 about what looks like no name, whose people wait. See: " in said


def test_a_session_that_the_event_does_not_have_is_said_once(doubtful: Operator) -> None:
    (doubtful.home / "new.csv").write_text(TABLE.replace("Dot", "Dora"))
    said = doubtful.types("import", "small", "new.csv", "--session", "9=new.csv")
    assert (said.code, said.err) == (2, "certs: new.csv: The event has no session '9'; it has 1, 2.\n")


def test_before_anybody_came_an_order_says_what_is_missing(operator: Operator) -> None:
    """Not only that nobody is left: nothing was imported."""
    (operator.home / "small.toml").write_text(EVENT)
    assert operator.types("event", "add", "small.toml").code == 0
    said = operator.types("order", "small", "--yes")
    assert said.code == 0
    assert "STOPS (session_missing): Nobody was in session 1" in said.err
    assert "certs order small --accept session_missing:1 --reason TEXT" in said.err
    assert said.out == "Nobody eligible is without a certificate: there is nothing to order.\n"


def test_import_status_and_decide_name_what_is_open_and_what_is_assumed(doubtful: Operator) -> None:
    """In one line with the command; and a program reads how many."""
    line = (
        "3 questions are open: 1 about rows without an address, which count for nobody; 1 about names with several "
        "addresses, which count as different people; 1 about addresses with several names, whose people wait. "
        "See: certs questions small"
    )
    (doubtful.home / "more.csv").write_text(
        "Name,E-mail,Joined,Left\nEve,eve@example.org,2026-10-06 11:00,2026-10-06 13:00\n"
    )
    said = doubtful.types("import", "small", "more.csv", "--zone", "UTC").out.splitlines()
    assert said[-2:] == [line, "Next: certs check small"]
    assert f"  {line}" in doubtful.types("status", "small").out.splitlines()
    assert doubtful.types("decide", "small").err.splitlines()[-2:] == [line, "Next: certs check small"]
    assert json.loads(doubtful.types("status", "small", "--json").out)["questions_open"] == 3


def test_nothing_open_is_not_mentioned(doubtful: Operator) -> None:
    """Once all are answered."""
    for kind, given in (("shared_email", "one"), ("same_person_two_emails?", "different"), ("no_email", "nobody")):
        assert doubtful.types("answer", "small", asked(doubtful, kind)[0], given).code == 0
    assert "open" not in doubtful.types("status", "small").out
    assert "open" not in doubtful.types("decide", "small").err
