"""Zone abbreviations such as EDT: what they are worth on a given day.

Many are used in several countries (CST, IST, BST). The session's own zone decides where it uses that abbreviation; of
the rest only those with one common meaning are known. A zone for a whole column or file may also be written as its IANA
name or as an offset.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_MINUTES = {
    "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120, "EET": 120,
    "EEST": 180, "MSK": 180, "EAT": 180, "CAT": 120, "WAT": 60, "SAST": 120, "EST": -300, "EDT": -240, "CST":
    -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST":
    -600, "AST": -240, "ADT": -180, "NST": -210, "NDT": -150, "BRT": -180, "ART": -180, "CLT": -240, "CLST":
    -180, "COT": -300, "PET": -300, "PKT": 300, "IST": 330, "NPT": 345, "WIB": 420, "ICT": 420, "SGT": 480,
    "MYT": 480, "PHT": 480, "HKT": 480, "AWST": 480, "JST": 540, "KST": 540, "ACST": 570, "ACDT": 630, "AEST":
    600, "AEDT": 660, "NZST": 720, "NZDT": 780, "BST": 60, "TRT": 180, "GST": 240,
}  # fmt: skip


_OFFSET = re.compile(r"(?:UTC|GMT|Z)?\s*([+\-−])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_IANA = re.compile(r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+){1,2}")
_IN_TITLE = re.compile(r"[(\[]([^()\[\]]{1,60})[)\]]|\b(UTC|GMT)\s*$", re.IGNORECASE)


def stated(text: str) -> tzinfo | None:
    """Return the zone that *text* is: `UTC`, `EDT`, `GMT+2`, `(UTC+05:30) Chennai`, `Europe/Zurich`; else None."""
    text = text.strip()
    offset = _OFFSET.match(text.lstrip("("))
    if offset is not None:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes)) if minutes < 24 * 60 else None
    if text.upper() in ("UTC", "GMT", "Z"):
        return UTC
    if text in _MINUTES:
        return timezone(timedelta(minutes=_MINUTES[text]))
    try:
        return ZoneInfo(text) if _IANA.fullmatch(text) else None
    except (KeyError, ValueError, OSError):
        return None


def of_title(title: str) -> tzinfo | None:
    """Return the zone that the title of a column of times gives in parentheses or at its end."""
    found = (stated(one[0] or one[1]) for one in _IN_TITLE.findall(title))
    return next((zone for zone in found if zone is not None), None)


def abbreviation_offset(name: str, day: date, seconds: int, zone: tzinfo) -> int | None:
    """Return the offset from UTC in minutes that *name* stands for at that local time, None if nobody knows.

    In an hour that a clock change repeats an IANA name stands for the first.
    """
    named = stated(name) if "/" in name else None
    local = datetime(day.year, day.month, day.day, tzinfo=named or zone) + timedelta(seconds=seconds)
    if named is not None:
        offset = local.utcoffset()
        return int(offset.total_seconds()) // 60 if offset is not None else None
    for fold in (0, 1):
        offset = local.replace(fold=fold).utcoffset()
        if local.replace(fold=fold).tzname() == name and offset is not None:
            return int(offset.total_seconds()) // 60
    return _MINUTES.get(name)


def known(name: str, zone: tzinfo) -> bool:
    """Say whether the abbreviation *name* has a meaning, in *zone* or everywhere."""
    return (
        name in _MINUTES
        or ("/" in name and stated(name) is not None)
        or any(datetime(2026, month, 1, tzinfo=zone).tzname() == name for month in (1, 7))
    )
