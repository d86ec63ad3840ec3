from dataclasses import replace
from datetime import timedelta

import pytest

from certs.attendance import Question, QuestionKind
from certs.db.store import Store
from certs.errors import InputError, NotFoundError
from certs.model import Amendment, AskedQuestion, Interval, Join, PersonKey, Received, Registration, SessionId
from certs.work import evidence, orders, questions
from certs.work.answers import answers_to
from tests.register import AUCKLAND, EVENT, act, received

ONE_ADDRESS, OTHER = PersonKey("office@example.org"), PersonKey("ana@example.org")
WINDOW = EVENT.sessions[0].window


def join(person: str, name: str, line: int) -> Join:
    return Join(SessionId("1"), PersonKey(person), WINDOW, line, name)


def imported(store: Store, file: Received) -> None:
    """Add the event, *file*, and what is doubtful about it."""
    store.events.add(EVENT, AUCKLAND, act())
    store.imports.add(EVENT.slug, [file], act())
    questions.ask(store, EVENT.slug)


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
    return {one.person for one in orders.decide(store, EVENT.slug)[1] if one.eligible}


def only(store: Store) -> str:
    (asked,) = questions.unanswered(store, EVENT.slug)
    return asked.id


def test_an_open_question_holds_only_those_it_touches(shared: Store) -> None:
    """Everybody else gets a certificate meanwhile, and the plan says how many wait."""
    assert eligible(shared) == {"cy@example.org"}
    assert orders.plan(shared, EVENT.slug).held == {ONE_ADDRESS}


def test_an_answer_frees_them(shared: Store) -> None:
    """One person with two spellings."""
    questions.answer(shared, EVENT.slug, only(shared), "one", act())
    assert eligible(shared) == {"cy@example.org", ONE_ADDRESS}


def test_several_people_behind_one_address_stay_held(shared: Store) -> None:
    """The question is answered, and nobody gets a certificate for the address."""
    questions.answer(shared, EVENT.slug, only(shared), "several", act())
    assert questions.unanswered(shared, EVENT.slug) == []
    assert eligible(shared) == {"cy@example.org"}


def test_a_row_without_an_address_is_credited_to_whom_a_person_says(nameless: Store) -> None:
    """The registered namesake is only a candidate."""
    (asked,) = questions.unanswered(nameless, EVENT.slug)
    assert asked.candidates == (OTHER,)
    assert eligible(nameless) == {"cy@example.org"}
    questions.answer(nameless, EVENT.slug, asked.id, OTHER, act())
    assert eligible(nameless) == {"cy@example.org", OTHER}


def test_an_answer_is_remembered_for_the_next_import(nameless: Store) -> None:
    """The same name without an address in the same session is not asked again."""
    questions.answer(nameless, EVENT.slug, only(nameless), "nobody", act())
    more = replace(received("b.csv", b"b"), joins=[], registrations=[], unmatched=[join("", "Ana Souza", 7)])
    nameless.imports.add(EVENT.slug, [more], act())
    assert questions.ask(nameless, EVENT.slug) == []


def test_an_answer_that_the_question_does_not_know_is_refused(shared: Store) -> None:
    """With those it knows."""
    with pytest.raises(InputError, match="one, several"):
        questions.answer(shared, EVENT.slug, only(shared), "perhaps", act())
    with pytest.raises(NotFoundError, match="the questions of"):
        questions.answer(shared, EVENT.slug, "000000000000", "one", act())


def test_an_answer_is_in_the_trail(shared: Store) -> None:
    """Old and new."""
    question = only(shared)
    questions.answer(shared, EVENT.slug, question, "several", act())
    questions.answer(shared, EVENT.slug, question, "one", act("ben"))
    last = list(shared.audit(EVENT.slug))[-1]
    assert (last.actor, last.act, '"several"' in last.old, '"one"' in last.new) == (
        "ben", "question.answer", True, True
    )  # fmt: skip


def test_a_crash_between_an_import_and_its_questions_frees_nobody(store: Store) -> None:
    """What was stored and not asked about is asked about by whoever looks next; nothing is asked for nothing."""
    store.events.add(EVENT, AUCKLAND, act())
    joins = [join(ONE_ADDRESS, "Ana Souza", 2), join(ONE_ADDRESS, "Kwame Mensah", 3)]
    store.imports.add(EVENT.slug, [replace(received(), joins=joins, registrations=[])], act())
    assert eligible(store) == set()
    assert orders.plan(store, EVENT.slug).held == {ONE_ADDRESS}
    before, newest = store.questions.imports_seen(EVENT.slug)
    assert before == newest > 0


def test_a_crash_between_an_undo_and_its_questions_holds_nobody(shared: Store) -> None:
    """The question goes with the import that raised it."""
    listed = shared.imports.listed(EVENT.slug)
    shared.imports.undo(EVENT.slug, Amendment(shared.events.as_of(EVENT.slug), listed), act())
    assert questions.unanswered(shared, EVENT.slug) == []
    assert orders.plan(shared, EVENT.slug).held == set()


ZOOM, DEVICE = PersonKey("zoom@example.org"), PersonKey("device@example.org")


@pytest.fixture
def unnamed(store: Store) -> Store:
    """Return a register in which one is called nothing but "Zoom user", one also by her name, and one is registered."""
    joins = [
        join(ZOOM, "Zoom user", 2),
        join(DEVICE, "iPhone", 3),
        join(DEVICE, "Kwame Mensah", 4),
        join(OTHER, "iPad", 5),
    ]
    imported(store, replace(received(), joins=joins, registrations=[Registration(OTHER, "Ana Souza", 2)]))
    return store


def test_what_is_no_name_is_asked_about_and_holds_its_person_only(unnamed: Store) -> None:
    """Whoever has a name besides, registered or displayed, goes on under that."""
    (question,) = questions.unanswered(unnamed, EVENT.slug)
    assert (question.kind, question.subject, question.people) == ("name", ZOOM, frozenset({ZOOM}))
    assert "Zoom user" in question.text
    assert ZOOM in question.text
    planned = orders.plan(unnamed, EVENT.slug)
    assert {one.person: one.name for one in planned.decisions} == {DEVICE: "Kwame Mensah", OTHER: "Ana Souza"}
    assert planned.held == {ZOOM}


@pytest.mark.parametrize(("given", "printed"), [("Zoë Keller", "Zoë Keller"), ("keep", "Zoom user")])
def test_the_answer_is_the_name_that_is_printed(unnamed: Store, given: str, printed: str) -> None:
    """It is remembered when files are imported again, and more is known."""
    (question,) = questions.unanswered(unnamed, EVENT.slug)
    questions.answer(unnamed, EVENT.slug, question.id, given, act())
    more = replace(received("b.csv", b"b"), joins=[join(ZOOM, "iPhone von Zoe", 2)], registrations=[])
    unnamed.imports.add(EVENT.slug, [more], act())
    questions.ask(unnamed, EVENT.slug)
    planned = orders.plan(unnamed, EVENT.slug)
    assert {one.person: one.name for one in planned.decisions}[ZOOM] == printed
    assert not planned.held
    assert [one.act for one in unnamed.audit(EVENT.slug)].count("question.answer") == 1


@pytest.mark.parametrize("given", ["iPhone", "N/A", "王\U0002ebf0", " ", "ေမာင္"])
def test_an_answer_that_is_no_name_or_cannot_be_printed_is_refused(unnamed: Store, given: str) -> None:
    """And says why; the question stays open."""
    (question,) = questions.unanswered(unnamed, EVENT.slug)
    with pytest.raises(InputError):
        questions.answer(unnamed, EVENT.slug, question.id, given, act())
    assert questions.unanswered(unnamed, EVENT.slug) == [question]


def test_names_that_the_file_has_besides_are_proposed(store: Store) -> None:
    """With what may be meant by what is printed."""
    joins = [join(ZOOM, "Ana", 2), join(ZOOM, "A.", 3)]
    registrations = [Registration(ZOOM, "JosÃ© MuÃ±oz", 2)]
    imported(store, replace(received(), joins=joins, registrations=registrations))
    (question,) = (one for one in questions.unanswered(store, EVENT.slug) if one.kind == "name")
    assert question.candidates == ("JosÃ© MuÃ±oz", "Ana", "José Muñoz")
    assert list(answers_to(question)) == ["keep", "Ana", "José Muñoz"]


def test_a_name_follows_its_person_to_another_address(store: Store) -> None:
    """Two addresses of one person: the name given under either is hers."""
    joins = [join(ZOOM, "Test User", 2), join(DEVICE, "Kwame Mensah", 3)]
    imported(store, replace(received(), joins=joins, registrations=[]))
    (question,) = questions.unanswered(store, EVENT.slug)
    answers = questions.answers_of([replace(question, answer="Kwame Mensah"), *merge(ZOOM, DEVICE)])
    assert answers.names[DEVICE] == "Kwame Mensah"


def merge(gone: PersonKey, kept: PersonKey) -> list[AskedQuestion]:
    text = "one person?"
    pair = (gone, kept)
    return [AskedQuestion("1", "same_person_two_emails?", "x", text, None, pair, "", (), frozenset(), answer=kept)]


def test_a_row_claimed_for_somebody_asks_for_her_name_if_it_has_none(store: Store) -> None:
    """A row of "iPhone" without an address may be all that is known of her."""
    joins = [join("", "iPhone", 2)]
    imported(store, replace(received(), joins=(), unmatched=joins, registrations=[Registration(OTHER, "Ana", 3)]))
    (row,) = questions.unanswered(store, EVENT.slug)
    questions.answer(store, EVENT.slug, row.id, "new@example.org", act())
    (question,) = questions.unanswered(store, EVENT.slug)
    assert (question.kind, question.subject) == ("name", "new@example.org")
    assert "new@example.org" in orders.plan(store, EVENT.slug).held


def test_who_may_be_meant_is_kept_with_the_reasons(nameless: Store) -> None:
    """By name, and with the one answer that is left."""
    (asked,) = questions.unanswered(nameless, EVENT.slug)
    (ana,) = asked.whom
    assert (ana.person, ana.name, ana.reasons[0], asked.suggestion) == (OTHER, "Ana Souza", "the same name", OTHER)


def test_an_answer_about_one_session_outlives_the_question_about_all(nameless: Store) -> None:
    """Registers of before asked about each session: what was answered stays answered, and is not asked again."""
    (asked,) = questions.unanswered(nameless, EVENT.slug)
    old = Question(QuestionKind.NO_EMAIL, "Ana Souza", "Whose?", session=SessionId("1"))
    kept = replace(asked, id=old.id, session=SessionId("1"), answer=OTHER)
    nameless.questions.say(EVENT.slug, [kept], act())
    assert questions.ask(nameless, EVENT.slug) == []
    assert [(one.id, one.answer) for one in questions.known(nameless, EVENT.slug) if one.open] == [(old.id, OTHER)]
    assert eligible(nameless) == {"cy@example.org", OTHER}


@pytest.mark.parametrize(
    ("merged_away", "kept", "language"),
    [("Japan", "", "ja"), ("", "Japan", "ja"), ("China", "Japan", "ja"), ("Japan", "China", "zh-Hans"), ("", "", "")],
)
def test_a_merged_person_keeps_her_country_and_so_the_forms_of_her_name(
    store: Store, merged_away: str, kept: str, language: str
) -> None:
    """Whichever address it stood beside; that of the address that was kept counts first."""
    gone, stays = PersonKey("hanako@example.org"), PersonKey("yamada@example.org")
    listed = [Registration(gone, "山田 花子", 2, merged_away), Registration(stays, "山田 花子", 3, kept)]
    imported(store, replace(received(), joins=[join(gone, "山田 花子", 4)], registrations=listed))
    questions.answer(store, EVENT.slug, only(store), stays, act())
    due = orders.plan(store, EVENT.slug).decisions
    assert {one.person: one.language for one in due} == {stays: language}
    assert questions.countries(store, EVENT.slug).get(gone) == questions.countries(store, EVENT.slug).get(stays)


def test_a_country_that_a_later_list_leaves_out_is_not_forgotten(store: Store) -> None:
    imported(store, replace(received(), joins=[], registrations=[Registration(OTHER, "山田花子", 2, "Japan")]))
    later = replace(received("b.csv", b"b"), joins=[], registrations=[Registration(OTHER, "山田花子", 2)])
    store.imports.add(EVENT.slug, [later], act())
    assert questions.countries(store, EVENT.slug) == {OTHER: "Japan"}


def test_whoever_is_held_is_held_everywhere(shared: Store) -> None:
    """By the decision, the plan and the list of names, before evidence and after."""
    questions.answer(shared, EVENT.slug, only(shared), "several", act())
    assert questions.settled(shared, EVENT.slug).held == orders.plan(shared, EVENT.slug).held == {ONE_ADDRESS}
    evidence.add(shared, EVENT.slug, evidence.Sheet("1", 60, "signed group sheet", "folder 4"), [ONE_ADDRESS], act())
    assert questions.settled(shared, EVENT.slug).held == orders.plan(shared, EVENT.slug).held == frozenset()


def test_evidence_says_how_many_minutes_it_speaks_of(store: Store) -> None:
    """Whole ones; whoever answers weighs an hour and a half against a moment."""
    spans = {2: timedelta(minutes=90, seconds=59), 3: timedelta(seconds=59)}
    begins = WINDOW.start
    joins = [
        replace(join("", "Ana Souza", line), interval=Interval(begins, begins + span)) for line, span in spans.items()
    ]
    imported(store, replace(received(), joins=[], registrations=[], unmatched=joins))
    (asked,) = questions.unanswered(store, EVENT.slug)
    assert asked.evidence == ("a.csv:2: Ana Souza, 90 min", "a.csv:3: Ana Souza, 0 min")


def test_a_caller_is_told_by_the_telephone_in_a_file_that_counts(store: Store) -> None:
    """It is looked up in the file as it was received; neither questions nor rows keep the number of anybody."""
    data = (
        b"First Name,Last Name,Email,Phone,Registration Time\nAna,Souza,ana@example.org,+41 44 668 18 00,2026-04-01\n"
    )
    registrations = [Registration(OTHER, "Ana Souza", 2)]
    listed = replace(received("r.csv", data), joins=[join(OTHER, "Ana Souza", 3)], registrations=registrations)
    store.events.add(EVENT, AUCKLAND, act())
    caller = replace(received("b.csv", b"b"), joins=[], unmatched=[join("", "0041446681800", 9)], registrations=[])
    store.imports.add(EVENT.slug, [listed, caller], act())
    (asked,) = questions.ask(store, EVENT.slug)
    assert [(one.person, *one.reasons) for one in asked.whom] == [
        (OTHER, "the same telephone", "registered", "this address joined 1 of these sessions itself")
    ]
    assert not any("+41" in str(one) for one in questions.known(store, EVENT.slug))
