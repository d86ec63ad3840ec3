"""Times that are written without a colon, rewritten with one, so that everything else reads one form.

    with_colon("23/04/2026 9h05")       23/04/2026 9:05
    with_colon("23.4.2026 klo 9.05.30") 23.4.2026 klo 9:05:30
    with_colon("2026年4月23日 9时05分")  2026年4月23日 9:05
    with_colon("20260423T090530Z")      2026-04-23 09:05:30Z
    with_colon("46135.375")             2026-04-23 09:00:00

The last is a spreadsheet's serial number: days since 30 December 1899.
"""

import re
import unicodedata
from datetime import datetime, timedelta
from functools import lru_cache

_MAX_CELL = 80
_EPOCH_OF_SHEETS = datetime(1899, 12, 30)  # noqa: DTZ001 -- sheets have no zones
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_FRACTION = re.compile(r"0?\.\d{3,}")
"""A time of day as a sheet holds it: the part of the day that is over."""
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)[T ]?(\d\d)(\d\d)(\d\d)?(?!\d)(.*)")
_LETTERS = re.compile(
    r"(?<!\d)(\d{1,2})\s?[hH時时시點点]\s?(\d{1,2})(?!\d)(?:\s?(?:min|mn|m|[分분])(?:\s?(\d{1,2})\s?(?:s|[秒초])?)?)?(?!\w)"
)
_DOTS = re.compile(r"(?<=\s)(\d{1,2})\.([0-5]\d)(?:\.([0-5]\d))?(?=$|\s|[AaPp])")
_LONE_DOT = re.compile(r"^(\d{1,2})\.([0-5]\d)()$")
"""Three numbers with dots and nothing before them are a date."""


@lru_cache(maxsize=20_000)
def with_colon(cell: str) -> str:
    """Return *cell* with its time written as `9:05` or `9:05:30`; as it is where no time without a colon is in it."""
    if not cell or len(cell) > _MAX_CELL or not any(c.isdigit() for c in cell):
        return cell
    text = spaced(cell)
    if ":" in text:
        return text
    if _SERIAL.fullmatch(text) or _FRACTION.fullmatch(text):
        return _of_sheet(float(text))
    if found := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, rest = found.groups()
        return f"{year}-{month}-{day} {hour}:{minute}:{second or '00'}{rest}"
    for pattern in (_LETTERS, _DOTS, _LONE_DOT):
        if found := pattern.search(text):
            hour, minute, second = found.groups()
            rest = f":{second:0>2}" if second else ""
            return f"{text[: found.start()]}{hour}:{minute:0>2}{rest}{text[found.end() :]}"
    return cell


def _of_sheet(days: float) -> str:
    """Return the moment, or the time of day, that a spreadsheet's number stands for."""
    moment = _EPOCH_OF_SHEETS + timedelta(seconds=round(days * 86_400))
    return moment.time().isoformat() if days < 1 else moment.isoformat(" ")


def spaced(text: str) -> str:
    """Return *text* with plain spaces, nothing invisible, and a space between day, half of day and time.

    The apostrophe by which people keep a sheet from changing a cell goes too.
    """
    if text.isascii():
        return text.strip(" \t\r\n'")
    text = unicodedata.normalize("NFKC", text)
    text = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in ("Cf", "Cc")
    )
    text = re.sub(r"(?<=\d)(?=[上下午凌早晚中오])|(?<=[午晨上后])(?=\d)|(?<=日)(?=\S)", " ", text)
    return text.strip(" '")
