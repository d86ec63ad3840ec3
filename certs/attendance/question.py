"""What a file leaves open, and the answers an organiser gave.

A question's `id` is the same whenever the same doubt arises again, so that a remembered answer fits the next import.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from certs.model import PersonKey, SessionId


class QuestionKind(StrEnum):
    """What is in doubt; the first eight concern how a whole file is read, the others people."""

    TIMEZONE = "timezone"
    DATE_ORDER = "date_order"
    SESSION = "session"
    SESSION_DATE = "session_date"
    SESSION_END = "session_end"
    UNIT = "unit"
    """Lengths without a unit: seconds, minutes or hours?"""
    LIST = "list"
    """A list without times and without a sign of what it lists: who registered, who came, or something else?"""
    TRUNCATED_FILE = "truncated_file"
    PEOPLE = "people"
    """The export has no addresses at all: whose names are these?"""
    NO_EMAIL = "no_email"
    """A row without an address in an export that has them."""
    SHARED_EMAIL = "shared_email"
    """One address, clearly different names: held until answered."""
    SAME_PERSON = "same_person_two_emails?"
    """One name, two addresses: a merge is proposed."""
    NAME = "name"
    """What would be printed looks like no person's name: held until answered."""
    CONTRADICTION = "contradiction"
    """Attended = No beside join and leave times: the times count."""
    DST_FOLD = "dst_fold_unknowable"
    """A time in the hour that a clock change repeats."""

    @property
    def of_file(self) -> bool:
        """Say whether the doubt concerns how a whole file is read, rather than people."""
        return self in _OF_FILE


_OF_FILE = frozenset(
    {
        QuestionKind.TIMEZONE,
        QuestionKind.DATE_ORDER,
        QuestionKind.SESSION,
        QuestionKind.SESSION_DATE,
        QuestionKind.SESSION_END,
        QuestionKind.UNIT,
        QuestionKind.LIST,
        QuestionKind.TRUNCATED_FILE,
    }
)


class DateOrder(StrEnum):
    """How 03/04/2026 is read."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


UNITS = ("second", "minute", "hour")
"""What a length of time without a unit may be in."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where in which file a doubt arises, and how many seconds hang on it."""

    file: str
    line: int
    name: str = ""
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One doubt: *text* is the question in one sentence, *candidates* the possible answers, best first.

    *subject* is what the doubt is about: a file's base name, an address, or a name as listed. *people* may not get a
    certificate before it is answered; *assumed* is the answer already used, empty where there is none.
    """

    kind: QuestionKind
    subject: str
    text: str
    session: SessionId | None = None
    candidates: tuple[str, ...] = ()
    assumed: str = ""
    evidence: tuple[Evidence, ...] = ()
    people: frozenset[PersonKey] = frozenset()

    @property
    def id(self) -> str:
        """Twelve hex digits that stay the same when the same doubt arises again."""
        return hashlib.sha256(f"{self.kind}\n{self.session or ''}\n{self.subject}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Answers:
    """What the organiser has said so far; empty means not yet.

    *unit* is what lengths without one are in (`second`, `minute` or `hour`); *registered* holds the base names of files
    that list who registered. *sessions* maps a file's base name (or `name:sheet` of a workbook) to its session. *whose*
    maps a session and a name as listed to the person, *merged* an address to the address of the same person,
    *one_person* holds addresses whose different names are one person's. *names* has what to print for a person
    whatever the files call her.
    """

    zone: str = ""
    date_order: DateOrder | None = None
    accept_complete_rows: bool = False
    unit: str = ""
    registered: frozenset[str] = frozenset()
    sessions: Mapping[str, SessionId] = field(default_factory=dict)
    whose: Mapping[tuple[SessionId, str], PersonKey] = field(default_factory=dict)
    merged: Mapping[PersonKey, PersonKey] = field(default_factory=dict)
    one_person: frozenset[PersonKey] = frozenset()
    names: Mapping[PersonKey, str] = field(default_factory=dict)
