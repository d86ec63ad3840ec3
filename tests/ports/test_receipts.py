"""Receipts in both databases: kept once, never changed or taken away, and not lost by a restore."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from certs.db.backup import backup
from certs.db.restore import restore
from certs.db.store import Store
from certs.errors import ConflictError
from certs.ground.number import from_bits
from certs.model import KeptReceipt, Kid, PersonKey
from tests.register import act, issued

ONE = KeptReceipt(from_bits(7), act().at, Kid("0gex83a1"), "ab" * 32, {"valid": 40, "unread": 2})


def test_a_receipt_is_found_as_it_was_kept_and_no_other(store: Store) -> None:
    store.receipts.keep(ONE)
    assert store.receipts.find(ONE.number) == ONE
    assert store.receipts.find(from_bits(8)) is None


def test_a_number_is_taken_once(store: Store) -> None:
    store.receipts.keep(ONE)
    with pytest.raises(ConflictError):
        store.receipts.keep(KeptReceipt(ONE.number, ONE.at + timedelta(days=1), ONE.kid, "cd" * 32, {}))
    assert store.receipts.find(ONE.number) == ONE


@pytest.mark.parametrize("statement", ["DELETE FROM receipt", "UPDATE receipt SET sha256 = 'x'"])
def test_none_ever_changes_or_goes(store: Store, statement: str) -> None:
    store.receipts.keep(ONE)
    with pytest.raises(DBAPIError, match="never forgets"), store.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_restore_of_an_older_backup_keeps_those_given_since(store: Store, tmp_path: Path) -> None:
    issued(store, [PersonKey("ana@example.org")])
    file = tmp_path / "backup.db"
    backup(store.engine, file)
    store.receipts.keep(ONE)
    restore(store.engine, file, act(reason="drill"))
    assert store.receipts.find(ONE.number) == ONE
