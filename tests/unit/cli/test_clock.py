"""A clock that is wrong: nothing is dated by one that is behind the register, and one far ahead is asked about."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from certs import build
from certs.build import App
from certs.config import Settings
from tests.unit.cli.certified import SLUG, attended, certified, does, report
from tests.unit.cli.conftest import Operator


def at(operator: Operator, monkeypatch: pytest.MonkeyPatch, **away: float) -> None:
    """Set the clock of the next commands so far from what it was."""

    def assembled(settings: Settings, flask: Flask, engine: Engine) -> App:
        app = operator.assembled(settings, flask, engine)
        usual = app.clock
        app.clock = lambda: usual() + timedelta(**away)
        return app

    monkeypatch.setattr(build, "App", assembled)


@pytest.fixture
def numbers(operator: Operator) -> dict[str, str]:
    return certified(operator)


def ordered(operator: Operator) -> None:
    """Let Dee come to the event, and be ordered."""
    does(operator, "import", SLUG, report(operator, "late.csv", attended("Dee")), "--yes")


ORDER = ("order", SLUG, "--yes", "--accept", "session_missing:2", "--reason", "it is still to come")


def test_nothing_is_dated_before_what_the_register_has_on_record(
    operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither ordered, approved, issued, corrected nor reissued; and the sentence says both times."""
    ordered(operator)
    retired = next(line.split()[1] for line in does(operator, "keys", "list").splitlines() if line.startswith("claim"))
    does(operator, "keys", "new", "claim")
    at(operator, monkeypatch, days=-30)
    assert "The clock says 2026-10-23 18" in does(operator, *ORDER, code=5)
    correct = ("correct", numbers["Ana"], "--name", "Ana B", "--reason", "typo", "--yes")
    assert "the register was last changed after that, 2026-11-22 18:" in does(operator, *correct, code=5)
    assert "Set the clock" in does(operator, "reissue", "--signed-by", retired, "--reason", "stolen", "--yes", code=5)
    at(operator, monkeypatch, days=0)
    does(operator, *ORDER)
    at(operator, monkeypatch, days=-30)
    assert "Set the clock" in does(operator, "approve", "2", "--yes", "--as", "ben", code=5)
    at(operator, monkeypatch, days=0)
    does(operator, "approve", "2", "--yes", "--as", "ben")
    at(operator, monkeypatch, days=-30)
    assert "Set the clock" in does(operator, "issue", "2", "--workers", "1", "--yes", code=5)
    at(operator, monkeypatch, days=0)
    does(operator, "issue", "2", "--workers", "1")


def test_clocks_a_little_apart_are_no_reason(
    operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several machines share a register."""
    ordered(operator)
    at(operator, monkeypatch, minutes=-4)
    assert "WRONG" not in does(operator, *ORDER)
    does(operator, "approve", "2", "--yes", "--as", "ben")
    does(operator, "issue", "2", "--workers", "1")


def test_a_clock_a_year_ahead_is_asked_about(
    operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is there to answer, so nothing is done; by --yes it is said and done."""
    ordered(operator)
    at(operator, monkeypatch, days=400)
    refused = does(operator, *(one for one in ORDER if one != "--yes"), code=2)
    assert "DOUBTFUL: The clock says 2027-12-27" in refused
    assert "400 days before that" in refused
    assert "DOUBTFUL: The clock says" in does(operator, *ORDER)
    assert "ok    clock" in does(operator, "doctor")


def test_a_clock_that_was_wrong_is_settled_and_only_then(
    operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An act under the right clock does not do it by the way: nobody may have noticed."""
    settle = ("audit", "clock", "--reason", "it was a year ahead since the reboot")
    assert "nothing to settle" in does(operator, *settle, code=5)
    at(operator, monkeypatch, days=400)
    ordered(operator)
    at(operator, monkeypatch, days=1)
    does(operator, "withhold", SLUG, "ben@example.org", "--reason", "asked for it", "--yes")
    assert "certs audit clock" in does(operator, *ORDER, code=5)
    assert "Say how you know" in does(operator, "audit", "clock", code=2)
    assert "stops nothing any more" in does(operator, *settle)
    does(operator, *ORDER)
    assert "whole" in does(operator, "audit", "verify")
    assert "are for clock, checkpoint and adopt" in does(operator, "audit", "verify", "--reason", "x", code=2)


def test_the_doctor_says_both(operator: Operator, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    at(operator, monkeypatch, days=-30)
    assert "WRONG clock        The clock says" in does(operator, "doctor", code=1)
    at(operator, monkeypatch, days=366)
    assert "LOOK  clock        The clock says" in does(operator, "doctor")
