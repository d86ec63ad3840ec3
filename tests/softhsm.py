"""A token of SoftHSM2 that lives as long as one test; its absence is a failure on CI, elsewhere a skip."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pkcs11
import pytest

from certs.keyring import pkcs11 as room
from certs.keyring.uri import Reference

PIN = b"canary-pin-91c4"
_MODULES = (Path("/usr/lib/softhsm/libsofthsm2.so"), Path("/usr/lib64/pkcs11/libsofthsm2.so"))
TOKEN = "Seals"


@dataclass(frozen=True)
class Token:
    """A token that a test may fill."""

    module: Path

    def key(self, label: str = "seal-2026", token: str = TOKEN) -> Reference:
        """Return the reference of the key of that label."""
        return Reference(str(self.module), token, label)


def _module() -> Path:
    for module in _MODULES:
        if module.exists() and shutil.which("softhsm2-util"):
            return module
    reason = "SoftHSM2 is not installed (apt install softhsm2)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Token]:
    """Return a new token; where SoftHSM2 is not installed, skip here and fail on CI."""
    module = _module()
    store = tmp_path / "tokens"
    store.mkdir()
    config = tmp_path / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {store}\nobjectstore.backend = file\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(config))
    make = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", PIN.decode(), "--so-pin", "87654321"]
    subprocess.run(make, check=True, capture_output=True)
    made = Token(module)
    yield made
    room._logins.leave(made.key())
    pkcs11.lib(str(module)).finalize()
