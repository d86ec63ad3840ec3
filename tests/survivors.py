"""What must hold after any crash, and `certs` with a crash put at the boundary of a step.

    python -m tests.survivors STEP NTH WHOM issue 1

runs `certs issue 1` and sends SIGKILL when STEP is reached for the NTH time: to the process itself or to its group.
"""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import text

from certs import claim, cli
from certs.build import App
from certs.db import audit
from certs.work import issue
from certs.work.issue import steps

ROOT = Path(__file__).resolve().parents[1]


def assert_nothing_half_made(app: App) -> None:
    """Whatever can be seen has its bytes, the right digest, and a claim that verifies; nothing else has any of them."""
    seen = 0
    for delivery in app.store.deliveries("cgmp-2026"):
        seen += 1
        digest = hashlib.sha256(delivery.pdf.plate + delivery.pdf.tail).hexdigest()
        assert digest == delivery.certificate.pdf_sha256
        assert claim.read(delivery.certificate.claim_text, app.keys).number == delivery.certificate.number
    with app.engine.connect() as connection:
        counts = {
            connection.execute(text(query)).scalar_one()
            for query in (
                "SELECT count(*) FROM issued",
                "SELECT count(*) FROM tail",
                "SELECT count(*) FROM certificate WHERE state = 'issued'",
            )
        }
    assert counts == {seen}
    assert audit.first_broken(audit.entries(app.engine)) is None


def assert_whole(app: App, count: int) -> None:
    """Each of *count* people has exactly one certificate and one number."""
    assert_nothing_half_made(app)
    delivered = list(app.store.deliveries("cgmp-2026"))
    assert len(delivered) == count
    assert len({one.person for one in delivered}) == count
    assert len({one.certificate.number for one in delivered}) == count


def certs(environ: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command in a process of its own."""
    command = [sys.executable, "-m", "certs", *arguments]
    return subprocess.run(
        command, env=dict(environ), cwd=ROOT, capture_output=True, text=True, check=False, timeout=600
    )


def crashing(environ: Mapping[str, str], step: issue.Step, nth: int, whom: str, *arguments: str) -> int:
    """Run one command with a crash in it; return how it ended."""
    command = [sys.executable, "-m", "tests.survivors", str(int(step)), str(nth), whom, *arguments]
    done = subprocess.run(
        command, env=dict(environ), cwd=ROOT, capture_output=True, check=False, timeout=600, start_new_session=True
    )
    return done.returncode


def _main() -> None:
    fatal, left, whom, *arguments = sys.argv[1:]
    waiting = iter(range(int(left) - 1, -1, -1))

    def crash(step: issue.Step) -> None:
        if step == int(fatal) and next(waiting) == 0:
            if whom == "group":
                os.killpg(0, signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

    steps.reached = crash
    sys.exit(cli.run(arguments))


if __name__ == "__main__":
    _main()
