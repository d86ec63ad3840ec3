"""The list of one's own certificates, by mail: how a link that was mailed stands."""

from dataclasses import dataclass
from enum import StrEnum

from certs.model.ids import PersonKey


class ListLink(StrEnum):
    """How a mailed link stands."""

    GOOD = "good"
    USED = "used"
    ENDED = "ended"
    """Its day is over."""
    NONE = "none"
    """No link of ours, or one that ended long ago."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Whose list a link opened; *ref* is behind her personal link."""

    person: PersonKey
    ref: str
