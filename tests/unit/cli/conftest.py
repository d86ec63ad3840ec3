"""An operator at the command line, in a folder of her own; and a token."""

import io
import sys
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from certs import build
from certs.cli import run
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

    def types(self, *arguments: str) -> Said:
        """Run one command."""
        self._capture.readouterr()
        code = run(arguments)
        out, err = self._capture.readouterr()
        return Said(code, out, err)


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Operator:
    """Return Ana, whose clock goes on by a second whenever she looks, and for whom nobody answers questions."""
    seconds = count()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(build, "App", partial(build.App, clock=lambda: NOW + timedelta(hours=6, seconds=next(seconds))))
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setenv("CERTS_ACTOR", "ana")
    return Operator(tmp_path, capfd)
