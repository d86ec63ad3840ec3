"""Moments and days as JSON has them."""

from datetime import date
from typing import overload


@overload
def iso(of: date) -> str: ...


@overload
def iso(of: date | None) -> str | None: ...


def iso(of: date | None) -> str | None:
    """Return a moment or a day in ISO 8601, and nothing for none."""
    return None if of is None else of.isoformat()
