from collections.abc import Collection, Iterator
from dataclasses import replace

import pytest

from certs import eligibility
from certs.db.store import Store
from certs.errors import NotFoundError
from certs.model import Join, Mark, PersonKey, Registration, SessionId
from certs.work import account, evidence, orders, questions
from tests.register import AUCKLAND, EVENT, act, received

ANA, HOME = PersonKey("ana@example.org"), PersonKey("ana@home.org")
FIRST, SECOND = (one.window for one in EVENT.sessions)


@pytest.fixture
def imported(store: Store) -> Store:
    """Return a register where Ana has two addresses, a row without one, and a status letter."""
    store.events.add(EVENT, AUCKLAND, act())
    registrations = [Registration(one, "Ana Souza", line) for line, one in enumerate((ANA, HOME), 2)]
    one = replace(
        received(),
        joins=[Join(SessionId("1"), ANA, FIRST, 4, "Ana Souza")],
        registrations=registrations,
        unmatched=[Join(SessionId("2"), PersonKey(""), SECOND, 9, "Ana Souza")],
    )
    other = replace(
        received("b.csv", b"b"),
        joins=[Join(SessionId("1"), HOME, FIRST, 3, "Ana Souza")],
        registrations=[],
        marks=[Mark(SessionId("2"), ANA, "P", 5)],
    )
    store.imports.add(EVENT.slug, [one, other], act())
    return store


def settle(store: Store) -> None:
    """Answer that all of it is Ana's."""
    for asked in questions.ask(store, EVENT.slug):
        questions.answer(store, EVENT.slug, asked.id, ANA, act())


def rows(store: Store, person: str) -> list[tuple[str, str, int, str, bool]]:
    (found,) = account.of(store, EVENT.slug, person).kinds
    return [
        (sitting.session.id, row.file, row.record.line, row.listed_as, row.counts)
        for sitting in found.sittings
        for row in sitting.rows
    ]


def test_an_account_points_to_every_row_by_file_and_line(imported: Store) -> None:
    """Only hers, until somebody says that others are hers too; the address or name in the row is told then."""
    assert rows(imported, ANA) == [("1", "a.csv", 4, "", True), ("2", "b.csv", 5, "", True)]
    settle(imported)
    everything = [
        ("1", "a.csv", 4, "", True),
        ("1", "b.csv", 3, HOME, True),
        ("2", "a.csv", 9, "Ana Souza", True),
        ("2", "b.csv", 5, "", True),
    ]
    assert rows(imported, "Ana@Example.org") == rows(imported, HOME) == everything


def test_of_an_address_that_several_use_no_row_counts(store: Store) -> None:
    """They are shown, and the evidence that counts instead."""
    joins = [Join(SessionId("1"), ANA, FIRST, line, name) for line, name in ((2, "Ana Souza"), (3, "Kwame Mensah"))]
    store.events.add(EVENT, AUCKLAND, act())
    store.imports.add(EVENT.slug, [replace(received(), joins=joins, registrations=[])], act())
    (asked,) = questions.ask(store, EVENT.slug)
    questions.answer(store, EVENT.slug, asked.id, "several", act())
    evidence.add(store, EVENT.slug, evidence.Sheet("1", 90, "signed sheet", "folder"), [ANA], act())
    assert rows(store, ANA) == [("1", "a.csv", 2, "", False), ("1", "a.csv", 3, "", False)]
    text = "\n".join(eligibility.lines(account.of(store, EVENT.slug, ANA).kinds[0]))
    assert "evidence 1  signed sheet (folder; ana, 2026-11-22), 5,400 seconds as attendee\n" in text
    assert "= 5,400 seconds, by evidence; 5,400 in the window (75 %), 3,600 needed: counts" in text


def test_an_account_tells_what_a_certificate_was_ordered_for(imported: Store) -> None:
    """Whatever is imported afterwards."""
    settle(imported)
    orders.place(imported, orders.plan(imported, EVENT.slug), act("ben"), demo=False)
    more = replace(received("c.csv", b"c"), joins=[Join(SessionId("2"), ANA, SECOND, 2, "Ana")], registrations=[])
    imported.imports.add(EVENT.slug, [more], act())
    (frozen,) = account.of(imported, EVENT.slug, HOME).frozen
    assert (frozen.reason, frozen.ordered_by, frozen.state) == ("2 sessions attended, 1 needed.", "ben", "ordered")


def test_nobody_of_that_address(imported: Store) -> None:
    with pytest.raises(NotFoundError, match="No import of the event names zoe"):
        account.of(imported, EVENT.slug, "zoe@example.org")


def test_an_account_reads_the_rows_of_one_person_alone(imported: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """So it takes as long whatever the event's size; what it says is the same."""
    settle(imported)
    whole, records = account.of(imported, EVENT.slug, ANA), imported.imports.records
    crowd = [PersonKey(f"p{one}@example.org") for one in range(20)]
    imported.imports.add(EVENT.slug, [received("c.csv", b"c", crowd)], act())
    questions.known(imported, EVENT.slug)
    read: list[PersonKey] = []

    def noted(slug: str, people: Collection[int] | None = None) -> Iterator[tuple[str, Join | Registration | Mark]]:
        for file, one in records(slug, people):
            read.append(one.person)
            yield file, one

    monkeypatch.setattr(imported.imports, "records", noted)
    assert account.of(imported, EVENT.slug, HOME) == whole
    assert set(read) <= {ANA, HOME, ""}
