"""Lengths of time as exports write them.

`97`, `58.53`, `1h 27m 51s`, `1h02`, `01:09:17`, `PT1H2M`, `1 hr 2 min`, `59 Min. 0 Sek.`, `1 hora e 2 minutos`, in many
languages.
"""

import re
import unicodedata
from functools import lru_cache

from certs.attendance import vocabulary

_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*((?:[^\W\d_][^\d\s.,:]*)?)\.?")
_CLOCK = re.compile(r"(\d{1,4}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?")
_ISO = re.compile(r"pt(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)(?:[.,]\d+)?s)?")
"""ISO 8601 section 4.4.3.2, in small letters and shorter than a day."""
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_DAY_SECONDS = 86_400
_MAX_CELL = 60
_HOURS_A_DAY = 24
UNITS = ("second", "minute", "hour")
"""What a length of time without a unit may be in."""
_SECONDS = {"hour": 3600, "minute": 60, "second": 1}


def is_in_minutes_and_seconds(cell: str) -> bool:
    """Say whether *cell* is `62:30`: nobody stays for 62 hours, so it and all beside it are minutes and seconds."""
    found = _CLOCK.fullmatch(cell.strip())
    return found is not None and found[3] is None and int(found[1]) > _HOURS_A_DAY


def tolerance(unit: str) -> int:
    """Return by how many seconds a stated length may be too small because it is rounded."""
    return _SECONDS["hour"] // 2 if unit == "hour" else _SECONDS["minute"]


def is_number(cell: str) -> bool:
    """Say whether *cell* is a number alone, whose unit stands elsewhere."""
    return _NUMBER.fullmatch(cell.strip()) is not None


@lru_cache(maxsize=20_000)
def seconds(cell: str, *, minutes_first: bool = False, unit: str = "minute") -> int | None:
    """Return whole seconds, None if it is no length of time.

    A plain number counts in *unit* (`hour`, `minute` or `second`), one that may have thousands or decimals not at all;
    `1:30` is hours and minutes, with *minutes_first* minutes and seconds.
    """
    text = unicodedata.normalize("NFKC", cell).strip().casefold()
    if not text or len(text) > _MAX_CELL:
        return None
    if _NUMBER.fullmatch(text):
        if _may_be_thousands(text, unit):
            return None
        return round(float(text.replace(",", ".")) * _SECONDS[unit])
    found = _CLOCK.fullmatch(text)
    if found is not None:
        if minutes_first and found[3] is None:
            return int(found[1]) * 60 + int(found[2])
        return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)
    iso = _ISO.fullmatch(text)
    if iso is not None:
        return sum(int(number or 0) * size for number, size in zip(iso.groups(), (3600, 60, 1), strict=True))
    return _units(text)


def _may_be_thousands(number: str, unit: str) -> bool:
    """Say whether *number* is 3,600 or 3.600: three thousand and six hundred, or three and six tenths?

    Of a number that would be more than a day the comma or point marks decimals.
    """
    if _THOUSANDS.fullmatch(number) is None:
        return False
    return int(number.replace(",", "").replace(".", "")) * _SECONDS[unit] <= _DAY_SECONDS


def _units(text: str) -> int | None:
    """Add up numbers with their units; anything else in *text* makes it no length of time."""
    total = 0.0
    rest = _PART.sub(" ", text).replace(",", " ").split()
    parts = _PART.findall(text)
    if not parts or not all(vocabulary.means("and", word) for word in rest):
        return None
    before = ""
    for number, word in parts:
        # The minutes of "1h02" have no unit; what follows them would.
        unit = vocabulary.unit(word) if word else "minute" * (before == "hour" and parts[-1] == (number, word))
        if not unit or _may_be_thousands(number, unit):
            return None
        total += float(number.replace(",", ".")) * _SECONDS[unit]
        before = unit
    return round(total)
