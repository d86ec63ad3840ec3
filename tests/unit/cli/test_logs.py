"""The log of a whole deployment: every act is there, by ids and counts, and nobody is.

One event is taken from its file to certificates that are visited, corrected and revoked, and everything is done wrong
too; every name, address, file, claim, link and secret in it is marked, and the log and all tracebacks are searched.
"""

import csv
import json
import logging
import re

import pytest
from flask.testing import FlaskClient

from certs import web
from certs.logs import FIELDS
from certs.web.public import verification
from certs.work import orders
from tests.unit.cli.conftest import Operator
from tests.unit.cli.test_secrets import EVENT, REPORT
from tests.web.cast import Browser

NAME, ADDRESS, FILE, REASON, PASSPHRASE, ODD = (
    "Zzyzxname", "zzyzxaddress@example.org", "zzyzxfile", "zzyzxreason", "zzyzxpassphrase-of-words", "𐀀"
)  # fmt: skip
"""The last is a letter that no font has: whose name bears it is held back."""
MARKS = ("zzyzx", "Zzyzx", ODD)
ALWAYS = {"at", "level", "room", "process", "what"}


@pytest.fixture
def logged(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Return an operator with a log file."""
    monkeypatch.setenv("CERTS_LOG", str(operator.home / "certs.log"))
    monkeypatch.setenv("CERTS_KEY_PASSPHRASE", PASSPHRASE)
    row = REPORT.splitlines()[6]
    assert "ana@" in row
    ana, odd = (row.replace("Ana", name).replace("ana@", mail) for name, mail in ((NAME, "zzyzxaddress@"), (ODD, "o@")))
    (operator.home / "small.toml").write_text(EVENT)
    (operator.home / f"attendee_{FILE}.csv").write_text("\n".join([*REPORT.splitlines()[:6], ana, odd, ""]))
    (operator.home / f"broken_{FILE}.csv").write_text(f"{NAME},{ADDRESS}\n")
    return operator


def lines(operator: Operator) -> list[dict[str, object]]:
    return [json.loads(line) for line in (operator.home / "certs.log").read_text().splitlines()]


def types(operator: Operator, command: str) -> int:
    return operator.types(*command.split()).code


def issued(operator: Operator) -> dict[str, str]:
    """Bring the event to certificates, and return the manifest's row of the one that could be printed."""
    for command in (
        "keys new claim", "keys new credential", "keys new link", "keys new seal", "event add small.toml",
        f"import small attendee_{FILE}.csv --zone UTC", f"order small --yes --reason {REASON}", "approve 1 --yes",
        "issue 1 --workers 2", "export small --out out",
    ):  # fmt: skip
        assert types(operator, command) == 0, command
    with (operator.home / "out" / "manifest.csv").open(encoding="utf-8-sig", newline="") as manifest:
        (row,) = csv.DictReader(manifest)
    assert NAME in row["name"]
    return row


def fail(operator: Operator, row: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Do things wrong, of every kind of error, a defect of the program among them."""
    with monkeypatch.context() as broken:

        def stumble(*_: object, **__: object) -> None:
            raise KeyError(f"{NAME} {ADDRESS}")

        broken.setattr(orders, "plan", stumble)
        assert types(operator, "order small --yes") == 1
    failures = {
        f"import small broken_{FILE}.csv": 2,
        f"import {FILE} attendee_{FILE}.csv": 4,
        f"import small attendee_{FILE}.csv --zone UTC": 0,
        f"correct {row['number']} --name {NAME}\u200b --reason {REASON}": 2,
        f"answer small {NAME} {ADDRESS}": 4,
        "approve 1": 5,
        f"backup {FILE}/{NAME}": 7,
    }
    assert {command: types(operator, command) for command in failures} == failures
    monkeypatch.setenv("CERTS_KEY_PASSPHRASE", "zzyzxwrong")
    assert types(operator, f"correct {row['number']} --name {NAME}x --reason {REASON}") == 6
    monkeypatch.setenv("CERTS_KEY_PASSPHRASE", PASSPHRASE)


def visit(row: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Open every page of hers, wrong ones too, and one that breaks."""
    flask = web.create()
    flask.test_client_class = Browser
    client: FlaskClient = flask.test_client()
    claim, link = row["verify_url"].partition("/V/")[2], row["personal_url"].partition("/me/")[2]
    forged = f"{claim[:60]}{'B' if claim[60] == 'A' else 'A'}{claim[61:]}"
    statuses = [
        client.get(path).status_code
        for path in (
            f"/V/{claim}", f"/V/{forged}", f"/c/{row['number']}", f"/c/{row['number']}/credential.json",
            f"/me/{link}", f"/me/{link}/{row['number']}.pdf", f"/me/{link}x", f"/verify?number={NAME}", f"/{ADDRESS}",
        )
    ]  # fmt: skip
    assert statuses == [200, 200, 200, 200, 200, 200, 404, 400, 404]

    def stumble(*_: object, **__: object) -> None:
        raise ValueError(f"{NAME} {claim} {link}")

    monkeypatch.setattr(verification, "headline", stumble)
    assert client.get(f"/V/{claim}").status_code == 500


def test_a_whole_deployment_leaves_lines_without_anybody(
    logged: Operator, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Searched: the log, and what the commands that broke left on the screen."""
    row = issued(logged)
    fail(logged, row, monkeypatch)
    visit(row, monkeypatch)
    corrected = f"correct {row['number']} --name {NAME}y --reason {REASON} --yes"
    for command in (
        corrected,
        f"revoke {row['number']} --class other --note {REASON} --yes",
        f"undo {row['number']} --reason x",
    ):
        assert types(logged, command) in {0, 5}, command
    text = (logged.home / "certs.log").read_text()
    claim, link = row["verify_url"].partition("/V/")[2], row["personal_url"].partition("/me/")[2]
    assert [mark for mark in (*MARKS, claim, claim[:40], link, link[:20]) if mark in text] == []
    assert [line for line in lines(logged) if not line.keys() <= {*ALWAYS, *FIELDS, "errors", "trace"}] == []


def test_a_defect_on_the_screen_names_places_and_nobody(logged: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise KeyError(f"{NAME} {ADDRESS}")

    assert types(logged, "keys new claim") == 0
    monkeypatch.setattr(orders, "plan", stumble)
    said = logged.types("order", "small", "--yes")
    assert (said.code, "KeyError" in said.err, "certs/cli/batches.py:" in said.err) == (1, True, True)
    assert [mark for mark in MARKS if mark in said.err] == []


def test_the_steps_of_an_issue_can_be_followed(logged: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every act of the register with its entry in the trail, the kids that signed, the counts, and how long it took."""
    row = issued(logged)
    visit(row, monkeypatch)
    found = lines(logged)
    acts = [line for line in found if line["what"] == "act"]
    assert [line["audit"] for line in acts] == list(range(1, len(acts) + 1))
    stored = [line for line in acts if line["act"] == "batch.issue"]
    by_act = {line["act"]: line for line in acts}
    ordered, approved = by_act["batch.order"], by_act["batch.approve"]
    assert (by_act["import.add"]["joins"], ordered["batch"], approved["count"]) == (2, "small/1", 2)
    assert [(line["batch"], line["event"]) for line in stored] == [("small/1", "small")] * len(stored)
    assert [(line["made"], line["held"]) for line in stored] == [(1, 1)]
    kids = {path.name.partition("-")[2] for path in logged.home.glob("signing_keys/*")}
    assert {stored[0]["claim_kid"], stored[0]["seal_kid"]} < kids
    by_word = {line["what"]: line for line in found}
    ended, imported = by_word["issue_ended"], by_word["imported"]
    assert (ended["issued"], ended["held"], ended["left"]) == (1, 1, 0)
    assert (imported["files"], imported["joins"]) == (1, 2)
    assert all(isinstance(line["seconds"], float) for line in (ended, imported, by_word["command"]))
    verdicts = [line.get("verdict") for line in found if line["what"] == "answered"]
    assert verdicts[:3] == ["valid", "altered", "valid"]


def test_a_pause_says_which_error_and_where(logged: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certs.pdf.check_structure", lambda plate, imprint: [f"The page of {NAME} is empty."])
    with pytest.raises(AssertionError, match="issue"):
        issued(logged)
    (paused,) = [line for line in lines(logged) if line["what"] == "issue_paused"]
    assert (paused["level"], paused["batch"], paused["code"]) == ("error", "small/1", "signing")
    assert paused["errors"] == ["SigningError"]
    assert NAME not in (logged.home / "certs.log").read_text()


def test_the_marks_would_be_found(logged: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the wall down, a name gets through: the search is no show."""
    monkeypatch.setattr("certs.logs._WORD", re.compile(".*"))
    logging.getLogger("certs").addHandler(logging.NullHandler())
    assert types(logged, "keys new claim") == 0
    logging.getLogger("certs.issue").info(f"issued to {NAME}")
    assert NAME in (logged.home / "certs.log").read_text()
