"""Corrected files and imports taken back: what is said before, what is done, and what stays as it is."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from certs.attendance import Answers
from certs.db.store import Store
from certs.errors import ConflictError, InputError
from certs.ground.number import printed
from certs.model import CertificateState, Number
from certs.work import amend, guards, imports, orders, questions
from tests.register import AUCKLAND, EVENT, LATER, NOW, act, finished

SLUG = EVENT.slug
ANA, BEN, CY = (f"{name}@example.org" for name in ("ana", "ben", "cy"))
WHY = act("ben", "the wrong webinar", LATER)


def export(**minutes: int) -> imports.Upload:
    """Return an export of session 1, called a.csv, in which each person stayed so many minutes."""
    rows = [f"{n.title()} Doe,{n}@example.org,2026-10-06 13:00,2026-10-06 {_until(m)}" for n, m in minutes.items()]
    text = "\n".join(["Name,E-mail,Joined,Left", *rows])
    return imports.Upload("a.csv", text.encode())


def _until(minutes: int) -> str:
    return f"{13 + minutes // 60}:{minutes % 60:02}"


ONE_SESSION, HELD_ONCE = "the second session did not take place", ["session_missing:2"]


def place(store: Store, planned: orders.Plan, at: datetime = LATER) -> int:
    """Order, and say that the second session was not held."""
    return orders.place(store, planned, act(reason=ONE_SESSION, at=at), demo=False, accepted=HELD_ONCE)


def take(store: Store, *uploads: imports.Upload) -> None:
    imports.add_files(store, SLUG, uploads, Answers(), act())


@pytest.fixture
def imported(store: Store) -> Store:
    """Return a register in which Ana earns a certificate, and Ben, who left after half an hour, does not."""
    store.events.add(EVENT, AUCKLAND, act())
    take(store, export(ana=120, ben=30))
    return store


def issue(store: Store) -> Number:
    """Order and issue what is earned now; return the only number."""
    batch = place(store, orders.plan(store, SLUG), NOW + timedelta(minutes=1))
    sheet = store.sheets.claim(batch, "t", NOW, LATER)
    assert sheet is not None
    assert store.sheets.store(sheet, finished(sheet), act())
    (number,) = sheet.todo
    return number


def foresee(store: Store, *uploads: imports.Upload) -> amend.Foresight:
    """Say what *uploads* would change in place of a.csv."""
    undone = amend.chosen(store, SLUG, ["a.csv"])
    readings = imports.read_files(store, SLUG, uploads, Answers(), undone)
    return amend.foresee(store, SLUG, undone, readings)


def put(store: Store, *uploads: imports.Upload) -> None:
    """Put *uploads* in place of a.csv."""
    undone = amend.chosen(store, SLUG, ["a.csv"])
    readings = imports.read_files(store, SLUG, uploads, Answers(), undone)
    amendment = amend.foresee(store, SLUG, undone, readings).amendment
    imports.store_files(store, SLUG, uploads, readings, WHY, amendment)


def undo(store: Store) -> None:
    undone = amend.chosen(store, SLUG, ["a.csv"])
    amend.undo(store, SLUG, amend.foresee(store, SLUG, undone).amendment, WHY)


def eligible(store: Store) -> set[str]:
    return {one.person for one in orders.decide(store, SLUG)[1] if one.eligible}


# ---------------------------------------------------------------- what would change


def test_a_corrected_file_is_compared_before_it_counts(imported: Store) -> None:
    """Who gains and who loses is said with the reason; nothing is changed."""
    found = foresee(imported, export(ana=30, ben=120))
    assert [one.person for one in found.changes.newly_eligible] == [BEN]
    assert [one.person for one in found.changes.no_longer_eligible] == [ANA]
    assert "25 %" in found.changes.no_longer_eligible[0].reason
    assert eligible(imported) == {ANA}


def test_what_was_foreseen_is_what_comes_about(imported: Store) -> None:
    """The decisions after the replacement are those that were compared."""
    corrected = export(ana=30, ben=120, cy=90)
    undone = amend.chosen(imported, SLUG, ["a.csv"])
    readings = imports.read_files(imported, SLUG, [corrected], Answers(), undone)
    foreseen = orders.decide(imported, SLUG, files=amend._Files(imported, SLUG, undone, readings))
    put(imported, corrected)
    assert orders.decide(imported, SLUG) == foreseen
    assert eligible(imported) == {BEN, CY}


def test_a_file_is_read_anew_with_another_answer(imported: Store) -> None:
    """It takes its own place, as a second reading."""
    undone = amend.chosen(imported, SLUG, ["a.csv"])
    readings = imports.read_files(imported, SLUG, [export(ana=120, ben=30)], Answers(zone="Asia/Tokyo"), undone)
    found = amend.foresee(imported, SLUG, undone, readings)
    assert [one.person for one in found.changes.no_longer_eligible] == [ANA]
    imports.store_files(imported, SLUG, [export(ana=120, ben=30)], readings, WHY, found.amendment)
    assert [(one.number, one.counts) for one in imported.imports.listed(SLUG)] == [(1, False), (2, True)]


def test_certificates_that_would_say_something_else_are_named_and_stay(imported: Store) -> None:
    """Lost or merely shorter: both need a person, and the import goes ahead."""
    number = issue(imported)
    (lost,) = foresee(imported, export(ana=30)).certified
    assert (lost.number, lost.person) == (number, ANA)
    shorter = foresee(imported, export(ana=90))
    assert [one.number for one in shorter.certified] == [number]
    assert [(old.quarter_hours, new.quarter_hours) for old, new in shorter.changes.restated] == [(8, 6)]
    put(imported, export(ana=30))
    certificate = imported.certificate(number)
    assert certificate is not None
    assert certificate.revocation is None


def test_a_certificate_that_stays_true_is_not_named(imported: Store) -> None:
    issue(imported)
    found = foresee(imported, export(ana=120, ben=120))
    assert not found.certified
    assert [one.person for one in found.changes.newly_eligible] == [BEN]


def test_an_ordered_certificate_that_would_be_wrong_is_given_up(imported: Store) -> None:
    """Nobody can issue it any more, and its person can be ordered for again."""
    batch = place(imported, orders.plan(imported, SLUG), LATER)
    put(imported, export(ana=90))
    assert imported.batches.get(batch).counts == {CertificateState.CANCELLED: 1}
    (decision,) = orders.plan(imported, SLUG).decisions
    assert decision.quarter_hours == 6


def test_what_was_not_agreed_to_is_not_done(imported: Store) -> None:
    """Somebody orders between the table and the yes: the certificates would have been in the table."""
    undone = amend.chosen(imported, SLUG, ["a.csv"])
    agreed = amend.foresee(imported, SLUG, undone).amendment
    place(imported, orders.plan(imported, SLUG), LATER)
    with pytest.raises(ConflictError, match="Somebody else changed"):
        amend.undo(imported, SLUG, agreed, WHY)
    assert eligible(imported) == {ANA}


def test_an_order_for_what_no_longer_counts_is_refused(imported: Store) -> None:
    """Somebody undoes the import between the plan and the order."""
    planned = orders.plan(imported, SLUG)
    undo(imported)
    with pytest.raises(ConflictError, match="Somebody else changed"):
        place(imported, planned, LATER)
    assert imported.batches.placed(SLUG) == []


def test_an_order_for_others_is_no_hindrance(imported: Store) -> None:
    """Two people order at a time, each for some: what they know of attendance is the same."""
    take(imported, replace(export(cy=120), name="b.csv"))
    planned = orders.plan(imported, SLUG)
    issue_for(imported, ANA)
    cys = replace(planned, decisions=[one for one in planned.decisions if one.person == CY])
    assert place(imported, cys, LATER)


# ---------------------------------------------------------------- undo


def test_an_import_that_is_undone_decides_nothing(imported: Store) -> None:
    undo(imported)
    assert orders.decide(imported, SLUG)[1] == []
    take(imported, export(ana=120, ben=30))
    assert eligible(imported) == {ANA}


def test_an_import_from_which_certificates_were_issued_is_not_undone(imported: Store) -> None:
    """The refusal names them; a file that came later is not concerned, nor one about others only."""
    number = issue(imported)
    with pytest.raises(ConflictError, match=f"{printed(number)} Ana Doe"):
        undo(imported)
    later = replace(export(ana=60), name="late.csv")
    imports.add_files(imported, SLUG, [later], Answers(), act(at=LATER + timedelta(minutes=1)))
    late = amend.chosen(imported, SLUG, ["late.csv"])
    amend.undo(imported, SLUG, amend.foresee(imported, SLUG, late).amendment, WHY)
    assert list(imported.imports.known(SLUG).values()) == ["a.csv"]


def test_a_clock_that_goes_back_does_not_make_an_import_later_than_its_certificates(
    imported: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came first is what the trail has first; such an order is refused, but a register may hold older ones."""
    monkeypatch.setattr(guards, "demand_clock", lambda *_: None)
    planned = orders.plan(imported, SLUG)
    batch = place(imported, planned, NOW - timedelta(hours=1))
    sheet = imported.sheets.claim(batch, "t", NOW, LATER)
    assert sheet is not None
    assert imported.sheets.store(sheet, finished(sheet), act())
    with pytest.raises(ConflictError, match="were issued from a"):
        undo(imported)


def test_a_file_about_others_only_may_be_undone(imported: Store) -> None:
    other = replace(export(cy=120), name="b.csv")
    take(imported, other)
    orders.decide(imported, SLUG)
    issue_for(imported, ANA)
    undone = amend.chosen(imported, SLUG, ["b.csv"])
    amend.undo(imported, SLUG, amend.foresee(imported, SLUG, undone).amendment, WHY)
    assert eligible(imported) == {ANA}


def issue_for(store: Store, person: str) -> None:
    """Order and issue for one person only."""
    planned = orders.plan(store, SLUG)
    mine = [one for one in planned.decisions if one.person == person]
    batch = place(store, replace(planned, decisions=mine), LATER)
    sheet = store.sheets.claim(batch, "t", NOW, LATER)
    assert sheet is not None
    assert store.sheets.store(sheet, finished(sheet), act())


def test_rows_that_an_answer_credits_to_somebody_count_as_hers(imported: Store) -> None:
    """A certificate rests on a row without an address: the file that has the row is not undone either."""
    nameless = imports.Upload("phone.csv", b"Name,E-mail,Joined,Left\nCy Doe,,2026-10-06 13:00,2026-10-06 15:00\n"
                                b"Dee Roe,dee@example.org,2026-10-06 13:00,2026-10-06 13:05\n")  # fmt: skip
    take(imported, nameless)
    (asked,) = questions.unanswered(imported, SLUG)
    questions.answer(imported, SLUG, asked.id, CY, act())
    issue_for(imported, CY)
    undone = amend.chosen(imported, SLUG, ["phone.csv"])
    with pytest.raises(ConflictError, match=r"issued from phone\.csv"):
        amend.demand_undoable(imported, SLUG, undone, WHY)


def test_an_undo_needs_a_reason(imported: Store) -> None:
    undone = amend.chosen(imported, SLUG, ["a.csv"])
    with pytest.raises(InputError, match="a reason"):
        amend.demand_undoable(imported, SLUG, undone, act(reason=" "))


# ---------------------------------------------------------------- questions


NAMELESS = imports.Upload(
    "a.csv",
    b"Name,E-mail,Joined,Left\nAna Doe,ana@example.org,2026-10-06 13:00,2026-10-06 15:00\n"
    b"Kwame Mensah,ana@example.org,2026-10-06 13:00,2026-10-06 15:00\n",
)


def test_answers_outlive_an_undo(store: Store) -> None:
    """The question closes with its file, comes back with it, and is not asked again."""
    store.events.add(EVENT, AUCKLAND, act())
    take(store, NAMELESS)
    (asked,) = questions.unanswered(store, SLUG)
    questions.answer(store, SLUG, asked.id, "one", act())
    undo(store)
    assert [one.open for one in store.questions.all(SLUG)] == [False]
    take(store, NAMELESS)
    (again,) = store.questions.all(SLUG)
    assert (again.open, again.answer) == (True, "one")
    assert eligible(store) == {ANA}


def test_a_question_that_a_correction_settles_holds_nobody(store: Store) -> None:
    """Neither after it nor in what is said before it."""
    store.events.add(EVENT, AUCKLAND, act())
    take(store, NAMELESS)
    assert eligible(store) == set()
    assert [one.person for one in foresee(store, export(ana=120)).changes.newly_eligible] == [ANA]
    put(store, export(ana=120))
    assert questions.unanswered(store, SLUG) == []
    assert eligible(store) == {ANA}


def test_a_question_that_a_correction_raises_is_foreseen(imported: Store) -> None:
    """Whoever it would hold is no longer eligible."""
    assert [one.person for one in foresee(imported, NAMELESS).changes.no_longer_eligible] == [ANA]


# ---------------------------------------------------------------- which import is meant


def test_an_import_is_meant_by_its_name_or_the_beginning_of_its_digest(imported: Store) -> None:
    (one,) = imported.imports.listed(SLUG)
    assert amend.chosen(imported, SLUG, ["a.csv", "exports/a.csv", one.sha256[:8], one.sha256.upper()]) == [one]


@pytest.mark.parametrize("word", ["b.csv", "a", "", "0" * 64])
def test_a_word_that_means_no_import_is_refused(imported: Store, word: str) -> None:
    with pytest.raises(InputError, match="See: the status of"):
        amend.chosen(imported, SLUG, [word])


def test_a_name_that_two_imports_have_is_not_enough(imported: Store) -> None:
    """Their digests are offered; what was undone is not meant any more."""
    readings = imports.read_files(imported, SLUG, [export(cy=10)], Answers(), beside=True)
    imports.store_files(imported, SLUG, [export(cy=10)], readings, WHY)
    with pytest.raises(InputError, match="beginning of its SHA-256"):
        amend.chosen(imported, SLUG, ["a.csv"])
    digests = [one.sha256 for one in imported.imports.listed(SLUG)]
    assert len(amend.chosen(imported, SLUG, [digests[0][:8], digests[1]])) == 2


def test_what_was_undone_is_not_meant(imported: Store) -> None:
    undo(imported)
    with pytest.raises(InputError, match="nothing is imported"):
        amend.chosen(imported, SLUG, ["a.csv"])
