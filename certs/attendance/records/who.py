"""Who a row is about: address, name and country, and whether it is a person at all."""

from functools import lru_cache

from certs import address, names
from certs.attendance import vocabulary
from certs.attendance.tables import Table
from certs.model import PersonKey


class Who:
    """Finds address, name and country in a row."""

    def __init__(self, table: Table) -> None:
        self._email = table.index("email")
        self._name = table.index("name")
        self._first, self._last = table.index("first"), table.index("last")
        self._country = table.index("country")
        self.has_parts = self._first >= 0 or self._last >= 0

    def person(self, cells: list[str]) -> PersonKey | address.BadAddress:
        """Return the key of the row's address, or what is wrong with it."""
        if self._email < 0 or self._email >= len(cells):
            return address.BadAddress.MISSING
        return key_of(cells[self._email])

    def registered(self, cells: list[str]) -> str:
        """Return first and last name as one, empty where the table has none."""
        if not self.has_parts:
            return ""
        return _joined(cell_of(cells, self._first), cell_of(cells, self._last))

    def name(self, cells: list[str]) -> str:
        """Return the display name, else first and last name."""
        display = _cleaned(cell_of(cells, self._name)) if self._name >= 0 else ""
        return display or self.registered(cells)

    def listed_name(self, cells: list[str]) -> str:
        """Return the name under which a report lists the row."""
        return self.name(cells)

    def country(self, cells: list[str]) -> str:
        """Return the country as it is spelled in the row."""
        return cell_of(cells, self._country).strip()[:100] if self._country >= 0 else ""


def cell_of(cells: list[str], index: int) -> str:
    """Return a cell as it reads, empty where the row is too short."""
    if not 0 <= index < len(cells):
        return ""
    cell = cells[index]
    return vocabulary.unwrapped(cell) if cell[:1] in ("=", "'") else cell


def is_total(cells: list[str]) -> bool:
    """Say whether a row without an address holds totals."""
    first = next((cell for cell in cells if cell.strip()), "")
    return vocabulary.means("total", first) or all(not c.strip() or c.strip(" ,.").isdigit() for c in cells)


@lru_cache(maxsize=16_384)
def key_of(cell: str) -> PersonKey | address.BadAddress:
    """Return the key of the address in *cell*, or what is wrong with it."""
    return address.read(vocabulary.unwrapped(cell))


@lru_cache(maxsize=16_384)
def _cleaned(cell: str) -> str:
    return names.typed(cell)


@lru_cache(maxsize=16_384)
def _joined(first: str, last: str) -> str:
    return names.joined(first, last)
