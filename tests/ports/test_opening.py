"""A register that is there is opened and brought up to date; one that is not is never made by opening it."""

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from certs.db.backup import backup
from certs.db.migrate import HEAD, current, migrate, missing, upgrade
from certs.db.restore import restore
from certs.db.store import Store
from certs.errors import MissingError, StorageError
from certs.model import Purpose
from tests.ports.conftest import opened
from tests.register import act, issued
from tests.world import World


def test_an_empty_database_is_no_register(empty_url: str, tmp_path: Path) -> None:
    """Neither a file that is not there nor a database without tables; nothing is made in it."""
    engine = opened(empty_url)
    for _ in range(2):
        assert "There is no register at" in missing(engine)
        with pytest.raises(MissingError, match="There is no register at"):
            upgrade(engine)
    assert not (tmp_path / "empty.db").exists()
    migrate(engine)
    assert missing(engine) == ""
    engine.dispose()


def test_an_older_register_is_brought_up_to_date(empty_url: str) -> None:
    engine = opened(empty_url)
    migrate(engine, "0012")
    assert missing(engine) == ""
    upgrade(engine)
    with engine.connect() as connection:
        assert current(connection) == HEAD
    engine.dispose()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("DELETE FROM alembic_version", "does not say of which version"),
        ("DROP TABLE status_list", "the table status_list is missing"),
        ("UPDATE alembic_version SET version_num = '9999'", "newer certs"),
    ],
)
def test_what_is_no_whole_register_of_this_program_is_refused(database_url: str, change: str, says: str) -> None:
    engine = opened(database_url)
    with engine.begin() as connection:
        connection.execute(text(change))
    with pytest.raises(StorageError, match=says):
        upgrade(engine)
    engine.dispose()


def test_tables_of_another_program_are_no_register(empty_url: str) -> None:
    engine = opened(empty_url)
    if engine.dialect.name == "sqlite":
        Path(str(engine.url.database)).write_bytes(b"")
        with sqlite3.connect(str(engine.url.database)) as database:
            database.execute("CREATE TABLE cookies (id integer)")
        database.close()
    else:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE cookies (id integer)"))
    with pytest.raises(StorageError, match="tables of another program"):
        upgrade(engine)
    engine.dispose()


def test_the_register_knows_the_keys_that_its_trail_names(store: Store) -> None:
    """Across a backup and a restore, and no others."""
    world = World()
    claim, seal = (world.keys.signer(purpose).key for purpose in (Purpose.CLAIM, Purpose.SEAL))
    assert not store.knows_key(claim.kid)
    with store.key_trail.entering(act(), "key.new") as enter:
        enter(claim, None)
    assert store.knows_key(claim.kid)
    assert not store.knows_key(seal.kid)
    assert store.key_trail.known_keys() == {claim.kid: Purpose.CLAIM}


def test_what_fails_leaves_no_entry_on_a_key(store: Store) -> None:
    key = World().keys.signer(Purpose.CLAIM).key

    def fail() -> None:
        with store.key_trail.entering(act(), "key.new") as enter:
            enter(key, None)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert not store.knows_key(key.kid)


def test_a_backup_and_a_restored_register_are_their_owners_alone(database_url: str, tmp_path: Path) -> None:
    """Whatever the umask says; a register that a group may use stays so, and others never get in."""
    before = os.umask(0)
    try:
        engine = opened(database_url)
        issued(Store(engine), ["ana@example.org"])
        file = tmp_path / "backup.db"
        backup(engine, file)
        assert file.stat().st_mode & 0o777 == 0o600
        for mode, then in ((0o600, 0o600), (0o664, 0o660), (0o644, 0o640)):
            if engine.dialect.name != "sqlite":
                continue
            place = Path(str(engine.url.database))
            place.chmod(mode)
            now = act(reason="drill", at=act().at.replace(microsecond=mode, second=mode % 60))
            restore(engine, file, now)
            assert place.stat().st_mode & 0o777 == then
        fresh = opened(f"sqlite:///{tmp_path}/new/certs.db")
        restore(fresh, file, act(reason="move"))
        assert (tmp_path / "new/certs.db").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
        fresh.dispose()
        engine.dispose()
    finally:
        os.umask(before)
