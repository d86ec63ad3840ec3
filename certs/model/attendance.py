"""Attendance: what exports say of people, row by row, and what is counted from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from certs.model.ids import PersonKey, SessionId


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Half-open stretch of time [start, end)."""

    start: datetime
    end: datetime


class Role(StrEnum):
    """What an export calls a person in a session."""

    ATTENDEE = "attendee"
    PANELIST = "panelist"
    HOST = "host"


ALL_ROLES = frozenset(Role)


class Basis(StrEnum):
    """What a number of seconds rests on."""

    TIMES = "times"
    """Join and leave times."""
    STATED = "stated_duration"
    """Minutes that the export states without times."""
    EVIDENCE = "evidence"
    """A person's word with a note, such as a signed list."""


@dataclass(frozen=True, slots=True)
class Join:
    """One join-leave interval read from an export; *line* is the physical line where its row begins, from 1.

    *name* is the display name in this row, *stated_seconds* what the row itself claims (0 where it does not).
    *interval* is None where the export has minutes only: then *stated_seconds* count. *person* is empty where the row
    has no address and nobody has said whose it is.
    """

    session: SessionId
    person: PersonKey
    interval: Interval | None
    line: int
    name: str
    role: Role = Role.ATTENDEE
    stated_seconds: int = 0
    basis: Basis = Basis.TIMES


@dataclass(frozen=True, slots=True)
class ExtraEvidence:
    """That a person was present in a session, on somebody's word instead of an export's.

    *seconds* are all that she was present inside the window: where the exports say more, they count. *kind* says in a
    few words what it is ("signed group sheet"), *note* where it is found. *id* is 0 until the register gives one.
    """

    session: SessionId
    person: PersonKey
    seconds: int
    kind: str
    note: str
    author: str
    added_at: datetime
    role: Role = Role.ATTENDEE
    id: int = 0
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""

    @property
    def in_force(self) -> bool:
        """Say whether it was not withdrawn."""
        return self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class Mark:
    """A status letter some exports give instead of times: P present, L late, E excused, A absent."""

    session: SessionId
    person: PersonKey
    letter: str
    line: int


@dataclass(frozen=True, slots=True)
class Registration:
    """One registered person as an export names her; *country* and *organisation* as they are spelled there.

    *listed* is False where an attendee table names her rather than the registration list, whose spelling goes first.
    """

    person: PersonKey
    name: str
    line: int
    country: str = ""
    listed: bool = True
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Called:
    """What the files of an event call one person: each name once, as registered first, in the order of mention.

    *row* stands for the person among others of the same register.
    """

    row: int
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class UnusableRow:
    """A row that cannot be credited to a person; *reason* is a stable word such as `no_email`."""

    file: str
    line: int
    reason: str
    name: str = ""
    section: str = ""
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """A person's presence in one session, in whole seconds.

    *seconds* is the length of the union of her joins, *seconds_in_window* the same clipped to the session's window,
    *rows* the joins read and *merged* the intervals left after the union. Where *basis* is not TIMES, stated minutes
    count and *seconds_in_window* is *seconds*, at most the window.
    """

    seconds: int
    seconds_in_window: int
    rows: int
    merged: int
    basis: Basis = Basis.TIMES


@dataclass(frozen=True, slots=True)
class Portion:
    """Some of the rows of an export."""

    joins: Sequence[Join]
    registrations: Sequence[Registration]
    unusable: Sequence[UnusableRow]
    unmatched: Sequence[Join]
    """Joins of rows without an address."""
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class Received:
    """One export as it goes into the register: its bytes as received and what was read from them.

    A file too long to be held in memory comes as a path. What the sequences do not hold comes in *portions*, which are
    gone through once.
    """

    name: str
    sha256: str
    format: str
    session: SessionId | None
    data: bytes | Path
    joins: Sequence[Join]
    registrations: Sequence[Registration]
    unusable: Sequence[UnusableRow]
    unmatched: Sequence[Join] = ()
    """Joins of rows without an address."""
    marks: Sequence[Mark] = ()
    portions: Iterable[Portion] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """One reading of an export in the register: *file* is the file there, *number* counts its readings from 1.

    *entry* is its number in the audit trail, which says what came before what, whatever clocks say. A reading that was
    undone says when, by whom and why; then it no longer counts, and the file may be read again.
    """

    file: int
    number: int
    name: str
    sha256: str
    format: str
    session: SessionId | None
    received_at: datetime
    entry: int
    undone_at: datetime | None = None
    undone_by: str = ""
    undone_reason: str = ""

    @property
    def counts(self) -> bool:
        """Say whether it was not undone."""
        return self.undone_at is None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a reading of an export holds: rows by what they are, and how many people they name."""

    people: int = 0
    joins: int = 0
    registrations: int = 0
    nobodys: int = 0
    """Rows that count for nobody, as long as nobody says whose they are."""


@dataclass(frozen=True, slots=True)
class FileQuestion:
    """What must be answered before a file can be read, and the possible answers."""

    kind: str
    text: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrayFile:
    """An export that arrived and does not count yet; *said* says why, *asked* what must be answered first.

    *replaces* is the SHA-256 of the file in whose place it shall count, empty for none.
    """

    id: int
    name: str
    sha256: str
    given_by: str
    given_at: datetime
    said: tuple[str, ...] = ()
    asked: tuple[FileQuestion, ...] = ()
    given: tuple[tuple[str, str], ...] = ()
    """Kinds of question, and what was answered so far."""
    replaces: str = ""

    @property
    def is_unread(self) -> bool:
        """Whether nobody has tried to read it."""
        return not self.said and not self.asked


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be meant, with the *reasons* that speak for her or against, in words."""

    person: PersonKey
    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A doubt about people as the register keeps it; *answer* is empty until somebody gives one.

    *evidence* are sentences on where it arises. People in *people* get no certificate before it is answered, and *open*
    is False where the files no longer raise it. *rows* says which rows of the session it is about, empty for all that
    bear the name. *whom* are the candidates that are people, best first; *suggestion* is the one answer that the files
    leave, empty where they leave none or several.
    """

    id: str
    kind: str
    subject: str
    text: str
    session: SessionId | None
    candidates: tuple[str, ...]
    assumed: str
    evidence: tuple[str, ...]
    people: frozenset[PersonKey]
    answer: str = ""
    answered_by: str = ""
    open: bool = True
    rows: str = ""
    whom: tuple[Candidate, ...] = ()
    suggestion: str = ""
