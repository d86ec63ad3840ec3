"""The sample marathon without the addresses of one person in ten, as an open webinar would have left it."""

import csv
import random
from dataclasses import dataclass
from pathlib import Path

DEMO = Path(__file__).parents[1] / "demo"


@dataclass(frozen=True)
class Rewritten:
    """The files; *truth* has whose rows bear each name that lost their addresses, *lost* all of these."""

    registration: Path
    sessions: list[Path]
    truth: dict[str, set[str]]
    lost: set[str]


def rewritten(folder: Path, seed: int = 13) -> Rewritten:
    """Write the marathon into *folder*, where one in ten of its people has no address in any session."""
    registration = next(DEMO.glob("registration*.csv"))
    (copy := folder / registration.name).write_bytes(registration.read_bytes())
    reports = {path.name: path.read_text("utf-8-sig").splitlines() for path in sorted(DEMO.glob("attendee*.csv"))}
    rows = [row for lines in reports.values() for row in csv.reader(lines) if row[0] == "Yes" and len(row) > 10]
    everybody = sorted({row[4] for row in rows})
    lost = set(random.Random(seed).sample(everybody, len(everybody) // 10))
    truth: dict[str, set[str]] = {}
    for row in rows:
        if row[4] in lost:
            for name in (row[1], f"{row[2]} {row[3]}"):
                truth.setdefault(name, set()).add(row[4].lower())
    for name, lines in reports.items():
        text = "\n".join(_without(line, lost) for line in lines)
        (folder / name).write_text(text, "utf-8-sig")
    return Rewritten(copy, [folder / name for name in reports], truth, {one.lower() for one in lost})


def _without(line: str, lost: set[str]) -> str:
    cells = next(csv.reader([line]), [])
    return line.replace(f",{cells[4]},", ",,", 1) if len(cells) > 10 and cells[4] in lost else line
