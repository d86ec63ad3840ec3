"""What the words of exports mean, in every language met so far; the words themselves are data beside this file."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

_ASIDE = re.compile(r"\s*\([^)]*\)\s*|\s*\[[^\]]*\]\s*|\s(?:utc|gmt)$")
"""What a title says besides: in parentheses or brackets, or a zone at its end."""
_FORMULA_TEXT = re.compile(r'^="(.*)"$', re.DOTALL)
_NEUTRALISED = re.compile(r"^'[=+\-@\t\r＝＋－＠]")
_UPN = "(upn)"
_WORDS = re.compile(r"[^\W\d_]+")
_APOSTROPHES = str.maketrans("’ʼ`´", "''''")
_MAX_TITLE = 120


@dataclass(frozen=True, slots=True)
class _Words:
    """A table of words: exact ones, and beginnings."""

    exact: dict[str, str]
    beginnings: tuple[tuple[str, str], ...]

    def find(self, text: str) -> str:
        """Return the meaning of *text*, empty if unknown."""
        meaning = self.exact.get(text, "")
        if not meaning:
            meaning = next((found for start, found in self.beginnings if text.startswith(start)), "")
        return meaning


def plain(text: str) -> str:
    """Return *text* for comparing: no case, no invisible characters, one kind of apostrophe, single spaces."""
    text = (
        unicodedata.normalize("NFKC", unwrapped(text)).casefold().replace("’", "'").replace("ʼ", "'").replace("`", "'")
    )
    if not text.isascii():
        text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cn", "Cs"))
    return " ".join(text.split()).strip(" :*")


def unwrapped(cell: str) -> str:
    """Return *cell* as it reads: out of `="…"`, without the apostrophe that keeps a spreadsheet from computing it."""
    if cell[:1] == "=":
        found = _FORMULA_TEXT.match(cell.strip())
        return found[1].replace('""', '"') if found else cell
    return cell[1:] if cell[:1] == "'" and _NEUTRALISED.match(cell) else cell


@lru_cache(maxsize=4096)
def column(title: str) -> str:
    """Return what a column of that *title* holds, as a key of `columns.toml`; empty if unknown."""
    if not title or len(title) > _MAX_TITLE:
        return ""
    words = _columns()
    whole = plain(title)
    if _UPN in whole:
        return "upn"
    bare = _ASIDE.sub(" ", whole).replace("*", " ").strip()
    found = words.find(whole) or words.find(bare) or words.find(bare.replace("_", " "))
    return found or ("certificate_name" if _asks_for_name(whole) else "")


def _asks_for_name(title: str) -> bool:
    """Say whether a title asks how somebody is called on the certificate, in whatever words."""
    return any(word in title for word in _load_list("certificate")) and any(
        word in title for word in _load_list("name_asked")
    )


@lru_cache(maxsize=8192)
def means(meaning: str, cell: str) -> bool:
    """Say whether *cell* holds a word of that *meaning*, a key of `words.toml`."""
    return len(cell) <= _MAX_TITLE and _cells()[meaning].find(plain(cell)) == meaning


def month(word: str) -> int:
    """Return the number of the month called *word*, 0 if none is."""
    return int(_months().get(plain(word).rstrip("."), "0"))


def meridiem(word: str) -> str:
    """Return `am`, `pm` or empty for the half of day called *word*."""
    return _halves().get(plain(word), "")


def unit(word: str) -> str:
    """Return `hour`, `minute`, `second` or empty for a unit of time called *word* or beginning so."""
    text = plain(word).rstrip(".")
    best = ""
    found = ""
    for start, meaning in _units().items():
        exact = text == start
        if (exact or (len(start) > 2 and text.startswith(start)) or (len(start) <= 2 and exact)) and len(start) > len(
            best
        ):
            best, found = start, meaning
    return found


@lru_cache(maxsize=1024)
def title_unit(title: str) -> str:
    """Return `hour`, `minute`, `second` or empty for the unit that the title of a column of lengths gives.

    What stands in parentheses or brackets goes before the words of the title; a single letter counts only there.
    """
    whole = plain(title)
    asides = " ".join(_ASIDE.findall(whole)).strip(" ()[]")
    units = _title_units()
    found = units.get(asides) or next(filter(None, map(units.get, _WORDS.findall(asides))), None)
    words = (word for word in _WORDS.findall(_ASIDE.sub(" ", whole)) if len(word) > 1)
    return found or next(filter(None, map(units.get, words)), None) or ""


def half_words() -> Iterable[str]:
    """Return every word for a half of day."""
    return _halves().keys()


@cache
def _load(name: str) -> dict[str, object]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def _load_list(name: str) -> tuple[str, ...]:
    """Return a list of `words.toml` as it is compared."""
    words = _load("words.toml")[name]
    assert isinstance(words, list)  # noqa: S101 -- our own file
    return tuple(plain(word) for word in words)


@cache
def _columns() -> _Words:
    return _words({key: value for key, value in _load("columns.toml").items() if isinstance(value, list)})


@cache
def _cells() -> dict[str, _Words]:
    lists = {key: value for key, value in _load("words.toml").items() if isinstance(value, list)}
    return {key: _words({key: value}) for key, value in lists.items()}


def _words(lists: dict[str, list[str]]) -> _Words:
    """Turn lists of words by meaning into a table."""
    exact: dict[str, str] = {}
    beginnings: list[tuple[str, str]] = []
    for meaning, words in lists.items():
        for word in words:
            if word.endswith("*"):
                beginnings.append((plain(word[:-1]), meaning))
            else:
                exact.setdefault(plain(word), meaning)
    return _Words(exact, tuple(sorted(beginnings, key=lambda pair: -len(pair[0]))))


def _section(name: str) -> dict[str, str]:
    """Return a table of `words.toml` from word to key."""
    table = _load("words.toml")[name]
    assert isinstance(table, dict)  # noqa: S101 -- our own file
    return {plain(word): key for key, words in table.items() for word in words}


@cache
def _months() -> dict[str, str]:
    return _section("months")


@cache
def _halves() -> dict[str, str]:
    return _section("meridiem")


@cache
def _title_units() -> dict[str, str]:
    return _section("title_units")


@cache
def _units() -> dict[str, str]:
    return _section("units")
