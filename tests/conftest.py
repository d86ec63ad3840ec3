"""What every test leaves as it found it, and what is made once for all of them."""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine

from certs.db import leases
from certs.db.engine import prepare
from certs.db.migrate import migrate
from certs.keyring import wrap
from tests.once import once
from tests.register import NOW

_MEMORY, _ENOUGH_BYTES = Path("/dev/shm"), 4 << 30
if "TMPDIR" not in os.environ and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH_BYTES:
    os.environ["TMPDIR"] = str(_MEMORY)  # each commit waits for a disk, and tests commit some ten thousand times
    tempfile.tempdir = None

settings.register_profile("certs", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# the clock on the wall tells how busy the machine is, and nothing else
settings.load_profile("certs")


@pytest.fixture
def database_clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The database's clock: it stands still at the one moment in this list, which a test may change."""
    moment = [NOW]
    monkeypatch.setattr(leases, "now", lambda _: moment[0])
    return moment


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Encrypt keys with a fortieth of the work, still more than a demo's; what looks at that work makes its own."""
    monkeypatch.setattr(wrap, "TODAY", wrap.Cost(n=2 * wrap.DEMO.n))


@pytest.fixture(autouse=True)
def log() -> Iterator[logging.Logger]:
    """The log of certs; commands and sites that a test starts send it elsewhere."""
    log = logging.getLogger("certs")
    before = (log.handlers[:], log.level)
    yield log
    log.handlers[:] = before[0]
    log.setLevel(before[1])


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with an empty register, to be copied."""
    return once(tmp_path_factory, "migrated", empty_register) / "certs.db"


def empty_register(folder: Path) -> None:
    """Make a register without anything in it, all of it in its file."""
    engine = create_engine(f"sqlite:///{folder}/certs.db")
    prepare(engine)
    migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
