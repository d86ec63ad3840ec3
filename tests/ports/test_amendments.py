"""Imports undone and put in place of others: what counts, what stays, and who is refused."""

from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from certs.db import audit
from certs.db.store import Store
from certs.errors import ConflictError
from certs.model import (
    Amendment,
    Approval,
    CertificateState,
    Figures,
    Imported,
    Mark,
    Order,
    PersonKey,
    Received,
    SessionId,
)
from tests.ports.conftest import opened
from tests.ports.test_crowded import crowd, work_off
from tests.register import (
    EVENT,
    LATER,
    NOW,
    act,
    draft,
    finished,
    issued,
    joins_of,
    ordered,
    people,
    received,
    registrations_of,
)
from tests.world import EVENT as FACTS

pytestmark = pytest.mark.usefixtures("database_clock")

__all__ = ["crowd"]
SLUG = EVENT.slug


@pytest.fixture
def imported(store: Store) -> Store:
    """Return a register with two exports."""
    store.events.add(EVENT, "x", act())
    store.imports.add(SLUG, [full(), received("b.csv", b"b", ["ben@example.org"])], act())
    return store


def full() -> Received:
    """Return an export with a row of every kind."""
    file = received()
    letters = [Mark(SessionId("1"), PersonKey("ana@example.org"), "P", 5)]
    return replace(file, unmatched=[replace(file.joins[0], person=PersonKey(""))], marks=letters)


def test_what_a_file_holds_is_counted_while_it_counts(imported: Store) -> None:
    """People once, however often they joined; a row without an address is an unusable one as well."""
    full_, other = (one.file for one in imported.imports.listed(SLUG))
    found = imported.imports.figures(SLUG)
    assert found[full_] == Figures(people=1, joins=2, registrations=1, nobodys=1)
    assert found[other].nobodys == 1
    undo(imported, "b.csv")
    assert set(imported.imports.figures(SLUG)) == {full_}


def amendment(store: Store, *names: str) -> Amendment:
    """Return the amendment that undoes the imports of these names."""
    chosen = [one for one in store.imports.listed(SLUG) if one.counts and one.name in names]
    return Amendment(store.events.as_of(SLUG), chosen)


def undo(store: Store, *names: str) -> None:
    store.imports.undo(SLUG, amendment(store, *names), act("ben", "the wrong webinar", LATER))


def stored(store: Store, table: str) -> int:
    with store.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def of_ana(store: Store) -> set[PersonKey]:
    return {record.person for _, record in store.imports.records(SLUG)} - {PersonKey("ben@example.org")}


def test_what_was_undone_counts_no_longer_in_any_table(imported: Store) -> None:
    """Neither joins nor registrations, marks, rows without an address or unusable ones; the other file does."""
    assert of_ana(imported) == {"ana@example.org", ""}
    undo(imported, "a.csv")
    assert of_ana(imported) == set()
    assert {join.person for join in joins_of(imported, SLUG)} == {"ben@example.org"}
    assert {one.person for one in registrations_of(imported, SLUG)} == {"ben@example.org"}
    assert {row.file for row in imported.imports.unusable(SLUG)} == {"b.csv"}
    assert list(imported.imports.known(SLUG).values()) == ["b.csv"]


def test_nothing_of_it_is_lost(imported: Store) -> None:
    """Bytes and rows stay, and the list says when, by whom and why it was undone."""
    tables = ("import_file", "joins", "registration", "unusable_row", "unmatched", "mark")
    before = {table: stored(imported, table) for table in tables}
    records = list(imported.imports.records(SLUG))
    undo(imported, "a.csv", "b.csv")
    assert {table: stored(imported, table) for table in tables} == before
    assert list(imported.imports.records_of(SLUG, imported.imports.listed(SLUG))) == records
    (one, _) = imported.imports.listed(SLUG)
    assert (one.undone_at, one.undone_by, one.undone_reason) == (LATER, "ben", "the wrong webinar")


def test_records_can_be_had_of_just_some_imports(imported: Store) -> None:
    """Of none, too; and whether they count or not."""
    (first, second) = imported.imports.listed(SLUG)
    assert list(imported.imports.records_of(SLUG, [])) == []
    assert {file for file, _ in imported.imports.records_of(SLUG, [second])} == {"b.csv"}
    both = list(imported.imports.records_of(SLUG, [first, second]))
    assert both == list(imported.imports.records(SLUG))
    undo(imported, "a.csv")
    assert {file for file, _ in imported.imports.records_of(SLUG, [first])} == {"a.csv"}


def test_an_undone_file_may_be_imported_again(imported: Store) -> None:
    """As a second reading of the same bytes, which are kept once; it may say something else."""
    undo(imported, "a.csv")
    again = replace(received("a (1).csv"), joins=received().joins[:1], session=None)
    imported.imports.add(SLUG, [again], act())
    assert [join.person for join in joins_of(imported, SLUG)].count(PersonKey("ana@example.org")) == 1
    assert stored(imported, "import_file") == 2
    newest = _newest(imported, again.sha256)
    assert (newest.number, newest.name, newest.session, newest.counts) == (2, "a (1).csv", None, True)
    with pytest.raises(ConflictError, match="imported already"):
        imported.imports.add(SLUG, [received()], act())


def _newest(store: Store, sha256: str) -> Imported:
    return max((one for one in store.imports.listed(SLUG) if one.sha256 == sha256), key=lambda one: one.number)


def test_a_long_file_that_is_kept_already_must_still_be_what_was_read(imported: Store, tmp_path: Path) -> None:
    """Its bytes are not stored again, but looked at again."""
    undo(imported, "a.csv")
    (tmp_path / "a.csv").write_bytes(b"changed")
    with pytest.raises(ConflictError, match="changed while it was imported"):
        imported.imports.add(SLUG, [replace(received(), data=tmp_path / "a.csv")], act())
    (tmp_path / "a.csv").write_bytes(b"a")
    imported.imports.add(SLUG, [replace(received(), data=tmp_path / "a.csv")], act())


def test_a_file_is_put_in_place_of_another_in_one_step(imported: Store) -> None:
    """Even of itself; one that cannot be stored leaves the old one counting."""
    imported.imports.add(SLUG, [received("c.csv", b"c")], act(), amendment(imported, "a.csv"))
    assert sorted(imported.imports.known(SLUG).values()) == ["b.csv", "c.csv"]
    imported.imports.add(SLUG, [received("c.csv", b"c")], act(), amendment(imported, "c.csv"))
    with pytest.raises(ConflictError):
        imported.imports.add(SLUG, [received("b.csv", b"b")], act(), amendment(imported, "c.csv"))
    assert sorted(imported.imports.known(SLUG).values()) == ["b.csv", "c.csv"]


def test_the_trail_says_who_undid_it_and_why(imported: Store) -> None:
    undo(imported, "a.csv")
    last = list(imported.audit(SLUG))[-1]
    assert (last.actor, last.act, last.subject, last.reason) == ("ben", "import.undo", "a.csv", "the wrong webinar")
    assert received().sha256 in last.old


def test_two_who_undo_at_once(imported: Store) -> None:
    """The second finds the event changed; nothing is done twice."""
    mine = amendment(imported, "a.csv")
    undo(imported, "a.csv")
    with pytest.raises(ConflictError, match="Somebody else changed"):
        imported.imports.undo(SLUG, mine, act())
    late = Amendment(imported.events.as_of(SLUG), mine.undone)
    with pytest.raises(ConflictError, match="undone already"):
        imported.imports.undo(SLUG, late, act())
    assert [entry.act for entry in imported.audit(SLUG)].count("import.undo") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reading SET undone_at = NULL",
        "UPDATE reading SET undone_reason = 'another'",
        "UPDATE reading SET name = 'other.csv'",
        "DELETE FROM reading",
    ],
)
def test_the_database_itself_keeps_what_was_undone(imported: Store, statement: str) -> None:
    """It cannot be made to count again, nor its story be changed."""
    undo(imported, "a.csv", "b.csv")
    with pytest.raises(DBAPIError), imported.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_session_without_imports_that_count_may_leave_the_event(imported: Store) -> None:
    undo(imported, "a.csv", "b.csv")
    assert imported.events.add(replace(EVENT, sessions=EVENT.sessions[:1]), "y", act())


# ---------------------------------------------------------------- certificates


def test_an_order_based_on_what_was_undone_is_refused(imported: Store) -> None:
    """Orders and issues in between are no hindrance; anything that decisions are based on is."""
    as_of = imported.events.as_of(SLUG, besides_orders=True)
    order = Order("attendance", FACTS, Approval.ONE, date(2026, 11, 22), [draft("ana")], as_of=as_of)
    imported.batches.order(replace(order, drafts=[draft("ben")]), act())
    assert imported.events.as_of(SLUG) > as_of
    undo(imported, "b.csv")
    with pytest.raises(ConflictError, match="Somebody else changed"):
        imported.batches.order(order, act())
    assert [one.person for one in imported.batches.placed(SLUG)] == ["ben"]


def test_ordered_certificates_are_given_up_with_it(store: Store) -> None:
    """They cannot be issued any more, their people can be ordered for again, and the trail has the numbers."""
    drafts = [draft("ana"), draft("ben")]
    batch = ordered(store, drafts)
    store.imports.undo(SLUG, Amendment(store.events.as_of(SLUG), given_up=[drafts[0].number]), act())
    assert store.batches.get(batch).counts == {CertificateState.CANCELLED: 1, CertificateState.ORDERED: 1}
    assert [one.person for one in store.batches.placed(SLUG)] == ["ben"]
    assert drafts[0].number in list(store.audit(SLUG))[-1].new
    ordered(store, [draft("ana")])


def test_what_is_being_issued_is_not_given_up(store: Store) -> None:
    """A lease in force, or an issue a moment ago: nothing is changed. A lease that ran out does not count."""
    one = draft("ana")
    batch = ordered(store, [one])
    sheet = store.sheets.claim(batch, "t", NOW, LATER)
    giving_up = Amendment(store.events.as_of(SLUG), given_up=[one.number])
    with pytest.raises(ConflictError, match="being issued"):
        store.imports.undo(SLUG, giving_up, act())
    assert sheet is not None
    assert store.sheets.store(sheet, finished(sheet), act())
    with pytest.raises(ConflictError, match="being issued"):
        store.imports.undo(SLUG, replace(giving_up, as_of=store.events.as_of(SLUG)), act())


def test_who_held_a_lease_that_ran_out_stores_nothing_once_it_is_given_up(
    store: Store, database_clock: list[datetime]
) -> None:
    one = draft("ana")
    sheet = store.sheets.claim(ordered(store, [one]), "t", NOW, LATER)
    late = act(at=LATER + timedelta(seconds=1))
    database_clock[0] = late.at
    store.imports.undo(SLUG, Amendment(store.events.as_of(SLUG), given_up=[one.number]), late)
    assert sheet is not None
    assert store.sheets.store(sheet, finished(sheet), act()) is False
    assert store.certificate(one.number) is None


def test_placed_are_those_that_hold_or_are_on_their_way(store: Store) -> None:
    """A correction counts from the first order; what is revoked or replaced does not count."""
    (old,) = issued(store, ["ana"])
    first = min(entry.id for entry in store.audit(SLUG) if entry.act == "batch.order")
    new = draft("ana", supersedes=old)
    batch = ordered(store, [new])
    assert [one.number for one in store.batches.placed(SLUG)] == [old, new.number]
    sheet = store.sheets.claim(batch, "t", NOW, LATER)
    assert sheet is not None
    assert store.sheets.store(sheet, finished(sheet), act())
    (one,) = store.batches.placed(SLUG)
    assert (one.number, one.person, one.state, one.entry) == (new.number, "ana", CertificateState.ISSUED, first)


# ---------------------------------------------------------------- at the same time


def try_to_give_up(url: str) -> bool:
    """Give up every certificate that is not issued yet; return whether that went through before all were."""
    store = Store(opened(url))
    try:
        while left := [one.number for one in store.batches.placed(SLUG) if one.state is CertificateState.ORDERED]:
            with suppress(ConflictError):
                store.imports.undo(SLUG, Amendment(store.events.as_of(SLUG), given_up=left), act("ben"))
                return True
    finally:
        store.engine.dispose()
    return False


def test_issuing_and_giving_up_at_once_does_neither_twice(store: Store, database_url: str, crowd: Executor) -> None:
    """Every certificate is issued or given up, whoever wins, and nobody waits without end."""
    batch = ordered(store, [draft(one, f"latin/{n % 5}") for n, one in enumerate(people(120))])
    issuing = [crowd.submit(work_off, database_url, batch, name) for name in range(4)]
    giving_up = [crowd.submit(try_to_give_up, database_url) for _ in range(2)]
    stored = [one for working in issuing for one in working.result(timeout=600)]
    assert sum(one.result(timeout=600) for one in giving_up) <= 1
    counts = store.batches.get(batch).counts
    assert counts.get(CertificateState.ISSUED, 0) == len(set(stored)) == len(stored)
    assert sum(counts.values()) == 120
    assert counts.get(CertificateState.ORDERED, 0) == 0
    assert audit.first_broken(audit.entries(store.engine)) is None
