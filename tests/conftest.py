"""What every test leaves as it found it."""

import logging
from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import settings

from certs.db import leases
from tests.register import NOW

settings.register_profile(
    "certs", deadline=None
)  # the clock on the wall tells how busy the machine is, and nothing else
settings.load_profile("certs")


@pytest.fixture
def database_clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The database's clock: it stands still at the one moment in this list, which a test may change."""
    moment = [NOW]
    monkeypatch.setattr(leases, "now", lambda _: moment[0])
    return moment


@pytest.fixture(autouse=True)
def log() -> Iterator[logging.Logger]:
    """The log of certs; commands and sites that a test starts send it elsewhere."""
    log = logging.getLogger("certs")
    before = (log.handlers[:], log.level)
    yield log
    log.handlers[:] = before[0]
    log.setLevel(before[1])
