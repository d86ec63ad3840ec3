"""What a report's lengths of time are in, and whether they leave out gaps: held against its own joins.

A title may say the unit, or the cells do; where neither does, or the title contradicts the joins, the rows tell it if
most of their lengths, read in one unit, are the time from joining to leaving.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from certs.attendance.times import durations
from certs.attendance.times.durations import UNITS

_MOST = 0.8
"""The share of rows that must fit a unit to tell it."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """What is known of the lengths in a table whose title says that they are in *titled*, or nothing."""

    titled: str
    fitting: str
    """The unit in which most lengths are those of their joins, empty if none is."""
    contradicted: bool
    """Whether few are, in the unit of the title, and most in another."""
    given: str
    """What somebody answered."""

    @property
    def unit(self) -> str:
        """What to read plain numbers in; empty where nobody knows."""
        return (self.given if self.contradicted else self.titled) or self.fitting or self.given


def lengths(titled: str, rows: Iterable[tuple[int, str]], given: str) -> Lengths:
    """Return what *rows*, each the seconds from joining to leaving and the cell with the length, tell."""
    fits: Counter[str] = Counter()
    numbers = 0
    for span, cell in rows:
        if durations.is_number(cell) and span > 0:
            numbers += 1
            fits.update(unit for unit in UNITS if _fits(cell, unit, span))
    fitting = next((unit for unit in ("minute", "second", "hour") if numbers > 1 and fits[unit] >= _MOST * numbers), "")
    contradicted = bool(titled and fitting) and fits[titled] < (1 - _MOST) * numbers
    return Lengths(titled, fitting, contradicted, given)


def _fits(cell: str, unit: str, span: int) -> bool:
    """Say whether *cell* in that unit is the time from joining to leaving, but for rounding."""
    seconds = durations.seconds(cell, unit=unit)
    return seconds is not None and abs(seconds - span) <= min(durations.tolerance(unit), max(span // 4, 60))


def has_gap(cell: str, unit: str, span: int, *, minutes_first: bool) -> bool:
    """Say whether a stated length is shorter than from joining to leaving by more than rounding."""
    if not cell or (not unit and durations.is_number(cell)):
        return False
    stated = durations.seconds(cell, unit=unit or "minute", minutes_first=minutes_first)
    return stated is not None and 0 < stated < span - durations.tolerance(unit)
