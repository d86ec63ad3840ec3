"""One thing that was looked at in a deployment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: *good*, or *text* says what is wrong and what to do; a *doubt* may be meant."""

    about: str
    good: bool
    text: str
    doubt: bool = False
