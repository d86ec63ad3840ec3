"""A deployment whose certificates lie in packs in an S3 store: commands and pages, and what a broken store does."""

import csv
import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from obstore import delete, get, put
from obstore import list as listed

from certs import web
from tests import stores
from tests.unit.cli.certified import SLUG, certified, does
from tests.unit.cli.conftest import Operator
from tests.web.cast import Browser


@pytest.fixture(scope="module")
def store() -> Iterator[stores.Store]:
    with stores.store() as running:
        yield running


@dataclass
class Deployment:
    """Three certificates in one pack, and whoever runs it."""

    operator: Operator
    store: stores.Store
    pack: str
    data: bytes

    def put(self, data: bytes) -> None:
        """Let something else stand there."""
        put(self.store.bucket(), self.pack, data)

    def asked(self, path: str) -> tuple[int, bytes]:
        flask = web.create()
        flask.test_client_class = Browser
        answer = flask.test_client().get(path)
        return answer.status_code, answer.data

    def downloads(self) -> list[tuple[int, bytes]]:
        """Download every certificate from its person's page."""
        with (self.operator.home / "out/manifest.csv").open(encoding="utf-8-sig", newline="") as manifest:
            rows = list(csv.DictReader(manifest))
        links = [f"/me/{row['personal_url'].rpartition('/')[2]}/{row['number']}.pdf" for row in rows]
        return [self.asked(link) for link in links]

    def files(self) -> list[bytes]:
        """Return the files as they were exported."""
        return [path.read_bytes() for path in sorted((self.operator.home / "out").glob("*.pdf"))]

    def first(self) -> str:
        """Return a number."""
        with (self.operator.home / "out/manifest.csv").open(encoding="utf-8-sig", newline="") as manifest:
            return next(csv.DictReader(manifest))["number"].replace("-", "")


@pytest.fixture
def deployment(operator: Operator, store: stores.Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    store.gate.behave()
    for name, value in store.environ("cli").items():
        monkeypatch.setenv(name, value)
    certified(operator)
    (pack,) = [one["path"] for some in listed(store.bucket("cli")) for one in some]
    one = Deployment(operator, store, f"cli/{pack}", bytes(get(store.bucket("cli"), pack).bytes()))
    yield one
    store.gate.behave()
    one.put(one.data)


def lines(said: str, about: str) -> list[str]:
    return [line for line in said.splitlines() if line[6:].startswith(about)]


def test_certificates_are_as_issued_wherever_they_are_asked_for(deployment: Deployment) -> None:
    """Exported, downloaded, examined; the pack is called by its digest and none of it is in the register."""
    assert deployment.pack == f"cli/{hashlib.sha256(deployment.data).hexdigest()}"
    files = deployment.files()
    assert len(files) == 3
    assert sorted(deployment.downloads()) == sorted((200, file) for file in files)
    assert deployment.data.startswith(files[0][:1000])
    register = (deployment.operator.home / "instance/certs.db").read_bytes()
    assert not any(file[-400:] in register for file in files)
    assert json.loads(deployment.asked(f"/c/{deployment.first()}/credential.json")[1])["id"]
    said = does(deployment.operator, "doctor", "--all")
    assert lines(said, "files") == ["ok    files        3 files were opened, each the very one issued."]
    assert lines(said, "tails") == ["ok    tails        1 pack is in s3://tails/cli, as certificates need them."]
    for file in (deployment.operator.home / "out").glob("*.pdf"):
        assert "VALID" in does(deployment.operator, "verify", str(file))


def test_one_byte_flipped_is_never_served(deployment: Deployment, caplog: pytest.LogCaptureFixture) -> None:
    """The page says that it could not be checked, programs get 503, the log is loud, and the doctor names it."""
    caplog.set_level(logging.CRITICAL)
    data = deployment.data
    at = len(data) - 100
    deployment.put(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    files, answers = deployment.files(), deployment.downloads()
    assert sorted(status for status, _ in answers) == [200, 200, 503]
    assert all(body in files for status, body in answers if status == 200)
    assert [record.msg for record in caplog.records] == ["stored_bytes_differ"]
    said = does(deployment.operator, "doctor", "--all", code=1)
    assert "1 certificate is not what was issued" in said
    assert "do not match their digest" in does(deployment.operator, "export", SLUG, "--out", "again", code=7)


@pytest.mark.parametrize("status", [503, 500])
def test_a_store_that_is_away_makes_nothing_doubtful(deployment: Deployment, status: int) -> None:
    """Verdicts need no bytes; what does says that it could not be done now."""
    deployment.store.gate.meddle = lambda _, __: (status, {}, b"busy")
    number = deployment.first()
    assert deployment.asked(f"/c/{number}")[0] == 200
    assert b"Valid" in deployment.asked(f"/c/{number}")[1]
    assert deployment.asked(f"/c/{number}/credential.json")[0] == 503
    assert {status for status, _ in deployment.downloads()} == {503}
    for command in (("doctor",), ("doctor", "--web")):
        said = does(deployment.operator, *command, code=1)
        assert "s3://tails/cli does not answer as a store should." in lines(said, "tails")[0]
    said = does(deployment.operator, "doctor", "--all", code=1)
    assert ("does not answer" in said, "not what was issued" in said) == (True, False)


def test_a_pack_that_is_gone_is_missed(deployment: Deployment) -> None:
    delete(deployment.store.bucket(), deployment.pack)
    said = does(deployment.operator, "doctor", code=1)
    assert lines(said, "tails")[0].startswith("WRONG tails        1 pack of certificates is not in s3://tails/cli")
    deployment.put(deployment.data[:-1])
    assert "WRONG" in lines(does(deployment.operator, "doctor", code=1), "tails")[0]


def test_a_pack_that_nobody_asks_for_is_listed_and_does_no_harm(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it cannot be of an issue that is at work."""
    from certs.build import outside

    put(deployment.store.bucket("cli"), "0" * 64, b"orphan")
    try:
        assert len(lines(does(deployment.operator, "doctor"), "tails")) == 1
        monkeypatch.setattr(outside, "_AT_WORK", -outside._AT_WORK * 24 * 3650)
        said = lines(does(deployment.operator, "doctor"), "tails")
        assert said[0].startswith("ok    tails        1 pack is in")
        assert said[1].startswith("LOOK  tails        No certificate here is in 1 pack of s3://tails/cli")
        assert "0" * 64 in said[1]
    finally:
        delete(deployment.store.bucket("cli"), "0" * 64)


def test_a_wrong_secret_is_said(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    said = lines(does(deployment.operator, "doctor", code=1), "tails")
    assert "refuses the key in AWS_ACCESS_KEY_ID" in said[0]
    assert "another" not in said[0]


def test_without_the_setting_it_is_said_what_to_set(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CERTS_TAILS_URL")
    said = lines(does(deployment.operator, "doctor", code=1), "tails")
    assert said == [
        "WRONG tails        Bytes of certificates are in 1 pack outside the register: set CERTS_TAILS_URL to where."
    ]


def test_a_backup_says_what_it_does_not_hold_and_comes_back(deployment: Deployment) -> None:
    said = does(deployment.operator, "backup", "kept.db")
    assert "Their bytes are in s3://tails/cli, which is backed up by itself, after this." in said
    does(deployment.operator, "restore", "kept.db", "--yes", "--reason", "drill")
    assert sorted(deployment.downloads()) == sorted((200, file) for file in deployment.files())
