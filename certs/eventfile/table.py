"""TOML tables that know their lines and collect what is wrong with them.

`tomllib` gives values without positions, so the lines of tables and keys are found by a second, simple look at the
text: enough for files written one key a line, and 0 (unknown) otherwise.
"""

import difflib
import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from certs.errors import InputError, Problem
from certs.wording import say

_HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.\" -]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*[\"']?([A-Za-z0-9_-]+)[\"']?\s*=")
_SYNTAX = re.compile(r"(.*) \(at line (\d+), column (\d+)\)")
_MAX_BYTES = 1_000_000
_YEARS = range(1900, 9000)
"""In which every moment can be said in every zone."""

Path = tuple[str | int, ...]


class Document:
    """A TOML file being read; `finish` raises what `report` gathered."""

    def __init__(self, text: str, name: str, *, strict: bool = False) -> None:
        self.name, self.strict = name, strict
        self.seen_ids: set[str] = set()
        self._problems: list[tuple[Path, Problem]] = []
        if len(text) > _MAX_BYTES:
            raise InputError(Problem(say("An event file has at most a million characters."), name))
        try:
            # The byte order mark comes from Windows editors; floats stay exact.
            values = tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            raise InputError(_syntax(error, name)) from None
        except RecursionError:
            raise InputError(Problem(say("The tables are nested too deeply."), name)) from None
        self._lines = positions(text)
        self.top = Table(self, (), values)

    def report(self, message: str, path: Path) -> None:
        """Note a problem at *path*."""
        line = 0
        for length in range(len(path), 0, -1):
            line = self._lines.get(path[:length], 0)
            if line:
                break
        line = line or min((at for known, at in self._lines.items() if path and known[: len(path)] == path), default=0)
        self._problems.append((path, Problem(message, self.name, line)))

    def problems_at(self, path: Path) -> bool:
        """Say whether anything inside the table at *path* was reported."""
        return any(reported[: len(path)] == path for reported, _ in self._problems)

    def finish(self) -> None:
        """Raise what was reported, in the order of the lines.

        Raises:
            InputError: anything was reported.
        """
        if self._problems:
            raise InputError(*sorted(dict.fromkeys(p for _, p in self._problems), key=lambda p: p.line))


class Table:
    """One table of the file: typed values by key; what does not fit is reported and replaced by an empty value."""

    def __init__(self, document: Document, path: Path, values: dict[str, object]) -> None:
        self.document = document
        self.path = path
        self._values = values

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def report(self, message: str, key: str = "") -> None:
        """Note a problem at *key*, or at the table itself."""
        self.document.report(message, (*self.path, key) if key else self.path)

    def only(self, *known: str) -> None:
        """Report every other key, with the nearest known one."""
        for key in self._values.keys() - set(known):
            near = difflib.get_close_matches(key.lower(), known, 1, 0.6)
            hint = f'Did you mean "{near[0]}"?' if near else f"Known here: {', '.join(known)}."
            self.report(f'Unknown key "{key}". {hint}', key)

    def text(self, key: str, max_length: int, *, needed: bool = False) -> str:
        """Return a line of text, trimmed."""
        value = self._values.get(key, "")
        if not isinstance(value, str):
            self.report(f'"{key}" must be text in quotes.', key)
            return ""
        value = value.strip()
        if needed and not value:
            self.report(f'"{key}" is missing or empty.', key)
        if len(value) > max_length or not value.isprintable():
            self.report(f'"{key}" must be one line of at most {max_length} characters.', key)
        return value

    def pattern(self, key: str, allowed: re.Pattern[str], meaning: str, *, needed: bool = False) -> str:
        """Return a text that matches *allowed* as a whole; *meaning* tells what that is."""
        value = self.text(key, 200, needed=needed)
        if value and not allowed.fullmatch(value):
            self.report(f'"{key}" must be {meaning}.', key)
        return value

    def choice(self, key: str, options: Sequence[str]) -> str:
        """Return one of *options*, or empty where there is none."""
        value = self.text(key, 200)
        if value and value not in options:
            self.report(f'"{key}" must be one of: {", ".join(options)}.', key)
            return ""
        return value

    def number(self, key: str, least: Fraction, most: Fraction, meaning: str) -> Fraction | None:
        """Return an exact number between *least* and *most*; *meaning* is what it counts."""
        value = self._values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not _finite(value):
            self.report(f'"{key}" must be a number: {meaning}.', key)
            return None
        if not least <= Fraction(value) <= most:
            self.report(f'"{key}" must be {meaning}, between {least} and {most}.', key)
            return None
        return Fraction(value)

    def whole(self, key: str, least: int, most: int, meaning: str) -> int | None:
        """Return a whole number between *least* and *most*."""
        value = self.number(key, Fraction(least), Fraction(most), meaning)
        if value is not None and value.denominator != 1:
            self.report(f'"{key}" must be a whole number: {meaning}.', key)
            return None
        return None if value is None else int(value)

    def texts(self, key: str, example: str) -> list[str]:
        """Return a list of short texts, such as *example*; whole numbers among them are read as text."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str | int) and not isinstance(v, bool) for v in value):
            self.report(f'"{key}" must be a list like {example}.', key)
            return []
        return [str(v).strip() for v in value]

    def day(self, key: str) -> date | None:
        """Return a date without a time."""
        value = self._values.get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.report(f'"{key}" must be a date like 2028-12-31, without quotes.', key)
        return None

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false, *default* where the file says neither."""
        value = self._values.get(key, default)
        if isinstance(value, bool):
            return value
        self.report(f'"{key}" must be true or false, without quotes.', key)
        return default

    def moment(self, key: str) -> datetime | None:
        """Return a date and time, naive where the file gives no offset."""
        value = self._values.get(key)
        if isinstance(value, datetime):
            if value.year in _YEARS:
                return value
            self.report(f'"{key}" is in the year {value.year}: check it.', key)
            return None
        problem = f'"{key}" is missing.' if value is None else f'"{key}" must be a time like 2026-10-06T13:00:00.'
        self.report(problem, key)
        return None

    def identifier(self, key: str) -> str:
        """Return a short name; a whole number is read as text."""
        value = self._values.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.text(key, 40, needed=True)

    def table(self, key: str) -> "Table | None":
        """Return the table *key* if it is there."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.report(f'"{key}" must be a table: [{".".join(map(str, (*self.path, key)))}].', key)
            return None
        return Table(self.document, (*self.path, key), value)

    def named_tables(self) -> Iterator[tuple[str, "Table"]]:
        """Yield every key with its table."""
        for key in self._values:
            table = self.table(key)
            if table is not None:
                yield key, table

    def tables(self, key: str, example: str = "") -> Iterator["Table"]:
        """Yield the tables of the list *key*, written as *example* or with a header each."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self.report(f'"{key}" must be a list of tables: {example or f"[[{key}]]"}.', key)
            return
        for index, item in enumerate(value):
            yield Table(self.document, (*self.path, key, index), item)


def _finite(value: int | Decimal) -> bool:
    """Say whether *value* is a number one can count with; TOML allows nan and inf."""
    return isinstance(value, int) or value.is_finite()


def _syntax(error: tomllib.TOMLDecodeError, name: str) -> Problem:
    """Return what tomllib says as a problem with its line."""
    found = _SYNTAX.fullmatch(str(error))
    if found is None:
        return Problem(say("This is not TOML: {error}.", error=error), name)
    return Problem(say("This is not TOML: {found}.", found=found[1]), name, int(found[2]), int(found[3]))


def positions(text: str) -> dict[Path, int]:
    """Return the line of each table header and key."""
    found: dict[Path, int] = {}
    counts: dict[str, int] = {}
    path: Path = ()
    for line, content in enumerate(text.splitlines(), 1):
        header, key = _HEADER.match(content), _KEY.match(content)
        if header:
            name = header[1].replace('"', "").replace(" ", "")
            path = tuple(name.split("."))
            if content.lstrip().startswith("[["):
                counts[name] = counts.get(name, -1) + 1
                path = (*path, counts[name])
            found.setdefault(path, line)
        elif key:
            found.setdefault((*path, key[1]), line)
    return found
