"""What every test leaves as it found it."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def log() -> Iterator[logging.Logger]:
    """The log of certs; commands and sites that a test starts send it elsewhere."""
    log = logging.getLogger("certs")
    before = (log.handlers[:], log.level)
    yield log
    log.handlers[:] = before[0]
    log.setLevel(before[1])
