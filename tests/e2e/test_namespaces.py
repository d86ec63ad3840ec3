"""Two `certs issue` in process namespaces of their own under one host name, as in two containers."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import crowd
from tests.survivors import ROOT, assert_whole

PEOPLE = 1_500
_ALONE = ("unshare", "--pid", "--fork", "--mount-proc")


def _namespaces() -> None:
    """Skip where this machine lets nobody make namespaces; where tests must be complete, fail."""
    allowed = shutil.which("unshare") and subprocess.run([*_ALONE, "true"], capture_output=True, check=False)
    if not allowed or allowed.returncode:
        reason = "process namespaces need root and a system that allows them"
        if os.environ.get("CI") == "true" and os.getuid() == 0:
            pytest.fail(reason)
        pytest.skip(reason)


def test_two_containers_of_one_host_name_throw_nothing_away(tmp_path: Path) -> None:
    """Neither sees the other's processes, so neither takes the other for dead."""
    _namespaces()
    environ = crowd.environment(tmp_path) | {"CERTS_LOG": "stderr"}
    app = crowd.opened(environ)
    batch = crowd.approved(app, PEOPLE)
    command = [*_ALONE, sys.executable, "-m", "certs", "issue", str(batch), "--workers", "1"]
    pair = [
        subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [one.communicate(timeout=900)[1] for one in pair]
    assert [one.returncode for one in pair] == [0, 0], said
    assert_whole(app, PEOPLE)
    begun = [line for one in said for line in one.splitlines() if "issue_begun" in line]
    assert len(begun) == 2, said
    assert not any("lease_lost" in one for one in said)
    stored = [entry for entry in app.store.audit("cgmp-2026") if entry.act == "batch.issue"]
    assert sum(len(json.loads(entry.new)["issued"]) for entry in stored) == PEOPLE
    app.engine.dispose()
