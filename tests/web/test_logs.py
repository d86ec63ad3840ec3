"""Logs that an operator can read and a stranger cannot use."""

import json
import logging
import re

import pytest

from certs import claim, logs
from certs.model import Purpose
from certs.web.public import verification
from tests.web.cast import visitor
from tests.world import World


def test_a_leaked_key_is_one_line_with_number_and_kid(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    logs.install("", logging.WARNING)
    statement = world.statement("Leaked Name")
    signer = world.keys.signer(Purpose.CLAIM)
    visitor(world).get(f"/V/{claim.Writer(signer).text(statement)}")
    line = json.loads(capsys.readouterr().err)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("at"))
    assert line.pop("process") > 1
    assert line == {
        "level": "critical",
        "room": "certs.verify",
        "what": "claim_not_in_register",
        "number": statement.number,
        "kid": signer.key.kid,
    }


def test_a_visit_leaves_no_line_unless_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    logs.install("", logging.WARNING)
    client = visitor(world)
    for path in (f"/V/{world.issue().claim_text}", "/me/x", "/nope", "/verify?number=7"):
        client.get(path)
    assert capsys.readouterr().err == ""


def test_asked_for_each_answer_is_a_line_with_its_route(capsys: pytest.CaptureFixture[str]) -> None:
    """And the verdict's number; neither path nor name. Monitors that find all well leave none."""
    world = World()
    logs.install(logs.STDERR, logging.WARNING)
    client, ana = visitor(world), world.issue("Ana Souza")
    for path in (f"/V/{ana.claim_text}", "/me/x", "/nope", "/healthz", "/readyz"):
        client.get(path)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [
        (line["what"], line["route"], line["status"], line.get("verdict"), line.get("number")) for line in lines
    ] == [
        ("answered", "/V/<path:text>", 200, "valid", ana.number),
        ("answered", "/me/<token>", 404, None, None),
        ("answered", "", 404, None, None),
    ]
    assert all(0 < line["milliseconds"] < 60_000 for line in lines)


def test_what_nobody_foresaw_is_logged_by_place_and_type_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception often holds what it stumbled over."""
    world = World()
    logs.install("", logging.WARNING)

    def stumble(summary: object) -> None:
        raise KeyError("Ana Souza")

    monkeypatch.setattr(verification, "headline", stumble)
    answer = visitor(world).get(f"/V/{world.issue('Ana Souza').claim_text}")
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert said["reference"] in answer.text
    assert (said["what"], said["errors"], said["route"]) == ("unexpected", ["KeyError"], "/V/<path:text>")
    assert re.search(r"certs/web/public/verification\.py:\d+ claim", "\n".join(said["trace"]))
    assert "Ana" not in line
