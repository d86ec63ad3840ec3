"""`certs doctor`: silent about nothing that is wrong, and each time with what to do."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from certs import build
from certs.cli.how import open_app
from certs.model import Purpose, Revocation, RevocationReason
from certs.pdf import typeface
from tests.brokers import free_port
from tests.register import NOW, act, draft, issued, ordered
from tests.unit.cli.conftest import Operator
from tests.unit.cli.test_secrets import EVENT


def healthy(operator: Operator) -> None:
    def make() -> None:
        for purpose in ("claim", "credential", "seal", "link"):
            assert operator.types("keys", "new", purpose).code == 0

    operator.prepare("healthy", make)


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
    assert "Set the clock" in wrong(operator)["clock"]


def build_at_dawn(operator: Operator, *parts: object) -> build.App:
    app = operator.assembled(*parts)  # type: ignore[arg-type]
    app.clock = lambda: NOW - timedelta(days=1)
    return app


def test_a_missing_font_is_wrong(operator: Operator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    healthy(operator)
    monkeypatch.setattr(typeface, "_FOLDER", tmp_path / "nowhere")
    assert "missing" in wrong(operator)["fonts"]


def test_every_script_that_names_can_be_printed_in_is_listed(operator: Operator) -> None:
    """Each by the languages that people know it by; no font is left out."""
    healthy(operator)
    said = next(line for line in operator.types("doctor").out.splitlines() if "Names can be printed in" in line)
    scripts = (*typeface.SCRIPTS, *typeface.HAN.values())
    assert [script.sets for script in scripts if script.sets not in said] == []
    assert said.count(";") == len(scripts)


def test_a_database_that_is_none_is_wrong(operator: Operator) -> None:
    healthy(operator)
    (operator.home / "instance/certs.db").write_bytes(b"this is no database" * 1000)
    for more in ("-wal", "-shm"):
        (operator.home / f"instance/certs.db{more}").unlink(missing_ok=True)
    assert "database" in wrong(operator)


def test_a_trail_that_was_rewritten_is_wrong(operator: Operator) -> None:
    healthy(operator)
    with closing(sqlite3.connect(operator.home / "instance/certs.db")) as database:
        database.execute("DROP TRIGGER audit_never_changes")
        database.execute("UPDATE audit SET actor = 'somebody else' WHERE id = 2")
        database.commit()
    assert "entry 2 was changed" in wrong(operator)["audit"]


def test_a_status_list_that_is_behind_is_wrong_until_it_is_published(operator: Operator) -> None:
    """Missing after an issue that was cut short, and behind after a change that could not be signed."""
    healthy(operator)
    store = operator.store()
    ordered(store, [draft("ben")])
    assert "status lists" not in wrong(operator)
    (ana,) = issued(store, ["ana"])
    assert "run certs publish" in wrong(operator)["status lists"]
    assert operator.types("publish").code == 0
    assert wrong(operator) == {}
    store.revocations.add([ana], Revocation(NOW, RevocationReason.ERROR, "x"), act())
    assert "(list 1)" in wrong(operator)["status lists"]
    assert operator.types("publish").code == 0
    assert wrong(operator) == {}


def test_a_disk_that_is_almost_full_is_wrong(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    healthy(operator)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1 << 40, 1 << 40, 300 << 20))
    assert "Only 300 MiB are free" in wrong(operator)["disk"]


def test_a_register_that_everybody_may_read_is_wrong(operator: Operator) -> None:
    """Unless its folder keeps them out."""
    healthy(operator)
    (operator.home / "instance/certs.db").chmod(0o644)
    assert wrong(operator) == {}
    (operator.home / "instance").chmod(0o755)
    assert "chmod 600" in wrong(operator)["database"]


def test_a_new_register_is_its_owners_alone(operator: Operator) -> None:
    """Whatever the umask and the folder let others do."""
    before = os.umask(0)
    try:
        healthy(operator)
    finally:
        os.umask(before)
    assert (operator.home / "instance/certs.db").stat().st_mode & 0o777 == 0o600


def test_a_time_stamp_authority_that_is_silent_is_wrong(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked only where seals need it."""
    healthy(operator)
    monkeypatch.setattr("certs.keyring.authorities._PAUSE_SECONDS", 0)
    monkeypatch.setenv("CERTS_TIMESTAMP_URL", "http://127.0.0.1:9/stamp")
    assert wrong(operator) == {}
    monkeypatch.setenv("CERTS_SEAL_LEVEL", "B-T")
    assert "127.0.0.1:9" in wrong(operator)["time stamps"]


def noted(operator: Operator) -> dict[str, str]:
    """Return what may be meant, by what it is about; the doctor is content all the same."""
    said = operator.types("doctor", "--json")
    assert said.code == 0, said.out
    return {finding["about"]: finding["text"] for finding in json.loads(said.out) if finding["doubt"]}


def test_a_local_address_is_noted_where_keys_are_real(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    healthy(operator)
    assert noted(operator) == {}
    monkeypatch.setenv("CERTS_BASE_URL", "https://certs.local")
    assert "leads nowhere outside" in noted(operator)["base URL"]
    assert "LOOK  base URL" in operator.types("doctor").out


def test_a_changed_address_is_noted(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    healthy(operator)
    issued(operator.store(), ["ana"])
    assert operator.types("publish").code == 0
    monkeypatch.setenv("CERTS_BASE_URL", "https://new.example.org")
    assert operator.types("publish").code == 0
    assert "lead to https://certs.example.org" in noted(operator)["base URL"]


def test_a_seal_of_another_organisation_than_an_events_issuer_is_noted(operator: Operator) -> None:
    healthy(operator)
    (operator.home / "small.toml").write_text(EVENT.replace('"Institute"', '"Another Institute"'))
    assert operator.types("event", "add", "small.toml").code == 0
    assert "Another Institute" in noted(operator)["keys"]


def test_demo_keys_behind_a_public_address_or_beside_real_ones_are_wrong(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy(operator)
    app = open_app()
    app.keys.new(Purpose.SEAL, app.clock(), organisation="Institute", demo=True)
    assert "beside real ones" in wrong(operator)["keys"]
    for purpose in (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.LINK):
        app.keys.new(purpose, app.clock(), demo=True)
    assert "could take the certificates for real" in wrong(operator)["keys"]
    monkeypatch.setenv("CERTS_BASE_URL", "http://127.0.0.1:8000")
    assert "keys" not in wrong(operator)


def test_limits_that_are_off_are_said(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """They may be meant, to measure the load; a machine that only serves pages says so as well."""
    healthy(operator)
    monkeypatch.setenv("CERTS_RATE_LIMITS", "off")
    for command in (("doctor",), ("doctor", "--web")):
        found = {one["about"]: one for one in json.loads(operator.types(*command, "--json").out)}
        assert (found["limits"]["good"], found["limits"]["doubt"]) == (True, True)
        assert "CERTS_RATE_LIMITS is off" in found["limits"]["text"]


def test_a_redis_that_does_not_count_is_wrong(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """And its password is not shown."""
    healthy(operator)
    monkeypatch.setenv("CERTS_LIMITS_URL", f"redis://:secret@127.0.0.1:{free_port()}/0")
    found = wrong(operator)
    assert list(found) == ["limits"]
    assert "each process counts by itself" in found["limits"]
    assert "secret" not in found["limits"]
