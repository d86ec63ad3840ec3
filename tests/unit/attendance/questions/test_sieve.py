from collections.abc import Sequence
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from certs.attendance import Answers, People, doubtful_people
from certs.attendance.questions.claims import MOST_SHARING
from certs.attendance.questions.people import MOST_NAMESAKES
from certs.attendance.questions.question import Question
from certs.model import Called, Join, PersonKey, Registration, Role, SessionId
from tests.register import session

SESSION = session()
NAMES = ("Ana Souza", "ana souza", "Dr. Ana Souza", "A. Souza", "Kwame Mensah", "Mensah", "iPhone", "Zoom User", "")
ADDRESSES = tuple(f"{letter}@example.org" for letter in "abcdef")

people = st.sampled_from(ADDRESSES).map(PersonKey)
names = st.sampled_from(NAMES)
joins = st.builds(
    lambda person, name, role: Join(SESSION.id, person, SESSION.window, 2, name, role),
    people | st.just(PersonKey("")),
    names,
    st.sampled_from(Role),
)
registrations = st.builds(lambda person, name: Registration(person, name, 3), people, names)


def asked(records: Sequence[Join | Registration]) -> list[Question]:
    """Return the questions about everybody in *records*."""
    gathered = People()
    for record in records:
        gathered.see(record, "a.csv")
    return gathered.questions(Answers())


def sieved(records: Sequence[Join | Registration]) -> list[Question]:
    """Return the questions about those whom the sieve lets through, and nobody."""
    known = sorted({one.person for one in records} - {""})
    named = [one for one in records if one.person and one.name]
    called = [
        Called(known.index(person), list(dict.fromkeys(one.name for one in mine)))
        for person, mine in groupby(sorted(named, key=lambda one: one.person), key=lambda one: one.person)
    ]
    found = doubtful_people(called, {one.name for one in records if not one.person})
    return asked([one for one in records if not one.person or known.index(one.person) in found])


def named(name: str, count: int) -> list[Join | Registration]:
    """Return a join of each of *count* addresses under one name."""
    return [Join(SessionId("1"), PersonKey(f"{n}@example.org"), SESSION.window, 2, name) for n in range(count)]


@given(st.lists(registrations, max_size=12), st.lists(joins, max_size=12))
def test_the_sieve_loses_no_question(registered: list[Registration], joined: list[Join]) -> None:
    """Whoever is asked about when everybody is looked at is let through, and no other question arises."""
    records: list[Join | Registration] = [*registered, *joined]
    assert sieved(records) == asked(records)


def test_people_of_different_names_are_not_let_through() -> None:
    """Of a million only a few need a second look."""
    called = [Called(1, ["Ana Souza"]), Called(2, ["Kwame Mensah"]), Called(3, ["Cy"]), Called(4, ["Cy", "Cy Two"])]
    assert doubtful_people(called, ()) == frozenset()
    assert doubtful_people([*called, Called(5, ["Ana SOUZA"])], ()) == {1, 5}


def test_a_name_that_very_many_have_proposes_no_merge() -> None:
    """Device names and numbered guests are no persons; one fewer is still asked about."""
    many = named("Lab Visitor", MOST_NAMESAKES + 1)
    assert len(asked(many[:-1])) == len(sieved(many[:-1])) == 1
    assert asked(many) == sieved(many) == []


def test_a_word_that_very_many_have_makes_nobody_a_candidate() -> None:
    """Whether the sieve has left some of them out or not."""
    nameless = Join(SESSION.id, PersonKey(""), SESSION.window, 9, "Visitor")
    many = [*named("Lab Visitor", MOST_SHARING + 50), nameless]
    assert sieved(many) == asked(many)
    (question,) = asked(many)
    assert question.candidates == ()


def test_a_nameless_row_that_has_no_words_makes_nobody_doubtful() -> None:
    """A telephone's number or a device: else the records of everybody would be read."""
    everybody = [Called(1, ("Ana Souza",)), Called(2, ("Ben Okri",))]
    assert doubtful_people(everybody, [""]) == frozenset()
    assert doubtful_people(everybody, ["iPhone", "Ana Souza"]) == {1}
