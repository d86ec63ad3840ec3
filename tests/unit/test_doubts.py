from dataclasses import replace

import pytest

from certs import doubts, order
from certs.db.store import Store
from certs.errors import InputError, NotFoundError
from certs.model import Amendment, Join, PersonKey, Received, Registration, SessionId
from tests.register import EVENT, act, received
from tests.unit.test_order import DEFINITION

ONE_ADDRESS, OTHER = PersonKey("office@example.org"), PersonKey("ana@example.org")
WINDOW = EVENT.sessions[0].window


def join(person: str, name: str, line: int) -> Join:
    return Join(SessionId("1"), PersonKey(person), WINDOW, line, name)


def imported(store: Store, file: Received) -> None:
    """Add the event, *file*, and what is doubtful about it."""
    store.events.add(EVENT, DEFINITION, act())
    store.imports.add(EVENT.slug, [file], act())
    doubts.ask(store, EVENT.slug)


@pytest.fixture
def shared(store: Store) -> Store:
    """Return a register in which two people use one address, and a third has her own."""
    joins = [join(ONE_ADDRESS, "Ana Souza", 2), join(ONE_ADDRESS, "Kwame Mensah", 3), join("cy@example.org", "Cy", 4)]
    imported(store, replace(received(), joins=joins, registrations=[]))
    return store


@pytest.fixture
def nameless(store: Store) -> Store:
    """Return a register with a row without an address, and the registration of somebody of that name."""
    registrations = [Registration(OTHER, "Ana Souza", 2)]
    joins = [join("cy@example.org", "Cy Twombly", 4)]
    imported(
        store,
        replace(received(), joins=joins, registrations=registrations, unmatched=[join("", "Ana Souza", 9)]),
    )
    return store


def eligible(store: Store) -> set[str]:
    return {one.person for one in order.decide(store, EVENT.slug)[1] if one.eligible}


def only(store: Store) -> str:
    (asked,) = doubts.unanswered(store, EVENT.slug)
    return asked.id


def test_an_open_question_holds_only_those_it_touches(shared: Store) -> None:
    """Everybody else gets a certificate meanwhile, and the plan says how many wait."""
    assert eligible(shared) == {"cy@example.org"}
    assert order.plan(shared, EVENT.slug).held == {ONE_ADDRESS}


def test_an_answer_frees_them(shared: Store) -> None:
    """One person with two spellings."""
    doubts.answer(shared, EVENT.slug, only(shared), "one", act())
    assert eligible(shared) == {"cy@example.org", ONE_ADDRESS}


def test_several_people_behind_one_address_stay_held(shared: Store) -> None:
    """The question is answered, and nobody gets a certificate for the address."""
    doubts.answer(shared, EVENT.slug, only(shared), "several", act())
    assert doubts.unanswered(shared, EVENT.slug) == []
    assert eligible(shared) == {"cy@example.org"}


def test_a_row_without_an_address_is_credited_to_whom_a_person_says(nameless: Store) -> None:
    """The registered namesake is only a candidate."""
    (asked,) = doubts.unanswered(nameless, EVENT.slug)
    assert asked.candidates == (OTHER,)
    assert eligible(nameless) == {"cy@example.org"}
    doubts.answer(nameless, EVENT.slug, asked.id, OTHER, act())
    assert eligible(nameless) == {"cy@example.org", OTHER}


def test_an_answer_is_remembered_for_the_next_import(nameless: Store) -> None:
    """The same name without an address in the same session is not asked again."""
    doubts.answer(nameless, EVENT.slug, only(nameless), "nobody", act())
    more = replace(received("b.csv", b"b"), joins=[], registrations=[], unmatched=[join("", "Ana Souza", 7)])
    nameless.imports.add(EVENT.slug, [more], act())
    assert doubts.ask(nameless, EVENT.slug) == []


def test_an_answer_that_the_question_does_not_know_is_refused(shared: Store) -> None:
    """With those it knows."""
    with pytest.raises(InputError, match="one, several"):
        doubts.answer(shared, EVENT.slug, only(shared), "perhaps", act())
    with pytest.raises(NotFoundError, match="certs questions"):
        doubts.answer(shared, EVENT.slug, "000000000000", "one", act())


def test_an_answer_is_in_the_trail(shared: Store) -> None:
    """Old and new."""
    question = only(shared)
    doubts.answer(shared, EVENT.slug, question, "several", act())
    doubts.answer(shared, EVENT.slug, question, "one", act("ben"))
    last = list(shared.audit(EVENT.slug))[-1]
    assert (last.actor, last.act, '"several"' in last.old, '"one"' in last.new) == (
        "ben", "question.answer", True, True
    )  # fmt: skip


def test_a_crash_between_an_import_and_its_questions_frees_nobody(store: Store) -> None:
    """What was stored and not asked about is asked about by whoever looks next; nothing is asked for nothing."""
    store.events.add(EVENT, DEFINITION, act())
    joins = [join(ONE_ADDRESS, "Ana Souza", 2), join(ONE_ADDRESS, "Kwame Mensah", 3)]
    store.imports.add(EVENT.slug, [replace(received(), joins=joins, registrations=[])], act())
    assert eligible(store) == set()
    assert order.plan(store, EVENT.slug).held == {ONE_ADDRESS}
    before, newest = store.questions.imports_seen(EVENT.slug)
    assert before == newest > 0


def test_a_crash_between_an_undo_and_its_questions_holds_nobody(shared: Store) -> None:
    """The question goes with the import that raised it."""
    listed = shared.imports.listed(EVENT.slug)
    shared.imports.undo(EVENT.slug, Amendment(shared.events.as_of(EVENT.slug), listed), act())
    assert doubts.unanswered(shared, EVENT.slug) == []
    assert order.plan(shared, EVENT.slug).held == set()
