"""The sample exports with what must be read from them, as `tests/vectors/attendance` holds them."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from certs import attendance
from certs.attendance import Answers, Question, Reading
from certs.model import Interval, Join, Mark, Registration, Session, SessionId, UnusableRow

ROOT = Path(__file__).parents[2] / "vectors" / "attendance"
DEMO = Path(__file__).parents[3] / "demo"
MARATHON = "p01_zoom_webinar_marathon"
One = TypeVar("One")
CASES = sorted(folder.name for folder in ROOT.iterdir() if folder.is_dir() and folder.name.startswith("p"))


@dataclass(frozen=True)
class Sample:
    """A case: its files, its sessions and what must come out."""

    name: str
    expected: Mapping[str, Any]
    sessions: Sequence[Session]
    files: Mapping[str, bytes]

    def read(self, answers: Answers | None = None) -> list["Told"]:
        """Read every file of the case; without answers, once for all tests."""
        return _told(self.name) if answers is None else self.read_anew(answers)

    def read_anew(self, answers: Answers) -> list["Told"]:
        """Read every file of the case with *answers*."""
        return [Told.of(attendance.read(name, data, self.sessions, answers)) for name, data in self.files.items()]


@dataclass(frozen=True)
class Told:
    """What a file says, gone through once; see `Reading`."""

    joins: Sequence[Join]
    unmatched: Sequence[Join]
    registrations: Sequence[Registration]
    marks: Sequence[Mark]
    unusable: Sequence[UnusableRow]
    questions: Sequence[Question]

    @classmethod
    def of(cls, reading: Reading) -> "Told":
        """Go through *reading*."""
        records = list(reading.records)

        def only(kind: type[One]) -> list[One]:
            return [record for record in records if isinstance(record, kind)]

        joins = only(Join)
        return cls(
            joins=[join for join in joins if join.person],
            unmatched=[join for join in joins if not join.person],
            registrations=only(Registration),
            marks=only(Mark),
            unusable=only(UnusableRow),
            questions=reading.questions,
        )


@cache
def _told(name: str) -> list[Told]:
    return sample(name).read_anew(Answers())


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
