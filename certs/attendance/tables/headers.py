"""Header rows: which column holds what, by the words of `columns.toml`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from certs.attendance import vocabulary

_MEETING_TITLES = 3
"""Titles of a meeting that make a table one about meetings, or about people in several."""
_MOST_TITLES = 500
"""Cells of a line that are looked at to find the encoding."""
PEOPLE = frozenset({"name", "bare", "first", "last", "email", "attendee_email", "login"})
FACTS = frozenset(
    ["join", "leave", "first_join", "last_leave", "duration", "attended", "approval", "registered", "action", "order",
     "timestamp", "utc_timestamp", "role", "guest", "country", "waiting", "marks", "taken", "status", "arrived",
     "series", "certificate_name"]
)  # fmt: skip
JOINS = frozenset({"join", "leave", "first_join", "last_leave"})
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


@dataclass(frozen=True, slots=True)
class Header:
    """What a header row says of its columns."""

    columns: Mapping[str, int]
    """Where each known column stands, the first of a kind."""
    marks: tuple[int, ...]
    """The columns of status letters."""
    rivals: Mapping[str, tuple[int, ...]]
    """Where several columns have one meaning."""
    meeting: tuple[int, ...]
    """Columns that tell of the meeting and its host, in a table that has three and more."""


def columns_of(cells: Sequence[str]) -> Header:
    """Return what a header row says.

    Reports of a whole account put the meeting and its host before each person, under the same titles. So where titles
    of a meeting stand among those of people, only the columns between them that hold the joins are a person's.
    """
    meanings = [vocabulary.column(cell) if cell else "" for cell in cells]
    meeting = tuple(index for index, meaning in enumerate(meanings) if meaning in BLOCK)
    about_person = _persons(meanings, meeting) if len(meeting) >= _MEETING_TITLES else range(len(cells))
    found: dict[str, int] = {}
    all_of: dict[str, list[int]] = {}
    for index in about_person:
        meaning = "name" if meanings[index] == "bare" and "bare" in found else meanings[index]
        if meaning:
            found.setdefault(meaning, index)
            all_of.setdefault(meaning, []).append(index)
    marks = tuple(i for i, c in enumerate(cells) if c and not meanings[i] and HEADING.match(c.strip()))
    for index in meeting:
        found.setdefault(meanings[index], index)
    rivals = {meaning: tuple(several) for meaning, several in all_of.items() if len(several) > 1}
    return Header(found, marks, rivals, meeting if len(meeting) >= _MEETING_TITLES else ())


def _persons(meanings: Sequence[str], meeting: Sequence[int]) -> range:
    """Return the columns between those of the *meeting* that hold the joins, else the last ones that name people."""
    edges = (-1, *meeting, len(meanings))
    runs = [range(since + 1, until) for since, until in pairwise(edges)]
    for wanted in (JOINS, PEOPLE):
        fitting = [run for run in runs if any(meanings[index] in wanted for index in run)]
        if fitting:
            return fitting[-1]
    return range(len(meanings))


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
