"""An act on a key is in the trail, or it was not done: whatever fails leaves the folder as it was."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection, Engine

from certs.db import engine, keytrail
from certs.errors import StorageError
from tests.unit.cli.conftest import Operator
from tests.unit.cli.test_doctor import healthy
from tests.unit.keyring.authority import CommercialAuthority


def _refused(operator: Operator, _: pytest.MonkeyPatch) -> None:
    """Let the database refuse the entry."""
    with closing(sqlite3.connect(operator.home / "instance/certs.db")) as database:
        database.execute("CREATE TRIGGER no BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")


def _uncommitted(_: Operator, patch: pytest.MonkeyPatch) -> None:
    """Let the entry be made and the commit fail."""

    @contextmanager
    def writing(of: Engine) -> Iterator[Connection]:
        with engine.writing(of) as connection:
            yield connection
            raise StorageError("The disk of the database is full.")

    patch.setattr(keytrail, "writing", writing)


def _interrupted(_: Operator, patch: pytest.MonkeyPatch) -> None:
    """Let somebody press Ctrl-C before the commit."""

    @contextmanager
    def writing(of: Engine) -> Iterator[Connection]:
        with engine.writing(of) as connection:
            yield connection
            raise KeyboardInterrupt

    patch.setattr(keytrail, "writing", writing)


def folder(operator: Operator) -> dict[str, bytes]:
    """Return every file of the key folder with what it holds."""
    root = operator.home / "signing_keys"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _answer(operator: Operator, kid: str) -> Path:
    authority = CommercialAuthority()
    leaf = authority.certify(operator.types("keys", "csr", kid).out.encode())
    answer = operator.home / "answer.pem"
    answer.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in (leaf, authority.middle)))
    return answer


@pytest.mark.parametrize("fault", [_refused, _uncommitted, _interrupted])
@pytest.mark.parametrize("purpose", ["claim", "credential", "seal", "link"])
def test_a_key_that_could_not_be_entered_is_not_left_behind(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, fault: object, purpose: str
) -> None:
    """Nor a root that came with a seal."""
    assert operator.types("event", "list").code == 7
    assert operator.types("keys", "new", "link" if purpose == "claim" else "claim").code == 0
    before = folder(operator)
    assert callable(fault)
    fault(operator, monkeypatch)
    assert operator.types("keys", "new", purpose).code in {5, 7, 130}
    assert folder(operator) == before


@pytest.mark.parametrize("fault", [_refused, _uncommitted, _interrupted])
def test_no_other_act_on_a_key_is_half_done(operator: Operator, monkeypatch: pytest.MonkeyPatch, fault: object) -> None:
    """Retired, compromised or certified in the folder and not in the trail."""
    healthy(operator)
    listed = json.loads(operator.types("keys", "list", "--json").out)
    claim, seal = (next(key["kid"] for key in listed if key["purpose"] == of) for of in ("claim", "seal"))
    answer = _answer(operator, seal)
    before = folder(operator)
    assert callable(fault)
    fault(operator, monkeypatch)
    for act in (
        ("retire", claim),
        ("compromise", claim, "--since", "2026-11-20", "--reason", "theft", "--yes"),
        ("chain", seal, str(answer)),
    ):
        assert operator.types("keys", *act).code in {5, 7, 130}, act
        assert folder(operator) == before
