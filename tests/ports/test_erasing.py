"""Somebody erased at her request, in both databases: what goes, what stays withheld, and what a backup brings back."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from certs.db import audit, erasing, tables
from certs.db.backup import backup
from certs.db.restore import restore
from certs.db.store import Store
from certs.errors import ConflictError, InputError, NotFoundError
from certs.model import (
    Asked,
    Attached,
    CertificatesSought,
    EntriesSought,
    Letter,
    MessageKind,
    Number,
    PersonKey,
    RequestKind,
    RequestsSought,
)
from certs.model.herself import MASK, WITHHELD_NAME, Erasable
from certs.work import herself
from certs.work.deliver import personal
from certs.work.record import recorded
from certs.work.salvage import Beside
from tests.register import RING, act, draft, evidence, granted, issued, ordered, received

ANA, BEN = PersonKey("ana.souza@example.org"), PersonKey("ben@example.org")
SLUG = "gmp-2026"
WHY = act(reason="her request of 3 May")


@pytest.fixture
def both(store: Store) -> Store:
    """Two people with everything that a register holds about people."""
    issued(store, [ANA, BEN])
    people = [ANA, BEN]
    store.imports.add(SLUG, [received("a.csv", b"ana.souza@example.org,ben@example.org", people)], act())
    store.evidence.add(SLUG, [evidence(ANA), evidence(BEN)], act())
    store.rulings.add(SLUG, [granted(ANA)], act())
    store.messages.queue(
        [Letter(MessageKind.CERTIFICATE, one, "1", SLUG, link="https://x/me/1") for one in people], act()
    )
    return store


def erase(store: Store, person: str = ANA) -> Erasable:
    return herself.erase(store, herself.plan(store, person), WHY)


def number_of(store: Store, person: PersonKey) -> Number:
    return store.links.certificates(person)[0].number


def everything(store: Store, *but: str) -> str:
    """Return every text and every byte of all tables *but* some, for whoever looks for a name."""
    said = list[str]()
    with store.engine.connect() as connection:
        for table in tables.Base.metadata.sorted_tables:
            if table.name not in but:
                said += (str(cell) for row in connection.execute(select(table)) for cell in row)
    return "\n".join(said)


def test_what_no_signature_rests_on_goes(both: Store) -> None:
    """Her address and name stand nowhere but in her certificate, the trail, and what is kept to check these two."""
    number = number_of(both, ANA)
    assert ANA in everything(both, "person", "audit", "certificate")
    done = erase(both)
    left = everything(both, "audit", "erased", "certificate", "issued", "tail", "roll")
    assert (ANA in left, "Ana.Souza" in left, BEN in left) == (False, False, True)
    assert done.removed == {"joins": 2, "registrations": 1, "evidence": 1, "rulings": 1, "messages": 1}
    assert (done.files, done.certificates, done.events) == (["a.csv"], [number], [SLUG])


def test_a_table_that_is_about_people_is_one_that_erasing_knows() -> None:
    """Whoever adds one says what becomes of it; users sign in, and are no participants."""
    about = {
        table.name
        for table in tables.Base.metadata.sorted_tables
        if {"person_id", "address", "person"} & {*table.c.keys()}
    }
    assert about == {*erasing.KNOWN_TABLES}


def test_her_certificate_is_as_signed_and_withheld(both: Store) -> None:
    """The register's own record still fits its roll; nobody reaches it by her link or address."""
    number, link = number_of(both, ANA), both.links.of(ANA).ref
    erase(both)
    certificate = both.certificate(number)
    assert certificate is not None
    assert (certificate.withheld, certificate.person) == (True, ANA)
    assert recorded(certificate, both, RING).outcome == "passed"
    assert (both.certificates_of(link), both.link_withdrawn(link)) == ([], True)
    with pytest.raises(NotFoundError):
        personal.find(both, RING, ANA)


def test_lists_and_exports_leave_her_out(both: Store) -> None:
    number = number_of(both, ANA)
    erase(both)
    assert [one.person for one in both.addressed(SLUG)] == [BEN]
    assert [one.person for one in both.deliveries(SLUG)] == [BEN]
    assert [one.person for one in both.lists.certificates(SLUG, CertificatesSought()).items] == [BEN]
    assert [one.person for one in both.batches.members(1)] == [BEN]
    assert [one.person for one in both.batches.placed(SLUG)] == [BEN]
    assert [one.person for one in both.evidence.all(SLUG)] == [BEN]
    assert [one for _, one in both.imports.records(SLUG) if getattr(one, "person", "") == ANA] == []
    assert both.revocations.fates([number])[number].name == WITHHELD_NAME
    with pytest.raises(ConflictError, match="withheld"):
        both.batches.standing(number)


def test_what_she_asked_for_is_listed_no_longer(both: Store) -> None:
    """And what was attached to it is gone."""
    asked = Asked(RequestKind.ATTENDANCE, ANA, "I was there")
    both.requests.ask(SLUG, asked, act(), Attached("ana.pdf", "application/pdf", b"%PDF of Ana"))
    (mine,) = [row for part in both.people.held(ANA).parts if part.kind == "requests" for row in part.rows]
    assert mine["words"] == "I was there"
    erase(both)
    assert both.requests.listed(SLUG, RequestsSought()).items == []
    assert "of Ana" not in everything(both, "audit", "erased")


def test_the_trail_says_it_happened_and_repeats_nothing(both: Store) -> None:
    """What is stored stays chained; what people see of it has no name."""
    erase(both)
    with both.engine.connect() as connection:
        assert audit.first_broken(audit.entries_of(connection)) is None
        assert ANA in "".join(one.subject for one in audit.entries_of(connection))
    shown = [*both.audit(SLUG), *both.trail.entries(), *both.lists.entries(EntriesSought(event=SLUG)).items]
    assert [one for one in shown if ANA in f"{one.subject}{one.old}{one.new}{one.reason}"] == []
    assert MASK in {one.subject for one in shown}
    (last,) = [one for one in both.audit(SLUG) if one.act == "person.erase"]
    assert (last.reason, json.loads(last.new)["certificates"]) == (WHY.reason, 1)


def test_rows_that_went_with_her_are_no_fault_of_the_register(both: Store) -> None:
    """What the trail says of evidence and rulings is compared for everybody else."""
    from certs.db import entered

    erase(both)
    told = entered.Told()
    with both.engine.connect() as connection:
        for entry in audit.entries_of(connection):
            told.hear(entry)
        assert list(told.faults(connection)) == []


def test_erasing_again_finds_nobody(both: Store) -> None:
    """And her address, brought by a new import, is that of somebody new."""
    erase(both)
    with pytest.raises(NotFoundError):
        herself.plan(both, ANA)
    both.imports.add(SLUG, [received("b.csv", b"b", [ANA])], act())
    assert both.people.held(ANA).parts[0].rows[0]["address"] == ANA
    assert both.links.certificates(ANA) == []
    erase(both)
    assert len(both.people.erased()) == 2


def test_somebody_without_a_certificate_leaves_no_address(store: Store) -> None:
    """Nothing rests on it, and no entry of the trail names her."""
    issued(store, [BEN])
    store.imports.add(SLUG, [received("a.csv", b"x", [ANA])], act())
    erase(store)
    assert ANA not in everything(store)


def test_a_reason_that_names_her_is_refused(both: Store) -> None:
    """It would stand in the trail for ever."""
    planned = herself.plan(both, ANA)
    for said in ("Ana.Souza asked", f"mail from {ANA.upper()}", " "):
        with pytest.raises(InputError):
            herself.erase(both, planned, act(reason=said))
    assert both.people.held(ANA).rows


def test_nobody_is_erased_while_a_certificate_is_under_way(store: Store) -> None:
    ordered(store, [draft(ANA)])
    with pytest.raises(ConflictError, match="not issued"):
        herself.plan(store, ANA)


def test_a_plan_of_before_is_not_carried_out(both: Store) -> None:
    """What she agreed to lose is what goes."""
    planned = herself.plan(both, ANA)
    both.evidence.add(SLUG, [evidence(ANA, "2")], act())
    with pytest.raises(ConflictError, match="meanwhile"):
        herself.erase(both, planned, WHY)
    assert both.people.held(ANA).rows


def test_rows_of_others_stay_as_they_were_said(both: Store) -> None:
    """Triggers make way for whoever was erased, and for nobody else."""
    erase(both)
    for change in (
        "UPDATE ruling SET reason = '' WHERE person_id = (SELECT id FROM person WHERE key = 'ben@example.org')",
        "UPDATE evidence SET note = '' WHERE person_id = (SELECT id FROM person WHERE key = 'ben@example.org')",
        "UPDATE import_file SET name = 'x'",
        "UPDATE import_file SET content = CAST('x' AS bytea)"
        if both.engine.dialect.name == "postgresql"
        else "UPDATE import_file SET content = 'x'",
        "UPDATE erased SET address = ''",
        "DELETE FROM erased",
    ):
        both.rulings.add(SLUG, [granted(BEN)], act())
        with pytest.raises(DBAPIError), both.engine.begin() as connection:
            connection.execute(text(change))


def test_a_backup_forgets_her_again(both: Store, tmp_path: Path) -> None:
    """The register in its place says who was erased since."""
    backup(both.engine, file := tmp_path / "b.db")
    number = number_of(both, ANA)
    erase(both)
    both.engine.dispose()
    done = restore(both.engine, file, WHY)
    assert done.carried is not None
    assert done.carried.erased == 1
    certificate = both.certificate(number)
    assert certificate is not None
    assert certificate.withheld
    left = everything(both, "audit", "erased", "certificate", "issued", "tail", "roll")
    assert ANA not in left


def test_the_list_of_the_key_folder_does_where_the_register_is_lost(both: Store, tmp_path: Path) -> None:
    """It holds references alone; the trail says that it was done again."""
    backup(both.engine, file := tmp_path / "b.db")
    erase(both)
    refs = frozenset(both.people.erased())
    elsewhere = tmp_path / "lost.db"
    from tests.ports.conftest import opened

    engine = opened(f"sqlite:///{elsewhere}")
    done = restore(engine, file, WHY, beside=Beside(nothing_since=True, erased=refs))
    found = Store(engine)
    assert done.erased == 1
    assert [one.person for one in found.addressed(SLUG)] == [BEN]
    assert [one.act for one in found.audit(SLUG)][-1] == "person.erase"
    again = restore(engine, file, WHY, beside=Beside(erased=refs))
    assert again.certificates == 2
    assert [one.person for one in found.addressed(SLUG)] == [BEN]
    engine.dispose()


def test_everything_about_her_is_handed_out_and_nothing_of_others(both: Store) -> None:
    held = both.people.held(ANA)
    kinds = {part.kind: len(part.rows) for part in held.parts}
    assert kinds == {
        "person": 1,
        "registrations": 1,
        "joins": 2,
        "evidence": 1,
        "rulings": 1,
        "certificates": 1,
        "messages": 1,
        "trail": 2,
    }
    assert BEN not in json.dumps([dict(row) for part in held.parts for row in part.rows])
