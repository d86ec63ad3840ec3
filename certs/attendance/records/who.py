"""Who a row is about: address, name, country and organisation, and whether it is a person at all."""

import re
from functools import lru_cache

from certs.attendance import vocabulary
from certs.attendance.tables.table import Table
from certs.ground import address, names
from certs.model import PersonKey

_ADDRESSED = re.compile(
    r"""(?:(.*?)[<(\[]\s*(?:mailto:)?([^\s@<>()\[\]]+@[^\s@<>()\[\]]+)\s*[>)\]]|([^\s@<>()\[\]]+@[^\s@<>()\[\]]+)\s*[<(\[](.*?)[>)\]])[;,]?""",
    re.DOTALL,
)
"""`Ada Lovelace <ada@example.org>`, `Ada Lovelace (ada@example.org)`, `ada@example.org (Ada Lovelace)`."""


class Who:
    """Finds address, name, country and organisation in a row."""

    def __init__(self, table: Table) -> None:
        self._email = table.index("email")
        self._name = table.index("name")
        self._first, self._last = table.index("first"), table.index("last")
        self._country = table.index("country")
        self._organisation = table.index("organisation")
        self.has_parts = self._first >= 0 or self._last >= 0
        self._certificate = table.index("certificate_name")
        self._addressed = self._email >= 0 and self._email in (self._name, self._first)
        if self._name < 0 and not self.has_parts:
            self._name, self._addressed = self._email, True

    def person(self, cells: list[str]) -> PersonKey | address.BadAddress:
        """Return the key of the row's address, or what is wrong with it."""
        if self._email < 0 or self._email >= len(cells):
            return address.BadAddress.MISSING
        cell = cells[self._email]
        return key_of(_parted(cell)[1] if self._addressed else cell)

    def registered(self, cells: list[str]) -> str:
        """Return the name asked for on the certificate, else first and last name as one; empty without either."""
        asked = _cleaned(cell_of(cells, self._certificate)) if self._certificate >= 0 else ""
        if asked and not vocabulary.means("nothing", asked):
            return asked
        if not self.has_parts:
            return ""
        return _joined(_raw(cells, self._first), _raw(cells, self._last))

    def name(self, cells: list[str]) -> str:
        """Return the display name, else first and last name."""
        if self._addressed:
            display = _cleaned(_parted(cell_of(cells, self._name))[0])
        else:
            display = _read(_raw(cells, self._name))
        return display or self.registered(cells)

    def listed_name(self, cells: list[str]) -> str:
        """Return the name under which a report lists the row."""
        return self.name(cells)

    def claimed_name(self, cells: list[str]) -> str:
        """Return the name by which somebody may know whose a row without an address is: no device if it has another."""
        display = self.name(cells)
        return (self.registered(cells) or display) if names.is_nobody(display) else display

    def whence(self, cells: list[str]) -> tuple[str, str]:
        """Return country and organisation as they are spelled in the row."""
        return _whence(_raw(cells, self._country), _raw(cells, self._organisation))


def cell_of(cells: list[str], index: int) -> str:
    """Return a cell as it reads, empty where the row is too short."""
    if not 0 <= index < len(cells):
        return ""
    cell = cells[index]
    return vocabulary.unwrapped(cell) if cell[:1] in ("=", "'") else cell


def _raw(cells: list[str], index: int) -> str:
    """Return a cell as it is written, empty where the row is too short: for what is read once for all rows alike."""
    return cells[index] if 0 <= index < len(cells) else ""


@lru_cache(maxsize=16_384)
def _whence(country: str, organisation: str) -> tuple[str, str]:
    return vocabulary.unwrapped(country).strip()[:100], vocabulary.unwrapped(organisation).strip()[:200]


def is_total(cells: list[str]) -> bool:
    """Say whether a row without an address holds totals."""
    first = next((cell for cell in cells if cell.strip()), "")
    return vocabulary.means("total", first) or all(not c.strip() or c.strip(" ,.").isdigit() for c in cells)


@lru_cache(maxsize=16_384)
def key_of(cell: str) -> PersonKey | address.BadAddress:
    """Return the key of the address in *cell*, or what is wrong with it."""
    return address.read(vocabulary.unwrapped(cell))


@lru_cache(maxsize=16_384)
def _parted(cell: str) -> tuple[str, str]:
    """Return the name and the address in a cell that holds both, as mail programs write them."""
    text = vocabulary.unwrapped(cell).strip()
    found = _ADDRESSED.fullmatch(text)
    if found is not None:
        return (found[1] or found[4] or "").strip(" \t\"',;"), found[2] or found[3]
    return ("", text) if "@" in text else (text, "")


@lru_cache(maxsize=16_384)
def _cleaned(cell: str) -> str:
    return names.typed(cell)


@lru_cache(maxsize=16_384)
def _read(cell: str) -> str:
    return names.typed(vocabulary.unwrapped(cell))


@lru_cache(maxsize=16_384)
def _joined(first: str, last: str) -> str:
    return names.joined(vocabulary.unwrapped(first), vocabulary.unwrapped(last))
