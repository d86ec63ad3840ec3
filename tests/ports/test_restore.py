"""A restore is one act: nothing is given twice, what the register before knows comes over, nobody is in the way."""

import fcntl
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, fields, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from certs import credential
from certs.db import audit
from certs.db.backup import backup
from certs.db.migrate import migrate
from certs.db.restore import Beside, Restored, left_behind, rehearse, restore
from certs.db.restore.spend import MARGIN_OF_BATCHES, MARGIN_OF_PLACES
from certs.db.store import Store
from certs.errors import ConflictError, InputError, StorageError
from certs.ground.number import from_bits, printed
from certs.model import AuditEntry, Number, PersonKey, Purpose, Revocation, RevocationReason
from certs.work import orders, salvage
from certs.work.deliver.spreadsheet import as_csv
from tests.ports.conftest import opened
from tests.register import (
    DEFINITION,
    EVENT,
    LATER,
    NOW,
    act,
    draft,
    evidence,
    finished,
    granted,
    issued,
    ordered,
    people,
    received,
)
from tests.world import World

pytestmark = pytest.mark.usefixtures("database_clock")

FRAUD = Revocation(NOW, RevocationReason.ERROR, "")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.db"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = opened(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def elsewhere(empty_url: str) -> Iterator[Engine]:
    engine = opened(empty_url)
    yield engine
    engine.dispose()


def half_issued(store: Store) -> tuple[list[Number], list[Number]]:
    """Order four certificates and issue two of them; return both halves."""
    drafts = [draft(person) for person in people(4)]
    batch = ordered(store, drafts)
    go_on(store, batch, 2)
    numbers = [one.number for one in drafts]
    first = [one for one in numbers if store.certificate(one)]
    return first, [one for one in numbers if one not in first]


def go_on(store: Store, batch: int = 1, most: int | None = None) -> None:
    """Issue what is left of *batch*."""
    sheet = store.sheets.claim(batch, "t", NOW, LATER, most)
    assert sheet is not None
    assert store.sheets.store(sheet, finished(sheet), act())


def numbers(store: Store) -> list[str]:
    """Return every issued number, with the bytes of each read and checked."""
    return [one.certificate.number for one in store.deliveries(EVENT.slug)]


def places(engine: Engine) -> dict[str, int]:
    """Return the place in the status lists of every certificate."""
    with engine.connect() as connection:
        return {one.number: one.id for one in connection.execute(text("SELECT number, id FROM certificate"))}


def drill(engine: Engine, file: Path, *, nothing_since: bool = False) -> Restored:
    now = act(reason="drill", at=NOW + timedelta(minutes=1))
    return restore(engine, file, now, beside=Beside(nothing_since))


# ---------------------------------------------------------------- with the newer register at hand


def test_what_was_issued_since_comes_over(engine: Engine, file: Path) -> None:
    """The rest of a batch in the middle of which the backup was taken, and a batch for somebody new."""
    store = Store(engine)
    first, rest = half_issued(store)
    backup(engine, file)
    go_on(store)
    later = issued(store, ["later@example.org"])
    before, bytes_before = places(engine), {one: store.pdf(one) for one in (*first, *rest, *later)}
    done = drill(engine, file)
    assert numbers(store) == sorted([*first, *rest, *later])
    assert {one: store.pdf(one) for one in bytes_before} == bytes_before
    assert places(engine) == before
    assert done.carried is not None
    assert {one.number for one in done.carried.issued} == {*rest, *later}
    assert {one.event for one in done.carried.issued} == {EVENT.slug}
    assert (done.given_up, done.unknown, done.margin) == ([], [], False)


def test_who_was_enrolled_since_stays_so(engine: Engine, file: Path) -> None:
    """A backup of before an upgrade: what was put on a roll since stands on it, as the trail that came over says."""
    store = Store(engine)
    drafts = [draft(person) for person in people(3)]
    sheet = store.sheets.claim(ordered(store, drafts), "t", NOW, LATER)
    assert sheet is not None
    made = finished(sheet)
    assert store.sheets.store(sheet, replace(made, roll=None), act())
    backup(engine, file)
    assert made.roll is not None
    store.rolls.enrol(f"{EVENT.slug}/1", made.roll, [one.number for one in made.made], act())
    before = {one.number: store.certificate(one.number) for one in drafts}
    drill(engine, file)
    assert {one.number: store.certificate(one.number) for one in drafts} == before
    assert (store.rolls.missing(), list(store.rolls.lost())) == (0, [])


def test_the_trail_of_the_time_since_comes_over(engine: Engine, file: Path) -> None:
    """It stays whole, and knows the keys that were made since."""
    store = Store(engine)
    issued(store, ["ana"])
    backup(engine, file)
    issued(store, ["ben"])
    before = [entry.sha256 for entry in audit.entries(engine)]
    drill(engine, file)
    after = list(audit.entries(engine))
    assert [entry.sha256 for entry in after[:-1]] == before
    assert (after[-1].act, after[-1].reason) == ("register.restore", "drill")
    assert audit.first_broken(iter(after)) is None


def test_what_is_ordered_stays_where_it_stood(engine: Engine, file: Path) -> None:
    """The newer register shows that it was not issued, or that it was given up."""
    store = Store(engine)
    _, rest = half_issued(store)
    backup(engine, file)
    done = drill(engine, file)
    assert done.given_up == []
    go_on(store)
    assert set(rest) <= set(numbers(store))


def test_a_revocation_of_the_time_since_holds(engine: Engine, file: Path) -> None:
    """As does a reinstatement; each is named."""
    store = Store(engine)
    ana, ben, eve = issued(store, people(3))
    store.revocations.add([ben], FRAUD, act())
    backup(engine, file)
    store.revocations.add([ana], FRAUD, act())
    store.revocations.reinstate([ben], act())
    store.revocations.add([eve], FRAUD, act())
    store.revocations.reinstate([eve], act())
    done = drill(engine, file)
    found = {one: store.certificate(one) for one in (ana, ben, eve)}
    assert all(found.values())
    assert {one for one, certificate in found.items() if certificate and certificate.revocation} == {ana}
    assert {one for one, certificate in found.items() if certificate and certificate.lapses} == {ben, eve}
    assert done.carried is not None
    assert {one.number for one in done.carried.revoked} == {ana, eve}
    assert {one.number for one in done.carried.reinstated} == {ben, eve}


def test_a_replacement_of_the_time_since_holds(engine: Engine, file: Path) -> None:
    """The old one is replaced, as its holder's page said."""
    store = Store(engine)
    (old,) = issued(store, ["ana"])
    backup(engine, file)
    new = draft("ana", supersedes=old)
    go_on(store, ordered(store, [new]))
    done = drill(engine, file)
    certificate = store.certificate(old)
    assert certificate is not None
    assert certificate.superseded_by == new.number
    assert done.carried is not None
    assert [one.number for one in done.carried.replaced] == [old]


def test_links_rulings_and_evidence_of_the_time_since_hold(engine: Engine, file: Path) -> None:
    """A withdrawn link leads nowhere, the one given instead leads where it did."""
    store = Store(engine)
    issued(store, ["ana@example.org"])
    store.imports.add(EVENT.slug, [received()], act())
    backup(engine, file)
    ana = PersonKey("ana@example.org")
    store.links.renew(ana, act())
    store.rulings.add(EVENT.slug, [granted("ana@example.org")], act())
    store.evidence.add(EVENT.slug, [evidence("ana@example.org")], act())
    before = store.links.of(ana)
    done = drill(engine, file)
    assert store.links.of(ana) == before
    assert done.carried is not None
    assert (done.carried.links, done.carried.rulings, done.carried.evidence) == (1, 1, 1)
    assert len(store.evidence.all(EVENT.slug)) == 1


def test_evidence_that_was_withdrawn_since_counts_no_more(engine: Engine, file: Path) -> None:
    """What came over with the trail is borne out by the rows."""
    store = Store(engine)
    store.events.add(EVENT, DEFINITION, act())
    store.evidence.add(EVENT.slug, [evidence("ana@example.org")], act())
    backup(engine, file)
    store.evidence.withdraw(EVENT.slug, [1], act(reason="a forged sheet"))
    drill(engine, file)
    (one,) = store.evidence.all(EVENT.slug)
    assert (one.in_force, one.withdrawn_reason) == (False, "a forged sheet")


def test_what_does_not_come_over_is_said(engine: Engine, file: Path) -> None:
    """Imports and orders of the time since; the numbers of the latter are spent, their batches not given again."""
    store = Store(engine)
    issued(store, ["ana"])
    backup(engine, file)
    store.imports.add(EVENT.slug, [received("b.csv", b"b")], act())
    waiting = draft("ben")
    ordered(store, [waiting])
    done = drill(engine, file)
    assert done.carried is not None
    assert (done.carried.imports_lost, done.carried.orders_lost) == ([f"b.csv ({EVENT.slug})"], 1)
    assert store.batches.spent([waiting.number]) == {waiting.number}
    batch = store.batches.get(ordered(store, [draft("ben")]))
    assert batch.reference == f"{EVENT.slug}/3"


def test_restoring_twice_loses_nothing(engine: Engine, file: Path) -> None:
    """The second time finds the first one's register in the place, which knows all."""
    store = Store(engine)
    first, rest = half_issued(store)
    backup(engine, file)
    go_on(store)
    drill(engine, file)
    again = restore(engine, file, act(reason="once more", at=NOW + timedelta(minutes=2)))
    assert numbers(store) == sorted([*first, *rest])
    assert again.unknown == []
    assert audit.first_broken(audit.entries(engine)) is None


def test_damaged_bytes_of_the_newer_register_stay_there(engine: Engine, file: Path) -> None:
    """Its number is spent, and somebody must look for the file."""
    store = Store(engine)
    issued(store, ["ana"])
    backup(engine, file)
    (lost,) = issued(store, ["ben"])
    with engine.begin() as connection:
        connection.execute(text(_unguard("tail", engine)))
        connection.execute(text("UPDATE tail SET data = 'x' WHERE certificate_id = 2"))
    done = drill(engine, file)
    assert [(one.kind, one.subject) for one in done.unknown] == [("damaged", lost)]
    assert len(numbers(store)) == 1
    assert store.batches.spent([lost]) == {lost}


def _unguard(table: str, engine: Engine) -> str:
    trigger = f"{table}_never_changes"
    return f"DROP TRIGGER {trigger}" + (f" ON {table}" if engine.dialect.name == "postgresql" else "")


# ---------------------------------------------------------------- without it


def test_what_may_have_been_issued_is_given_up(engine: Engine, file: Path, elsewhere: Engine) -> None:
    """A number that the backup holds as ordered may be on somebody's paper: it is never issued again."""
    store = Store(engine)
    first, rest = half_issued(store)
    backup(engine, file)
    go_on(store)
    done = drill(elsewhere, file)
    new = Store(elsewhere)
    assert numbers(new) == sorted(first)
    assert {one.number for one in done.given_up} == set(rest)
    assert new.sheets.claim(1, "t", NOW, LATER) is None
    assert new.batches.spent(rest) == set(rest)
    assert not set(orders.fresh_numbers(new, 5)) & set(rest)


def test_places_and_batches_go_on_far_beyond(engine: Engine, file: Path, elsewhere: Engine) -> None:
    """Nobody knows how many were given; the margin outlives another backup and restore."""
    store = Store(engine)
    issued(store, people(3))
    backup(engine, file)
    assert drill(elsewhere, file).margin
    second = file.with_name("second.db")
    backup(elsewhere, second)
    drill(elsewhere, second, nothing_since=True)
    batch = ordered(Store(elsewhere), [draft("new@example.org")])
    assert Store(elsewhere).batches.get(batch).reference == f"{EVENT.slug}/{1 + MARGIN_OF_BATCHES + 1}"
    assert max(places(elsewhere).values()) > 3 + MARGIN_OF_PLACES


def test_the_lost_time_is_unsettled_until_somebody_says_so(engine: Engine, file: Path, elsewhere: Engine) -> None:
    """With the moment from which on nothing is known, and what to do; who settled it is in the trail."""
    issued(Store(engine), ["ana"])
    backup(engine, file)
    drill(elsewhere, file)
    store = Store(elsewhere)
    (one,) = store.unsettled.open()
    assert one.kind == "lost_time"
    assert "after 2026-11-22 12:00 UTC is not known" in one.text
    assert store.unsettled.settle([one.id], act(reason="looked through the mails")) == 1
    assert store.unsettled.open() == []
    last = list(audit.entries(elsewhere))[-1]
    assert (last.act, last.reason, one.text in last.new) == ("register.settle", "looked through the mails", True)


def test_who_knows_that_nothing_was_done_since_moves_a_register(engine: Engine, file: Path, elsewhere: Engine) -> None:
    """Then what is ordered stays ordered, and batches and places go on where they were."""
    first, rest = half_issued(Store(engine))
    backup(engine, file)
    done = drill(elsewhere, file, nothing_since=True)
    store = Store(elsewhere)
    assert (done.margin, done.unknown, done.given_up) == (False, [], [])
    assert '"nothing_since":true' in list(audit.entries(elsewhere))[-1].new
    go_on(store)
    assert numbers(store) == sorted([*first, *rest])


def test_a_register_of_another_history_carries_nothing_over(engine: Engine, file: Path, elsewhere: Engine) -> None:
    """Its numbers are spent, and its places passed over."""
    issued(Store(engine), ["ana"])
    backup(engine, file)
    migrate(elsewhere)
    others = issued(Store(elsewhere), people(4))
    done = drill(elsewhere, file)
    assert done.carried is None
    assert done.spent == 4
    assert Store(elsewhere).batches.spent(others) == set(others)
    issued(Store(elsewhere), ["new@example.org"])
    assert max(places(elsewhere).values()) > 4


def test_a_damaged_register_makes_way(tmp_path: Path, migrated: Path, file: Path) -> None:
    """With all that lies beside it: an old journal never meets the new file."""
    place = tmp_path / "certs.db"
    shutil.copy(migrated, place)
    engine = opened(f"sqlite:///{place}")
    (ana,) = issued(Store(engine), ["ana"])
    backup(engine, file)
    engine.dispose()
    place.write_bytes(b"damaged!" * 1024)
    Path(f"{place}-wal").write_bytes(b"\x37\x7f\x06\x82" + b"\0" * 60)
    done = drill(engine, file)
    assert done.margin
    assert not Path(f"{place}-wal").exists()
    assert numbers(Store(engine)) == [ana]
    assert Path(done.put_aside).read_bytes() == b"damaged!" * 1024
    engine.dispose()


# ---------------------------------------------------------------- one act


def test_where_a_file_has_one_name_the_register_is_copied_aside(
    tmp_path: Path, migrated: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on some disks of Windows machines and on network shares."""
    place = tmp_path / "certs.db"
    shutil.copy(migrated, place)
    engine = opened(f"sqlite:///{place}")
    issued(Store(engine), ["ana"])
    backup(engine, file)
    issued(Store(engine), ["ben"])

    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    done = drill(engine, file)
    aside = opened(f"sqlite:///{done.put_aside}")
    assert numbers(Store(aside)) == numbers(Store(engine))
    assert Path(done.put_aside).stat().st_mode & 0o777 == 0o600
    for one in (engine, aside):
        one.dispose()


def test_what_a_killed_restore_left_is_found_and_cleared_away(
    engine: Engine, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders with names and addresses in them, and a second name of the register; not what others work in."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    issued(Store(engine), ["ana"])
    backup(engine, file)
    sqlite = engine.dialect.name == "sqlite"
    place = Path(str(engine.url.database)) if sqlite else tmp_path / "certs-restore-x"
    folder = place.with_name(f"{place.name}.restoring") if sqlite else place
    folder.mkdir()
    (folder / "lock").touch()
    left = [folder]
    if sqlite:
        left.append(place.with_name("certs.db.replaced_20261122T120000Z"))
        os.link(place, left[1])
    assert left_behind(engine) == left
    with (folder / "lock").open() as worked_in:
        fcntl.flock(worked_in, fcntl.LOCK_EX)
        assert folder not in left_behind(engine)
        if sqlite:
            with pytest.raises(ConflictError, match="Another restore is at work"):
                drill(engine, file)
    (folder / "lock").rename(folder / "incoming.db")  # killed while it was cleared away
    os.utime(folder, (0, 0))
    assert folder in left_behind(engine)
    drill(engine, file)
    assert left_behind(engine) == []
    assert not any(path.exists() for path in left)


def test_a_register_in_use_is_not_swapped(engine: Engine, database_url: str, file: Path) -> None:
    """A service that went on writing to the register put aside would lose certificates; it is said who is there."""
    issued(Store(engine), ["ana"])
    backup(engine, file)
    service = opened(database_url)
    with service.connect() as connection:
        connection.execute(text("SELECT 1 FROM certificate"))
        with pytest.raises(ConflictError, match="Stop the service"):
            drill(engine, file)
        connection.rollback()
        with pytest.raises(ConflictError, match="Stop the service"):
            drill(engine, file)
    service.dispose()
    assert [entry.act for entry in audit.entries(engine)][-1] != "register.restore"
    drill(engine, file)


def test_a_batch_that_is_being_issued_elsewhere_is_waited_for(engine: Engine, file: Path) -> None:
    """On PostgreSQL, where whoever makes certificates may have no session open; a dead holder is no reason to wait."""
    store = Store(engine)
    batch = ordered(store, [draft("ana")])
    backup(engine, file)
    store.sheets.claim(batch, "machine-7/boot/1/2", NOW, LATER)
    if engine.dialect.name == "postgresql":
        with pytest.raises(ConflictError, match="issued on machine-7, until 12:02 UTC"):
            drill(engine, file)
    restore(engine, file, act(reason="drill"), gone=lambda _: True)
    assert store.sheets.claim(batch, "other", NOW, LATER) is not None


def test_nothing_happens_without_agreement(engine: Engine, file: Path) -> None:
    """Whoever restores hears first what it means."""
    store = Store(engine)
    issued(store, ["ana"])
    backup(engine, file)
    issued(store, ["ben"])
    before = list(audit.entries(engine))

    def refuse(done: Restored) -> None:
        assert done.carried is not None
        assert len(done.carried.issued) == 1
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(engine, file, act(reason="drill"), agree=refuse)
    assert list(audit.entries(engine)) == before
    assert left_behind(engine) == []
    issued(store, ["eve"])


def test_a_rehearsal_changes_nothing_and_disturbs_nobody(engine: Engine, database_url: str, file: Path) -> None:
    """It says what would come over, with the service running."""
    store = Store(engine)
    issued(store, ["ana"])
    backup(engine, file)
    (ben,) = issued(store, ["ben"])
    before = list(audit.entries(engine))
    service = opened(database_url)
    with service.connect() as connection:
        connection.execute(text("SELECT 1 FROM certificate"))
        done = rehearse(engine, file, act(reason="rehearsal"))
    assert done.carried is not None
    assert [one.number for one in done.carried.issued] == [ben]
    assert list(audit.entries(engine)) == before
    assert store.certificate(ben) is not None
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            schemas = connection.execute(text("SELECT nspname FROM pg_namespace")).scalars().all()
        assert not [name for name in schemas if name.startswith(("replaced", "certs_rehearsal"))]
    service.dispose()


def test_a_full_disk_is_said_and_changes_nothing(engine: Engine, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no defect of the program."""
    issued(Store(engine), ["ana"])
    backup(engine, file)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(StorageError, match=r"cannot be prepared in .*: No space left on device. Nothing was changed"):
        drill(engine, file)
    assert left_behind(engine) == []
    assert len(numbers(Store(engine))) == 1


def test_a_damaged_backup_says_which_to_take(engine: Engine, file: Path) -> None:
    """The newest sound one beside it, with the moment up to which it goes."""
    store = Store(engine)
    (ana,) = issued(store, ["ana"])
    backup(engine, file.with_name("older.db"))
    issued(store, ["ben"])
    backup(engine, file)
    file.with_name("note.txt").write_text("no backup")
    with closing(sqlite3.connect(file)) as broken, broken:
        broken.execute("DROP TRIGGER tail_never_changes")
        broken.execute("UPDATE tail SET data = zeroblob(length(data)) WHERE certificate_id = 1")
    with pytest.raises(InputError, match=r"the stored bytes of .* Take .*older\.db, which goes up to 2026-11-22 12:00"):
        drill(engine, file)
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(InputError, match=r"older\.db"):
        drill(engine, file)
    file.with_name("older.db").unlink()
    with pytest.raises(InputError, match="Take another backup; there is none beside it"):
        drill(engine, file)
    assert store.certificate(ana) is not None


# ---------------------------------------------------------------- what lies elsewhere


def test_a_newer_register_that_was_saved_is_carried_over(engine: Engine, file: Path, elsewhere: Engine) -> None:
    """It may not be the last word, so what it shows as ordered is given up, and the time after it is unsettled."""
    store = Store(engine)
    first, rest = half_issued(store)
    backup(engine, file)
    go_on(store, most=1)
    store.revocations.add(first[:1], FRAUD, act(at=NOW + timedelta(minutes=5)))
    saved = file.with_name("saved.db")
    backup(engine, saved)
    done = restore(elsewhere, file, act(reason="drill"), beside=Beside(newer=[str(saved)]))
    new = Store(elsewhere)
    assert done.carried is not None
    assert len(done.carried.issued) == len(done.given_up) == 1
    assert {one.number for one in (*done.carried.issued, *done.given_up)} == set(rest)
    revoked = new.certificate(first[0])
    assert revoked is not None
    assert revoked.revocation is not None
    assert [(one.kind, "after 2026-11-22 12:05 UTC" in one.text) for one in done.unknown] == [("lost_time", True)]


def test_a_newer_register_may_be_another_database(engine: Engine, file: Path, tmp_path: Path) -> None:
    """Named by its address, and not touched; a file's journal is read with it."""
    store = Store(engine)
    backup_of_ana = issued(store, ["ana"])
    backup(engine, file)
    ben = issued(store, ["ben"])
    target = opened(f"sqlite:///{tmp_path / 'moved.db'}")
    beside = Beside(newer=[engine.url.render_as_string(hide_password=False)])
    restore(target, file, act(reason="drill"), beside=beside)
    assert numbers(Store(target)) == sorted([*backup_of_ana, *ben])
    target.dispose()


def test_a_register_of_another_history_is_no_newer_one(engine: Engine, file: Path, elsewhere: Engine) -> None:
    """Nothing happens then."""
    issued(Store(engine), ["ana"])
    backup(engine, file)
    migrate(elsewhere)
    issued(Store(elsewhere), ["eve"])
    other = file.with_name("other.db")
    backup(elsewhere, other)
    with pytest.raises(InputError, match=r"other\.db is no later state of the backup's register"):
        restore(engine, file, act(reason="drill"), beside=Beside(newer=[str(other)]))
    assert [entry.act for entry in audit.entries(engine)][-1] != "register.restore"


def test_a_trail_that_was_kept_revokes_and_spends(engine: Engine, file: Path, elsewhere: Engine) -> None:
    """With moment, reason and sentence; what was issued since is listed, and its number never given."""
    store = Store(engine)
    ana, ben = issued(store, people(2))
    store.revocations.add([ben], FRAUD, act())
    backup(engine, file)
    said = Revocation(NOW + timedelta(hours=1), RevocationReason.FRAUD, "The name was lent.")
    store.revocations.add([ana], said, act(at=said.at))
    store.revocations.reinstate([ben], act(at=said.at))
    (eve,) = issued(store, ["eve"])
    for number, data in enumerate((trail_json(engine), trail_csv(engine))):
        file.with_name(f"trail{number}").write_bytes(data)
        found = salvage.read([], [file.with_name(f"trail{number}")], [], World().keys)
        done = rehearse(elsewhere, file, act(reason="look"), beside=Beside(salvage=found))
        assert {one.number for one in done.from_trails} == {ana}
    restore(elsewhere, file, act(reason="drill"), beside=Beside(salvage=found))
    new = Store(elsewhere)
    states = [new.certificate(one) for one in (ana, ben)]
    assert states[0] is not None
    assert states[0].revocation == said
    assert states[1] is not None
    assert (states[1].revocation, len(states[1].lapses)) == (None, 1)
    assert ("issued", eve) in {(one.kind, one.subject) for one in new.unsettled.open()}
    assert new.batches.spent([eve]) == {eve}


def trail_json(engine: Engine) -> bytes:
    return json.dumps(
        {"event": EVENT.slug, "entries": [asdict(one) for one in audit.entries(engine, EVENT.slug)]}
    ).encode()


def trail_csv(engine: Engine) -> bytes:
    columns = [one.name for one in fields(AuditEntry)]
    rows = ([asdict(one)[name] for name in columns] for one in audit.entries(engine, EVENT.slug))
    return as_csv(columns, rows)


def test_exports_and_status_lists_are_held_against_the_register(engine: Engine, file: Path, elsewhere: Engine) -> None:
    """What they name and the register lacks is listed, with what to do; its batches and places are passed over."""
    ana, ben = issued(Store(engine), people(2))
    backup(engine, file)
    keys = World().keys
    lost = from_bits(7)
    manifest = file.with_name("manifest.csv")
    rows = [(ana, "Ana", EVENT.slug, "valid", f"{EVENT.slug}/1"), (lost, "Eve", EVENT.slug, "valid", f"{EVENT.slug}/7")]
    manifest.write_bytes(as_csv(("number", "name", "event", "state", "batch"), rows))
    published = file.with_name("1.json")
    place_of_ben = places(engine)[ben]
    signer = keys.signer(Purpose.CREDENTIAL)
    published.write_bytes(credential.status_list("https://certs.example.org", 1, [place_of_ben, 9_000], NOW, signer))
    found = salvage.read([manifest], [], [published], keys)
    done = restore(elsewhere, file, act(reason="drill"), beside=Beside(nothing_since=True, salvage=found))
    said = {(one.kind, one.subject): one.text for one in done.unknown}
    assert said.keys() == {("issued", lost), ("withdrawn", ben), ("place", "9000")}
    assert f"revoke {printed(ben)}" in said["withdrawn", ben]
    assert "(Eve, gmp-2026) was issued, as manifest.csv says" in said["issued", lost]
    batch = ordered(Store(elsewhere), [draft("new@example.org")])
    assert Store(elsewhere).batches.get(batch).reference == f"{EVENT.slug}/8"
    assert max(places(elsewhere).values()) == 9_001
