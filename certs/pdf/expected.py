"""What a finished page must show, for whoever looks at it as a visitor does: see `lint`.

The page says it while it is printed, in its own words and boxes, so a design needs to tell nothing twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from certs.pdf.objects import numbers


class Sides(NamedTuple):
    """Between which edges a text stands, in points from the page's left edge."""

    left: float
    right: float


class Box(NamedTuple):
    """A rectangle on the page, in points from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def entry(self) -> bytes:
        """The box as a PDF array."""
        return b"[%b]" % numbers(*self)


@dataclass(frozen=True, slots=True)
class Expected:
    """*words* are texts that the page shows, *sides* belong to texts by their marked-content identifier.

    *marks* are the words that say of one session after the other whether it was attended, *frames* are where pictures
    may stand.
    """

    words: tuple[str, ...] = ()
    marks: str = ""
    sides: Mapping[int, Sides] = field(default_factory=dict)
    frames: tuple[Box, ...] = ()
