"""What a file leaves open, and the answers an organiser gave.

A question's `id` is the same whenever the same doubt arises again, so that a remembered answer fits the next import.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from enum import StrEnum

from certs.attendance.times.moments import DateOrder
from certs.model import Candidate, Join, PersonKey, SessionId


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


RowsKey = tuple[SessionId | None, str, str]
"""Rows without an address: their session (None: all sessions), their name as listed, and which of them (empty: all)."""


def rows_keys(join: Join) -> tuple[RowsKey, RowsKey, RowsKey]:
    """Return the keys by which an answer may speak of *join*, a row without an address, the narrowest first."""
    return (join.session, join.name, which(join)), (join.session, join.name, ""), (None, join.name, "")


def which(join: Join) -> str:
    """Return what tells a row from others of its session and name: when it was, or how long."""
    if join.interval is None:
        return f"{join.stated_seconds} s"
    start, end = (at.astimezone(UTC) for at in (join.interval.start, join.interval.end))
    return f"{start:%Y-%m-%d %H:%M:%S} to {end:%H:%M:%S} UTC"


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
    certificate before it is answered; *assumed* is the answer already used, empty where there is none. *rows*, *whom*
    and *suggestion* are those of `AskedQuestion`.
    """

    kind: QuestionKind
    subject: str
    text: str
    session: SessionId | None = None
    candidates: tuple[str, ...] = ()
    assumed: str = ""
    evidence: tuple[Evidence, ...] = ()
    people: frozenset[PersonKey] = frozenset()
    rows: str = ""
    whom: tuple[Candidate, ...] = ()
    suggestion: str = ""

    @property
    def blocks(self) -> bool:
        """Say whether the file cannot be read before it is answered."""
        return self.kind.of_file and not self.assumed

    @property
    def id(self) -> str:
        """Twelve hex digits that stay the same when the same doubt arises again."""
        about = f"{self.kind}\n{self.session or ''}\n{self.subject}" + (f"\n{self.rows}" if self.rows else "")
        return hashlib.sha256(about.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Answers:
    """What the organiser has said so far; empty means not yet.

    *unit* is what lengths without one are in (`second`, `minute` or `hour`); *registered* holds the base names of files
    that list who registered. *sessions* maps a file's base name (or `name:sheet` of a workbook) to its session. *whose*
    maps rows without an address to the person, empty where they are nobody's, *merged* an address to the address of the
    same person, *one_person* holds addresses whose different names are one person's. *names* has what to print for a
    person whatever the files call her.
    """

    zone: str = ""
    date_order: DateOrder | None = None
    accept_complete_rows: bool = False
    unit: str = ""
    registered: frozenset[str] = frozenset()
    sessions: Mapping[str, SessionId] = field(default_factory=dict)
    whose: Mapping[RowsKey, PersonKey] = field(default_factory=dict)
    merged: Mapping[PersonKey, PersonKey] = field(default_factory=dict)
    one_person: frozenset[PersonKey] = frozenset()
    names: Mapping[PersonKey, str] = field(default_factory=dict)

    def owner(self, join: Join) -> PersonKey | None:
        """Return whose a row without an address is, as somebody said: empty for nobody's, None if nobody said it."""
        return next((self.whose[key] for key in rows_keys(join) if key in self.whose), None)
