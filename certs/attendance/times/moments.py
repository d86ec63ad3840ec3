"""Dates and times as exports write them, read without a zone and without guessing the order of day and month.

A cell is cut into its date and its time at the first colon: `10/06/2026 |01:00:00 PM`. A file has few different dates
and few different times, so both halves are read once and remembered. What `10/06/2026` means is left open:
`Dates.readings` holds every reading that is a real date.

Read: 24 and 12 hours, with seconds or without, halves of day in many languages before or behind the time; day first,
month first and year first with slash, dash or dot; names of months; two-digit years; ISO 8601; the Buddhist era; a
zone abbreviation or offset behind the time. What has no colon goes through `stamps` first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from certs.attendance import vocabulary
from certs.attendance.times.stamps import spaced

_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*(.*)", re.DOTALL)
_NUMBERS = re.compile(r"(\d{1,4})\s*([./\-年년])\s*(\d{1,2})\s*([./\-月월])\s*(\d{1,4})\s*[日일]?")
_WORDS = re.compile(r"\d+|[^\W\d_]+")
_OFFSET = re.compile(r"(?:UTC|GMT|Z)?\s*([+\-−])(\d{1,2}):?(\d{2})?|Z|UTC|GMT", re.IGNORECASE)
_ABBREVIATION = re.compile(r"[(\[]?([A-Z]{2,5}|[A-Z][A-Za-z_]+(?:/[A-Za-z0-9_+-]+){1,2})[)\]]?")
"""EDT, or a zone by its IANA name."""
_REMARK = re.compile(r"\s*[(\[][^()\[\]]*[)\]]$")
"""What some write behind an offset: (Central European Summer Time), [Europe/Zurich]."""
_MAX_CELL = 80
_BUDDHIST_ERA = 543

SECONDS_A_DAY = 86_400


class DateOrder(StrEnum):
    """How 03/04/2026 is read."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


@dataclass(frozen=True, slots=True)
class Clock:
    """The time half of a cell: seconds since local midnight, and what stands behind it.

    *offset_minutes* is an explicit offset from UTC, *zone* an abbreviation such as EDT; None and empty where there is
    none.
    """

    seconds: int
    offset_minutes: int | None = None
    zone: str = ""

    @property
    def zoned(self) -> bool:
        """Say whether the time tells its zone."""
        return self.offset_minutes is not None or bool(self.zone)


@dataclass(frozen=True, slots=True)
class Dates:
    """The date half of a cell: the dates it can mean, by order; *half* is am or pm if that stands before the time."""

    readings: Mapping[DateOrder, date]
    half: str = ""

    @property
    def certain(self) -> date | None:
        """The date, where all readings agree."""
        found = set(self.readings.values())
        return found.pop() if len(found) == 1 else None


def split(cell: str) -> tuple[str, str]:
    """Cut *cell* into date and time; a cell without a colon is all date."""
    colon = cell.find(":")
    if colon < 1:
        return cell, ""
    start = colon - 2 if colon > 1 and cell[colon - 2].isdigit() else colon - 1
    return cell[:start], cell[start:]


@lru_cache(maxsize=4_096)
def clock(text: str) -> Clock | None:
    """Read the time half of a cell, None if it is none."""
    if len(text) > _MAX_CELL:
        return None
    found = _CLOCK.fullmatch(spaced(text))
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    half, rest = _half(found[4])
    offset, zone = _zone(rest)
    if minute > 59 or second > 59 or zone is None:
        return None
    if half:
        if not 1 <= hour <= 12 and not 13 <= hour <= 23:
            return None
        # "13:05 PM" is written by careless exporters and can mean one thing only.
        hour = hour if hour > 12 else hour % 12 + (12 if half == "pm" else 0)
    if hour > 23:
        return None
    return Clock(hour * 3600 + minute * 60 + second, offset, zone)


@lru_cache(maxsize=200_000)
def plain_clock(text: str) -> int:
    """Return the seconds since midnight of a time without a zone, -1 for anything else."""
    found = clock(text)
    return found.seconds if found is not None and not found.zoned else -1


@lru_cache(maxsize=256)
def _half(text: str) -> tuple[str, str]:
    """Take a half of day off the front of *text*."""
    for word in sorted(vocabulary.half_words(), key=len, reverse=True):
        if text.casefold().startswith(word):
            rest = text[len(word) :]
            if not rest or not rest[0].isalpha():
                return vocabulary.meridiem(word).removesuffix("_behind"), rest.lstrip(". ")
    return "", text


def _zone(text: str) -> tuple[int | None, str | None]:
    """Read what stands behind a time: an offset in minutes, an abbreviation, or (None, None) for anything else."""
    text = text.strip()
    word, _, rest = text.partition(" ")
    if vocabulary.means("oclock", word):
        text = rest.strip()
    text = _REMARK.sub("", text) or text
    if not text:
        return None, ""
    found = _OFFSET.fullmatch(text.strip("()[]"))
    if found is not None:
        minutes = int(found[2]) * 60 + int(found[3] or 0) if found[2] else 0
        return (-minutes if found[1] in ("-", "−") else minutes), ""
    name = _ABBREVIATION.fullmatch(text)
    return (None, name[1]) if name else (None, None)


@lru_cache(maxsize=20_000)
def dates(text: str) -> Dates | None:
    """Read the date half of a cell, None if it is none; empty text is a time without a date."""
    if len(text) > _MAX_CELL:
        return None
    day, half = _trailing_half(spaced(text).removesuffix("T").strip(" ,;،"))
    readings = _numeric(day) or _worded(day)
    if not readings and day:
        return None
    return Dates(readings or {}, half)


def _trailing_half(text: str) -> tuple[str, str]:
    """Take a half of day off the end of a date: in Chinese, Japanese and Korean it stands before the time."""
    words = text.rsplit(" ", 1)
    half = vocabulary.meridiem(words[-1])
    if half.endswith("_behind"):
        half = ""  # "Sa" before a time is Saturday
    return (words[0].strip(" ,") if len(words) > 1 else "", half) if half else (text, "")


def _numeric(text: str) -> dict[DateOrder, date] | None:
    """Read three numbers with slash, dash or dot between them."""
    found = _NUMBERS.match(text)
    if found is None:
        return None
    rest = text[found.end() :].strip(" ,.()")
    if rest and not rest.isalpha():
        return None
    one, mark, two, _, three = found.groups()
    if len(one) >= 3:
        return _real({DateOrder.YMD: (one, two, three)})
    if mark == ".":
        return _real({DateOrder.DMY: (three, two, one)})
    return _real({DateOrder.DMY: (three, two, one), DateOrder.MDY: (three, one, two)})


def _worded(text: str) -> dict[DateOrder, date] | None:
    """Read a date with the name of its month."""
    words = _WORDS.findall(text)
    months = [(index, vocabulary.month(word)) for index, word in enumerate(words) if not word.isdigit()]
    named = [(index, number) for index, number in months if number]
    numbers = [word for word in words if word.isdigit()]
    if len(named) != 1 or len(numbers) != 2:
        return None
    day, year = numbers if len(numbers[0]) <= 2 else reversed(numbers)
    return _real({DateOrder.YMD: (year, str(named[0][1]), day)})


def _real(parts: dict[DateOrder, tuple[str, str, str]]) -> dict[DateOrder, date]:
    """Return those of *parts* (year, month, day) that exist in the calendar."""
    found = {}
    for order, (year_text, month, day) in parts.items():
        year = int(year_text)
        if len(year_text) <= 2:
            year += 2000
        elif 2400 < year < 2700:
            year -= _BUDDHIST_ERA
        try:
            found[order] = date(year, int(month), int(day))
        except (ValueError, OverflowError):
            continue
        if not 1990 <= year <= 2100:
            del found[order]
    return found
