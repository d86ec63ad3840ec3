"""A register comes into being on purpose alone; one that is not there, not whole or not ours is said and found."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from certs.ground.number import from_bits, printed
from certs.web import create
from tests.unit.cli.conftest import Operator, Said
from tests.unit.cli.test_doctor import healthy, wrong
from tests.unit.cli.test_secrets import EVENT, REPORT
from tests.web.cast import Browser

NUMBER = printed(from_bits(12_345))
LOOKS = (
    "event list", "import small attendee_small.csv --zone UTC", "unimport small attendee_small.csv --reason x --yes",
    "questions small", "answer small q nobody", "evidence list small", "status small", "decide small",
    "near-misses small", "grant small ana@example.org --reason x --yes", "order small --yes", "approve small/1",
    "reject small/1 --reason x", "cancel small/1 --yes", "issue small/1", "export small --out out",
    f"verify {NUMBER}", f"revoke {NUMBER} --class error --note x --yes", "publish", "audit small", "audit verify",
    "backup backup.db", "serve --port 1",
)  # fmt: skip


@pytest.fixture
def ana(operator: Operator) -> Operator:
    """Return Ana with an event and an export, and nothing else yet."""
    (operator.home / "small.toml").write_text(EVENT)
    (operator.home / "attendee_small.csv").write_text(REPORT)
    return operator


def types(operator: Operator, command: str) -> Said:
    return operator.types(*command.split())


def visitor() -> FlaskClient:
    """Return a browser on the site as a WSGI server starts it."""
    flask = create()
    flask.test_client_class = Browser
    return flask.test_client()


def everything(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*")}


def keys_of(operator: Operator) -> list[str]:
    return sorted(path.name for path in (operator.home / "signing_keys").iterdir())


@pytest.mark.parametrize("command", LOOKS)
def test_no_command_makes_a_register_by_looking_for_it(ana: Operator, command: str) -> None:
    """It says where it looked and why there; nothing is created, not even a folder."""
    before = everything(ana.home)
    said = types(ana, command)
    assert said.code == 7, said.err
    assert f"There is no register at {ana.home}/instance/certs.db" in said.err
    assert "CERTS_DATABASE_URL is not set" in said.err
    assert everything(ana.home) == before


def test_doctor_finds_that_there_is_no_register_and_makes_none(ana: Operator) -> None:
    """Once, and not with each thing that it looks at."""
    before = everything(ana.home)
    found = wrong(ana)
    assert "There is no register" in found["database"]
    assert sum("There is no register" in text for text in found.values()) == 1
    assert everything(ana.home) == before


def test_it_is_said_which_setting_led_there(ana: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's, or the settings file's."""
    (ana.home / "certs.toml").write_text('database_url = "sqlite:///elsewhere/certs.db"\n')
    assert "database_url says to look there" in types(ana, "event list").err
    monkeypatch.setenv("CERTS_DATABASE_URL", "sqlite:///nowhere/certs.db")
    said = types(ana, "event list")
    assert f"no register at {ana.home}/nowhere/certs.db" in said.err
    assert "CERTS_DATABASE_URL says to look there" in said.err


@pytest.mark.parametrize("command", ["event add small.toml --yes", "keys new claim"])
def test_a_register_begins_on_purpose_and_is_its_owners_alone(ana: Operator, command: str) -> None:
    before = os.umask(0)
    try:
        said = types(ana, command)
    finally:
        os.umask(before)
    assert (said.code, "A new register begins at" in said.err) == (0, True)
    assert "begins" not in types(ana, "event list").err
    assert {path.stat().st_mode & 0o777 for path in ana.home.glob("instance/certs.db*")} == {0o600}
    assert (ana.home / "instance").stat().st_mode & 0o777 == 0o700


def test_an_event_file_with_a_mistake_lets_none_begin(ana: Operator) -> None:
    (ana.home / "small.toml").write_text(EVENT.replace("[rule]", "[rules]"))
    assert types(ana, "event add small.toml --yes").code == 2
    assert not (ana.home / "instance").exists()


@pytest.mark.parametrize("command", ["event add small.toml --yes", "keys new claim"])
def test_none_begins_beside_keys_whose_register_is_elsewhere(ana: Operator, command: str) -> None:
    """Another working folder's settings, a disk that is not mounted: an empty register would be the wrong one."""
    healthy(ana)
    shutil.rmtree(ana.home / "instance" / "certs.db", ignore_errors=True)
    for file in ana.home.glob("instance/certs.db*"):
        file.unlink()
    before = everything(ana.home)
    said = types(ana, command)
    assert said.code == 5
    assert "signing_keys holds keys, so theirs is somewhere else" in said.err
    assert "certs restore FILE" in said.err
    assert everything(ana.home) == before


def test_restoring_lets_one_begin_beside_its_keys(ana: Operator) -> None:
    healthy(ana)
    assert types(ana, "backup backup.db").code == 0
    for file in ana.home.glob("instance/certs.db*"):
        file.unlink()
    assert types(ana, "restore backup.db --reason loss --yes").code == 0
    assert wrong(ana).keys() == {"restored"}
    assert types(ana, "restore --settle --reason nothing --yes").code == 0
    assert wrong(ana) == {}


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def of_another_program(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE cookies (id)")


def without_version(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("DELETE FROM alembic_version")
        database.commit()


def without_a_table(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("DROP TABLE reading")


SPOILT = [
    (emptied, "the file is empty"),
    (of_another_program, "tables of another program"),
    (without_version, "not whole, it does not say of which version it is. Restore the last backup"),
    (without_a_table, "not whole, the table reading is missing. Restore the last backup"),
]


@pytest.mark.parametrize(("spoil", "says"), SPOILT)
def test_what_is_no_whole_register_is_refused_and_stays_as_it_is(
    ana: Operator, spoil: Callable[[Path], None], says: str
) -> None:
    """Also by commands that would let one begin; the doctor says it."""
    healthy(ana)
    file = ana.home / "instance/certs.db"
    for journal in ("-wal", "-shm"):
        Path(f"{file}{journal}").unlink(missing_ok=True)
    spoil(file)
    before = file.read_bytes()
    for command in ("event list", "serve --port 1", f"verify {NUMBER}", "event add small.toml --yes", "keys new claim"):
        said = types(ana, command)
        assert (said.code in {5, 7}, says in said.err) == (True, True), said.err
    assert says in wrong(ana)["database"]
    assert file.read_bytes() == before


# ---------------------------------------------------------------- keys and register belong together


def elsewhere(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let *operator* look into the register of another deployment."""
    with monkeypatch.context() as other:
        other.setenv("CERTS_DATABASE_URL", "sqlite:///other.db")
        other.setenv("CERTS_SIGNING_KEYS", "other_keys")
        healthy(operator)
    monkeypatch.setenv("CERTS_DATABASE_URL", "sqlite:///other.db")


def test_a_register_of_another_deployment_is_found_and_not_served(
    ana: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that it does not hold could not be checked; nothing is issued or served from it."""
    healthy(ana)
    assert json.loads(types(ana, f"verify {NUMBER} --json").out)["summary"] == "not_issued"
    elsewhere(ana, monkeypatch)
    assert json.loads(types(ana, f"verify {NUMBER} --json").out)["summary"] == "unknown"
    served = types(ana, "serve --port 1")
    assert (served.code, "The register does not know claim key" in served.err) == (7, True)
    assert "Check CERTS_DATABASE_URL and CERTS_SIGNING_KEYS" in served.err
    assert "does not know claim key" in wrong(ana)["keys known"]
    for command in ("event add small.toml --yes", "import small attendee_small.csv --zone UTC", "order small --yes"):
        assert types(ana, command).code == 0
    types(ana, "approve small/1")
    refused = types(ana, "issue small/1 --workers 1")
    assert (refused.code, "does not know claim key" in refused.err) == (7, True)


def test_a_site_on_another_register_answers_that_it_could_not_check(
    ana: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy(ana)
    elsewhere(ana, monkeypatch)
    client = visitor()
    answer = client.get(f"/c/{NUMBER}", headers={"Accept": "application/json"})
    assert json.loads(answer.data)["summary"] == "unknown"
    assert client.get("/readyz").status_code == 503


def test_a_key_that_is_newer_than_the_restored_backup_is_said_and_adopted(ana: Operator) -> None:
    """Some keys known and one not: the answer is *could not be checked* until a person says that all is right."""
    healthy(ana)
    assert types(ana, "backup backup.db").code == 0
    kid = json.loads(types(ana, "keys new claim --json").out)["kid"]
    for file in ana.home.glob("instance/certs.db*"):
        file.unlink()
    said = types(ana, "restore backup.db --reason drill --nothing-since --yes")
    assert f"certs keys adopt {kid}" in said.out
    assert f"claim key {kid}" in wrong(ana)["keys known"]
    assert json.loads(types(ana, f"verify {NUMBER} --json").out)["summary"] == "unknown"
    assert types(ana, f"keys adopt {kid} --reason backup").code == 2
    assert types(ana, f"keys adopt {kid} --reason backup --yes --as Ben").code == 0
    assert wrong(ana) == {}
    assert json.loads(types(ana, f"verify {NUMBER} --json").out)["summary"] == "not_issued"
    assert types(ana, f"keys adopt {kid} --reason backup --yes").code == 5
    with closing(sqlite3.connect(ana.home / "instance/certs.db")) as database:
        last = database.execute("SELECT act, subject, actor, reason FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    assert last == ("key.adopt", f"key {kid}", "Ben", "backup")


def test_a_lost_key_is_found_and_not_replaced_in_silence(ana: Operator) -> None:
    """A link key whose folder is gone: links that were sent would not open."""
    healthy(ana)
    (folder,) = ana.home.glob("signing_keys/link-*")
    shutil.move(folder, ana.home / "aside")
    assert f"link key {folder.name.removeprefix('link-')}" in wrong(ana)["keys known"]
    asked = types(ana, "keys new link")
    assert (asked.code, "no link that it signed will open" in asked.err) == (2, True)
    assert not list(ana.home.glob("signing_keys/link-*"))
    assert types(ana, "keys new link --yes").code == 0
    assert list(wrong(ana)) == ["keys known"]  # replaced, and missed all the same
    shutil.move(ana.home / "aside", folder)
    assert wrong(ana) == {}


def test_a_lost_root_is_not_replaced_in_silence_by_the_next_seal(ana: Operator) -> None:
    healthy(ana)
    (folder,) = ana.home.glob("signing_keys/root-*")
    shutil.move(folder, ana.home / "aside")
    asked = types(ana, "keys new seal")
    assert (asked.code, f"root key {folder.name.removeprefix('root-')}" in asked.err) == (2, True)
    assert not list(ana.home.glob("signing_keys/root-*"))


def test_the_demo_keeps_away_from_a_register_whose_keys_are_elsewhere(
    ana: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would make demo keys beside somebody's certificates."""
    healthy(ana)
    monkeypatch.setenv("CERTS_SIGNING_KEYS", "none_here")
    monkeypatch.setenv("CERTS_BASE_URL", "http://127.0.0.1:8000")
    said = types(ana, "demo --no-serve")
    assert (said.code, "another deployment's, or they are lost" in said.err) == (5, True)
    assert not (ana.home / "none_here").exists()


# ---------------------------------------------------------------- moved away while it is served


def test_a_register_that_is_moved_away_while_it_is_served_could_not_be_checked(ana: Operator) -> None:
    """And when it is back, so are the answers; no new file takes its place."""
    healthy(ana)
    client = visitor()
    assert (client.get(f"/c/{NUMBER}").status_code, client.get("/readyz").status_code) == (200, 200)
    moved = [(file, file.rename(ana.home / file.name)) for file in sorted(ana.home.glob("instance/certs.db*"))]
    for _ in range(3):
        answer = client.get(f"/c/{NUMBER}")
        assert (answer.status_code, "could not check" in answer.text) == (503, True)
        assert client.get("/readyz").status_code == 503
    assert not list(ana.home.glob("instance/certs.db*"))
    for file, aside in moved:
        aside.rename(file)
    assert client.get("/readyz").status_code == 200
    assert client.get(f"/c/{NUMBER}").status_code == 200


# ---------------------------------------------------------------- the passphrase


def passphrase(operator: Operator) -> Path:
    return operator.home / "instance/key_passphrase"


def test_a_lost_passphrase_is_never_replaced_in_silence(ana: Operator) -> None:
    """A new one would open none of the keys that are there."""
    healthy(ana)
    before, kept = keys_of(ana), passphrase(ana).read_bytes()
    passphrase(ana).unlink()
    for purpose in ("claim", "credential", "seal", "link"):
        said = types(ana, f"keys new {purpose}")
        assert (said.code, "is gone, and keys in signing_keys are locked with it" in said.err) == (6, True)
    assert not passphrase(ana).exists()
    assert keys_of(ana) == before
    assert "Put it back from its backup" in wrong(ana)["keys"]
    passphrase(ana).write_bytes(kept)
    passphrase(ana).chmod(0o600)
    assert wrong(ana) == {}


def test_one_that_is_lost_for_good_is_made_anew_when_its_keys_are_retired(ana: Operator) -> None:
    """As the sentence says, key by key."""
    healthy(ana)
    passphrase(ana).unlink()
    said = types(ana, "keys new claim")
    for kid in said.err.rpartition("certs keys retire: ")[2].rstrip(".\n").split():
        types(ana, f"keys retire {kid} --reason lost")
    for purpose in ("claim", "credential", "seal", "link"):
        assert types(ana, f"keys new {purpose}").code == 0
    assert passphrase(ana).exists()
    assert list(wrong(ana)) == ["audit"], "for a while no key could sign the trail: somebody looks at what came then"
    assert types(ana, "audit checkpoint --yes").code == 0
    assert wrong(ana) == {}


def test_an_emptied_passphrase_is_refused(ana: Operator) -> None:
    healthy(ana)
    passphrase(ana).write_bytes(b"")
    said = types(ana, "keys new claim")
    assert (said.code, "is empty. Put it back from its backup" in said.err) == (6, True)
    assert passphrase(ana).read_bytes() == b""
    assert "is empty" in wrong(ana)["keys"]


def test_a_key_is_not_made_under_another_passphrase_than_the_others(
    ana: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy(ana)
    before = keys_of(ana)
    monkeypatch.setenv("CERTS_KEY_PASSPHRASE", "another one, of twenty words and more")
    said = types(ana, "keys new claim")
    assert (said.code, "The passphrase does not open" in said.err) == (6, True)
    assert keys_of(ana) == before
    assert "does not open" in wrong(ana)["keys"]
