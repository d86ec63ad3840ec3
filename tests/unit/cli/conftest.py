"""An operator at the command line, in a folder of her own; and a token."""

import io
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, inspect

from certs import build
from certs.build import App
from certs.cli import run
from certs.config import Settings
from certs.db.engine import make_file, prepare
from certs.db.migrate import migrate
from certs.db.store import Store
from certs.keyring import KeyFolder
from certs.keyring.voucher import FolderVoucher
from tests.engines import compiled_once
from tests.register import NOW
from tests.softhsm import token

__all__ = ["operator", "token"]


@dataclass(frozen=True)
class Said:
    """How one command ended and what it printed."""

    code: int
    out: str
    err: str


_MADE: dict[str, tuple[Path, int]] = {}
"""Folders that were prepared, and the second at which the clock stood then."""


class Operator:
    """Somebody who types commands."""

    def __init__(self, home: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.home, self._capture = home, capture
        self._engines: list[Engine] = []
        self.seconds = count()

    def assembled(self, settings: Settings, flask: Flask, engine: Engine) -> build.App:
        """Put the program together with a clock that goes on by a second whenever it is looked at."""
        self._engines.append(engine)
        if engine.dialect.name == "sqlite":  # a server may be out of reach
            compiled_once(engine)
        return App(settings, flask, engine, clock=lambda: NOW + timedelta(hours=6, seconds=next(self.seconds)))

    def prepare(self, what: object, make: Callable[[], object]) -> None:
        """Bring an empty folder to where *make* brings it, which is done once and then copied.

        *what* tells it from all others, and so do the settings.
        """
        settings = sorted(item for item in os.environ.items() if item[0].startswith("CERTS_"))
        key = repr((what, settings))
        if any(self.home.iterdir()):
            make()
            return
        if key not in _MADE:
            make()
            kept = self.home.with_name(f"kept{len(_MADE)}")
            shutil.copytree(self.home, kept, symlinks=True)
            _MADE[key] = kept, next(self.seconds)
        kept, seconds = _MADE[key]
        shutil.copytree(kept, self.home, symlinks=True, dirs_exist_ok=True)
        self.seconds = count(seconds)

    def store(self) -> Store:
        """Open her register as a command of hers does, which signs what it does by her keys."""
        engine = create_engine(f"sqlite:///{self.home}/instance/certs.db")
        prepare(engine)
        self._engines.append(engine)
        secret = self.home / "instance/key_passphrase"
        keys = KeyFolder(self.home / "signing_keys", lambda: secret.read_bytes().strip())
        return Store(engine, lambda: FolderVoucher(keys, "127.0.0.1:8000/trail"))

    def types(self, *arguments: str) -> Said:
        """Run one command."""
        self._capture.readouterr()
        try:
            code: int | str | None = run(arguments)
        except SystemExit as leaves:
            code = leaves.code
        while self._engines:
            self._engines.pop().dispose()
        out, err = self._capture.readouterr()
        return Said(int(code or 0), out, err)


@pytest.fixture
def operator(
    tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Operator:
    """Return Ana, for whom nobody answers questions; her new registers are copies of one that was migrated."""

    def copies(engine: Engine) -> None:
        make_file(engine)
        if engine.dialect.name == "sqlite" and not inspect(engine).get_table_names():
            engine.dispose()  # a connection would go on with the empty file that it knows
            shutil.copyfile(migrated, str(engine.url.database))
        else:
            migrate(engine)

    ana = Operator(tmp_path, capfd)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(build, "migrate", copies)
    monkeypatch.setattr(build, "App", ana.assembled)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setenv("CERTS_ACTOR", "ana")
    monkeypatch.setenv("CERTS_BASE_URL", "https://certs.example.org")
    monkeypatch.setenv("CERTS_ORGANISATION", "Institute")
    return ana
