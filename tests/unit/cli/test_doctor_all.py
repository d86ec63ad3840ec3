"""`certs doctor --all`: one spoilt certificate among many is found, whatever of it is spoilt."""

import sqlite3
from contextlib import closing

import pytest

from certs.db import wholeness
from tests.unit.cli.certified import certified, does
from tests.unit.cli.conftest import Operator


@pytest.fixture
def numbers(operator: Operator) -> dict[str, str]:
    return certified(operator)


def spoil(operator: Operator, *statements: str) -> None:
    """Write to the file by hand, past the triggers, as a disk does."""
    with closing(sqlite3.connect(operator.home / "instance/certs.db")) as register:
        for (name,) in register.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            register.execute(f"DROP TRIGGER {name}")
        register.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            assert register.execute(statement).rowcount == 1
        register.commit()


def test_a_whole_register_is_whole(operator: Operator, numbers: dict[str, str]) -> None:
    assert "ok    files        3 files were opened, each the very one issued." in does(operator, "doctor", "--all")
    assert "files" not in does(operator, "doctor")


OF_BEN = "(SELECT id FROM certificate WHERE number = '{number}')"


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE tail SET data = zeroblob(length(data)) WHERE certificate_id = {OF_BEN}",
        f"DELETE FROM tail WHERE certificate_id = {OF_BEN}",
        f"DELETE FROM issued WHERE certificate_id = {OF_BEN}",
        f"UPDATE issued SET claim_text = zeroblob(60) WHERE certificate_id = {OF_BEN}",
        f"UPDATE issued SET registered_at = zeroblob(26) WHERE certificate_id = {OF_BEN}",
        f"UPDATE issued SET pdf_bytes = 0, pdf_sha256 = '' WHERE certificate_id = {OF_BEN}",
        "UPDATE certificate SET name = 'Bea' WHERE number = '{number}'",
        "UPDATE certificate SET attended = zeroblob(4) WHERE number = '{number}'",
    ],
)
def test_a_spoilt_certificate_is_named_and_no_other(
    operator: Operator, numbers: dict[str, str], statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside others in one go as by itself."""
    monkeypatch.setattr(wholeness, "_AT_ONCE", 2)
    spoil(operator, statement.format(number=numbers["Ben"].replace("-", "")))
    said = does(operator, "doctor", "--all", code=1)
    assert f"WRONG files        1 certificate is not what was issued: {numbers['Ben']}. Look for damage" in said


def test_a_spoilt_plate_spoils_all_that_stand_on_it(operator: Operator, numbers: dict[str, str]) -> None:
    spoil(operator, "UPDATE plate SET data = zeroblob(length(data))")
    said = does(operator, "doctor", "--all", code=1)
    assert "3 certificates are not what was issued" in said


def test_a_key_that_was_replaced_long_ago_is_missed_too(operator: Operator, numbers: dict[str, str]) -> None:
    """Without its public part what it signed cannot be checked."""
    old = next((operator.home / "signing_keys").glob("claim-*"))
    kid = old.name.removeprefix("claim-")
    does(operator, "keys", "new", "claim")
    assert "The register knows the keys, and none is lost." in does(operator, "doctor")
    old.rename(operator.home / "elsewhere")
    said = does(operator, "doctor", code=1)
    assert f"WRONG keys known   The register knows claim key {kid}, not in " in said
    (operator.home / "elsewhere").rename(old)
    spoil(operator, f"DELETE FROM audit WHERE subject = 'key {kid}'")
    assert f"The register does not know claim key {kid}" in does(operator, "doctor", code=1)
