from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from certs.db import audit
from certs.db.store import Store
from certs.errors import ConflictError, NotFoundError, StorageError
from certs.ground.number import printed
from certs.model import (
    Afterwards,
    Amendment,
    CertificateState,
    Mark,
    Number,
    PersonKey,
    Portion,
    Received,
    Registration,
    Revocation,
    RevocationReason,
)
from certs.ports import Store as StorePort
from tests.register import (
    EVENT,
    LATER,
    NOW,
    act,
    draft,
    evidence,
    finished,
    granted,
    issued,
    joins_of,
    ordered,
    people,
    received,
    registrations_of,
)

pytestmark = pytest.mark.usefixtures("database_clock")


def conforms(store: Store) -> StorePort:
    """Mypy proves here that the store is the port."""
    return store


# ---------------------------------------------------------------- events and imports


def test_an_event_is_added_once(store: Store) -> None:
    """The same file again changes nothing."""
    assert store.events.add(EVENT, "x", act()) is True
    assert store.events.add(EVENT, "x", act()) is False
    assert [entry.act for entry in audit.entries(store.engine)] == ["event.add"]


def test_a_changed_event_keeps_old_and_new_in_the_trail(store: Store) -> None:
    """What the rule was before can be looked up."""
    store.events.add(EVENT, "x", act())
    store.events.add(EVENT, "y", act())
    last = list(audit.entries(store.engine))[-1]
    assert (last.act, last.old, last.new) == ("event.change", '{"definition":"x"}', '{"definition":"y"}')


def test_a_session_with_imports_cannot_leave_the_event(store: Store) -> None:
    """Joins never lose their session."""
    store.events.add(EVENT, "x", act())
    store.imports.add(EVENT.slug, [received()], act())
    with pytest.raises(ConflictError, match="Session 1, 2"):
        store.events.add(replace(EVENT, sessions=()), "y", act())


def test_an_unknown_event_is_named_with_those_there_are(store: Store) -> None:
    """The typing mistake can be seen."""
    store.events.add(EVENT, "x", act())
    with pytest.raises(NotFoundError, match=r"'cgmp'.*gmp-2026"):
        store.events.definition("cgmp")


def test_an_import_comes_back_as_it_was(store: Store) -> None:
    """Times to the microsecond, order, names, roles and stated minutes."""
    store.events.add(EVENT, "x", act())
    file = received(people=("ana@example.org", "zoë@example.org"))
    store.imports.add(EVENT.slug, [file], act())
    assert joins_of(store, EVENT.slug) == file.joins
    assert registrations_of(store, EVENT.slug) == file.registrations
    assert store.imports.unusable(EVENT.slug) == file.unusable
    assert store.imports.known(EVENT.slug) == {file.sha256: "a.csv"}


def test_files_that_count_come_as_they_were_received(store: Store) -> None:
    """But for those that are longer than asked for, and those that were taken out."""
    store.events.add(EVENT, "x", act())
    files = [replace(received(f"{name}.csv", name.encode()), joins=[], registrations=()) for name in ("a", "b", "long")]
    store.imports.add(EVENT.slug, files, act())
    assert list(store.imports.contents(EVENT.slug, 4)) == [("a.csv", b"a"), ("b.csv", b"b"), ("long.csv", b"long")]
    assert list(store.imports.contents(EVENT.slug, 3)) == [("a.csv", b"a"), ("b.csv", b"b")]


def test_people_are_found_by_the_rows_that_stand_for_them(store: Store) -> None:
    """Those whom the register knows; the rows are the ones that names come with."""
    store.events.add(EVENT, "x", act())
    store.imports.add(EVENT.slug, [received(people=("ana@example.org", "ben@example.org"))], act())
    ana, nobody = PersonKey("ana@example.org"), PersonKey("cy@example.org")
    (row,) = store.imports.rows_of({ana, nobody})
    assert row in [one.row for one in store.imports.called(EVENT.slug)]
    assert {record.person for _, record in store.imports.records(EVENT.slug, {row})} == {ana}


def test_the_countries_of_a_person_come_once_what_was_said_last_at_the_end(store: Store) -> None:
    """Also where she went back to what she said first; what a list leaves out says nothing."""
    store.events.add(EVENT, "x", act())
    ana, ben = PersonKey("ana@example.org"), PersonKey("ben@example.org")
    for at, said in enumerate(("Ghana", "Togo", "Ghana", "")):
        listed = [Registration(ana, "Ana", 2, said), Registration(ben, "Ben", 3, "Chile")]
        file = replace(received(f"{at}.csv", b"%d" % at), joins=[], registrations=listed)
        store.imports.add(EVENT.slug, [file], act())
    assert store.imports.countries(EVENT.slug) == [(ana, "Togo"), (ana, "Ghana"), (ben, "Chile")]


def test_the_names_of_a_person_come_once_as_registered_first(store: Store) -> None:
    """In the order of mention, whichever file they stand in; a person without a name is left out."""
    store.events.add(EVENT, "x", act())
    both = ("ana@example.org", "ben@example.org")
    first, second = received(people=both), received("b.csv", b"b", both[:1])
    spelt = [replace(join, name="Ana S.") for join in second.joins]
    store.imports.add(EVENT.slug, [replace(first, registrations=()), replace(second, joins=spelt)], act())
    nobody = [replace(one, person=PersonKey("cy@example.org"), name="") for one in first.registrations]
    store.imports.add(EVENT.slug, [replace(received("c.csv", b"c"), joins=(), registrations=nobody)], act())
    called = [one.names for one in store.imports.called(EVENT.slug)]
    assert called == [["Ana", "Ana S."], ["Ben"]]


def test_records_of_some_people_come_with_those_of_nobody(store: Store) -> None:
    """In the order in which all of them come, however many people are asked for."""
    store.events.add(EVENT, "x", act())
    file = received(people=("ana@example.org", "ben@example.org", "cy@example.org"))
    marks = [Mark(join.session, join.person, "P", join.line) for join in file.joins]
    unmatched = [replace(join, person=PersonKey("")) for join in file.joins]
    store.imports.add(EVENT.slug, [replace(file, marks=marks, unmatched=unmatched)], act())
    rows = {f"{one.names[0].lower()}@example.org": one.row for one in store.imports.called(EVENT.slug)}
    wanted = {"ana@example.org", "cy@example.org"}
    everything = list(store.imports.records(EVENT.slug))
    some = list(store.imports.records(EVENT.slug, [*(rows[one] for one in wanted), *range(10**6, 10**6 + 70_000)]))
    assert some == [(name, one) for name, one in everything if one.person in wanted | {""}]
    assert list(store.imports.records(EVENT.slug, ())) == [("a.csv", one) for one in unmatched]


def long(folder: Path, data: bytes) -> Received:
    """Return an export that lies in a file and comes in two portions."""
    whole = received(data=data, people=("ana@example.org", "zoë@example.org"))
    path = folder / "long.csv"
    path.write_bytes(data)
    some = Portion(whole.joins[:2], whole.registrations, (), (), ())
    rest = Portion(whole.joins[2:], (), whole.unusable, (), ())
    return replace(whole, data=path, joins=(), registrations=(), unusable=(), portions=(some, rest))


def test_a_long_import_comes_in_portions(store: Store, tmp_path: Path) -> None:
    """Its rows are stored portion by portion, its bytes piece by piece, all as they were."""
    store.events.add(EVENT, "x", act())
    store.imports.add(EVENT.slug, [long(tmp_path, b"x" * 3_000_000)], act())
    whole = received(people=("ana@example.org", "zoë@example.org"))
    assert joins_of(store, EVENT.slug) == whole.joins
    assert store.imports.unusable(EVENT.slug) == whole.unusable
    with store.engine.connect() as connection:
        assert bytes(connection.execute(text("SELECT content FROM import_file")).scalar_one()) == b"x" * 3_000_000


def test_a_long_import_that_changes_meanwhile_is_not_stored(store: Store, tmp_path: Path) -> None:
    """What is stored is what was read."""
    store.events.add(EVENT, "x", act())
    file = long(tmp_path, b"x" * 3_000_000)
    (tmp_path / "long.csv").write_bytes(b"y" * 3_000_001)
    with pytest.raises(ConflictError, match="changed while it was imported"):
        store.imports.add(EVENT.slug, [file], act())
    assert store.imports.known(EVENT.slug) == {}


def test_the_same_bytes_twice_change_nothing(store: Store) -> None:
    """Neither the second file nor its companion is stored."""
    store.events.add(EVENT, "x", act())
    store.imports.add(EVENT.slug, [received()], act())
    with pytest.raises(ConflictError, match="imported already"):
        store.imports.add(EVENT.slug, [received("b.csv", b"b"), received()], act())
    assert list(store.imports.known(EVENT.slug).values()) == ["a.csv"]


def test_imports_are_known_in_the_order_in_which_they_came(store: Store) -> None:
    """Whatever their names and digests."""
    store.events.add(EVENT, "", act())
    names = ["c.csv", "a.csv", "d.csv", "b.csv"]
    for name in names:
        store.imports.add(EVENT.slug, [received(name, name.encode())], act())
    assert list(store.imports.known(EVENT.slug).values()) == names


# ---------------------------------------------------------------- batches


def test_a_person_cannot_be_ordered_for_twice(store: Store) -> None:
    """A second order for somebody who has one is refused as a whole."""
    ordered(store, [draft("ana@example.org")])
    with pytest.raises(ConflictError, match=r"ana@example\.org has certificate"):
        ordered(store, [draft("ben@example.org"), draft("ana@example.org")])
    assert store.batches.certified(EVENT.slug, "attendance") == {PersonKey("ana@example.org")}


def test_the_database_itself_refuses_a_second_version_one(store: Store) -> None:
    """UNIQUE(event, person, kind, version) holds even where the program errs."""
    ordered(store, [draft("ana@example.org")])
    columns = (
        "batch_id, event_id, person_id, kind, version, name, language, attended, quarter_hours, plate, state, error"
    )
    with pytest.raises(DBAPIError), store.engine.begin() as connection:
        connection.execute(text(f"INSERT INTO certificate (number, {columns}) SELECT 'X', {columns} FROM certificate"))


def test_numbers_once_used_are_spent(store: Store) -> None:
    """A number drawn again is noticed."""
    one = draft("ana@example.org")
    ordered(store, [one])
    assert store.batches.spent([one.number, Number("000000000000")]) == {one.number}


def test_a_batch_is_approved_once(store: Store) -> None:
    """The second approval says who was first."""
    batch = ordered(store, [draft("ana@example.org")])
    store.batches.approve(batch, act("ben"))
    assert store.batches.get(batch).approved_by == "ben"
    with pytest.raises(ConflictError, match="by ben"):
        store.batches.approve(batch, act("cy"))


# ---------------------------------------------------------------- leases


def test_a_sheet_has_one_plate_and_everyone_on_it(store: Store) -> None:
    """Names of another plate are not in it; the fullest plate comes first."""
    batch = ordered(store, [draft("ana", "thai/1"), draft("ben"), draft("cy")])
    sheet = store.sheets.claim(batch, "t", NOW, LATER)
    assert sheet is not None
    assert [one.name for one in sheet.everyone] == ["Ben", "Cy"]
    assert sheet.plate == "latin/1"


def test_what_is_given_back_is_found_when_nothing_else_is_free(store: Store) -> None:
    """Plates are counted anew only then; what others gave back or lost meanwhile is among them."""
    batch = ordered(store, [draft("ana", "thai/1"), draft("ben"), draft("cy")])
    plates = [sheet.plate for token in "ab" if (sheet := store.sheets.claim(batch, token, NOW, LATER))]
    assert plates == ["latin/1", "thai/1"]
    assert store.sheets.claim(batch, "c", NOW, LATER) is None
    store.sheets.release("a")
    again = store.sheets.claim(batch, "c", NOW, LATER)
    assert again is not None
    assert (again.plate, len(again.todo), sorted(store.sheets.leases(batch))) == ("latin/1", 2, ["b", "c"])


def test_it_is_said_who_is_at_work_and_until_when(store: Store) -> None:
    """On just those that are neither issued nor free."""
    batch = ordered(store, [draft(one) for one in people(5)])
    store.sheets.claim(batch, "vm1/b/n/1/2/1", NOW, LATER, most=2)
    sheet = store.sheets.claim(batch, "vm2/b/n/1/2/1", NOW, LATER, most=1)
    assert sheet is not None
    assert [(one.machine, one.certificates, one.until) for one in store.sheets.held(batch)] == [
        ("vm1", 2, LATER),
        ("vm2", 1, LATER),
    ]
    store.sheets.store(sheet, finished(sheet), act())
    store.sheets.release("vm1/b/n/1/2/1")
    assert store.sheets.held(batch) == []


def test_a_lease_is_extended_while_it_is_held(store: Store) -> None:
    """From then on it holds until the later moment; what is not held any more is not taken back by that."""
    batch = ordered(store, [draft(one) for one in people(3)])
    sheet = store.sheets.claim(batch, "a", NOW, LATER, most=2)
    assert sheet is not None
    assert store.sheets.extend("a", LATER + timedelta(minutes=1))
    late = LATER + timedelta(seconds=30)
    others = store.sheets.claim(batch, "b", late, late + timedelta(minutes=2))
    assert others is not None
    assert not sheet.todo.keys() & others.todo.keys()
    assert not store.sheets.extend("nobody", LATER)
    assert store.sheets.store(sheet, finished(sheet), act())
    assert not store.sheets.extend("a", LATER)


def test_a_lease_that_another_took_is_not_extended(store: Store) -> None:
    """Who was stopped meanwhile learns that it lost its work, and changes nothing."""
    batch = ordered(store, [draft("ana")])
    store.sheets.claim(batch, "slow", NOW, LATER)
    late = LATER + timedelta(seconds=1)
    assert store.sheets.claim(batch, "quick", late, late + timedelta(minutes=2)) is not None
    assert not store.sheets.extend("slow", late + timedelta(hours=1))
    assert store.sheets.claim(batch, "third", late + timedelta(minutes=3), late + timedelta(minutes=5)) is not None


def test_what_is_leased_is_not_free(store: Store) -> None:
    """The second claim gets the rest, the third nothing."""
    batch = ordered(store, [draft(one) for one in people(3)])
    first = store.sheets.claim(batch, "a", NOW, LATER, most=2)
    second = store.sheets.claim(batch, "b", NOW, LATER)
    assert first is not None
    assert second is not None
    assert not first.todo.keys() & second.todo.keys()
    assert len(first.everyone) == len(second.everyone) == 3
    assert store.sheets.claim(batch, "c", NOW, LATER) is None


def test_a_lease_that_ran_out_is_free(store: Store) -> None:
    """A holder on another machine that never came back."""
    batch = ordered(store, [draft("ana")])
    store.sheets.claim(batch, "a", NOW, LATER)
    assert store.sheets.claim(batch, "b", LATER + timedelta(seconds=1), LATER + timedelta(minutes=2)) is not None


def test_a_released_lease_is_free_at_once(store: Store) -> None:
    """So Ctrl-C costs nothing."""
    batch = ordered(store, [draft("ana")])
    store.sheets.claim(batch, "a", NOW, LATER)
    store.sheets.release("a")
    assert store.sheets.leases(batch) == []
    assert store.sheets.claim(batch, "b", NOW, LATER) is not None


def test_leases_are_those_of_one_batch(store: Store) -> None:
    """Whoever waits for a batch, or ends it, has nothing to do with who works on another."""
    first = ordered(store, [draft("ana")])
    second = ordered(store, [draft("ben")])
    store.sheets.claim(first, "a", NOW, LATER)
    assert (store.sheets.leases(first), store.sheets.leases(second)) == (["a"], [])
    store.sheets.claim(second, "b", NOW, LATER)
    assert (store.sheets.leases(first), store.sheets.leases(second)) == (["a"], ["b"])


def test_who_lost_the_lease_stores_nothing(store: Store) -> None:
    """The slow holder's work is dropped; the new holder's counts."""
    batch = ordered(store, [draft("ana")])
    slow = store.sheets.claim(batch, "slow", NOW, LATER)
    late = LATER + timedelta(seconds=1)
    quick = store.sheets.claim(batch, "quick", late, late + timedelta(minutes=2))
    assert slow is not None
    assert quick is not None
    assert store.sheets.store(slow, finished(slow), act()) is False
    assert store.sheets.store(quick, finished(quick), act()) is True
    assert store.batches.get(batch).counts == {CertificateState.ISSUED: 1}


def test_storing_again_stores_nothing(store: Store) -> None:
    """A message delivered twice does no harm."""
    batch = ordered(store, [draft("ana")])
    sheet = store.sheets.claim(batch, "a", NOW, LATER)
    assert sheet is not None
    assert store.sheets.store(sheet, finished(sheet), act()) is True
    assert store.sheets.store(sheet, finished(sheet), act()) is False


def test_a_held_certificate_waits_for_a_person(store: Store) -> None:
    """It is not issued, says why, and a new order replaces it."""
    drafts = [draft("ana"), draft("ben")]
    batch = ordered(store, drafts)
    sheet = store.sheets.claim(batch, "a", NOW, LATER)
    assert sheet is not None
    store.sheets.store(sheet, finished(sheet, held=[drafts[0].number]), act())
    assert store.batches.held(batch) == [(drafts[0].number, drafts[0].person, "Ana", "no font")]
    assert store.certificate(drafts[0].number) is None
    ordered(store, [draft("ana")])
    assert store.batches.get(batch).counts[CertificateState.CANCELLED] == 1


# ---------------------------------------------------------------- what verification reads


def test_nothing_shows_before_it_is_issued(store: Store) -> None:
    """Ordered and leased certificates are no certificates yet."""
    one = draft("ana")
    batch = ordered(store, [one])
    store.sheets.claim(batch, "a", NOW, LATER)
    assert store.certificate(one.number) is None
    assert store.pdf(one.number) is None
    assert list(store.deliveries(EVENT.slug)) == []


def test_an_issued_certificate_is_found_every_way(store: Store) -> None:
    """By number, by person."""
    (one,) = issued(store, ["ana"])
    found = store.certificate(one)
    assert found is not None
    assert found.statement.name == "Ana"
    assert found.registered_at == NOW
    assert store.certificates_of(found.person_ref) == [found]


def test_the_beginning_of_a_plate_is_known(store: Store) -> None:
    """To the byte, cut off or gone on otherwise."""
    (one,) = issued(store, ["ana"])
    pdf = store.pdf(one)
    assert pdf is not None
    assert store.begins_like_ours(pdf.plate)
    assert store.begins_like_ours(pdf.plate[:-1])
    assert store.begins_like_ours(pdf.plate + b"?")
    assert not store.begins_like_ours(pdf.plate[:-1] + b"?")
    assert not store.begins_like_ours(b"?" + pdf.plate[1:])


def test_the_file_is_plate_and_tail(store: Store) -> None:
    """Byte for byte."""
    (one,) = issued(store, ["ana"])
    pdf = store.pdf(one)
    assert pdf is not None
    assert (pdf.plate, pdf.tail) == (b"plate latin/1", f"tail of {one}".encode())


def test_tails_that_stand_beside_another_come_back(store: Store) -> None:
    """Byte for byte, one by one and all together; only the first of a sheet stands whole."""
    numbers = issued(store, people(3))
    with store.engine.connect() as connection:
        whole = connection.execute(text("SELECT count(*) FROM tail WHERE beside_id IS NULL")).scalar()
    assert whole == 1
    for delivery in store.deliveries(EVENT.slug):
        one = delivery.certificate.number
        assert delivery.pdf.tail == f"tail of {one}".encode()
        assert store.pdf(one) == delivery.pdf
    assert len(numbers) == 3


def test_deliveries_come_in_the_order_of_numbers(store: Store) -> None:
    """All of them, with their addresses."""
    numbers = issued(store, people(3))
    assert [one.certificate.number for one in store.deliveries(EVENT.slug)] == sorted(numbers)
    assert {one.person for one in store.deliveries(EVENT.slug)} == set(people(3))


def test_a_correction_leads_from_the_old_to_the_new(store: Store) -> None:
    """Only once the new one is issued."""
    (old,) = issued(store, ["ana"])
    new = draft("ana", supersedes=old)
    batch = ordered(store, [new])
    before = store.certificate(old)
    assert before is not None
    assert before.superseded_by is None
    sheet = store.sheets.claim(batch, "t", NOW, LATER)
    assert sheet is not None
    store.sheets.store(sheet, finished(sheet), act())
    replaced, replacement = store.certificate(old), store.certificate(new.number)
    assert replaced is not None
    assert replacement is not None
    assert (replaced.superseded_by, replacement.supersedes) == (new.number, old)


def test_one_certificate_is_replaced_once(store: Store) -> None:
    """A second correction of the same certificate is refused while the first is under way."""
    (old,) = issued(store, ["ana"])
    ordered(store, [draft("ana", supersedes=old)])
    with pytest.raises(ConflictError):
        ordered(store, [draft("ana", supersedes=old)])


# ---------------------------------------------------------------- revocation


REVOKED = Revocation(NOW, RevocationReason.ERROR, "wrong course")


def test_a_revocation_shows_with_reason_and_date(store: Store) -> None:
    """The certificate stays in the register."""
    (one,) = issued(store, ["ana"])
    store.revocations.add([one], REVOKED, act(reason="wrong course"))
    found = store.certificate(one)
    assert found is not None
    assert found.revocation == REVOKED


def test_a_list_with_one_wrong_number_revokes_nobody(store: Store) -> None:
    """All or nothing."""
    numbers = issued(store, people(2))
    with pytest.raises(NotFoundError, match="0000-0000-0000"):
        store.revocations.add([*numbers, Number("000000000000")], REVOKED, act())
    assert all(one.certificate.revocation is None for one in store.deliveries(EVENT.slug))


def test_nobody_is_revoked_twice(store: Store) -> None:
    """The first reason stays."""
    (one,) = issued(store, ["ana"])
    store.revocations.add([one], REVOKED, act())
    with pytest.raises(ConflictError, match="Revoked already"):
        store.revocations.add([one], REVOKED, act())


def test_a_revocation_can_be_undone_in_time_and_made_again(store: Store) -> None:
    """The undone one stays in the table with its mark."""
    (one,) = issued(store, ["ana"])
    store.revocations.add([one], REVOKED, act())
    with pytest.raises(ConflictError, match="ten minutes"):
        store.revocations.undo([one], NOW + timedelta(seconds=1), act())
    store.revocations.undo([one], NOW, act())
    store.revocations.add([one], REVOKED, act())
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM revocation")).scalar() == 2


def test_a_reinstated_one_tells_when_it_was_withdrawn_and_an_undone_one_does_not(store: Store) -> None:
    """However often, and however long ago; both on its own and among those of its person."""
    (one,) = issued(store, ["ana"])
    store.revocations.add([one], REVOKED, act())
    store.revocations.undo([one], NOW, act(at=LATER))
    for day in (1, 2):
        since, until = NOW + timedelta(days=day), NOW + timedelta(days=day, hours=5)
        store.revocations.add([one], replace(REVOKED, at=since), act())
        store.revocations.reinstate([one], act(at=until))
    found = store.certificate(one)
    assert found is not None
    assert found.revocation is None
    assert [(lapse.since, lapse.until) for lapse in found.lapses] == [
        (NOW + timedelta(days=day), NOW + timedelta(days=day, hours=5)) for day in (1, 2)
    ]
    assert store.certificates_of(found.person_ref) == [found]


def test_reinstating_is_for_all_or_none(store: Store) -> None:
    """Whoever is not revoked is named."""
    ana, ben = issued(store, people(2))
    store.revocations.add([ana], REVOKED, act())
    with pytest.raises(ConflictError, match=f"Not revoked: {printed(ben)}"):
        store.revocations.reinstate([ana, ben], act())
    assert store.revocations.fates([ana])[ana].revocation == REVOKED
    with pytest.raises(NotFoundError, match="0000-0000-0000"):
        store.revocations.reinstate([Number("000000000000")], act())


def test_a_waiting_correction_of_a_revoked_certificate_is_given_up(store: Store) -> None:
    """Otherwise it would replace what was withdrawn; one that is being issued keeps both from happening."""
    ana, ben = issued(store, people(2))
    wanted = [replace(draft(name), supersedes=old) for name, old in zip(people(2), (ana, ben), strict=True)]
    batch = ordered(store, wanted)
    assert store.revocations.fates([ana])[ana].correction == wanted[0].number
    sheet = store.sheets.claim(batch, "t", NOW, LATER, 1)
    assert sheet is not None
    with pytest.raises(ConflictError, match="being issued"):
        store.revocations.add([ana], REVOKED, act())
    store.sheets.release("t")
    store.revocations.add([ana], REVOKED, act())
    assert store.batches.get(batch).counts == {CertificateState.CANCELLED: 1, CertificateState.ORDERED: 1}
    assert store.revocations.fates([ana])[ana].correction is None
    assert [entry.act for entry in audit.entries(store.engine)][-2:] == ["certificate.revoke", "batch.give_up"]


def test_what_became_of_a_batch_is_counted(store: Store) -> None:
    """One that is both revoked and replaced counts as revoked."""
    ana, ben, cy, _ = issued(store, people(4))
    fresh = [replace(draft(name), supersedes=old) for name, old in zip(people(2), (ana, ben), strict=True)]
    sheet = store.sheets.claim(ordered(store, fresh), "u", NOW, LATER)
    assert sheet is not None
    assert store.sheets.store(sheet, finished(sheet), act())
    store.revocations.add([ana, cy], REVOKED, act())
    assert store.revocations.afterwards(1) == Afterwards(revoked=2, replaced=1)


# ---------------------------------------------------------------- nothing is forgotten


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'eve'",
        "DELETE FROM audit",
        "DELETE FROM evidence",
        "DELETE FROM ruling",
        "UPDATE ruling SET reason = 'x'",
        "UPDATE evidence SET seconds = 7200",
        "UPDATE certificate SET decision = 'x'",
        "UPDATE issued SET pdf_sha256 = 'x'",
        "UPDATE tail SET data = 'x'",
        "UPDATE plate SET data = 'x'",
        "UPDATE certificate SET name = 'Eve'",
        "UPDATE certificate SET number = 'X'",
        "DELETE FROM certificate",
        "DELETE FROM person",
        "DELETE FROM import_file",
        "UPDATE revocation SET reason = 'other'",
        "UPDATE revocation SET detail = 'x'",
        "DELETE FROM revocation",
    ],
)
def test_the_database_refuses_to_forget(store: Store, statement: str) -> None:
    """Whatever a program or a person at the console tries."""
    store.events.add(EVENT, "x", act())
    store.imports.add(EVENT.slug, [received()], act())
    store.evidence.add(EVENT.slug, [evidence("ana@example.org")], act())
    store.rulings.add(EVENT.slug, [granted("ana@example.org")], act())
    store.revocations.add(issued(store, ["ana"]), REVOKED, act())
    with pytest.raises(DBAPIError), store.engine.begin() as connection:
        connection.execute(text(statement))


def test_every_change_is_in_the_trail_and_the_chain_holds(store: Store) -> None:
    """Who, what and why, from the event to the revocation."""
    (one,) = issued(store, ["ana"])
    store.revocations.add([one], REVOKED, act(reason="wrong course"))
    trail = list(audit.entries(store.engine))
    assert [entry.act for entry in trail] == ["event.add", "batch.order", "batch.issue", "certificate.revoke"]
    assert (trail[-1].actor, trail[-1].reason, trail[-1].subject) == ("ana", "wrong course", one)
    assert audit.first_broken(iter(trail)) is None


def test_the_first_broken_entry_is_named(store: Store) -> None:
    """Changed, removed or put in between."""
    issued(store, people(1))
    trail = list(audit.entries(store.engine))
    changed = [trail[0], replace(trail[1], actor="eve"), trail[2]]
    assert audit.first_broken(iter(changed)) == (2, "entry 2 was changed after it was written")
    assert audit.first_broken(iter([trail[0], trail[2]])) == (2, "entry 2 is missing")
    forged = replace(trail[2], previous="f" * 64)
    assert audit.first_broken(iter([*trail[:2], forged])) == (3, "entry 3 does not follow the entry before it")


VAST = bytes.fromhex("28b52ffde0") + (1 << 60).to_bytes(8, "little") + b"\x00" * 20
"""The head of a Zstandard frame that says it holds more than any machine has room for."""


@pytest.mark.parametrize(
    ("which", "data"),
    [("IS NULL", b"forged"), ("IS NOT NULL", b"forged"), ("IS NOT NULL", VAST)],
    ids=["whole", "squeezed", "vast"],
)
def test_damaged_bytes_are_never_served(store: Store, which: str, data: bytes) -> None:
    """A tail changed behind the triggers' back, or that beside which it is squeezed, is noticed by the digest."""
    numbers = issued(store, people(2))
    with store.engine.begin() as connection:
        on_table = " ON tail" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER tail_never_changes{on_table}"))
        connection.execute(text(f"UPDATE tail SET data = :data WHERE beside_id {which}"), {"data": data})
    with pytest.raises(StorageError, match="do not match their digest"):
        store.pdf(numbers[1])


def test_people_of_an_event_are_counted_once_and_only_where_their_import_counts(store: Store) -> None:
    """Whoever both joined and registered is one; another event's are not among them."""
    store.events.add(EVENT, "a", act())
    store.events.add(replace(EVENT, slug="other"), "b", act())
    store.imports.add(EVENT.slug, [received(people=people(3)), received("b.csv", b"b", people(5))], act())
    store.imports.add("other", [received("c.csv", b"c", [f"other{one}" for one in people(9)])], act())
    assert [store.imports.has_more_than(EVENT.slug, most) for most in (4, 5)] == [True, False]
    (larger,) = [one for one in store.imports.listed(EVENT.slug) if one.name == "b.csv"]
    store.imports.undo(EVENT.slug, Amendment(store.events.as_of(EVENT.slug), undone=[larger]), act())
    assert [store.imports.has_more_than(EVENT.slug, most) for most in (2, 3)] == [True, False]
