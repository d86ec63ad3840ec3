"""`make chaos`: SIGKILL to a real `certs issue` at random moments, until a thousand people have their certificates.

Before that to workers at their errands, see `errands`.

For each seed: ten kills or more, of the parent, of a pool worker, or of the whole group, while one process or two work
on the batch. After every kill nothing half-made may be seen; at the end each person has exactly one certificate.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests import crowd
from tests.chaos import errands
from tests.survivors import ROOT, assert_nothing_half_made, assert_whole, certs

SEEDS = range(1, 6)
KILLS = 10
"""Of each seed, at least."""
PEOPLE = 1_000
AT_ONCE = 50
"""Certificates that one process makes at most, so that a batch outlives ten kills."""


def main() -> int:
    """Run every seed; say what was killed."""
    errands.main()
    killed: Counter[str] = Counter()
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            killed += _run(seed, Path(folder))
    print(f"{killed.total()} kills: {', '.join(f'{count} of {whom}' for whom, count in sorted(killed.items()))}")
    return 0


def _run(seed: int, folder: Path) -> Counter[str]:
    dice = random.Random(seed)
    environ = crowd.environment(folder)
    app = crowd.opened(environ)
    people = PEOPLE
    batch = crowd.approved(app, people)
    patience = _duration(environ, batch)
    killed: Counter[str] = Counter()
    while killed.total() < KILLS:
        if not app.store.batches.get(batch).remaining:
            batch = crowd.approved(app, PEOPLE, people)
            people += PEOPLE
        killed += _kill_one(dice, environ, batch, patience)
        assert_nothing_half_made(app)
    finished = certs(environ, "issue", str(batch))
    assert finished.returncode == 0, finished.stderr
    assert_whole(app, people)
    print(f"seed {seed}: {dict(killed)}, {people} people have one certificate each", flush=True)
    app.engine.dispose()
    return killed


def _duration(environ: dict[str, str], batch: int) -> float:
    """Return how long one process takes for what it may make."""
    begin = time.monotonic()
    certs(environ, "issue", str(batch), "--limit", str(AT_ONCE))
    return time.monotonic() - begin


def _kill_one(dice: random.Random, environ: dict[str, str], batch: int, patience: float) -> Counter[str]:
    """Start one or two processes and kill one of them, its worker or its group; return what could still be killed."""
    running = [_start(environ, batch) for _ in range(dice.choice((1, 1, 2)))]
    victim, whom = dice.choice(running), dice.choice(("parent", "worker", "group"))
    time.sleep(dice.uniform(0.2, 1.0) * patience)
    hit = victim.poll() is None and _kill(dice, victim.pid, whom)
    for process in running:
        process.wait(timeout=120)
    return Counter({whom: 1} if hit else {})


def _start(environ: dict[str, str], batch: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "certs", "issue", str(batch), "--limit", str(AT_ONCE), "--workers", "2"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env=environ, cwd=ROOT, stdout=quiet, stderr=quiet, start_new_session=True)


def _kill(dice: random.Random, pid: int, whom: str) -> bool:
    """Send SIGKILL; return whether there was somebody to get it."""
    try:
        if whom == "group":
            os.killpg(pid, signal.SIGKILL)
        elif whom == "parent":
            os.kill(pid, signal.SIGKILL)
        else:
            os.kill(dice.choice(_workers(pid)), signal.SIGKILL)
    except (ProcessLookupError, FileNotFoundError, IndexError):
        return False
    return True


def _workers(pid: int) -> list[int]:
    """Return the worker processes of *pid*, waiting a little until there are some."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    for _ in range(300):
        if found := children.read_text().split():
            return [int(one) for one in found]
        time.sleep(0.01)
    return []


if __name__ == "__main__":
    sys.exit(main())
