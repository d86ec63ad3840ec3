"""A corrected report of the marathon, as real processes: looked at, put in place of the old one, killed on the way.

    python -m tests.e2e.test_corrected_report WHERE import …

runs a command that kills itself once rows are stored and not committed (`rows`), or once they are and the questions are
not asked yet (`questions`).
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from certs import cli
from certs.db import records
from certs.work import questions
from tests import crowd
from tests.bench.sample import DEMO
from tests.e2e.test_organiser import ALONE
from tests.survivors import ROOT, certs

SLUG = "cgmp-2026"
REPORT = sorted(DEMO.glob("attendee_*.csv"))[0]
SHARED = 'Yes,{},,,shared@example.org,,,,"10/06/2026 01:00:00 PM","10/06/2026 02:52:30 PM",113,Yes,,,'


class Office:
    """Somebody at the command line of a deployment with one small report, under which one session is enough."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.environ = folder, crowd.environment(folder)
        crowd.opened(self.environ).engine.dispose()
        text = (DEMO / "marathon.toml").read_text().replace('approval = "two"', 'approval = "one"')
        (folder / "marathon.toml").write_text(text.replace("sessions = 6 ", "sessions = 1 ", 1))
        self.rows = self._rows()
        self.write("report.csv", 2, 6)
        self.says("event", "add", "marathon.toml")
        self.says("import", SLUG, "report.csv")

    @staticmethod
    def _rows() -> list[str]:
        lines = REPORT.read_text(encoding="utf-8-sig").splitlines()
        return lines[next(n for n, line in enumerate(lines) if line.startswith("Attendee Details")) :]

    def write(self, name: str, first: int, last: int, *more: str) -> None:
        """Write a report with those rows of the marathon's."""
        lines = [*self.rows[:2], *self.rows[first:last], *more]
        (self.folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8-sig")

    def says(self, *arguments: str, code: int = 0) -> str:
        """Run one command; return what it prints."""
        done = certs(self.environ, *(self._placed(one) for one in arguments))
        assert done.returncode == code, done.stderr
        return done.stdout if code == 0 else done.stderr

    def killed(self, where: str, *arguments: str) -> None:
        """Run one command that is killed there."""
        command = [sys.executable, "-m", "tests.e2e.test_corrected_report", where, *map(self._placed, arguments)]
        done = subprocess.run(command, env=self.environ, cwd=ROOT, capture_output=True, check=False, timeout=600)
        assert done.returncode == -signal.SIGKILL, done.stderr

    def _placed(self, argument: str) -> str:
        """Return the path of a file that lies in the folder."""
        return str(self.folder / argument) if (self.folder / argument).is_file() else argument

    def told(self, *arguments: str) -> dict[str, list[dict[str, str]]]:
        told: dict[str, list[dict[str, str]]] = json.loads(self.says(*arguments, "--json"))
        return told

    def counting(self) -> list[str]:
        return [one["name"] for one in self.told("status", SLUG)["imports"] if one["undone_at"] is None]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def replacing(*options: str) -> tuple[str, ...]:
    return ("import", SLUG, "corrected.csv", "--replace", "report.csv", *options)


def test_a_corrected_report_after_certificates_were_issued(office: Office) -> None:
    """Looked at, agreed to, done: certificates stay, those concerned are named; and it can be taken back as a whole."""
    office.says("order", SLUG, "--yes", *ALONE)
    office.says("approve", "1", "--yes")
    office.says("issue", "1")
    office.write("corrected.csv", 3, 8)
    seen = office.told(*replacing("--preview"))
    assert office.counting() == ["report.csv"]
    assert "say --yes" in office.says(*replacing(), code=2)
    assert office.told(*replacing("--yes"))["certified"] == seen["certified"]
    assert office.counting() == ["corrected.csv"]
    (lost,) = seen["certified"]
    assert "VALID" in office.says("verify", lost["number"])
    office.says("unimport", SLUG, "corrected.csv", "--reason", "x", "--yes")
    office.says("import", SLUG, "report.csv", "--yes")
    assert {one["email"] for one in office.told("decide", SLUG)["people"] if one["eligible"]} >= {lost["email"]}
    office.says("audit", "verify")


@pytest.mark.parametrize(("where", "counts"), [("rows", "report.csv"), ("questions", "corrected.csv")])
def test_killed_while_a_report_is_replaced(office: Office, where: str, counts: str) -> None:
    """Either the old one counts or the new one; and whoever looks next is asked what the new one leaves open."""
    office.write("corrected.csv", 2, 6, SHARED.format("Ana Souza"), SHARED.format("Kwame Mensah"))
    office.killed(where, *replacing("--yes"))
    assert office.counting() == [counts]
    asked = office.told("questions", SLUG)["questions"]
    assert [one["subject"] for one in asked] == (["shared@example.org"] if where == "questions" else [])
    office.says("audit", "verify")


def _main() -> None:
    where, *arguments = sys.argv[1:]
    store = records.store

    def crash(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def store_and_crash(*given: object) -> None:
        store(*given)  # type: ignore[arg-type]
        crash()

    if where == "rows":
        records.store = store_and_crash  # type: ignore[assignment]
    else:
        questions.ask = crash  # type: ignore[assignment]
    sys.exit(cli.run(arguments))


if __name__ == "__main__":
    _main()
