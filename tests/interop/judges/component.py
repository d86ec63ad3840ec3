"""Whether a foreign program is here, and what its absence means."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

SECONDS = 120
"""No judge needs longer for one file."""


def absent(reason: str) -> NoReturn:
    """Skip the test for *reason*; fail it where `CI=true`."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def program(name: str, package: str) -> str:
    """Return the path of program *name*, which Debian's *package* brings."""
    found = shutil.which(name)
    if found is None:
        absent(f"{name} is not installed (Debian: {package}; `make system` installs it)")
    return found


def run(*command: str | Path, folder: Path | None = None, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run *command* on *stdin* to its end and return what it said; its exit code is the caller's to judge."""
    return subprocess.run(
        command,
        cwd=folder,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=SECONDS,
        check=False,
    )
