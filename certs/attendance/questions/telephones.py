"""Whose telephones a file lists, and the numbers of rows without an address.

Nothing of it is kept: the files are in the register as they were received, and are looked through when there are rows
without an address to ask about.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from certs.attendance.records.who import Who, cell_of
from certs.attendance.rows.cells import Rows
from certs.attendance.tables.table import Table, Totals, walk
from certs.ground import telephone
from certs.ground.address import BadAddress
from certs.model import PersonKey

_ROWS_WITHOUT = 5_000
"""So many rows without a column of telephones, and the file has none."""
_Numbered = tuple[int, PersonKey, str, str]
"""Line, person (empty without an address), name and number of a row."""


@dataclass
class Telephones:
    """Numbers by their ends with whose they are, and by the file, line and name of rows without an address."""

    _owners: dict[str, dict[PersonKey, set[str]]] = field(default_factory=lambda: defaultdict(dict))
    _rows: dict[tuple[str, int, str], str] = field(default_factory=dict)

    def look_through(self, file: str, sheets: Iterable[Rows]) -> None:
        """Take note of all numbers in a file."""
        for line, person, name, number in (row for rows in sheets for row in _numbered(rows)):
            if person:
                self._owners[telephone.end(number)].setdefault(person, set()).add(number)
            else:
                self._rows[file, line, name] = number

    def of_row(self, file: str, line: int, name: str) -> str:
        """Return the number of a row without an address: in a column of its own, or in place of a name."""
        return self._rows.get((file, line, name)) or telephone.read(name)

    def owners(self, number: str) -> Mapping[PersonKey, str]:
        """Return whose *number* is or may be, each with that in words."""
        found = self._owners.get(telephone.end(number), {}) if number else {}
        said = {person: max(telephone.likeness(number, one) for one in numbers) for person, numbers in found.items()}
        return {person: words for person, words in said.items() if words}


def _numbered(rows: Rows) -> Iterator[_Numbered]:
    """Yield the rows that have a number in a column of telephones."""
    known: dict[int, tuple[Table, Who]] = {}
    for count, (table, line, cells) in enumerate(walk(rows, Totals())):
        if table.line not in known and table.index("phone") >= 0:
            known[table.line] = table, Who(table)
        if not known and count > _ROWS_WITHOUT:
            return
        if table.line in known:
            who = known[table.line][1]
            number = telephone.read(cell_of(cells, table.index("phone")))
            if number:
                person = who.person(cells)
                is_nobody = isinstance(person, BadAddress)
                yield (
                    line,
                    PersonKey("") if isinstance(person, BadAddress) else person,
                    (who.claimed_name(cells) if is_nobody else ""),
                    number,
                )
