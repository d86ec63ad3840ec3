"""An operator at the command line, in a folder of her own; and a token."""

import io
import sys
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from certs import build
from certs.build import App
from certs.cli import run
from certs.config import Settings
from tests.register import NOW
from tests.softhsm import token

__all__ = ["operator", "token"]


@dataclass(frozen=True)
class Said:
    """How one command ended and what it printed."""

    code: int
    out: str
    err: str


class Operator:
    """Somebody who types commands."""

    def __init__(self, home: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.home, self._capture = home, capture
        self._engines: list[Engine] = []
        self.seconds = count()

    def assembled(self, settings: Settings, flask: Flask, engine: Engine) -> build.App:
        """Put the program together with a clock that goes on by a second whenever it is looked at."""
        self._engines.append(engine)
        return App(settings, flask, engine, clock=lambda: NOW + timedelta(hours=6, seconds=next(self.seconds)))

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
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Operator:
    """Return Ana, for whom nobody answers questions."""
    ana = Operator(tmp_path, capfd)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(build, "App", ana.assembled)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setenv("CERTS_ACTOR", "ana")
    monkeypatch.setenv("CERTS_BASE_URL", "https://certs.example.org")
    monkeypatch.setenv("CERTS_ORGANISATION", "Institute")
    return ana
