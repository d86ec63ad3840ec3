"""Read one export: decode, split into cells, find the tables, make typed joins."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from certs.attendance.question import Answers, Question
from certs.model import Join, Mark, Registration, Session, SessionId, UnusableRow


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file says.

    *session* is the session the file belongs to, None for a registration list or a file that covers several; each join
    names its own. *unmatched* are joins of rows without an address (`person` is empty); *unusable* reports them, and
    what else could not be credited. *notes* are sentences on how the file was read, for the organiser to see.
    """

    name: str
    sha256: str
    format: str
    session: SessionId | None
    joins: Sequence[Join]
    registrations: Sequence[Registration]
    unusable: Sequence[UnusableRow]
    questions: Sequence[Question] = ()
    unmatched: Sequence[Join] = ()
    marks: Sequence[Mark] = ()
    notes: Sequence[str] = field(default=())


def read(name: str, data: bytes, sessions: Sequence[Session], answers: Answers = Answers()) -> Reading:  # noqa: B008 -- frozen
    """Return what the export *data*, called *name*, says about *sessions*.

    Raises:
        InputError: it is no export we know, is cut short, holds no person, or belongs to none of *sessions*.
    """
    raise NotImplementedError
