"""What a command opened is closed when it ends; Python complains from 3.13 on about a connection that is not."""

import pytest
from flask import Flask
from sqlalchemy import Engine

from certs import build
from certs.cli import run
from certs.config import Settings
from tests.register import AUCKLAND
from tests.unit.cli.conftest import Operator


@pytest.mark.parametrize(
    ("command", "ends"), [(("event", "list"), 0), (("status", "gmp-2026"), 0), (("status", "nobody"), 4)]
)
def test_no_connection_stays_open(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], ends: int
) -> None:
    """Whether it succeeds or fails."""
    (operator.home / "event.toml").write_text(AUCKLAND)
    assert operator.types("event", "add", "event.toml").code == 0
    engines: list[Engine] = []

    def assembled(settings: Settings, flask: Flask, engine: Engine) -> build.App:
        engines.append(engine)
        return operator.assembled(settings, flask, engine)

    monkeypatch.setattr(build, "App", assembled)
    try:
        code: object = run(command)
    except SystemExit as leaves:
        code = leaves.code
    assert (code, len(engines)) == (ends, 1)
    assert "Connections in pool: 0" in engines[0].pool.status()
