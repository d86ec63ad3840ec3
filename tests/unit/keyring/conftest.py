"""An empty key folder on disk, and a token."""

from pathlib import Path

import pytest

from certs.keyring import KeyFolder
from tests.softhsm import PIN, token

__all__ = ["folder", "token"]

PASSPHRASE = b"canary-passphrase-7f3a"


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    """Return an empty key folder."""
    return KeyFolder(tmp_path / "signing_keys", lambda: PASSPHRASE, lambda: PIN)
