"""The nouns of certs: frozen values that every room shares.

Times are aware UTC datetimes unless a name says otherwise. A `Statement` is what a certificate says, frozen when it is
ordered; nothing downstream of it looks anything up again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import NewType

PersonKey = NewType("PersonKey", str)
"""The cleaned, lower-cased e-mail address of a person."""

SessionId = NewType("SessionId", str)
"""A session's id within its event, as the event file gives it."""

Number = NewType("Number", str)
"""A certificate number in its canonical form: 12 Crockford base32 digits without hyphens, the last a check digit."""

Kid = NewType("Kid", str)
"""Identifier of a signing key (RFC 7517 section 4.5): 8 lower-case Crockford base32 digits, the first 40 bits of the
SHA-256 of the key's DER SubjectPublicKeyInfo."""


# ---------------------------------------------------------------- event and attendance


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Half-open stretch of time [start, end)."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """One sitting of an event: its window is when attendance counts."""

    id: SessionId
    title: str
    zone: str
    """IANA time zone in which exports of this session give their times."""
    window: Interval

    @property
    def window_seconds(self) -> int:
        """Length of the window in whole seconds."""
        return int((self.window.end - self.window.start).total_seconds())


@dataclass(frozen=True, slots=True)
class Signatory:
    """A person whose name stands at the foot of the certificate."""

    name: str
    role: str


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
class Mark:
    """A status letter some exports give instead of times: P present, L late, E excused, A absent."""

    session: SessionId
    person: PersonKey
    letter: str
    line: int


@dataclass(frozen=True, slots=True)
class Registration:
    """One registered person as an export names her; *country* as it is spelled there.

    *listed* is False where an attendee table names her rather than the registration list, whose spelling goes first.
    """

    person: PersonKey
    name: str
    line: int
    country: str = ""
    listed: bool = True


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


# ---------------------------------------------------------------- rules


@dataclass(frozen=True, slots=True)
class SessionsRule:
    """At least *least* sessions attended, each for at least *share* of its window; share 0 is any second at all."""

    least: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class RequiredRule:
    """Each of *sessions* attended for at least *share* of its window."""

    sessions: tuple[SessionId, ...]
    share: Fraction


@dataclass(frozen=True, slots=True)
class PercentRule:
    """At least *percent* of the seconds of all windows together."""

    percent: Fraction


@dataclass(frozen=True, slots=True)
class MinutesRule:
    """At least *minutes* in the windows of all sessions together."""

    minutes: int


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of *rules* holds."""

    rules: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of *rules* holds."""

    rules: tuple["Rule", ...]


Rule = SessionsRule | RequiredRule | PercentRule | MinutesRule | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of certificate an event gives: who earns it, and in which roles presence counts."""

    name: str
    """`attendance` for the event's own rule; lower-case letters, digits and hyphens."""
    title: str
    """What the certificate is headed with, empty for the design's own words."""
    rule: Rule
    roles: frozenset[Role] = ALL_ROLES


@dataclass(frozen=True, slots=True)
class NearMiss:
    """How close to a rule counts as a near miss: so many sessions short, or this share of a threshold."""

    sessions: int = 1
    share: Fraction = Fraction(1, 10)


class Approval(StrEnum):
    """How many people an order needs."""

    ONE = "one"
    TWO = "two"


@dataclass(frozen=True, slots=True)
class Event:
    """The event as its file describes it; *sessions* in the order of their start, *kinds* never empty."""

    slug: str
    title: str
    sessions: tuple[Session, ...]
    kinds: tuple[Kind, ...]
    issuer: str
    place: str = ""
    zone: str = "UTC"
    language: str = "en"
    design: str = "classic"
    logo: str = ""
    signatories: tuple[Signatory, ...] = ()
    valid_until: date | None = None
    approval: Approval = Approval.ONE
    near_miss: NearMiss = NearMiss()

    @property
    def rule(self) -> Rule:
        """The rule of the event's first kind, as a rule its only one."""
        return self.kinds[0].rule

    @property
    def window_seconds(self) -> int:
        """Length of all windows together."""
        return sum(session.window_seconds for session in self.sessions)


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether one person earned one kind of certificate, and why in one sentence."""

    person: PersonKey
    name: str
    eligible: bool
    reason: str
    near_miss: bool
    tallies: Mapping[SessionId, Tally]
    attended: frozenset[SessionId]
    """Sessions that count as attended under the kind's rule."""
    roles: frozenset[Role] = frozenset()
    kind: str = "attendance"
    name_certain: bool = True
    """False where the name comes from a display name that may hold more than a name."""


# ---------------------------------------------------------------- certificate


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session as the certificate lists it; *day* is the local date of its start."""

    id: SessionId
    title: str
    day: date


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What all certificates of a batch say alike, frozen when the batch is ordered."""

    slug: str
    title: str
    issuer: str
    place: str
    language: str
    """BCP 47 tag of the certificate's own words."""
    zone: str
    first_day: date
    last_day: date
    sessions: tuple[SessionLine, ...]
    signatories: tuple[Signatory, ...]
    criteria: str
    """The rule in one sentence, as printed and as the credential's criteria."""
    design: str
    """Folder name in templates/certificates/."""
    logo: str = ""
    """SVG or PNG file name inside the design's folder, or empty for the design's own."""
    valid_until: date | None = None
    demo: bool = False
    """Signed by demo keys: paper and page must say DEMO."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one certificate says: the event's facts and the person's own."""

    event: EventFacts
    number: Number
    kind: str
    """`attendance` unless the event's rules define more kinds."""
    name: str
    """As registered, NFC, never recased or transliterated."""
    language: str
    """BCP 47 tag of the name where known (it chooses Han forms), else empty."""
    attended: frozenset[SessionId]
    quarter_hours: int
    """Time present inside the windows of all sessions, in whole quarter hours, rounded down."""
    issued_on: date

    @property
    def sessions_attended(self) -> int:
        """How many sessions count as attended."""
        return len(self.attended)

    @property
    def sessions_in_all(self) -> int:
        """How many sessions the event had."""
        return len(self.event.sessions)


@dataclass(frozen=True, slots=True)
class Claim:
    """The signed core of a statement, as the QR code carries it: enough to check the paper without the register."""

    kid: Kid
    number: Number
    kind: str
    name: str
    event: str
    first_day: date
    last_day: date
    quarter_hours: int
    sessions_attended: int
    sessions_in_all: int
    issued_on: date


class RevocationReason(StrEnum):
    """Why a certificate was withdrawn; *detail* of the revocation says more."""

    ERROR = "error"
    FRAUD = "fraud"
    WITHDRAWN = "withdrawn"
    KEY_COMPROMISE = "key_compromise"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Revocation:
    """That and why a certificate was withdrawn."""

    at: datetime
    reason: RevocationReason
    detail: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """An issued certificate as the register holds it."""

    statement: Statement
    registered_at: datetime
    claim_text: str
    """`PAYLOAD.SIGNATURE`, as it stands in the QR code behind `/V/`."""
    claim_kid: Kid
    seal_kid: Kid
    pdf_sha256: str
    pdf_bytes: int
    person_ref: str
    """Opaque random reference of the person, used in personal links."""
    credential_kid: Kid | None = None
    """None where the PDF carries no credential."""
    revocation: Revocation | None = None
    superseded_by: Number | None = None
    supersedes: Number | None = None

    @property
    def number(self) -> Number:
        """The certificate's number."""
        return self.statement.number


# ---------------------------------------------------------------- keys


class Purpose(StrEnum):
    """What a key may sign; a signature for one purpose never stands in for another."""

    CLAIM = "claim"
    CREDENTIAL = "credential"
    SEAL = "seal"
    LINK = "link"
    ROOT = "root"
    """Signs the X.509 leaves of seals, and nothing else; made together with the first seal."""


class KeyState(StrEnum):
    """Where a key stands in its life."""

    ACTIVE = "active"
    RETIRED = "retired"
    COMPROMISED = "compromised"


class SealLevel(StrEnum):
    """How long a seal proves itself (ETSI EN 319 142-1): alone, with the time of signing, with revocation evidence."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves, long afterwards, that the seal's certificates were good: DER certificates, OCSP responses, CRLs."""

    certificates: tuple[bytes, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """The public part of a key with its life.

    *public* is DER SubjectPublicKeyInfo, *certificates* are DER X.509, leaf first.
    """

    kid: Kid
    purpose: Purpose
    algorithm: str
    state: KeyState
    created_at: datetime
    public: bytes
    certificates: tuple[bytes, ...] = ()
    retired_at: datetime | None = None
    compromised_since: datetime | None = None
    reason: str = ""
    demo: bool = False


# ---------------------------------------------------------------- verdict


class Outcome(StrEnum):
    """How one step of a verification ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Summary(StrEnum):
    """The one-word answer of a verification."""

    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"
    EXPIRED = "expired"
    ALTERED = "altered"
    NOT_ISSUED = "not_issued"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step of a verification: *name* is stable, *text* a sentence for the visitor."""

    name: str
    outcome: Outcome
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a verification.

    *certificate* is what the register holds, *claim* what the visitor brought in a QR code or file; both may be absent.
    """

    summary: Summary
    steps: tuple[Step, ...] = field(default=())
    certificate: Certificate | None = None
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Who changes the register, when and why; every change carries one into the audit trail."""

    actor: str
    at: datetime
    reason: str = ""
    role: str = "operator"


# ---------------------------------------------------------------- register


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

    A file too long to be held in memory comes as a path, and its rows in *portions*, which are gone through once; the
    sequences are empty then.
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
class AskedQuestion:
    """A doubt about people as the register keeps it; *answer* is empty until somebody gives one.

    *evidence* are sentences on where it arises. People in *people* get no certificate before it is answered, and *open*
    is False where the files no longer raise it.
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


class CertificateState(StrEnum):
    """Where a certificate stands on its way: only `issued` ones are ever public."""

    ORDERED = "ordered"
    HELD = "held"
    """A check before signing stopped it; the reason is kept with it, and a person must act."""
    CANCELLED = "cancelled"
    """Given up before it was issued, for a new order."""
    ISSUED = "issued"


@dataclass(frozen=True, slots=True)
class Draft:
    """A certificate as it is ordered; *plate* labels the plate it will share."""

    person: PersonKey
    number: Number
    name: str
    language: str
    attended: frozenset[SessionId]
    quarter_hours: int
    plate: str
    supersedes: Number | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """An issued certificate as a correction starts from it."""

    person: PersonKey
    statement: Statement


@dataclass(frozen=True, slots=True)
class Order:
    """The intent to issue: what goes into the register before anything is signed."""

    kind: str
    facts: EventFacts
    approval: Approval
    issued_on: date
    drafts: Sequence[Draft]


@dataclass(frozen=True, slots=True)
class Batch:
    """Certificates ordered and approved together; *counts* by state, *error* why it paused last, if it did."""

    id: int
    slug: str
    kind: str
    facts: EventFacts
    issued_on: date
    approval: Approval
    ordered_at: datetime
    ordered_by: str
    approved_at: datetime | None
    approved_by: str | None
    counts: Mapping[CertificateState, int]
    error: str = ""

    @property
    def count(self) -> int:
        """How many certificates it has, in whatever state."""
        return sum(self.counts.values())

    @property
    def remaining(self) -> int:
        """How many are still to be issued."""
        return self.counts.get(CertificateState.ORDERED, 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The certificates of one plate that one holder has claimed.

    *everyone* are the statements of the whole plate, in a fixed order, so that any holder draws the same plate; *todo*
    are the numbers claimed with *token*, each with its place in the status lists, *people* whose they are.
    """

    batch: int
    token: str
    plate: str
    ordered_at: datetime
    everyone: tuple[Statement, ...]
    todo: Mapping[Number, int]
    people: Mapping[Number, PersonKey]


@dataclass(frozen=True, slots=True)
class Made:
    """What issuing made for one certificate."""

    number: Number
    claim_text: str
    tail: bytes
    sha256: str
    """Of the whole file, in hex."""
    size: int
    """Of the whole file, in bytes."""


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate that a check stopped, and the sentence that says why."""

    number: Number
    reason: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The outcome of the sheet with *token*: one plate, the certificates made on it, and those held back."""

    token: str
    plate: bytes
    plate_sha256: str
    claim_kid: Kid
    seal_kid: Kid
    credential_kid: Kid | None
    made: tuple[Made, ...]
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit trail; *old* and *new* are JSON, *sha256* covers every other field."""

    id: int
    at: str
    actor: str
    role: str
    act: str
    event: str
    subject: str
    old: str
    new: str
    reason: str
    software: str
    previous: str
    sha256: str
