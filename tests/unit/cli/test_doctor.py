"""`certs doctor`: silent about nothing that is wrong, and each time with what to do."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from certs import build
from certs.pdf import typeface
from tests.register import NOW
from tests.unit.cli.conftest import Operator


def healthy(operator: Operator) -> None:
    for purpose in ("claim", "credential", "seal", "link"):
        assert operator.types("keys", "new", purpose).code == 0


def wrong(operator: Operator) -> dict[str, str]:
    """Return what is wrong, by what it is about."""
    said = operator.types("doctor", "--json")
    found = {finding["about"]: finding["text"] for finding in json.loads(said.out) if not finding["good"]}
    assert said.code == (1 if found else 0)
    return found


def test_a_healthy_deployment_has_nothing_wrong(operator: Operator) -> None:
    healthy(operator)
    assert wrong(operator) == {}


def test_missing_keys_are_said_with_the_command_that_makes_them(operator: Operator) -> None:
    assert "certs keys new" in wrong(operator)["keys"]


def test_a_site_without_https_is_wrong(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    healthy(operator)
    monkeypatch.setenv("CERTS_BASE_URL", "http://certs.example.org")
    assert "https" in wrong(operator)["base URL"]


def test_a_clock_set_back_is_wrong(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a key was made, or before the register last changed."""
    healthy(operator)
    monkeypatch.setattr(build, "App", lambda *parts: build_at_dawn(operator, *parts))
    assert "set the clock" in wrong(operator)["clock"]


def build_at_dawn(operator: Operator, *parts: object) -> build.App:
    app = operator.assembled(*parts)  # type: ignore[arg-type]
    app.clock = lambda: NOW - timedelta(days=1)
    return app


def test_a_missing_font_is_wrong(operator: Operator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    healthy(operator)
    monkeypatch.setattr(typeface, "_FOLDER", tmp_path / "nowhere")
    assert "missing" in wrong(operator)["fonts"]


def test_a_database_that_is_none_is_wrong(operator: Operator) -> None:
    healthy(operator)
    (operator.home / "instance/certs.db").write_bytes(b"this is no database" * 1000)
    for more in ("-wal", "-shm"):
        (operator.home / f"instance/certs.db{more}").unlink(missing_ok=True)
    assert "database" in wrong(operator)
