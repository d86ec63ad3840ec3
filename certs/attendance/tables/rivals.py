"""Columns of one meaning in one table: whose is whose.

The first of two never wins by its place: where they say the same it does not matter, and where they differ a person
must take the wrong one out.
"""

from collections.abc import Iterator, Mapping, Sequence

from certs.attendance import vocabulary
from certs.attendance.tables.headers import JOINS
from certs.attendance.tables.table import Table
from certs.attendance.times import durations, moments
from certs.ground import address

_WHAT: Mapping[str, str] = {
    "email": "hold the participant's address",
    "attendee_email": "hold the participant's address",
    "name": "hold the participant's name",
    "first": "hold the participant's first name",
    "last": "hold the participant's last name",
    "join": "say when she joined",
    "first_join": "say when she joined",
    "leave": "say when she left",
    "last_leave": "say when she left",
    "duration": "say how long she was there",
    "certificate_name": "hold the name for the certificate",
}


def rivals(table: Table, cells: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Yield the columns of one meaning that say different things in a row: the meaning, and where the two stand."""
    for meaning, several in table.rivals.items():
        first = table.index(meaning)
        for other in several:
            if other == first or max(first, other) >= len(cells):
                continue
            one, two = cells[first].strip(), cells[other].strip()
            if one and two and _unlike(meaning, one, two):
                yield meaning, first, other


def _unlike(meaning: str, one: str, two: str) -> bool:
    """Say whether two cells of one meaning contradict each other."""
    if one == two or vocabulary.means("nothing", one) or vocabulary.means("nothing", two):
        return False
    if meaning in ("email", "attendee_email"):
        return address.read(one) != address.read(two)
    if meaning in JOINS:
        return moments.split(one) != moments.split(two)
    if meaning == "duration":
        lengths = durations.seconds(one), durations.seconds(two)
        return None not in lengths and lengths[0] != lengths[1]
    return meaning in ("name", "first", "last", "certificate_name") and vocabulary.plain(one) != vocabulary.plain(two)


def text(table: Table, meaning: str, first: int, other: int, line: int) -> str:
    """Say that two columns contradict each other, and what to do."""
    what = _WHAT.get(meaning, "be the same thing")
    titles = f'"{table.headings[first]}" (column {first + 1}) and "{table.headings[other]}" (column {other + 1})'
    return (
        f"Two columns could {what}: {titles}, and they differ (line {line}). Take out, or call otherwise, the one that"
        " is not about the participant; of two tables side by side, make two files."
    )
