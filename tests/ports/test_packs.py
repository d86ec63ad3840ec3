"""Tails in packs outside the register: everything that reads bytes gets the very same, or says that it cannot."""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from certs.db import packs
from certs.db.backup import backup
from certs.db.packs import Opened, packed, with_tails
from certs.db.restore import restore
from certs.db.restore.backups import wholeness
from certs.db.store import Store
from certs.errors import AwayError, InputError, StorageError
from certs.ground.squeeze import released
from certs.model import Made, Number
from tests.engines import compiled_once
from tests.memory import MemoryTails
from tests.ports.conftest import opened
from tests.register import EVENT, LATER, NOW, act, draft, finished, issued, made_of, ordered, people

PEOPLE = ["ana@example.org", "ben@example.org", "eve@example.org"]


@dataclass
class Kept:
    """A register whose tails are in packs, and what it holds."""

    engine: Engine
    tails: MemoryTails
    store: Store
    numbers: list[Number]

    def fresh(self, tails: MemoryTails | None = None) -> Store:
        """Return the register as another process sees it, which remembers no piece."""
        return Store(self.engine, opened=Opened(tails or self.tails))

    @property
    def pack(self) -> str:
        """The one pack."""
        (name,) = self.tails.held
        return name

    def flip(self, at: int) -> None:
        """Change one byte of the pack."""
        data = self.tails.held[self.pack]
        self.tails.held[self.pack] = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.fixture
def kept(database_url: str) -> Iterator[Kept]:
    engine, tails = compiled_once(opened(database_url)), MemoryTails(NOW)
    store = Store(engine, opened=Opened(tails))
    yield Kept(engine, tails, store, issued(store, PEOPLE))
    engine.dispose()


def file_of(store: Store, number: Number) -> bytes:
    pdf = store.pdf(number)
    assert pdf is not None
    return pdf.plate + pdf.tail


def expected(number: Number) -> bytes:
    return b"plate latin/1" + made_of(b"plate latin/1", number).tail


def test_a_pack_is_plate_whole_tails_and_squeezed_ones_and_is_called_by_its_digest() -> None:
    """As docs/formats.md has it."""
    first, other = Made(Number("1"), "", b"whole", "", 0), Made(Number("2"), "", b"squeezed", "", 0, Number("1"))
    sheet = type("Sheet", (), {"plate": b"plate", "made": (other, first)})()
    pack = packed(sheet)
    assert pack.data == b"platewholesqueezed"
    assert pack.sha256 == hashlib.sha256(pack.data).hexdigest()
    assert pack.places == {"1": (5, 5), "2": (10, 8)}


def test_bytes_are_outside_the_register_and_come_back(kept: Kept) -> None:
    assert [file_of(kept.store, one) for one in kept.numbers] == [expected(one) for one in kept.numbers]
    with kept.engine.connect() as connection:
        assert {bytes(data) for data in connection.execute(text("SELECT data FROM tail")).scalars()} == {b""}
        assert connection.execute(text("SELECT sha256, size FROM pack")).one() == (
            kept.pack,
            len(kept.tails.held[kept.pack]),
        )


def test_a_file_is_two_reads_and_what_others_need_too_is_read_once(kept: Kept) -> None:
    store = kept.fresh()
    kept.tails.asked.clear()
    for one in kept.numbers:
        file_of(store, one)
    first = kept.tails.asked[0]
    assert len(kept.tails.asked) == 3
    assert first[1] == len(b"plate latin/1")
    assert len({place for place in kept.tails.asked if place != first}) == 2


def test_everything_that_reads_bytes_goes_there(kept: Kept) -> None:
    """Export, the look at every file, what a restore checks, what is yet to be put on a roll."""
    store = kept.fresh()
    delivered = {one.certificate.number: one.pdf.plate + one.pdf.tail for one in store.deliveries(EVENT.slug)}
    assert delivered == {one: expected(one) for one in kept.numbers}
    assert [one is not None for _, one in store.examined()] == [True] * 3
    with with_tails(kept.engine, Opened(kept.tails)).connect() as connection:
        assert {whole for _, whole in wholeness(connection)} == {True}
    kept.tails.asked.clear()
    list(kept.fresh().examined())
    assert kept.tails.asked == [(kept.pack, 0, len(kept.tails.held[kept.pack]))], "who reads all of it reads it once"


@pytest.mark.parametrize("which", ["the tail that is whole", "the first that is squeezed", "the last"])
def test_a_pack_with_one_byte_flipped_is_never_served(kept: Kept, caplog: pytest.LogCaptureFixture, which: str) -> None:
    """Of others in the same pack the bytes are good, unless theirs are squeezed beside it."""
    with kept.engine.connect() as connection:
        rows = connection.execute(text("SELECT start, length, certificate_id FROM tail ORDER BY start")).all()
    row = rows[["the tail that is whole", "the first that is squeezed", "the last"].index(which)]
    spoilt = 3 if row is rows[0] else 1
    kept.flip(row.start + 2 if row is rows[0] else row.start + row.length - 1)
    store, refused = kept.fresh(), list[str]()
    for one in kept.numbers:
        try:
            assert file_of(store, one) == expected(one)
        except StorageError as error:
            refused.append(str(error))
    assert ["do not match their digest" in said for said in refused] == [True] * spoilt
    said = [record.msg for record in caplog.records if record.levelno == logging.CRITICAL]
    assert said == ["stored_bytes_differ"] * spoilt
    assert [one for _, one in kept.fresh().examined()].count(None) == spoilt
    with with_tails(kept.engine, Opened(kept.tails)).connect() as connection:
        assert [whole for _, whole in wholeness(connection)].count(False) == spoilt


def test_a_byte_of_the_plate_flipped_is_noted_and_spoils_nothing(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    """The register has the plate as well."""
    kept.flip(2)
    store = kept.fresh()
    assert [one is not None for _, one in store.examined()] == [True] * 3
    assert [record.msg for record in caplog.records] == ["pack_damaged"]


def test_a_pack_that_is_lost_spoils_its_own(kept: Kept) -> None:
    later = issued(kept.store, ["later@example.org"])
    del kept.tails.held[next(iter(kept.tails.held))]
    store = kept.fresh()
    assert file_of(store, later[0])
    with pytest.raises(StorageError, match="no such piece"):
        file_of(store, kept.numbers[0])
    assert [one is None for _, one in store.examined()] == [True, True, True, False]


def test_a_store_that_is_away_calls_nothing_spoilt(kept: Kept) -> None:
    """Nobody can tell meanwhile, and everything else of a certificate is answered."""
    kept.tails.away = True
    store = kept.fresh()
    assert store.certificate(kept.numbers[0]) is not None
    with pytest.raises(AwayError, match="does not answer"):
        store.pdf(kept.numbers[0])
    with pytest.raises(AwayError):
        list(store.examined())
    with pytest.raises(AwayError):
        list(store.deliveries(EVENT.slug))


def test_without_the_address_of_the_store_it_is_said_what_to_set(kept: Kept) -> None:
    store = Store(kept.engine)
    with pytest.raises(AwayError, match="set CERTS_TAILS_URL"):
        store.pdf(kept.numbers[0])


def test_tails_of_before_stay_where_they_are(kept: Kept) -> None:
    """And whoever keeps new ones in the register reads those in packs."""
    within = Store(kept.engine)
    (inside,) = issued(within, ["inside@example.org"])
    (outside,) = issued(kept.store, ["outside@example.org"])
    assert [file_of(kept.store, one) == expected(one) for one in (inside, outside)] == [True, True]
    assert file_of(within, inside) == expected(inside)
    assert len(kept.tails.held) == 2


def test_a_store_that_is_away_when_a_sheet_is_stored_changes_nothing(kept: Kept) -> None:
    """The lease stays, and it is stored once the store is back."""
    batch = ordered(kept.store, [draft("late@example.org")])
    sheet = kept.store.sheets.claim(batch, "t", NOW, LATER)
    assert sheet is not None
    kept.tails.away = True
    with pytest.raises(AwayError):
        kept.store.sheets.store(sheet, finished(sheet), act())
    assert kept.store.batches.get(batch).remaining == 1
    kept.tails.away = False
    assert kept.store.sheets.store(sheet, finished(sheet), act())
    assert kept.store.batches.get(batch).remaining == 0


def test_a_sheet_whose_lease_was_lost_leaves_a_pack_that_nobody_asks_for(kept: Kept) -> None:
    batch = ordered(kept.store, [draft("late@example.org")])
    sheet = kept.store.sheets.claim(batch, "t", NOW, LATER)
    assert sheet is not None
    kept.store.sheets.release("t")
    assert not kept.store.sheets.store(sheet, finished(sheet), act())
    known = packs.kept(kept.engine)
    assert (len(kept.tails.held), len(known)) == (2, 1)
    assert {name: len(kept.tails.held[name]) for name in known} == known


def test_the_same_pack_again_is_the_same_row(kept: Kept) -> None:
    """Two sheets whose bytes are alike to the last."""
    with kept.engine.connect() as connection:
        before = connection.execute(text("SELECT count(*) FROM pack")).scalar_one()
    assert before == 1
    kept.tails.keep(kept.pack, kept.tails.held[kept.pack])
    with pytest.raises(StorageError, match="another pack"):
        kept.tails.keep(kept.pack, b"other")


@pytest.mark.parametrize("table", ["pack", "tail"])
def test_where_bytes_lie_is_never_changed(kept: Kept, table: str) -> None:
    column = "size" if table == "pack" else "start"
    for statement in (f"UPDATE {table} SET {column} = 1", f"DELETE FROM {table}"):
        with pytest.raises(Exception, match="never forgets"), kept.engine.begin() as connection:
            connection.execute(text(statement))


def test_a_backup_says_where_and_comes_back(kept: Kept, tmp_path: Path, empty_url: str) -> None:
    """On another database too; the bytes are held against their digests on the way."""
    backup(kept.engine, tmp_path / "backup.db")
    target = opened(empty_url)
    engine = with_tails(target, Opened(kept.tails))
    restore(engine, tmp_path / "backup.db", act(reason="move"))
    store = Store(target, opened=Opened(kept.tails))
    assert [file_of(store, one) for one in kept.numbers] == [expected(one) for one in kept.numbers]
    target.dispose()


def test_a_restore_without_the_packs_is_refused(kept: Kept, tmp_path: Path, empty_url: str) -> None:
    """Lost, it is damaged; out of reach, nobody can tell."""
    backup(kept.engine, tmp_path / "backup.db")
    target, tails = opened(empty_url), MemoryTails(NOW)
    with pytest.raises(InputError, match=r"stored bytes of .* are not what was issued"):
        restore(with_tails(target, Opened(tails)), tmp_path / "backup.db", act(reason="move"))
    with pytest.raises(AwayError, match="set CERTS_TAILS_URL"):
        restore(target, tmp_path / "backup.db", act(reason="move"))
    target.dispose()


def test_what_was_issued_since_comes_over_with_its_packs(kept: Kept, tmp_path: Path) -> None:
    """Into a backup that knows none of them; ids of packs are others there."""
    backup(kept.engine, tmp_path / "backup.db")
    with kept.engine.begin() as connection:
        connection.execute(text("INSERT INTO pack (sha256, size) VALUES ('another', 1)"))
    later = issued(kept.store, people(3)) + issued(Store(kept.engine), ["inside@example.org"])
    engine = with_tails(kept.engine, Opened(kept.tails))
    done = restore(engine, tmp_path / "backup.db", act(reason="drill"))
    assert done.carried is not None
    assert {one.number for one in done.carried.issued} == set(later)
    store = kept.fresh()
    assert [file_of(store, one) for one in (*kept.numbers, *later)] == [
        expected(one) for one in (*kept.numbers, *later)
    ]
    with kept.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM pack")).scalar_one() == 2
        assert connection.execute(text("SELECT count(*) FROM tail WHERE pack_id IS NULL")).scalar_one() == 1


def test_a_pack_can_be_read_without_the_register(kept: Kept) -> None:
    """Plate and whole tail are its beginning, and each squeezed one is a frame of Zstandard with them in mind."""
    data = kept.tails.held[kept.pack]
    plate, whole = b"plate latin/1", made_of(b"plate latin/1", kept.numbers[0]).tail
    assert data.startswith(plate + whole)
    rest = data[len(plate + whole) :]
    second = rest.index(b"\x28\xb5\x2f\xfd", 4)
    for piece, one in zip((rest[:second], rest[second:]), kept.numbers[1:], strict=True):
        tail = made_of(plate, one).tail
        assert released(piece, whole, len(tail)) == tail
