"""What participants ask for: another name on the certificate, or that more attendance counts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from certs.model.ids import Number, PersonKey


class RequestKind(StrEnum):
    """What is asked for."""

    NAME = "name"
    ATTENDANCE = "attendance"


class RequestState(StrEnum):
    """How far a request is."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a request: its name as it was given, what it is, and its bytes."""

    name: str
    media: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """What *person* asks for: of *kind*, in her own *words*; a name, what it is now, and on which certificate.

    Without a *number* the name is asked for before anything is issued. A wish with *granted* needs nobody's decision:
    she confirms the name that is there, or changes its spelling alone.
    """

    kind: RequestKind
    person: PersonKey
    words: str = ""
    name: str = ""
    before: str = ""
    number: Number | None = None
    granted: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked for, and what was made of it; *answer* is what she reads, *attached* a file's name."""

    id: int
    slug: str
    asked: Asked
    state: RequestState
    asked_at: datetime
    attached: str = ""
    media: str = ""
    bytes_attached: int = 0
    ended_at: datetime | None = None
    ended_by: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class RequestsSought:
    """Which requests of an event: those for which all holds that is said."""

    state: RequestState | None = None
    kind: RequestKind | None = None
