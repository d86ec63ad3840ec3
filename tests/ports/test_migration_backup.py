"""A register is backed up before it moves to a newer version, and what is kept is all of what was there."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from certs.build import App, build
from certs.config import Settings
from certs.db.migrate import HEAD, current, migrate
from certs.db.store import Store
from certs.errors import StorageError
from certs.model import PersonKey, Registration
from tests.ports.conftest import opened
from tests.ports.test_migrations import ISSUED, OLD_DATA
from tests.register import registrations_of


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """Let others read what nobody keeps from them."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def old(url: str, revision: str = "0001", *statements: str) -> None:
    """Make a register of an older program."""
    engine = opened(url)
    migrate(engine, revision)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def met(url: str, folder: Path, said: list[str], **more: str) -> Store:
    """Open the register as a command does."""
    return assembled(url, folder, said, **more).tables


def assembled(url: str, folder: Path, said: list[str], **more: str) -> App:
    given = {"CERTS_DATABASE_URL": url.replace("+psycopg", ""), "CERTS_MIGRATION_BACKUPS": str(folder), **more}
    return build(Settings.from_environ(given), tell=said.append)


def test_what_was_there_is_kept_as_it_was_and_said(empty_url: str, tmp_path: Path) -> None:
    """In one file, its owner's alone, which any certs can open."""
    old(empty_url, "0001", *OLD_DATA)
    said: list[str] = []
    store = met(empty_url, tmp_path / "kept", said)
    (kept,) = (tmp_path / "kept").iterdir()
    assert said == [f"The register moves from revision 0001 to {HEAD}. As it was it is kept in {kept}."]
    assert ".revision_0001_2" in kept.name
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    with closing(sqlite3.connect(kept)) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert copy.execute("SELECT name, sha256 FROM import_file").fetchall() == [("a.csv", "x")]
        assert copy.execute("PRAGMA journal_mode").fetchall() == [("delete",)]
    store.engine.dispose()
    again = opened(f"sqlite:///{kept}")
    migrate(again)
    expected = [Registration(PersonKey("ana@example.org"), "Ana", 2, "Ghana", listed=False)]
    assert registrations_of(Store(again), "old") == expected
    again.dispose()


def test_a_register_with_certificates_is_kept_whole(empty_url: str, tmp_path: Path) -> None:
    """Its times, days and bytes as SQLite keeps them, whichever database it was in."""
    old(empty_url, "0011", *ISSUED)
    met(empty_url, tmp_path / "kept", []).engine.dispose()
    (kept,) = (tmp_path / "kept").iterdir()
    with closing(sqlite3.connect(kept)) as copy:
        assert copy.execute("SELECT number, state FROM certificate").fetchall() == [("000000000000", "issued")]
        (at,) = copy.execute("SELECT registered_at FROM issued").fetchone()
        assert at.startswith("2026-01-01 00:00:00")


def test_an_empty_register_and_one_that_is_new_enough_are_not_kept(empty_url: str, tmp_path: Path) -> None:
    said: list[str] = []
    old(empty_url, "0011")
    for _ in range(2):
        met(empty_url, tmp_path / "kept", said).engine.dispose()
    assert said == []
    assert not (tmp_path / "kept").exists()


def test_where_it_cannot_be_kept_nothing_is_changed(empty_url: str, tmp_path: Path) -> None:
    """And it says how to go on; off goes on without."""
    old(empty_url, "0001", *OLD_DATA)
    (tmp_path / "file").write_text("in the way")
    app = assembled(empty_url, tmp_path / "file", [])
    with pytest.raises(StorageError, match=r"up to date, which failed\. .*off does without"):
        _ = app.store
    app.engine.dispose()
    engine = opened(empty_url)
    with engine.connect() as connection:
        assert current(connection) == "0001"
    engine.dispose()
    said: list[str] = []
    store = met(empty_url, tmp_path, said, CERTS_MIGRATION_BACKUPS="off")
    assert said == []
    assert len(registrations_of(store, "old")) == 1
    store.engine.dispose()


def test_beside_a_file_it_is_kept_beside(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'certs.db'}"
    assert Settings.from_environ({"CERTS_DATABASE_URL": url}).migration_backups == tmp_path / "deep"
    elsewhere = Settings.from_environ({"CERTS_DATABASE_URL": "postgresql://certs@db/certs"})
    assert elsewhere.migration_backups == Path("instance")
