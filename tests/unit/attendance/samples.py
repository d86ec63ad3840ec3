"""The sample exports with what must be read from them, as `tests/vectors/attendance` holds them."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from certs import attendance
from certs.attendance import Answers, Reading
from certs.model import Interval, Session, SessionId

ROOT = Path(__file__).parents[2] / "vectors" / "attendance"
DEMO = Path(__file__).parents[3] / "demo"
MARATHON = "p01_zoom_webinar_marathon"
CASES = sorted(folder.name for folder in ROOT.iterdir() if folder.is_dir() and folder.name.startswith("p"))


@dataclass(frozen=True)
class Sample:
    """A case: its files, its sessions and what must come out."""

    name: str
    expected: Mapping[str, Any]
    sessions: Sequence[Session]
    files: Mapping[str, bytes]

    def read(self, answers: Answers | None = None) -> list[Reading]:
        """Read every file of the case."""
        return [attendance.read(name, data, self.sessions, answers or Answers()) for name, data in self.files.items()]


@cache
def sample(name: str) -> Sample:
    """Return the case of that name; the marathon's exports lie in `demo/`."""
    folder = ROOT / name
    packed = folder / "expected.json.gz"
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else (folder / "expected.json").read_bytes()
    expected = json.loads(text)
    home = DEMO if name == MARATHON else folder
    files = {entry["name"]: (home / entry["name"]).read_bytes() for entry in expected["files"]}
    return Sample(name, expected, [_session(entry) for entry in expected["sessions"]], files)


def _session(entry: Mapping[str, Any]) -> Session:
    start, end = (
        datetime.strptime(entry[key], "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)
        for key in ("window_start_local", "window_end_local")
    )
    return Session(SessionId(str(entry["id"])), entry["title"], entry["timezone"], Interval(start, end))
