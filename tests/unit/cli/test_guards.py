"""An address or keys that certificates must not carry are said before each step, and a person is asked."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import click
import pytest
from flask import Flask
from sqlalchemy import Engine

from certs import build
from certs.cli.how import open_app
from certs.config import Settings
from certs.model import Act, Purpose
from tests.register import NOW
from tests.unit.cli.conftest import Operator, Said
from tests.unit.cli.test_secrets import EVENT, REPORT

STEPS = ("order small", "approve 1", "issue 1 --workers 1", "export small --out out")
Spoil = Callable[[Operator, pytest.MonkeyPatch], None]


def local(_: Operator, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("CERTS_BASE_URL", "http://certs.local:8000")


def unencrypted(_: Operator, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("CERTS_BASE_URL", "http://certs.example.org")


def foreign_seal(operator: Operator, _: pytest.MonkeyPatch) -> None:
    assert operator.types("keys", "new", "seal", "--organisation", "Somebody else").code == 0


def demo_seal(operator: Operator, patch: pytest.MonkeyPatch) -> None:
    demo(operator, patch, Purpose.SEAL)


def demo_keys(operator: Operator, patch: pytest.MonkeyPatch) -> None:
    demo(operator, patch, *Purpose)


def demo(operator: Operator, patch: pytest.MonkeyPatch, *purposes: Purpose) -> None:
    """Make demo keys of *purposes*, and what they do not cover real ones."""
    app = open_app()
    for purpose in (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL, Purpose.LINK):
        if purpose in purposes:
            app.make_key(purpose, Act("ana", app.clock()), organisation="Institute", demo=True)


@pytest.fixture
def ready(operator: Operator) -> Operator:
    """Return Ana, who may order; somebody attended."""
    (operator.home / "small.toml").write_text(EVENT)
    (operator.home / "attendee_small.csv").write_text(REPORT)
    for command in (
        "keys new claim", "keys new credential", "keys new link", "keys new seal",
        "event add small.toml", "import small attendee_small.csv --zone UTC",
    ):  # fmt: skip
        assert operator.types(*command.split()).code == 0, command
    return operator


def types(operator: Operator, command: str, *more: str) -> Said:
    return operator.types(*command.split(), *more)


DOUBTFUL = [(local, "leads nowhere outside"), (foreign_seal, "Somebody else")]
WRONG = [(unencrypted, "is not encrypted"), (demo_seal, "beside real ones"), (demo_keys, "could take the certificates")]


@pytest.mark.parametrize(("spoil", "says"), DOUBTFUL)
def test_what_is_doubtful_is_said_and_asked_at_each_step(
    ready: Operator, monkeypatch: pytest.MonkeyPatch, spoil: Spoil, says: str
) -> None:
    """Without an answer nothing is done; --yes goes on, and it is still said."""
    spoil(ready, monkeypatch)
    for step in STEPS:
        asked = types(ready, step)
        assert (asked.code, "say --yes to go ahead" in asked.err) == (2, True), step
        assert says in asked.err, step
        insisted = types(ready, step, "--yes")
        assert (insisted.code, says in insisted.err) == (0, True), step
    assert (ready.home / "out/manifest.csv").exists()


@pytest.mark.parametrize(("spoil", "says"), WRONG)
def test_what_is_wrong_is_refused_when_it_comes_to_issuing(
    ready: Operator, monkeypatch: pytest.MonkeyPatch, spoil: Spoil, says: str
) -> None:
    """Whoever insists. Before, it is said and asked."""
    spoil(ready, monkeypatch)
    for step in STEPS[:2]:
        asked = types(ready, step)
        assert (asked.code, says in asked.err) == (2, True), step
        insisted = types(ready, step, "--yes")
        assert (insisted.code, says in insisted.err) == (0, True), step
    asked = types(ready, STEPS[2])
    assert (asked.code, "all the same?" in asked.err) == (5, False)
    refused = types(ready, STEPS[2], "--yes")
    assert (refused.code, "Nothing is issued like this" in refused.err) == (5, True)
    assert '"ordered": 1' in types(ready, "status 1 --json").out


def test_a_changed_address_is_said_and_asked(ready: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once something was issued under it."""
    for step in STEPS:
        said = types(ready, step, *(("--yes",) if step.startswith(("order", "approve")) else ()))
        assert (said.code, "DOUBTFUL" in said.err, "WRONG" in said.err) == (0, False, False), step
    monkeypatch.setenv("CERTS_BASE_URL", "https://new.example.org")
    asked = types(ready, STEPS[3])
    assert asked.code == 2
    assert "lead to https://certs.example.org, and now the public address is https://new.example.org" in asked.err
    assert types(ready, STEPS[3], "--yes").code == 0


def test_a_person_at_the_terminal_may_say_no(ready: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is done then."""
    monkeypatch.setenv("CERTS_BASE_URL", "http://localhost:8000")
    assert types(ready, "order small --yes").code == 0
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(click, "confirm", lambda *_, **__: False)
    assert types(ready, "approve 1").code == 130
    assert '"approved_at": null' in types(ready, "status 1 --json").out


def test_a_finished_batch_is_not_asked_about(ready: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in STEPS[:3]:
        assert types(ready, step, "--yes").code == 0
    monkeypatch.setenv("CERTS_BASE_URL", "http://localhost:8000")
    assert types(ready, STEPS[2]).code == 0


def rewritten(operator: Operator, _: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(operator.home / "instance/certs.db")) as database:
        database.execute("DROP TRIGGER audit_never_changes")
        database.execute("UPDATE audit SET actor = 'somebody else' WHERE id = 2")
        database.commit()


def open_to_others(operator: Operator, _: pytest.MonkeyPatch) -> None:
    (operator.home / "signing_keys").chmod(0o777)


def clock_set_back(operator: Operator, patch: pytest.MonkeyPatch) -> None:
    def early(settings: Settings, flask: Flask, engine: Engine) -> build.App:
        app = operator.assembled(settings, flask, engine)
        app.clock = lambda: NOW - timedelta(days=1)
        return app

    patch.setattr(build, "App", early)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (rewritten, "The trail is broken"),
        (open_to_others, "may be written by others"),
        (clock_set_back, "Set the clock"),
    ],
)
def test_issuing_refuses_what_the_doctor_calls_wrong(
    ready: Operator, monkeypatch: pytest.MonkeyPatch, spoil: Spoil, says: str
) -> None:
    """Not what he only notes; the batch keeps the reason."""
    for step in STEPS[:2]:
        assert types(ready, step, "--yes").code == 0
    spoil(ready, monkeypatch)
    assert says in types(ready, "doctor").out
    refused = types(ready, STEPS[2], "--yes")
    assert (refused.code, says in refused.err) == (5, True)
    status = types(ready, "status small/1 --json").out
    assert '"ordered": 1' in status
    assert says in status


def test_a_seal_is_not_compared_with_an_issuer_that_nobody_named(
    ready: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """“The organisers of …” is no organisation: nothing is asked at any step, and check says once what to set."""
    (ready.home / "small.toml").write_text(EVENT.replace('issuer = "Institute"\n', ""))
    assert types(ready, "event add small.toml --yes").code == 0
    foreign_seal(ready, monkeypatch)
    said = types(ready, "check small").out
    assert "look (issuer_unnamed): The event file names no issuer, so certificates say “The organisers" in said
    assert "seal_organisation" not in said
    assert "Somebody else" not in types(ready, "doctor").out
    for step in STEPS:
        done = types(ready, step, *(("--yes",) if step.startswith(("order", "approve")) else ()))
        assert (done.code, "DOUBTFUL" in done.err) == (0, False), step
