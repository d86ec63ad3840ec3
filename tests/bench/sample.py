"""What both contestants print: statements about the people of the sample marathon."""

import csv
import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from certs.ground import number
from certs.model import Statement
from tests.unit.pdf.cast import EVENT

DEMO = Path(__file__).resolve().parents[2] / "demo"


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
