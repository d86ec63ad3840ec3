"""Whose telephone a row has is evidence of whose row it is, and is never enough for a suggestion."""

import pytest

from certs import attendance
from certs.attendance import Answers, People, Question, QuestionKind, Telephones
from certs.errors import InputError
from certs.model import Join, PersonKey, Registration, SessionId
from tests.register import session

LISTED = "First Name,Last Name,Email,Phone,Registration Time\nAna,Souza,ana@example.org,{},2026-04-01 10:00\n"
ANA = PersonKey("ana@example.org")


def looked_through(text: str, name: str = "registration.csv") -> Telephones:
    """Return the telephones of one file."""
    found = Telephones()
    attendance.look_through(found, name, text.encode())
    return found


def asked(telephones: Telephones, name: str, *others: Registration) -> Question:
    """Return the question about a row called *name*."""
    people = People(telephones=telephones)
    for one in (Registration(ANA, "Ana Souza", 2), *others):
        people.see(one, "registration.csv")
    people.see(Join(SessionId("1"), PersonKey(""), session().window, 7, name), "report.csv")
    (question,) = (one for one in people.questions(Answers()) if one.kind is QuestionKind.NO_EMAIL)
    return question


def test_a_caller_is_found_by_her_number() -> None:
    question = asked(looked_through(LISTED.format("+41 44 668 18 00")), "41446681800")
    assert [(one.person, one.reasons) for one in question.whom] == [
        (ANA, ("the same telephone", "registered", "this address joined no session"))
    ]
    assert question.candidates == (ANA,)
    assert question.suggestion == ""


def test_a_number_without_its_country_is_said_to_be_like_hers() -> None:
    (one,) = asked(looked_through(LISTED.format("044 668 18 00")), "+41446681800").whom
    assert one.reasons[0] == "the last 9 digits of the telephone are the same"


@pytest.mark.parametrize("number", ["+41 44 668 18 01", "", "--", "+49 44 668 18 00", "+41 44 *** 00"])
def test_another_number_names_nobody(number: str) -> None:
    assert asked(looked_through(LISTED.format(number)), "+41446681800").whom == ()


def test_a_row_with_a_name_and_a_number_goes_first_to_whose_the_number_is() -> None:
    """A namesake comes second, and nobody is suggested while the two speak for different people."""
    sheet = "Name,Phone,E-mail,In,Out\nBen Okoye,044 668 18 00,,09:00,10:00\n"
    telephones = looked_through(LISTED.format("044 668 18 00"))
    attendance.look_through(telephones, "report.csv", f"\n\n\n\n\n{sheet}".encode())
    ben = Registration(PersonKey("ben@example.org"), "Ben Okoye", 3)
    question = asked(telephones, "Ben Okoye", ben)
    assert question.candidates == (ANA, "ben@example.org")
    assert question.suggestion == ""
    assert asked(Telephones(), "Ben Okoye", ben).suggestion == "ben@example.org"


def test_what_is_no_table_has_no_telephones() -> None:
    with pytest.raises(InputError):
        looked_through("%PDF-1.7\n")
    assert looked_through("Name,Email\nAna,ana@example.org\n").owners("+41446681800") == {}
