"""What is noticed before an order: what makes certificates untrue stops it, the rest is said."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a finding does to an order."""

    STOPS = "stops"
    """Certificates would be untrue: nothing is ordered before it is mended, or accepted where it may be true."""
    SAID = "said"
    """Somebody should know, and may go on."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was noticed: *code* is a stable word, *about* what it concerns, such as a session or a person.

    *text* is a sentence with numbers, *remedy* what to do, with the command. *acceptable* says whether it may be true
    all the same, so that a person may accept it with a reason.
    """

    code: str
    severity: Severity
    text: str
    remedy: str = ""
    about: str = ""
    acceptable: bool = False

    @property
    def key(self) -> str:
        """How a person names it who accepts it: `session_missing:7`."""
        return f"{self.code}:{self.about}" if self.about else self.code
