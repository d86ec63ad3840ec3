"""`certs issue` when the database is shared, stops, or has no room left."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from certs.build import App
from certs.model import CertificateState
from tests import crowd, postgres
from tests.register import AUCKLAND
from tests.survivors import ROOT, assert_nothing_half_made, assert_whole, certs
from tests.unit.attendance.books import archive, table, xlsx

PEOPLE = 60


@pytest.fixture
def cluster() -> Iterator[postgres.Cluster]:
    with postgres.cluster() as running:
        yield running


def started(environ: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Start one command."""
    command = [sys.executable, "-m", "certs", *arguments]
    return subprocess.Popen(command, env=environ, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def both_issue(app: App, environ: dict[str, str]) -> None:
    """Let two processes issue one batch at the same time."""
    batch = crowd.approved(app, PEOPLE)
    pair = [started(environ, "issue", str(batch)) for _ in range(2)]
    assert [one.wait(timeout=600) for one in pair] == [0, 0]
    for one in pair:
        one.communicate()
    assert_whole(app, PEOPLE)


def test_two_processes_share_a_batch_on_sqlite(tmp_path: Path) -> None:
    """Both end well, nothing is doubled."""
    environ = crowd.environment(tmp_path)
    app = crowd.opened(environ)
    both_issue(app, environ)
    app.engine.dispose()


def test_two_processes_share_a_batch_on_postgresql(tmp_path: Path, cluster: postgres.Cluster) -> None:
    """Just so."""
    environ = crowd.environment(tmp_path, cluster.create("shared"))
    app = crowd.opened(environ)
    both_issue(app, environ)
    app.engine.dispose()


def test_a_database_that_stops_pauses_the_batch(tmp_path: Path, cluster: postgres.Cluster) -> None:
    """With a sentence that says what to do; when it is back, issuing goes on where it was."""
    environ = crowd.environment(tmp_path, cluster.create("stopped"))
    app = crowd.opened(environ)
    batch = crowd.approved(app, 10 * PEOPLE)
    running = started(environ, "issue", str(batch))
    while not app.store.batches.get(batch).counts.get(CertificateState.ISSUED):
        assert running.poll() is None
    app.engine.dispose()
    cluster.stop()
    _, said = running.communicate(timeout=600)
    assert (running.returncode, "Start it" in said) == (7, True)
    assert "Traceback" not in said
    stopped = certs(environ, "issue", str(batch))
    assert (stopped.returncode, "cannot be reached" in stopped.stderr) == (7, True)
    cluster.start()
    assert_nothing_half_made(app)
    assert certs(environ, "issue", str(batch)).returncode == 0
    assert_whole(app, 10 * PEOPLE)
    app.engine.dispose()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder on a disk of two megabytes, which only root can make."""
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        pytest.skip(f"no small disk can be mounted here: {made.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)  # a test that failed may have left the register open


def test_a_full_disk_pauses_the_batch(tmp_path: Path, small_disk: Path) -> None:
    """With room again, issuing goes on; nothing half-made is seen in between."""
    environ = crowd.environment(tmp_path, f"sqlite:///{small_disk / 'certs.db'}")
    app = crowd.opened(environ)
    batch = crowd.approved(app, 10 * PEOPLE)
    full = certs(environ, "issue", str(batch))
    assert (full.returncode, "Free some space" in full.stderr) == (7, True)
    assert "Traceback" not in full.stderr
    assert_nothing_half_made(app)
    subprocess.run(["mount", "-o", "remount,size=30m", str(small_disk)], check=True)
    assert certs(environ, "issue", str(batch)).returncode == 0
    assert_whole(app, 10 * PEOPLE)
    app.engine.dispose()


def test_a_locked_database_is_told_from_a_broken_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else writes and does not stop: the sentence says to wait for that one."""
    environ = crowd.environment(tmp_path) | {"CERTS_WAIT_SECONDS": "3"}
    app = crowd.opened(environ)
    batch = crowd.approved(app, 1)
    with app.engine.connect() as other:
        other.exec_driver_sql("ROLLBACK")
        other.exec_driver_sql("BEGIN IMMEDIATE")
        locked = certs(environ, "issue", str(batch))
        other.exec_driver_sql("ROLLBACK")
    assert (locked.returncode, "locked by another program" in locked.stderr) == (7, True)
    assert "waits for its turn" in locked.stderr
    assert certs(environ, "issue", str(batch)).returncode == 0
    app.engine.dispose()


def test_a_database_that_was_moved_away_pauses_the_batch(tmp_path: Path) -> None:
    """Nothing is written to a file that is on its way elsewhere; put back, it is whole, and issuing goes on."""
    environ = crowd.environment(tmp_path)
    app = crowd.opened(environ)
    batch = crowd.approved(app, 10 * PEOPLE)
    running = started(environ, "issue", str(batch), "--workers", "1")
    while not app.store.sheets.leases(batch):
        assert running.poll() is None
    app.engine.dispose()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    moved = [file.rename(elsewhere / file.name) for file in sorted(tmp_path.glob("certs.db*"))]
    _, said = running.communicate(timeout=600)
    assert (running.returncode, "was moved away" in said) == (7, True)
    assert list(tmp_path.glob("certs.db*")) == []
    for file in moved:
        file.rename(tmp_path / file.name)
    assert_nothing_half_made(app)
    assert certs(environ, "issue", str(batch)).returncode == 0
    assert_whole(app, 10 * PEOPLE)
    app.engine.dispose()


def test_a_register_that_is_not_where_it_was_said_is_pointed_out(tmp_path: Path) -> None:
    """A mistyped path, or a disk that is not mounted: no empty register begins there."""
    environ = crowd.environment(tmp_path, f"sqlite:///{tmp_path / 'nowhere' / 'certs.db'}")
    for _ in range(2):
        said = certs(environ, "issue", "1")
        assert (said.returncode, f"no register at {tmp_path / 'nowhere' / 'certs.db'}" in said.stderr) == (7, True)
    assert not (tmp_path / "nowhere").exists()


def test_an_unreadable_key_pauses_the_batch(tmp_path: Path) -> None:
    """The sentence names the key's file, not its contents."""
    environ = crowd.environment(tmp_path)
    app = crowd.opened(environ)
    batch = crowd.approved(app, 1)
    (folder,) = (tmp_path / "keys").glob("seal-*")
    private = next(file for file in folder.iterdir() if file.stat().st_mode & 0o777 == 0o600 and "private" in file.name)
    private.chmod(0o644)
    refused = certs(environ, "issue", str(batch))
    assert (refused.returncode, str(folder.name) in refused.stderr) == (6, True)
    assert folder.name in app.store.batches.get(batch).error
    private.chmod(0o600)
    assert certs(environ, "issue", str(batch)).returncode == 0
    app.engine.dispose()


def test_a_full_temporary_folder_is_not_the_workbooks_fault(tmp_path: Path, small_disk: Path) -> None:
    """Neither where the workbook has no room beside it, nor where what is read from it has none."""
    (tmp_path / "event.toml").write_text(AUCKLAND)
    lines = [["Name", "Email"], *([f"Ana {number:07}", f"ana{number:07}@example.org"] for number in range(20_000))]
    (tmp_path / "book.xlsx").write_bytes(archive(xlsx(table(lines))))
    environ = crowd.environment(tmp_path) | {"TMPDIR": str(small_disk)}
    reads = ("attendance", str(tmp_path / "event.toml"), str(tmp_path / "book.xlsx"))
    ballast = small_disk / "ballast"
    for free in (700_000, 20_000):
        ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - free))
        full = certs(environ, *reads)
        ballast.unlink()
        assert (full.returncode, "No space left" in full.stderr) == (7, True), full.stderr
        assert "set TMPDIR to a folder that has some" in full.stderr
        assert "defect" not in full.stderr


def test_commands_wait_for_a_long_import_instead_of_failing(tmp_path: Path) -> None:
    """Five revocations in a row, while somebody writes until SQLite itself has waited enough for each of them."""
    environ = crowd.environment(tmp_path)
    app = crowd.opened(environ)
    batch = crowd.approved(app, 5)
    assert certs(environ, "issue", str(batch)).returncode == 0
    numbers = [one.certificate.number for one in app.store.deliveries(app.store.events.slugs()[0])]
    with app.engine.connect() as other:
        other.exec_driver_sql("ROLLBACK")
        other.exec_driver_sql("BEGIN IMMEDIATE")
        asked = [
            started(environ, "revoke", number, "--class", "error", "--note", "drill", "--yes") for number in numbers
        ]
        told = [any("waits for its turn" in line for line in one.stderr or ()) for one in asked]
        other.exec_driver_sql("ROLLBACK")
    said = [one.communicate(timeout=600)[1] for one in asked]
    assert [one.returncode for one in asked] == [0] * 5, said
    assert told == [True] * 5
    held = [app.store.certificate(number) for number in numbers]
    assert all(one is not None and one.revocation is not None for one in held)
    app.engine.dispose()
