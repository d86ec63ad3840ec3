"""Which file is a changed one of an earlier: of its name, copies of it included, its format and its session."""

import re
from collections.abc import Sequence

from certs.attendance import Reading
from certs.errors import Problem
from certs.model import Imported
from certs.wording import hint, say

_COPY = re.compile(
    r"(?:\s*\(\d{1,3}\)|\s+-\s+(?:copy|kopie|copie|copia|cópia|копия)(?:\s*\(\d{1,3}\))?|\s+copy(?:\s+\d{1,3})?)+$",
    re.IGNORECASE,
)
"""What stands at the end of the name of a copy: `report (1)`, `report - Copy (2)`, `report copy`."""


def version_of(reading: Reading, held: Sequence[Imported], others: Sequence[Reading]) -> Imported | Reading | None:
    """Return what *reading* looks like a changed version of: same name, format and session; None for nothing."""
    known: list[Imported | Reading] = [*held, *others]
    return next((old for old in known if _alike(reading, old)), None)


def refusals(reading: Reading, held: Sequence[Imported], others: Sequence[Reading]) -> list[Problem]:
    """Refuse a file that looks like a changed one: of the name, format and session of one *held*, or of *others*."""
    old = version_of(reading, held, others)
    if old is None:
        return []
    if isinstance(old, Imported):
        text = say(
            "{old} is in the register already, with other contents. If this corrects it, add: {replace}. "
            "If both shall count, add: {beside}",
            old=old.name,
            replace=hint("replace", file=old.name),
            beside=hint("beside"),
        )
    else:
        text = say(
            "Two files with different contents are called {other} and speak of the same: give the right one, "
            "or add {beside} if both shall count.",
            other=old.name,
            beside=hint("beside"),
        )
    return [Problem(text, reading.name)]


def _alike(new: Reading, old: Reading | Imported) -> bool:
    return _plain_name(new.name) == _plain_name(old.name) and (new.session, new.format) == (old.session, old.format)


def _plain_name(name: str) -> str:
    """Return the name of a file without what a browser or a desktop adds to that of a copy."""
    stem, dot, suffix = name.rpartition(".")
    return f"{_COPY.sub('', stem).strip().casefold()}{dot}{suffix.casefold()}"
