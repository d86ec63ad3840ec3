"""The steps of issuing, at whose boundaries a crash may hit."""

from enum import IntEnum


class Step(IntEnum):
    """The steps whose boundaries a crash may hit."""

    CLAIMED = 3
    CHECKED = 4
    SIGNED = 5
    SEALED = 7
    VERIFIED = 8
    STORED = 9


def reached(step: Step) -> None:
    """Mark that *step* is done, for a sheet or a portion of one; tests put a crash here."""
