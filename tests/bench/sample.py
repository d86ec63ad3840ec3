"""What both contestants print: statements about the people of the sample marathon."""

import csv
import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from certs import number
from certs.model import EventFacts, SessionId, SessionLine, Signatory, Statement

DEMO = Path(__file__).resolve().parents[2] / "demo"
TITLES = (
    "Quality risk management",
    "Data integrity",
    "Aseptic processing and contamination control",
    "Process validation life cycle",
    "Water for pharmaceutical use",
    "HVAC systems, part 1",
    "Deviation, root cause and CAPA",
    "Inspection readiness and closing",
)
EVENT = EventFacts(
    slug="cgmp-2026",
    title="cGMP Training Marathon 2026",
    issuer="Meridian Institute for Medicines Quality",
    place="Geneva",
    language="en",
    zone="Europe/Zurich",
    first_day=date(2026, 10, 6),
    last_day=date(2026, 10, 29),
    sessions=tuple(
        SessionLine(SessionId(str(place)), title, date(2026, 10, 6 + 3 * place)) for place, title in enumerate(TITLES)
    ),
    signatories=(Signatory("Dr Amara Lindqvist-Osei", "Director"), Signatory("Prof. Matteo Hanabira", "Chair")),
    criteria="At least 6 of 8 sessions, each for at least half of its time.",
    design="classic",
)


def names(count: int) -> Sequence[str]:
    """Return the first *count* different names of the marathon's registration, in its order."""
    (report,) = DEMO.glob("registration_*.csv")
    rows = list(csv.reader(report.read_text(encoding="utf-8-sig").splitlines()))
    people = (f"{row[0]} {row[1]}".strip() for row in rows if len(row) > 2 and "@" in row[2])
    return list(dict.fromkeys(people))[:count]


def statements(people: Sequence[str]) -> list[Statement]:
    """Return a statement for each of *people*, the same in every run."""
    dice = random.Random(2026)
    return [_statement(name, dice) for name in people]


def _statement(name: str, dice: random.Random) -> Statement:
    attended = frozenset(session.id for session in dice.sample(EVENT.sessions, dice.randint(6, 8)))
    bits = number.from_bits(dice.getrandbits(number.RANDOM_BITS))
    return Statement(EVENT, bits, "attendance", name, "", attended, dice.randint(36, 66), date(2026, 11, 20))
