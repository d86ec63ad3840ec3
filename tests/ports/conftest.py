"""Every contract runs on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from certs.db.engine import prepare
from certs.db.migrate import migrate
from certs.db.store import Store
from tests import postgres
from tests.engines import compiled_once

_serial = count(1)


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    with postgres.cluster() as running:
        running.create("migrated")
        engine = opened(running.url("migrated"))
        migrate(engine)
        engine.dispose()
        yield running


def opened(url: str) -> Engine:
    """Return an engine as the program sets it up."""
    engine = create_engine(url)
    prepare(engine)
    return compiled_once(engine)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    name = f"test{next(_serial)}"
    yield cluster.create(name)
    cluster.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the address of an empty register of the newest schema."""
    if request.param == "sqlite":
        file = tmp_path / "certs.db"
        shutil.copy(request.getfixturevalue("migrated"), file)
        yield f"sqlite:///{file}"
        return
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    name = f"test{next(_serial)}"
    yield cluster.create(name, "migrated")
    cluster.drop(name)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """Yield the store on an empty register."""
    engine = opened(database_url)
    yield Store(engine)
    engine.dispose()
