"""What every test leaves as it found it."""

import logging
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile(
    "certs", deadline=None
)  # the clock on the wall tells how busy the machine is, and nothing else
settings.load_profile("certs")


@pytest.fixture(autouse=True)
def log() -> Iterator[logging.Logger]:
    """The log of certs; commands and sites that a test starts send it elsewhere."""
    log = logging.getLogger("certs")
    before = (log.handlers[:], log.level)
    yield log
    log.handlers[:] = before[0]
    log.setLevel(before[1])
