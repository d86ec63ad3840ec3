"""A holder that is stopped for longer than its lease, by a machine that sleeps say, and goes on later."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from certs.build import App
from tests import crowd, postgres
from tests.survivors import ROOT, assert_nothing_half_made, assert_whole, certs

PEOPLE = 600
WITH_SHORT_LEASES = """
from datetime import timedelta
from certs import cli
from certs.work.issue import run
run.LEASE, run.EXTEND_SECONDS = timedelta(seconds=3), 0.5
cli.main()
"""


@pytest.fixture
def cluster() -> Iterator[postgres.Cluster]:
    with postgres.cluster() as running:
        yield running


def is_storing(app: App) -> bool:
    """Say whether anybody is in the middle of a transaction that others wait for."""
    with app.engine.connect() as connection:
        held = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        return bool(connection.execute(held).scalar_one())


def stop(app: App, batch: int, holder: "subprocess.Popen[bytes]") -> None:
    """Stop *holder* while it holds leases, at a moment when nobody has to wait for its transaction."""
    while True:
        assert holder.poll() is None, "it was quicker"
        if app.store.sheets.leases(batch):
            os.killpg(holder.pid, signal.SIGSTOP)
            if app.store.sheets.leases(batch) and not is_storing(app):
                return
            os.killpg(holder.pid, signal.SIGCONT)
        time.sleep(0.02)


def test_a_holder_that_was_stopped_stores_nothing_twice(tmp_path: Path, cluster: postgres.Cluster) -> None:
    """Its leases end by the database's clock, somebody else makes what it held, and awake again it ends well."""
    environ = crowd.environment(tmp_path, cluster.create("shared"))
    app = crowd.opened(environ)
    batch = crowd.approved(app, PEOPLE)
    command = [sys.executable, "-c", WITH_SHORT_LEASES, "issue", str(batch), "--workers", "1"]
    holder = subprocess.Popen(command, env=environ, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        stop(app, batch, holder)
        held = set(app.store.sheets.leases(batch))
        other = certs(environ, "issue", str(batch), "--workers", "1")
        assert other.returncode == 0, other.stderr
        assert_whole(app, PEOPLE)
        assert not held & set(app.store.sheets.leases(batch))
        os.killpg(holder.pid, signal.SIGCONT)
        assert holder.wait(timeout=300) == 0
    finally:
        if holder.poll() is None:
            os.killpg(holder.pid, signal.SIGKILL)
            holder.wait()
    assert_nothing_half_made(app)
    assert_whole(app, PEOPLE)
    app.engine.dispose()
