"""What runs beside the site is begun again, and ends with it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from certs.build import keeper

BEGUN = "import os, sys, time, pathlib; pathlib.Path(sys.argv[1], str(os.getpid())).touch(); time.sleep(600)"
SITE = """
import sys, time
from certs.build import keeper
with keeper.beside([[sys.executable, "-c", sys.argv[1], sys.argv[2]]]):
    time.sleep(600)
"""


def begun(folder: Path, count: int) -> list[int]:
    """Return the processes that were begun, once there are so many."""
    while len(found := list(folder.iterdir())) < count:
        time.sleep(0.02)
    return sorted((int(one.name) for one in found), key=lambda pid: (folder / str(pid)).stat().st_mtime_ns)


def ends(pid: int) -> None:
    """Wait until there is no such process."""
    while Path(f"/proc/{pid}").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text():
        time.sleep(0.02)


def test_what_is_killed_is_begun_again_and_all_ends_with_the_site(tmp_path: Path) -> None:
    with keeper.beside([[sys.executable, "-c", BEGUN, str(tmp_path)]]):
        (first,) = begun(tmp_path, 1)
        os.kill(first, signal.SIGKILL)
        _, second = begun(tmp_path, 2)
        assert second != first
    ends(second)


def test_a_site_that_is_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    site = subprocess.Popen([sys.executable, "-c", SITE, BEGUN, str(tmp_path)])
    (worker,) = begun(tmp_path, 1)
    site.kill()
    site.wait()
    ends(worker)


def test_nothing_beside_needs_no_keeper() -> None:
    with keeper.beside([]):
        pass
