"""Header rows: which column holds what, by the words of `columns.toml`."""

import re
from collections.abc import Mapping, Sequence

from certs.attendance import vocabulary

_MOST_TITLES = 500
"""Cells of a line that are looked at to find the encoding."""
PEOPLE = frozenset({"name", "bare", "first", "last", "email", "attendee_email", "login"})
FACTS = frozenset(
    ["join", "leave", "first_join", "last_leave", "duration", "attended", "approval", "registered", "action", "order",
     "timestamp", "utc_timestamp", "role", "guest", "country", "waiting", "marks", "taken", "status"]
)  # fmt: skip
BLOCK = frozenset({"block", "started", "total_users", "total_registered", "total_participants"})
HEADING = re.compile(
    r"\s*(?:[^\W\d]{2,10}[.,]*\s)?"  # a day of the week
    r"(\d{1,2}[ .]\s?[^\d\s]{2,12}\.?,?\s\d{4}"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
    r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일])"
    r"[,\s]+(\d{1,2}[.:]\d{2}(?:\s?[AaPp]\.?[Mm]\b)?)"
)
"""A title that begins with the day and time of a session: `2 Mar 2026 10.00AM All students`."""


def rate(cells: Sequence[str]) -> int:
    """Return how many column titles of a header row *cells* has, 0 where it is none."""
    if has_data(cells):
        return 0
    found = {vocabulary.column(cell) for cell in cells if cell} - {""}
    people, facts = found & PEOPLE, found & FACTS
    if people and (facts or len(people) > 1):
        return len(people) + len(facts)
    return 1 if block_titles(cells) > 2 or is_action(cells) else 0


def plausibility(text: str) -> int:
    """Return the best rating of any line of *text*, whatever its delimiter."""
    lines = (re.split(r"[,;\t|]", line.replace('"', ""), maxsplit=_MOST_TITLES) for line in text.splitlines()[:200])
    return max(map(rate, lines), default=0)


def columns_of(cells: Sequence[str]) -> tuple[dict[str, int], tuple[int, ...]]:
    """Return where each known column stands, the first of a kind counting, and the columns of status letters."""
    found: dict[str, int] = {}
    marks = []
    for index, cell in enumerate(cells):
        if not cell:
            continue
        column = vocabulary.column(cell)
        if column:
            if column == "bare" and "bare" in found:
                column = "name"
            found.setdefault(column, index)
        elif HEADING.match(cell.strip()):
            marks.append(index)
    return found, tuple(marks)


def assigned(found: Mapping[str, int]) -> dict[str, int]:
    """Settle what a column called just "name" is, and whose address counts where a buyer's stands beside it."""
    columns = dict(found)
    bare = columns.pop("bare", None)
    if bare is not None:
        if "last" in columns and "first" not in columns:
            columns["first"] = bare
        elif "first" in columns and "last" not in columns:
            columns["last"] = bare
        else:
            columns.setdefault("name", bare)
    if "attendee_email" in columns:
        columns["email"] = columns["attendee_email"]
    elif "login" in columns:
        columns.setdefault("email", columns["login"])
    return columns


def block_titles(cells: Sequence[str]) -> int:
    """Count the titles of a block of totals."""
    return sum(vocabulary.column(cell) in BLOCK for cell in cells if cell)


def is_action(cells: Sequence[str]) -> bool:
    """Say whether a row is one of a list of name, action and time."""
    return len(cells) >= 3 and (vocabulary.means("joined", cells[1]) or vocabulary.means("left", cells[1]))


def has_data(cells: Sequence[str]) -> bool:
    """Say whether a row that looks like a header holds an address: then it is data."""
    return any("@" in cell and "." in cell for cell in cells)
