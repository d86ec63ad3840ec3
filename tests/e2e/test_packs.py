"""Issuing into packs by real processes: killed between pack and commit, and a store that fails in the middle."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from obstore import list as listed

from certs.build import App
from certs.db import packs
from tests import crowd, stores
from tests.survivors import ROOT, assert_nothing_half_made, assert_whole, certs

PEOPLE = 40
_KILLED = """
import os, signal, sys
from certs import bucket, cli
keep = bucket.Bucket.keep
def killed(self, sha256, data):
    keep(self, sha256, data)
    os.killpg(0, signal.SIGKILL)
bucket.Bucket.keep = killed
sys.exit(cli.run(sys.argv[1:]))
"""
"""Dies with its workers once a pack is kept, before the transaction begins."""


@pytest.fixture(scope="module")
def store() -> Iterator[stores.Store]:
    with stores.store() as running:
        yield running


@pytest.fixture
def environ(tmp_path: Path, store: stores.Store) -> dict[str, str]:
    store.gate.behave()
    return crowd.environment(tmp_path) | store.environ(tmp_path.name)


@pytest.fixture
def app(environ: dict[str, str]) -> Iterator[App]:
    app = crowd.opened(environ)
    yield app
    app.engine.dispose()


def kept(store: stores.Store, prefix: str) -> set[str]:
    return {one["path"] for some in listed(store.bucket(prefix)) for one in some}


def test_killed_between_pack_and_commit_it_resumes(
    app: App, environ: dict[str, str], store: stores.Store, tmp_path: Path
) -> None:
    """What is left is a pack that no certificate is in; everybody has one certificate."""
    batch = crowd.approved(app, PEOPLE)
    command = [sys.executable, "-c", _KILLED, "issue", str(batch)]
    done = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, check=False, start_new_session=True)
    assert done.returncode == -signal.SIGKILL
    assert_nothing_half_made(app)
    orphans = kept(store, tmp_path.name)
    assert len(orphans) == 1
    assert certs(environ, "issue", str(batch)).returncode == 0
    assert_whole(app, PEOPLE)
    known = packs.kept(app.tables.engine)
    assert not orphans & known.keys()
    assert kept(store, tmp_path.name) == orphans | known.keys()


def test_a_store_that_fails_pauses_the_batch_and_it_goes_on(
    app: App, environ: dict[str, str], store: stores.Store
) -> None:
    """It says why; nothing is half made."""
    batch = crowd.approved(app, PEOPLE)
    store.gate.meddle = lambda method, answer: (403, {}, b"") if method == "PUT" else answer
    done = certs(environ, "issue", str(batch), "--workers", "1")
    assert (done.returncode, "refuses the key" in done.stderr) == (7, True)
    assert "refuses the key" in app.store.batches.get(batch).error
    assert_nothing_half_made(app)
    store.gate.behave()
    assert certs(environ, "issue", str(batch), "--workers", "1").returncode == 0
    assert_whole(app, PEOPLE)
