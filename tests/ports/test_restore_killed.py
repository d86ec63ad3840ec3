"""A restore that is killed at any statement, write or rename: the register is the old or the new one, never a third.

The restore runs in a child of this process, which ends itself without any farewell at the chosen boundary, as SIGKILL
would end it. What then answers is compared with what answered before and with what answers after a whole restore.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.engine.default import DefaultDialect

from certs.db import audit
from certs.db.backup import backup
from certs.db.restore import clean, left_behind, restore
from certs.db.store import Store
from certs.errors import CertsError, ConflictError, StorageError
from certs.model import Revocation, RevocationReason
from tests import postgres
from tests.ports.conftest import opened
from tests.register import EVENT, LATER, NOW, act, draft, finished, issued, ordered, people

KILLED = 137
KILLS = 50
"""On each database."""
DRILL = act(reason="drill", at=NOW + timedelta(minutes=3))
_FILES = ("link", "replace", "rename", "unlink", "fsync", "mkdir", "rmdir")


@pytest.fixture
def register(database_url: str, tmp_path: Path) -> tuple[str, Path]:
    """Return the address of a register and a backup that was taken in the middle of a batch, before a revocation."""
    engine = opened(database_url)
    store = Store(engine)
    drafts = [draft(person) for person in people(4)]
    batch = ordered(store, drafts)
    issue(store, batch, 2)
    backup(engine, tmp_path / "backup.db")
    issue(store, batch, 1)
    first = next(store.deliveries(EVENT.slug)).certificate.number
    store.revocations.add([first], Revocation(NOW, RevocationReason.FRAUD, ""), act())
    engine.dispose()
    return database_url, tmp_path / "backup.db"


def issue(store: Store, batch: int, most: int) -> None:
    sheet = store.sheets.claim(batch, "t", NOW, LATER, most)
    assert sheet is not None
    assert store.sheets.store(sheet, finished(sheet), act())


def state(url: str) -> tuple[object, ...]:
    """Return what the register says: what is issued and revoked, byte for byte, and its trail; it must be whole."""
    engine = opened(url)
    try:
        store = Store(engine)
        delivered = list(store.deliveries(EVENT.slug))
        entries = list(audit.entries(engine))
        assert audit.first_broken(iter(entries)) is None
        with engine.connect() as connection:
            states = connection.execute(text("SELECT number, state FROM certificate ORDER BY id")).all()
        return (
            [(one.certificate.number, one.pdf.sha256, one.certificate.revocation) for one in delivered],
            [tuple(row) for row in states],
            [entry.act for entry in entries],
        )
    finally:
        engine.dispose()


def in_child(url: str, file: Path, fatal: int, passed: Path) -> int:
    """Restore in a child that dies at its boundary number *fatal*; return how it ended."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            watch(passed, fatal)
            restore(opened(url), file, DRILL)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def watch(passed: Path, fatal: int) -> None:
    """Count each statement before it runs, each commit and change of a file before and after it; die at *fatal*."""
    count = 0

    def boundary(*_: object, **__: object) -> None:
        nonlocal count
        count += 1
        if count == fatal:
            os._exit(KILLED)
        if not fatal:
            passed.write_bytes(str(count).encode())

    def around(work: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*given: object, **named: object) -> object:
            boundary()
            done = work(*given, **named)
            boundary()
            return done

        return wrapped

    event.listen(Engine, "before_cursor_execute", boundary)
    DefaultDialect.do_commit = around(DefaultDialect.do_commit)  # type: ignore[method-assign]
    for name in _FILES:
        setattr(os, name, around(getattr(os, name)))


def test_killed_anywhere_it_is_not_begun_or_done(
    register: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty kills, at each of the last dozen boundaries and spread over the others; once more finishes it."""
    url, file = register
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))  # what others left is cleared away, too
    old = state(url)
    kept = Kept(url, tmp_path)
    passed = tmp_path / "passed"
    assert in_child(url, file, 0, passed) == 0
    new = state(url)
    assert new != old
    boundaries = int(passed.read_bytes())
    assert boundaries > KILLS
    last = range(boundaries - 11, boundaries + 1)
    spread = {round(1 + n * (boundaries - 13) / (KILLS - 13)) for n in range(KILLS - 12)}
    kept.bring_back()
    seen = []
    for fatal in sorted({*spread, *last}):
        cleaned(url)
        assert in_child(url, file, fatal, passed) == KILLED, fatal
        found = state(url)
        assert found in (old, new), fatal
        seen.append(found == new)
        if found == new:
            kept.bring_back()
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (False, True)
    assert in_child(url, file, 0, passed) == 0
    assert state(url) == new
    engine = opened(url)
    assert left_behind(engine) == []
    engine.dispose()


def cleaned(url: str) -> None:
    """Take away what the kill before left, so that boundaries are counted alike."""
    engine = opened(url)
    clean(engine)
    engine.dispose()


class Kept:
    """A copy of a register, to begin anew from."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._file = url, folder / "kept"
        engine = opened(url)
        if engine.dialect.name == "sqlite":  # PostgreSQL has it in the schema that a restore makes
            backup(engine, self._file)
        engine.dispose()

    def bring_back(self) -> None:
        """Let the register be as it was."""
        cleaned(self._url)
        engine = opened(self._url)
        if engine.dialect.name == "sqlite":
            place = Path(str(engine.url.database))
            for path in place.parent.glob(f"{place.name}*"):
                path.unlink()
            place.write_bytes(self._file.read_bytes())
        else:
            with engine.begin() as connection:
                find = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'replaced%'"
                (aside,) = connection.execute(text(find)).scalars()
                tables = "SELECT tablename FROM pg_tables WHERE schemaname = :schema"
                for table in connection.execute(text(tables), {"schema": "public"}).scalars():
                    connection.execute(text(f'DROP TABLE "{table}" CASCADE'))
                connection.execute(text("DROP FUNCTION certs_refuse, certs_refuse_unless_erased"))
                find = "SELECT tablename FROM pg_tables WHERE schemaname = :aside"
                for table in connection.execute(text(find), {"aside": aside}).scalars().all():
                    connection.execute(text(f'ALTER TABLE "{aside}"."{table}" SET SCHEMA public'))
                for function in ("certs_refuse", "certs_refuse_unless_erased"):
                    connection.execute(text(f'ALTER FUNCTION "{aside}".{function}() SET SCHEMA public'))
                connection.execute(text(f'DROP SCHEMA "{aside}"'))
        engine.dispose()


def test_a_real_sigkill_leaves_a_register(register: tuple[str, Path], tmp_path: Path) -> None:
    """At moments that nobody chose, in a process of its own."""
    url, file = register
    old = state(url)
    script = (
        "import sys; from pathlib import Path; from certs.db.restore import restore;"
        " from tests.ports.conftest import opened; from tests.ports.test_restore_killed import DRILL;"
        " print('ready', flush=True); restore(opened(sys.argv[1]), Path(sys.argv[2]), DRILL)"
    )
    for milliseconds in (30, 120, 300):
        process = subprocess.Popen([sys.executable, "-c", script, url, str(file)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        threading.Event().wait(milliseconds / 1000)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found = state(url)
        cleaned(url)
        assert found == old or found[2][-1] == "register.restore"  # type: ignore[index]
        if found != old:
            return


def test_a_dropped_connection_leaves_the_old_register(cluster: postgres.Cluster, register: tuple[str, Path]) -> None:
    """While tables are moved, made and filled: everything is one transaction."""
    url, file = register
    if url.startswith("sqlite"):
        return
    old = state(url)
    for words in ("SET SCHEMA", "CREATE TABLE certificate", "pg_get_serial_sequence('batch'"):
        engine = opened(url)

        def cut(connection: object, cursor: object, statement: str, *_: object, words: str = words) -> None:
            if words in statement:
                connection.connection.driver_connection.pgconn.finish()  # type: ignore[attr-defined]

        event.listen(engine, "before_cursor_execute", cut)
        with pytest.raises(StorageError):
            restore(engine, file, DRILL)
        engine.dispose()
        assert state(url) == old


def test_a_restore_during_an_issue_waits_or_comes_between(database_url: str, tmp_path: Path) -> None:
    """Whatever was issued before it is there afterwards, whatever it refused was refused with a sentence."""
    engine, service = opened(database_url), opened(database_url)
    store, other = Store(engine), Store(service)
    issued(store, people(1))
    backup(engine, tmp_path / "backup.db")
    stored: list[str] = []
    refused: list[CertsError] = []

    def work() -> None:
        for n in range(12):
            try:
                stored.extend(issued(other, [f"w{n}@example.org"]))
            except (StorageError, ConflictError) as error:
                refused.append(error)
        service.dispose()

    thread = threading.Thread(target=work)
    thread.start()
    answers = [attempted(engine, tmp_path / "backup.db")]
    while answers[-1]:
        answers.append(attempted(engine, tmp_path / "backup.db"))
    thread.join()
    assert all("Stop" in answer for answer in answers[:-1])
    found = {one.certificate.number for one in Store(engine).deliveries(EVENT.slug)}
    assert set(stored) <= found
    assert audit.first_broken(audit.entries(engine)) is None
    engine.dispose()


def attempted(engine: Engine, file: Path) -> str:
    """Try to restore; return why it was refused, nothing where it was not."""
    try:
        restore(engine, file, DRILL)
    except ConflictError as error:
        return str(error)
    return ""
