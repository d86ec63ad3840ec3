"""Errands: long work that somebody asked for and a worker does, so that no page and no person has to wait for it.

What was asked for is stored with who asked, and the worker acts in that name. An errand ends with a sentence for
people; a `code` beside it, that of the error, says that it did not go well.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from certs.model.register import Act


class ErrandKind(StrEnum):
    """What a worker can be asked for."""

    READ = "read"
    """Read exports into an event; their bytes are kept with the errand until it ends."""
    TRAY = "tray"
    """Read what waits in an event's tray."""
    COUNT = "count"
    """Bring the counts of an event up to date."""
    FORESEE = "foresee"
    """Say what would change if a file counted, or no longer."""
    CHANGE = "change"
    """Let a file count, or no longer, as somebody agreed to."""
    ORDER = "order"
    """Order what is due."""
    REHEARSE = "rehearse"
    """Try what an order would print."""
    ISSUE = "issue"
    """Issue an approved batch."""
    PUBLISH = "publish"
    """Bring the status lists up to date."""
    EXAMINE = "examine"
    """Look at everything that the deployment rests on."""
    BACK_UP = "back up"
    """Write the whole register to a file."""
    ENROL = "enrol"
    """Put certificates of before under our signature."""

    @property
    def catches_up(self) -> bool:
        """Whether what is asked for meanwhile has to be done once more: what it looked at may have changed since."""
        return self not in _ONCE


_ONCE = frozenset({ErrandKind.READ, ErrandKind.CHANGE, ErrandKind.ORDER, ErrandKind.ISSUE, ErrandKind.BACK_UP})


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: the same wish twice is one errand, until that ends."""

    kind: ErrandKind
    slug: str = ""
    """The event, empty where it concerns none."""
    what: str = ""
    """Of the event: a batch, a digest of files."""
    options: str = ""
    """How, as the kind writes it down."""


@dataclass(frozen=True, slots=True)
class ErrandFile:
    """A file that an errand is about; *name* is its base name."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Errand:
    """A wish, who asked, and how far it is: *done* of *total*, both 0 until that is known."""

    id: int
    wish: Wish
    asked_by: str
    role: str
    reason: str
    asked_at: datetime
    begun_at: datetime | None = None
    done: int = 0
    total: int = 0
    tries: int = 0
    """How often somebody began it; more than once where a worker died over it."""
    ended_at: datetime | None = None
    sentence: str = ""
    """How it ended, for people."""
    code: str = ""
    """The code of the error that ended it, empty where it went well."""
    outcome: str = ""
    """What it found, as the kind writes it down; of errands that ended, the newest of a kind and event has it alone."""

    @property
    def waits(self) -> bool:
        """Whether nobody has begun it."""
        return self.begun_at is None and self.ended_at is None

    def act(self, at: datetime) -> Act:
        """Return the act of whoever asked, at the moment *at*."""
        return Act(self.asked_by, at, self.reason, self.role)
