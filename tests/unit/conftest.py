"""What unit tests share: a store on a register of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from certs.db.engine import prepare
from certs.db.store import Store
from tests.engines import compiled_once


@pytest.fixture
def store(migrated: Path, tmp_path: Path) -> Iterator[Store]:
    """Yield the store on an empty register."""
    file = tmp_path / "certs.db"
    shutil.copy(migrated, file)
    engine = create_engine(f"sqlite:///{file}")
    prepare(engine)
    yield Store(compiled_once(engine))
    engine.dispose()
