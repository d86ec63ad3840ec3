"""How long a database is waited for: a server that hangs, one that never answers, locks of others, another writer."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from certs.db import patience
from certs.db.engine import prepare, unhurried, writing
from certs.db.migrate import migrate
from certs.db.patience import Outage, Patience
from certs.db.store import Store
from certs.errors import StorageError
from certs.model import Number
from tests import postgres

NOBODY = Number("0" * 12)
PAGES = Patience(page_seconds=1)


def store_on(url: str, chosen: Patience) -> Store:
    engine = create_engine(url, pool_pre_ping=url.startswith("postgresql"))
    prepare(engine, chosen)
    return Store(engine)


def refused_within(seconds: float, ask: Callable[[], object]) -> str:
    """Return what is said, which must not take longer."""
    began = time.monotonic()
    with pytest.raises(StorageError) as caught:
        ask()
    assert time.monotonic() - began < seconds
    return str(caught.value)


@contextmanager
def hanging(cluster: postgres.Cluster) -> Iterator[None]:
    cluster.pause()
    try:
        yield
    finally:
        cluster.resume()


@pytest.fixture
def paused() -> Iterator[postgres.Cluster]:
    """Yield a cluster of the test's own, with a register."""
    with postgres.cluster() as cluster:
        url = cluster.create("hangs")
        store = store_on(url, patience.USUAL)
        migrate(store.engine)
        store.engine.dispose()
        yield cluster


def test_a_page_waits_seconds_for_a_server_that_hangs_and_the_next_not_at_all(paused: postgres.Cluster) -> None:
    """By the driver's own connection as by SQLAlchemy's; and it is answered again when the server is back."""
    store = store_on(paused.url("hangs"), PAGES)
    assert store.certificate(NOBODY) is None
    with hanging(paused):
        assert "does not answer" in refused_within(2.5, lambda: store.certificate(NOBODY))
        assert "does not answer" in refused_within(0.1, lambda: store.certificate(NOBODY))
        assert "does not answer" in refused_within(0.1, lambda: store.link_withdrawn("x"))
    time.sleep(patience.REST_SECONDS)
    assert store.certificate(NOBODY) is None
    assert store.link_withdrawn("x") is False
    store.engine.dispose()


def test_while_a_server_hangs_one_thread_asks_it(paused: postgres.Cluster) -> None:
    """The others are free, for what needs no database."""
    store, took = store_on(paused.url("hangs"), PAGES), []

    def ask() -> None:
        began = time.monotonic()
        with pytest.raises(StorageError):
            store.certificate(NOBODY)
        took.append(time.monotonic() - began)

    with hanging(paused):
        refused_within(3.5, lambda: store.certificate(NOBODY))
        time.sleep(patience.REST_SECONDS)
        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(seconds > 0.5 for seconds in took) == 1
    store.engine.dispose()


def test_a_command_gives_up_on_a_server_that_hangs(paused: postgres.Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Later than a page, and with a sentence; nobody is asked about a rest."""
    monkeypatch.setattr(patience, "WORK_SECONDS", 1)
    store = store_on(paused.url("hangs"), patience.USUAL)
    assert store.newest_moment() is None
    with hanging(paused):
        assert "Look after its server" in refused_within(3 + patience.CONNECT_SECONDS, store.newest_moment)
    assert store.newest_moment() is None
    store.engine.dispose()


@pytest.mark.parametrize("chosen", [PAGES, patience.USUAL])
def test_a_server_that_takes_a_connection_and_says_nothing_is_not_waited_for(chosen: Patience) -> None:
    """As a stopped container behind a balancer that still listens."""
    pytest.importorskip("psycopg")
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = silent.getsockname()[1]
        store = store_on(f"postgresql+psycopg://certs@127.0.0.1:{port}/certs", chosen)
        said = refused_within(patience.CONNECT_SECONDS + 2, lambda: store.certificate(NOBODY))
        assert "does not answer" in said


def test_a_page_does_not_wait_for_anothers_lock(cluster: postgres.Cluster) -> None:
    """As of a migration, or of somebody who looks after the tables."""
    url = cluster.create("locked", "migrated")
    store, other = store_on(url, PAGES), create_engine(url)
    with other.begin() as connection:
        connection.execute(text("LOCK TABLE certificate IN ACCESS EXCLUSIVE MODE"))
        assert "did not finish in time" in refused_within(3, lambda: store.certificate(NOBODY))
    time.sleep(patience.REST_SECONDS)
    assert store.certificate(NOBODY) is None
    store.engine.dispose()
    other.dispose()
    cluster.drop("locked")


def test_a_command_waits_for_anothers_lock_as_long_as_it_was_told(cluster: postgres.Cluster) -> None:
    url = cluster.create("waits", "migrated")
    store, other = store_on(url, Patience(wait_seconds=1)), create_engine(url)
    with other.begin() as connection:
        connection.execute(text("LOCK TABLE person IN EXCLUSIVE MODE"))

        def write() -> None:
            with writing(store.engine) as own:
                own.execute(text("INSERT INTO person (key, ref) VALUES ('a@example.org', 'x')"))

        assert "when that one has finished" in refused_within(3, write)
    write()
    store.engine.dispose()
    other.dispose()
    cluster.drop("waits")


def test_a_migration_takes_as_long_as_it_takes(cluster: postgres.Cluster) -> None:
    """No limit of daily work ends it half-way; the next transaction has the limit again."""
    store = store_on(cluster.create("long"), PAGES)
    limit, seen = text("SHOW statement_timeout"), []
    for lifted in (True, False):
        with writing(store.engine) as connection:
            if lifted:
                unhurried(connection)
            seen.append(connection.execute(limit).scalar())
    assert seen == ["0", "1s"]
    store.engine.dispose()
    cluster.drop("long")


def test_a_writer_on_sqlite_waits_for_the_one_before_and_says_so(migrated: Path, tmp_path: Path) -> None:
    file = tmp_path / "certs.db"
    file.write_bytes(migrated.read_bytes())
    said: list[str] = []
    url = f"sqlite:///{file}"
    first, second = store_on(url, patience.USUAL), store_on(url, Patience(wait_seconds=20, tell=said.append))
    begun = threading.Event()

    def hold() -> None:
        with writing(first.engine):
            begun.set()
            time.sleep(patience.TELL_SECONDS + 1.5)

    holder = threading.Thread(target=hold)
    holder.start()
    begun.wait()
    with writing(second.engine) as connection:
        connection.execute(text("INSERT INTO person (key, ref) VALUES ('a@example.org', 'x')"))
    holder.join()
    assert len(said) == 1
    assert "waits for its turn" in said[0]
    with writing(first.engine):
        third = store_on(url, Patience(wait_seconds=1))

        def write() -> None:
            with writing(third.engine):
                pass

        assert "locked by another program" in refused_within(3, write)
    for store in (first, second, third):
        store.engine.dispose()


def test_an_outage_is_asked_about_by_one_at_a_time() -> None:
    now = [100.0]
    outage = Outage(lambda: now[0])
    assert outage.may_ask()
    outage.begin()
    assert not outage.may_ask()
    now[0] += patience.REST_SECONDS
    assert outage.may_ask()
    others: list[bool] = []
    thread = threading.Thread(target=lambda: others.append(outage.may_ask()))
    thread.start()
    thread.join()
    assert others == [False]
    assert outage.may_ask()
    outage.end()
    assert outage.may_ask()
