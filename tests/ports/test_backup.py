import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from certs.db import audit
from certs.db.backup import backup
from certs.db.restore import restore
from certs.db.store import Store
from certs.errors import ConflictError, InputError
from tests.ports.conftest import opened
from tests.register import EVENT, act, issued, joins_of, people, received


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.db"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = opened(database_url)
    yield engine
    engine.dispose()


def test_what_was_backed_up_comes_back(engine: Engine, file: Path) -> None:
    """Certificates, their bytes, imports and trail, after more was imported, which is thrown back."""
    store = Store(engine)
    first = issued(store, people(3))
    store.imports.add(EVENT.slug, [received()], act())
    backup(engine, file)
    store.imports.add(EVENT.slug, [received("b.csv", b"b")], act())
    done = restore(engine, file, act(reason="drill"))
    assert (done.certificates, done.spent) == (3, 0)
    assert [one.certificate.number for one in store.deliveries(EVENT.slug)] == sorted(first)
    assert len(joins_of(store, EVENT.slug)) == 2
    assert audit.first_broken(audit.entries(engine)) is None
    assert list(audit.entries(engine))[-1].act == "register.restore"


def test_nobody_else_may_read_a_backup(engine: Engine, file: Path) -> None:
    """It holds names and addresses, and so does the register that comes back from it, whatever the umask says."""
    before = os.umask(0o022)
    try:
        issued(Store(engine), ["ana"])
        backup(engine, file)
        restore(engine, file, act(reason="drill"))
    finally:
        os.umask(before)
    held = [file, Path(engine.url.database or "")] if engine.dialect.name == "sqlite" else [file]
    assert [one.stat().st_mode & 0o777 for one in held] == [0o600] * len(held)


def test_the_register_before_is_put_aside_not_away(database_url: str, engine: Engine, file: Path) -> None:
    """Its certificates can still be looked up there."""
    store = Store(engine)
    issued(store, ["ana"])
    backup(engine, file)
    (lost,) = issued(store, ["ben"])
    done = restore(engine, file, act(reason="drill"))
    engine.dispose()
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            schema = done.put_aside.removeprefix("schema ")
            found = connection.execute(text(f'SELECT count(*) FROM "{schema}".certificate')).scalar()
    else:
        aside = opened(f"sqlite:///{done.put_aside}")
        found = 2 if Store(aside).certificate(lost) is not None else 0
        aside.dispose()
    assert found == 2


def test_an_empty_database_takes_a_backup(engine: Engine, file: Path, empty_url: str) -> None:
    """Of the other kind of database too: a way from SQLite to PostgreSQL and back."""
    numbers = issued(Store(engine), people(3))
    backup(engine, file)
    target = opened(empty_url)
    restore(target, file, act(reason="move"))
    assert [one.certificate.number for one in Store(target).deliveries(EVENT.slug)] == sorted(numbers)
    (another,) = issued(Store(target), ["new@example.org"])
    assert Store(target).certificate(another) is not None
    target.dispose()


def test_a_backup_is_never_overwritten(engine: Engine, file: Path) -> None:
    """Yesterday's may be the good one."""
    file.write_bytes(b"yesterday")
    with pytest.raises(ConflictError, match="exists already"):
        backup(engine, file)
    assert file.read_bytes() == b"yesterday"


def test_a_file_that_is_no_backup_is_refused(engine: Engine, file: Path) -> None:
    """And the register stays as it was."""
    (one,) = issued(Store(engine), ["ana"])
    file.write_bytes(b"PK\x03\x04 something else")
    with pytest.raises(InputError, match="no backup"):
        restore(engine, file, act())
    assert Store(engine).certificate(one) is not None


def test_a_backup_with_a_broken_trail_is_refused(engine: Engine, file: Path) -> None:
    """Somebody rewrote it while it lay there."""
    issued(Store(engine), ["ana"])
    backup(engine, file)
    forged = opened(f"sqlite:///{file}")
    with forged.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_never_changes"))
        connection.execute(text("UPDATE audit SET actor = 'eve' WHERE id = 2"))
    forged.dispose()
    with pytest.raises(InputError, match="entry 2 was changed"):
        restore(engine, file, act())


def test_a_register_in_use_is_not_swapped(tmp_path: Path, migrated: Path, file: Path) -> None:
    """A service that went on writing to the file put aside would lose certificates."""
    place = tmp_path / "certs.db"
    place.write_bytes(migrated.read_bytes())
    engine, service = opened(f"sqlite:///{place}"), opened(f"sqlite:///{place}")
    backup(engine, file)
    with service.connect() as connection:
        connection.execute(text("SELECT 1 FROM certificate"))
        with pytest.raises(ConflictError, match="Stop the service"):
            restore(engine, file, act())
    service.dispose()
    engine.dispose()
