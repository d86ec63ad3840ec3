"""Rows without an address: what is one question, who is suggested, and what keeps rows of several people apart."""

from datetime import timedelta

import pytest

from certs.attendance import Answers, People, Question, QuestionKind, settled
from certs.attendance.questions.people import _is_slip
from certs.model import Interval, Join, PersonKey, Registration, SessionId
from tests.register import session

WINDOW = session().window
ANA, BEN = PersonKey("ana@example.org"), PersonKey("ben@example.org")


def row(name: str, sitting: str = "1", person: str = "", minute: int = 0) -> Join:
    interval = Interval(WINDOW.start + timedelta(minutes=minute), WINDOW.end)
    return Join(SessionId(sitting), PersonKey(person), interval, 2, name)


def asked(*records: Join | Registration, answers: Answers | None = None) -> list[Question]:
    """Return the questions about rows without an address."""
    people = People(frozenset(answers.whose) if answers else ())
    for record in records:
        people.see(record, "report.csv")
    return [one for one in people.questions(Answers()) if one.kind is QuestionKind.NO_EMAIL]


def registered(*names: str) -> list[Registration]:
    return [Registration(PersonKey(f"{number}@example.org"), name, 2) for number, name in enumerate(names)]


def test_the_rows_of_a_full_name_are_one_question() -> None:
    """In all sessions, with who it may be, by name, and why."""
    known = [Registration(ANA, "Ana Souza", 2), Registration(BEN, "Ana Maria Souza", 3)]
    (one,) = asked(*known, row("Ana Souza", "1"), row("Ana Souza", "2"), row("Ana Souza", "2", minute=5))
    assert one.text == 'Who is "Ana Souza", 3 rows without an address in sessions 1 and 2?'
    assert (one.session, one.candidates, one.suggestion) == (None, (ANA, BEN), ANA)
    assert [(who.name, *who.reasons) for who in one.whom] == [
        ("Ana Souza", "the same name", "registered", "this address joined no session"),
        ("Ana Maria Souza", "shares 2 of the words of the name", "registered", "this address joined no session"),
    ]


@pytest.mark.parametrize(
    "device",
    [
        "iPhone",
        "Zoom user",
        "Galaxy S21",
        "15550105413",
        "+41 79 *** 12",
        "DESKTOP-4F7K2",
        "Meeting Room 2",
        "Guest",
        "",
    ],
)
def test_rows_of_unknown_devices_are_asked_about_one_by_one(device: str) -> None:
    """Two of them in one session are two people until somebody says otherwise; so are those of two sessions."""
    rows = [row(device, "1"), row(device, "1", minute=5), row(device, "2")]
    found = asked(*registered("Ana Souza"), *rows)
    assert len({one.id for one in found}) == 3
    assert not any(one.suggestion for one in found)
    mine = Answers(whose={(found[1].session, device, found[1].rows): ANA})
    assert [one.person for one in settled(rows, mine) if isinstance(one, Join)] == ["", ANA, ""]


def test_one_word_is_asked_about_in_each_session() -> None:
    """There is more than one Maria."""
    found = asked(*registered("Maria"), row("Maria", "1"), row("Maria", "2"))
    assert [(one.session, one.suggestion) for one in found] == [("1", ""), ("2", "")]


@pytest.mark.parametrize(
    ("others", "suggested"),
    [
        ([], "0@example.org"),
        (registered("Ana Souza", "Ana Souza"), ""),
        (registered("Ana Souza", "Dr. ana souza"), ""),
        (registered("Ana Souza", "Souza Ana"), ""),
        ([*registered("Ana Souza", "Souza Ana"), row("Souza Ana", "1", "1@example.org")], "0@example.org"),
        ([row("Ana Souza", "1", "0@example.org")], ""),
        ([row("Ana Souza", "2", "0@example.org")], "0@example.org"),
        ([row("Ana Souza", "2", "9@example.org")], ""),
    ],
)
def test_only_the_one_of_exactly_that_name_who_was_nowhere_else_is_suggested(
    others: list[Join | Registration], suggested: str
) -> None:
    """Not where another has the name, nor where she was there under her address."""
    (one,) = asked(*registered("Ana Souza"), *others, row("Ana Souza"))
    assert one.suggestion == suggested


def test_an_answer_about_one_session_stays_its_own() -> None:
    """As it was given when each session was asked about; the others are asked together."""
    rows = [row("Ana Souza", "1"), row("Ana Souza", "2"), row("Ana Souza", "3")]
    answers = Answers(whose={(SessionId("2"), "Ana Souza", ""): BEN})
    found = {one.session: one for one in asked(*rows, answers=answers)}
    old = Question(QuestionKind.NO_EMAIL, "Ana Souza", "", session=SessionId("2"))
    assert found.keys() == {None, "2"}
    assert found[SessionId("2")].id == old.id
    assert "sessions 1 and 3" in found[None].text
    both = Answers(whose={**answers.whose, (None, "Ana Souza", ""): ANA})
    assert [one.person for one in settled(rows, both) if isinstance(one, Join)] == [ANA, BEN, ANA]
    nobody = Answers(whose={(SessionId("2"), "Ana Souza", ""): PersonKey(""), (None, "Ana Souza", ""): ANA})
    assert [one.person for one in settled(rows, nobody) if isinstance(one, Join)] == [ANA, "", ANA]


@pytest.mark.parametrize(
    ("one", "other", "is_slip"),
    [
        ("ana@example.org", "anna@example.org", True),
        ("ana@example.org", "ama@example.org", True),
        ("ana@example.org", "aan@example.org", True),
        ("ana@example.org", "ana@example.or", True),
        ("ana@example.org", "ana@example.org", False),
        ("ana@example.org", "ana@example.com", False),
        ("ana@example.org", "bea@example.org", False),
    ],
)
def test_a_slip_is_one_letter(one: str, other: str, is_slip: bool) -> None:
    assert (_is_slip(one, other), _is_slip(other, one)) == (is_slip, is_slip)
