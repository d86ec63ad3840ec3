"""What stands behind every page gives what SQLAlchemy would give, on both databases, and fails as everything does."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import bindparam, event, select, text

from certs.db import certificates, tables
from certs.db.connections import Connections
from certs.db.engine import make_file, reading
from certs.db.prepared import SOUGHT, Prepared
from certs.db.store import Store
from certs.errors import StorageError
from certs.model import Revocation, RevocationReason
from tests import postgres
from tests.ports.conftest import opened
from tests.register import NOW, act, issued, people


def test_rows_are_those_of_sqlalchemy(store: Store) -> None:
    """Times aware, days as days, whatever the driver returns; revoked ones too."""
    numbers = issued(store, people(3))
    store.revocations.add(numbers[:1], Revocation(NOW, RevocationReason.FRAUD, "bought"), act())
    prepared = Prepared(Connections(store.engine), certificates._BY_NUMBER)
    for number in numbers:
        with reading(store.engine) as connection:
            expected = connection.execute(certificates._BY_NUMBER, {SOUGHT: number}).all()
        assert [tuple(row) for row in prepared.rows(number)] == [tuple(row) for row in expected]
        assert prepared.rows(number)[0].registered_at == NOW
    assert prepared.rows("' OR 1=1 --") == []


def test_it_sees_what_was_committed_a_moment_ago(store: Store) -> None:
    """No transaction is left open that would show the past."""
    query = Prepared(Connections(store.engine), select(tables.Person.ref).where(tables.Person.key == bindparam(SOUGHT)))
    assert query.rows("p00000@example.org") == []
    issued(store, people(1))
    assert len(query.rows("p00000@example.org")) == 1


def test_a_database_that_fails_is_an_error_of_ours(store: Store) -> None:
    """And it answers again when that is mended."""
    query = Prepared(
        Connections(store.engine), select(tables.StatusList.data).where(tables.StatusList.state == bindparam(SOUGHT))
    )
    rename = "ALTER TABLE status_list RENAME TO {}"
    with store.engine.begin() as connection:
        connection.execute(text(rename.format("gone")))
    with pytest.raises(StorageError):
        query.rows("x")
    with store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO status_list"))
    assert query.rows("x") == []


def test_a_server_that_was_started_anew_is_found_again(tmp_path: Path) -> None:
    """The broken connection is thrown away; the sentence says what to do meanwhile, however often it is asked."""
    with postgres.cluster() as cluster:
        engine = opened(cluster.create("again"))
        query = Prepared(
            Connections(engine), select(bindparam(SOUGHT, type_=tables.Person.__table__.c.key.type).label("one"))
        )
        assert query.rows("x")[0].one == "x"
        cluster.stop()
        for _ in range(3):
            with pytest.raises(StorageError, match="cannot be reached"):
                query.rows("x")
        cluster.start()
        assert query.rows("x")[0].one == "x"
        engine.dispose()


def test_a_file_that_cannot_be_opened_is_an_error_of_ours(tmp_path: Path) -> None:
    """As if its folder were read-only, or the file somebody else's."""
    (tmp_path / "certs.db").mkdir()
    query = Prepared(Connections(opened(f"sqlite:///{tmp_path / 'certs.db'}")), certificates._BY_NUMBER)
    with pytest.raises(StorageError, match="cannot be opened"):
        query.rows("x")


def test_many_threads_ask_at_once(store: Store) -> None:
    """More than a pool has connections, each again and again."""
    numbers = issued(store, people(3))
    prepared = Prepared(Connections(store.engine), certificates._BY_NUMBER)
    with ThreadPoolExecutor(40) as threads:
        found = list(threads.map(prepared.rows, numbers * 40))
    assert [row.number for (row,) in found] == numbers * 40


def test_it_opens_the_database_anew_when_all_connections_were_closed(store: Store) -> None:
    """As a restored register wants it: nobody goes on reading the file that was put aside."""
    connections = Connections(store.engine)
    before = connections.take()
    connections.give_back(before, broken=False)
    store.engine.dispose()
    assert before.dbapi_connection is None
    after = connections.take()
    assert after.dbapi_connection is not None
    connections.give_back(after, broken=False)


def test_a_connection_in_use_is_not_closed_by_another_thread(tmp_path: Path) -> None:
    """SQLite would end the process; it is closed as soon as it is given back."""
    engine = opened(f"sqlite:///{tmp_path / 'certs.db'}")
    make_file(engine)
    connections = Connections(engine)
    used = connections.take()
    engine.dispose()
    assert used.dbapi_connection is not None
    connections.give_back(used, broken=False)
    assert used.dbapi_connection is None


def test_threads_that_ended_leave_no_connection_open(store: Store) -> None:
    """One after the other takes up what the last one gave back."""
    prepared = Prepared(Connections(store.engine), certificates._BY_NUMBER)
    made: list[object] = []
    event.listen(store.engine, "connect", lambda connection, _: made.append(connection))
    for _ in range(20):
        thread = Thread(target=prepared.rows, args=["x"])
        thread.start()
        thread.join()
    assert len(made) <= 1


def test_what_lies_idle_is_closed_with_an_engine_that_has_options(store: Store) -> None:
    """As where bytes lie in packs: whoever disposes of the engine does not know of its options."""
    connections = Connections(store.engine.execution_options(certs_tails=None))
    kept = connections.take()
    connections.give_back(kept, broken=False)
    store.engine.dispose()
    assert kept.dbapi_connection is None
