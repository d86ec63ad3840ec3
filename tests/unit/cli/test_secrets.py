"""No secret ever shows: every command succeeds and fails with canaries as its secrets, and all it leaves is searched.

Searched are both outputs, every log record down to DEBUG, the files that were written, and what a traceback would show.
"""

import json
import logging
import traceback
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from certs.cli import cli, run
from certs.config import Settings
from certs.errors import SigningError
from certs.keyring import KeyFolder, pkcs11
from certs.model import Purpose
from tests.softhsm import PIN, Token
from tests.test_docs import commands
from tests.unit.cli.conftest import Operator
from tests.unit.keyring.authority import CommercialAuthority
from tests.world import NOW

CANARIES = ("canary-passphrase-7f3a", "canary-session-22c1", PIN.decode(), "canary-database-08d5", "canary-wrong-e6b0")
PASSPHRASE, SESSION, _, DATABASE, WRONG = CANARIES
EVENT = """
slug = "small"
title = "A small event"
issuer = "Institute"
zone = "UTC"
[rule]
sessions = 1
share = 0.5
[[sessions]]
id = "1"
title = "The only one"
start = 2026-10-06T11:00:00Z
end = 2026-10-06T13:00:00Z
"""
REPORT = """Attendee Report
Report generated time,10/07/2026 03:08:00 PM
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registrants,Unique Viewers,Total Users
The only one,900 0000 0007,"10/06/2026 11:00:00 AM",120,1,1,1
Attendee Details
Attended,User Name (Original Name),First Name,Last Name,Email,Join Time,Leave Time,Time in Session (minutes),Is Guest
Yes,Ana Souza,Ana,Souza,ana@example.org,"10/06/2026 11:00:00 AM","10/06/2026 01:00:00 PM",120,Yes
Yes,Somebody,Some,Body,,"10/06/2026 11:00:00 AM","10/06/2026 01:00:00 PM",120,Yes
"""
SERVES = {"certs serve", "certs demo", "certs work", "certs worker"}
"""Go on until they are stopped; only their failures are tried here."""


@pytest.fixture
def secretive(operator: Operator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Operator:
    """Return an operator whose every secret is a canary, and whose log keeps everything."""
    for name, value in (("KEY_PASSPHRASE", PASSPHRASE), ("SECRET_KEY", SESSION), ("PKCS11_PIN", PIN.decode())):
        monkeypatch.setenv(f"CERTS_{name}", value)
    caplog.set_level(logging.DEBUG)
    (operator.home / "small.toml").write_text(EVENT)
    (operator.home / "attendee_small.csv").write_text(REPORT)
    return operator


def _types(operator: Operator, command: str) -> tuple[int, str]:
    said = operator.types(*command.split()[1:])
    return said.code, said.out + said.err


def _leaks(caplog: pytest.LogCaptureFixture, *texts: str) -> list[str]:
    records = (f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    return [canary for text in (*texts, *records) for canary in CANARIES if canary in text]


def _all_names() -> set[str]:
    return {name for name, _ in commands(cli, "certs")}


def _name(command: str) -> str:
    return next(name for name in sorted(_all_names(), key=len, reverse=True) if f"{command} ".startswith(f"{name} "))


def _script(operator: Operator) -> Sequence[str]:
    """Return every command that ends by itself, in an order in which each succeeds; KID and NUMBER are filled in."""
    return (
        "certs init --yes",
        "certs keys new claim --json", "certs keys new credential", "certs keys new link", "certs keys new seal",
        "certs event new fresh", "certs event add small.toml", "certs event list",
        "certs attendance small.toml attendee_small.csv --zone UTC",
        "certs import small attendee_small.csv --zone UTC", "certs unimport small attendee_small.csv --reason x --yes",
        "certs import small attendee_small.csv --zone UTC", "certs questions small", "certs names small",
        "certs name small ana@example.org Anja",
        "certs answer small QUESTION nobody", "certs evidence list small",
        "certs evidence add small 1 ana@example.org --full --kind sheet --note folder",
        "certs evidence withdraw small 1 --reason mistake", "certs decide small", "certs near-misses small",
        "certs withhold small ana@example.org --reason x --yes", "certs grant small ana@example.org --reason x --yes",
        "certs lift small ana@example.org --reason x --yes", "certs check small", "certs preview small",
        "certs order small --yes",
        "certs reject small/1 --reason x", "certs order small --yes", "certs cancel small/2 --yes",
        "certs order small --yes",
        "certs approve small/3 --yes", "certs issue small/3 --workers 1", "certs status small/3 --json",
        "certs export small --out out", "certs link ana@example.org", "certs report small --out report",
        "certs verify NUMBER",
        "certs correct NUMBER --name Anna --reason typo --yes", "certs keys list --json",
        "certs keys compromise KID --since 2026-11-22 --reason theft --yes", "certs keys new claim",
        "certs reissue --signed-by KID --reason theft --yes", "certs revoke LAST --class error --note wrong --yes",
        "certs undo LAST --reason mistake", "certs revoke LAST --class other --note x --yes",
        "certs reinstate LAST --reason mistake --yes",
        "certs report small", "certs link ana@example.org", "certs archive small --out archive",
        "certs person export ana@example.org --out hers",
        "certs user add ana@example.org --name Ana", "certs user reset ana@example.org",
        "certs user give ana@example.org small organiser", "certs user take ana@example.org small organiser",
        "certs user suspend ana@example.org", "certs user list", "certs enrol --yes", "certs keys rewrap",
        "certs publish --json", "certs audit verify", "certs doctor --json",
        "certs keys csr SEAL", "certs keys chain SEAL answer.pem", "certs backup backup.db",
        "certs keys new link", "certs restore backup.db --rehearse",
        "certs restore backup.db --reason drill --yes", "certs restore --settle --reason looked --yes",
        "certs keys adopt NEWEST --reason backup --yes", "certs keys retire SEAL",
        "certs person erase ana@example.org --reason asked --yes", "certs person forgotten",
    )  # fmt: skip


def test_the_script_and_the_exceptions_are_all_commands(operator: Operator) -> None:
    """A new command must be tried too before this passes."""
    assert {_name(command) for command in _script(operator)} | SERVES == _all_names()


def _fill(command: str, operator: Operator) -> str:
    """Put what exists now into *command*."""
    if "SEAL" in command or "KID" in command:
        purpose = "claim" if "KID" in command else "seal"
        (first, *_) = sorted(operator.home.glob(f"signing_keys/{purpose}-*"), key=lambda path: path.stat().st_mtime)
        command = command.replace("SEAL", first.name.partition("-")[2]).replace("KID", first.name.partition("-")[2])
    if "NEWEST" in command:
        newest = max(operator.home.glob("signing_keys/*-*"), key=lambda path: path.stat().st_mtime)
        command = command.replace("NEWEST", newest.name.partition("-")[2])
    if "--reason drill" in command:  # the register is lost, and with it what it knew of the newest key
        for file in operator.home.glob("instance/certs.db*"):
            file.unlink()
    if "NUMBER" in command or "LAST" in command:
        folder = operator.home / ("out" if "NUMBER" in command else "anew")
        if not folder.exists():
            assert run(["export", "small", "--out", str(folder)]) == 0
        number = (folder / "manifest.csv").read_text(encoding="utf-8-sig").splitlines()[-1].partition(",")[0]
        command = command.replace("NUMBER", number).replace("LAST", number)
    if "QUESTION" in command:
        (question, *_) = json.loads(operator.types("questions", "small", "--json").out)["questions"]
        command = command.replace("QUESTION", question["id"])
    if "answer.pem" in command:
        _certify(operator, command.split()[3])
    return command


def _certify(operator: Operator, kid: str) -> None:
    authority = CommercialAuthority()
    leaf = authority.certify(operator.types("keys", "csr", kid).out.encode())
    chain = (leaf, authority.middle)
    (operator.home / "answer.pem").write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in chain))


def test_commands_that_succeed_show_no_secret(secretive: Operator, caplog: pytest.LogCaptureFixture) -> None:
    """Nor do the files that they write: register, export, backup, keys."""
    for command in _script(secretive):
        code, said = _types(secretive, _fill(command, secretive))
        assert code == 0, f"{command}: {said}"
        assert _leaks(caplog, said) == [], command
    files = [path for path in secretive.home.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert [(path, canary) for path in files for canary in CANARIES if canary.encode() in path.read_bytes()] == []


@pytest.mark.parametrize("fault", ["wrong passphrase", "database out of reach", "bad settings"])
def test_commands_that_fail_show_no_secret(
    secretive: Operator, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """Each fails in every way a secret takes part in."""
    for purpose in ("claim", "credential", "link", "seal"):
        assert _types(secretive, f"certs keys new {purpose}")[0] == 0
    if fault == "wrong passphrase":
        monkeypatch.setenv("CERTS_KEY_PASSPHRASE", WRONG)
    elif fault == "database out of reach":
        monkeypatch.setenv("CERTS_DATABASE_URL", f"postgresql://certs:{DATABASE}@127.0.0.1:1/certs?connect_timeout=2")
    else:
        monkeypatch.setenv("CERTS_PASSPHRASE", WRONG)
    failed = 0
    for command in (*_script(secretive), "certs serve --port 1", "certs demo --no-serve", "certs work"):
        if fault == "wrong passphrase" and _name(command) in SERVES:
            continue
        code, said = _types(secretive, command)
        failed += code != 0
        assert _leaks(caplog, said) == [], command
    assert failed > 10


def test_commands_on_a_token_show_no_pin(
    secretive: Operator, token: Token, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Right, wrong, and given where it does not belong."""
    uri = str(token.key())
    seal = ("keys", "new", "seal", "--pkcs11", uri)
    texts = []
    for arguments in ((*seal, "--generate"), seal, ("doctor", "--json"), ("keys", "list", "--json")):
        said = secretive.types(*arguments)
        texts.append(said.out + said.err)
    pkcs11._logins.leave(token.key())
    monkeypatch.setenv("CERTS_PKCS11_PIN", WRONG)
    for arguments in (seal, ("doctor", "--json"), (*seal[:-1], f"{uri}&pin-value={WRONG}")):
        said = secretive.types(*arguments)
        assert said.code != 0
        texts.append(said.out + said.err)
    assert _leaks(caplog, *texts) == []


def test_reprs_and_tracebacks_show_no_secret(tmp_path: Path) -> None:
    """What a defect would print: settings, key folder, signers, and where a failure came from."""
    environ = {"CERTS_KEY_PASSPHRASE": PASSPHRASE, "CERTS_SECRET_KEY": SESSION, "CERTS_PKCS11_PIN": PIN.decode()}
    settings = Settings.from_environ(environ)
    keys = KeyFolder(tmp_path / "keys", settings.key_passphrase.reveal, settings.pkcs11_pin.reveal)
    key = keys.new(Purpose.CLAIM, NOW)
    shown = [repr(settings), repr(settings.key_passphrase), str(vars(keys)), repr(keys.signer_of(key))]
    with pytest.raises(SigningError, match="does not open") as caught:
        KeyFolder(keys.path, WRONG.encode).signer_of(key)
    shown.append("".join(traceback.format_exception(caught.value)))
    assert [canary for text in shown for canary in CANARIES if canary in text] == []
