"""What unit tests share: a register in a file that was migrated once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from certs.db.engine import prepare
from certs.db.migrate import migrate
from certs.db.store import Store
from tests.engines import compiled_once


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with an empty register."""
    file = tmp_path_factory.mktemp("migrated") / "certs.db"
    engine = create_engine(f"sqlite:///{file}")
    prepare(engine)
    migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file


@pytest.fixture
def store(migrated: Path, tmp_path: Path) -> Iterator[Store]:
    """Yield the store on an empty register."""
    file = tmp_path / "certs.db"
    shutil.copy(migrated, file)
    engine = create_engine(f"sqlite:///{file}")
    prepare(engine)
    yield Store(compiled_once(engine))
    engine.dispose()
