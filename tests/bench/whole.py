"""The command line as an organiser uses it, each command a process of its own in a fresh instance."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.bench.measure import Whole, whole_process
from tests.bench.sample import DEMO

EVENT = "cgmp-2026"


class Instance:
    """A deployment in an empty folder, with keys and the marathon's event, ready to import."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        folder.mkdir()
        self.folder = folder
        self.log = folder / "log.txt"
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("CERTS_")}
        self.environment |= {"CERTS_SIGNING_KEYS": str(folder / "keys"), "CERTS_ACTOR": "bench"}
        self.environment["CERTS_BASE_URL"] = "https://certs.example.org"
        if database_url:
            self.environment["CERTS_DATABASE_URL"] = database_url
        for purpose in ("claim", "credential", "link"):
            self.measured("keys", "new", purpose)
        self.measured("keys", "new", "seal", "--organisation", "Meridian Institute for Medicines Quality")
        self.measured("event", "add", str(DEMO / "marathon.toml"))

    def measured(self, *arguments: str) -> Whole:
        """Run one command and return what it took."""
        command = [sys.executable, "-m", "certs", *arguments]
        return whole_process(command, self.environment, self.log, self.folder)

    def answer(self, *arguments: str) -> dict[str, object]:
        """Run one command with `--json` and return what it says."""
        said = subprocess.run(
            [sys.executable, "-m", "certs", *arguments, "--json"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            check=True,
        )
        answer: dict[str, object] = json.loads(said.stdout)
        return answer

    def imported(self) -> Whole:
        """Import the marathon's nine files."""
        return self.measured("import", EVENT, *map(str, sorted(DEMO.glob("*.csv"))))

    def issued(self) -> tuple[int, Whole]:
        """Order and approve everybody who earned a certificate, then issue; return how many and what issuing took."""
        order = self.answer("order", EVENT, "--yes")
        batch = str(order["batch"])
        self.measured("approve", batch, "--yes", "--as", "second person")
        return int(str(order["count"])), self.measured("issue", batch)
