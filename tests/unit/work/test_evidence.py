from dataclasses import replace

import pytest

from certs.db.store import Store
from certs.errors import InputError
from certs.model import Basis, Decision, Join, PersonKey, Registration, SessionId
from certs.work import evidence, orders, questions
from certs.work.evidence import Sheet
from tests.register import AUCKLAND, EVENT, act, received

ANA, BEN = "ana@example.org", "ben@example.org"
SHEET = Sheet("2", 60, "signed group sheet", "folder 4, page 2")


@pytest.fixture
def imported(store: Store) -> Store:
    """Return a register where two sessions are needed; both came to the first, and Ana to a minute of the other."""
    store.events.add(EVENT, AUCKLAND.replace("sessions = 1", "sessions = 2"), act())
    store.imports.add(EVENT.slug, [received(people=[ANA, BEN])], act())
    return store


def decided(store: Store, person: str) -> Decision:
    return next(one for one in orders.decide(store, EVENT.slug)[1] if one.person == person)


def test_a_group_sheet_makes_all_it_names_eligible(imported: Store) -> None:
    """Spelled in whatever case, each once; the reason names it and the order freezes it."""
    evidence.add(imported, EVENT.slug, SHEET, ["Ana@Example.org", ANA, BEN], act())
    assert [one.person for one in imported.evidence.all(EVENT.slug)] == [ANA, BEN]
    decision = decided(imported, ANA)
    assert decision.reason == "2 sessions attended, 2 needed; evidence for 8 Oct: signed group sheet."
    assert decision.tallies[SessionId("2")].basis is Basis.EVIDENCE
    orders.place(imported, orders.plan(imported, EVENT.slug), act(), demo=False)
    assert len(evidence.withdraw(imported, EVENT.slug, [1], act(reason="wrong group"))) == 1
    assert {one.person for one in imported.batches.placed(EVENT.slug)} == {BEN}


def test_the_whole_window(imported: Store) -> None:
    """Without minutes."""
    evidence.add(imported, EVENT.slug, replace(SHEET, minutes=None), [BEN], act())
    assert decided(imported, BEN).tallies[SessionId("2")].seconds_in_window == 7200


def test_withdrawn_evidence_counts_no_more(imported: Store) -> None:
    """And may be added again."""
    (one,) = evidence.add(imported, EVENT.slug, SHEET, [BEN], act())
    with pytest.raises(InputError, match="a reason"):
        evidence.withdraw(imported, EVENT.slug, [one], act())
    evidence.withdraw(imported, EVENT.slug, [one], act(reason="wrong group"))
    assert not decided(imported, BEN).eligible
    assert evidence.add(imported, EVENT.slug, SHEET, [BEN], act()) == [2]


@pytest.mark.parametrize(
    ("sheet", "person", "says"),
    [
        (replace(SHEET, session="9"), ANA, "The event has no session '9'; it has 1, 2."),
        (replace(SHEET, minutes=121), ANA, "121 minutes in session 2 cannot be: give minutes between 1 and 120"),
        (replace(SHEET, minutes=0), ANA, "0 minutes"),
        (replace(SHEET, note=" "), ANA, "The note is empty"),
        (replace(SHEET, kind="\u202e"), ANA, "The kind is empty"),
        (replace(SHEET, kind="x" * 61), ANA, "The kind has more than 60 characters"),
        (SHEET, "anna@example.org", "names anna@example.org. Did you mean ana@example.org?"),
        (SHEET, "zoe@other.net", "Import a list of registrations that names her first."),
        (SHEET, "Ana", "'Ana' is no e-mail address"),
    ],
)
def test_bad_input_is_refused(imported: Store, sheet: Sheet, person: str, says: str) -> None:
    """With a sentence; the others named with it get nothing either."""
    with pytest.raises(InputError) as refused:
        evidence.add(imported, EVENT.slug, sheet, [BEN, person], act())
    assert says in str(refused.value)
    assert imported.evidence.all(EVENT.slug) == []


def test_all_problems_are_said_at_once(imported: Store) -> None:
    with pytest.raises(InputError) as refused:
        evidence.add(imported, EVENT.slug, Sheet("9", 1, "", ""), ["x"], act())
    assert len(refused.value.problems) == 4


def test_the_same_sheet_twice_is_refused(imported: Store) -> None:
    """It is somebody's mistake."""
    evidence.add(imported, EVENT.slug, SHEET, [BEN], act())
    with pytest.raises(InputError, match=f"{BEN} has this evidence already, number 1"):
        evidence.add(imported, EVENT.slug, SHEET, [ANA, BEN], act("cy"))


def test_of_an_address_that_several_use_only_evidence_counts(store: Store) -> None:
    """Nobody knows whose the joins are; the registered owner gets what the sheets say of her, and others the same."""
    office = PersonKey("office@example.org")
    joins = [
        Join(SessionId("1"), office, EVENT.sessions[0].window, line, name)
        for line, name in ((2, "Ana Souza"), (3, "Kwame Mensah"))
    ]
    store.events.add(EVENT, AUCKLAND.replace("sessions = 1", "sessions = 2"), act())
    store.imports.add(EVENT.slug, [replace(received(people=[BEN]), joins=joins)], act())
    (asked,) = questions.ask(store, EVENT.slug)
    questions.answer(store, EVENT.slug, asked.id, "several", act())
    assert decided(store, office).reason.startswith("Held: ")
    evidence.add(store, EVENT.slug, SHEET, [office, BEN], act())
    assert decided(store, office).reason.startswith("1 of 2 sessions needed: absent on 6 Oct; evidence for 8 Oct")
    assert office not in orders.plan(store, EVENT.slug).held
    evidence.add(store, EVENT.slug, replace(SHEET, session="1"), [office, BEN], act())
    assert {one.person for one in orders.plan(store, EVENT.slug).decisions} == {office, BEN}


def test_evidence_follows_a_merged_address(store: Store) -> None:
    """Added for one address, it counts for the person who goes by the other, before the merge or after."""
    home = PersonKey("ana@home.org")
    registrations = [Registration(PersonKey(one), "Ana Souza", line) for line, one in enumerate((ANA, home), 2)]
    joins = received(people=[ANA]).joins[:1]
    store.events.add(EVENT, AUCKLAND.replace("sessions = 1", "sessions = 2"), act())
    store.imports.add(EVENT.slug, [replace(received(), joins=joins, registrations=registrations)], act())
    (asked,) = questions.ask(store, EVENT.slug)
    evidence.add(store, EVENT.slug, SHEET, [home], act())
    assert not decided(store, ANA).eligible
    questions.answer(store, EVENT.slug, asked.id, ANA, act())
    assert decided(store, ANA).eligible
    evidence.add(store, EVENT.slug, replace(SHEET, minutes=120), [home], act())
    assert [one.seconds for one in decided(store, ANA).evidence] == [7200]
