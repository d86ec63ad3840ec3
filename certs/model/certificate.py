"""The certificate: its statement, the claim in its QR code, its withdrawal."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from certs.model.event import Partner, PictureFile, Signatory, unnamed_issuer
from certs.model.ids import Kid, Number, PersonKey, SessionId
from certs.model.roll import Enrolment


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session as the certificate lists it; *day* is the local date of its start, *times* say from when to when."""

    id: SessionId
    title: str
    day: date
    times: str = ""
    """As `09:00–11:00`, local; empty in batches that were ordered before it was kept, and where it was held again."""
    again: tuple[date, ...] = ()
    """Further days on which it was held again."""

    @property
    def days(self) -> tuple[date, ...]:
        """Every day on which it was held."""
        return (self.day, *self.again)


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
    """The rule in one sentence of *language*, as printed and as the credential's criteria."""
    design: str
    """The name of the look."""
    logo: str = ""
    """File name inside the design's folder, where *logo_picture* says nothing; empty for the design's own."""
    valid_until: date | None = None
    demo: bool = False
    """Signed by demo keys: paper and page must say DEMO."""
    heading: str = ""
    """The title of the kind of certificate, empty for the design's own words."""
    attended: str = ""
    """What the person did at the sessions, as in "led", in *language*; empty for the design's own words."""
    spoke: bool = False
    """Whether the design's words for speakers stand, where *attended* says nothing."""
    short_title: str = ""
    """What the claim in the QR code calls the event, printed beside its title; empty where it is the title."""
    list_sessions: bool = True
    """Whether certificates list the sessions."""
    logo_picture: PictureFile | None = None
    """The event's own logo, as it was when the batch was ordered."""
    partners: tuple[Partner, ...] = ()
    design_file: PictureFile | None = None
    """The design's files as they were when the batch was ordered; nothing in batches from before they were kept."""

    @property
    def named_issuer(self) -> str:
        """The issuer that the event file named; empty where it named none."""
        return "" if self.issuer == unnamed_issuer(self.title) else self.issuer

    @property
    def pictures(self) -> tuple[PictureFile, ...]:
        """All files that certificates are drawn from: the event's own logos and signatures, and the design."""
        signatures, logos = (one.picture for one in self.signatories), (one.picture for one in self.partners)
        found = (self.logo_picture, *signatures, *logos, self.design_file)
        return tuple(one for one in found if one is not None)

    def with_pictures(self, change: Callable[[PictureFile], PictureFile]) -> "EventFacts":
        """Return the facts with each picture as *change* makes it."""
        logo = None if self.logo_picture is None else change(self.logo_picture)
        design = None if self.design_file is None else change(self.design_file)
        signatories = tuple(
            replace(one, picture=None if one.picture is None else change(one.picture)) for one in self.signatories
        )
        partners = tuple(
            replace(one, picture=None if one.picture is None else change(one.picture)) for one in self.partners
        )
        return replace(self, logo_picture=logo, signatories=signatories, partners=partners, design_file=design)

    def __hash__(self) -> int:
        """Tell events apart by what is quickly hashed; pages look things up by their facts."""
        return hash((self.slug, self.title, self.criteria))


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
class Gathered:
    """A correction that waits to be ordered together with others; *changes* is what is wanted, as text."""

    number: Number
    """Of the certificate that is wrong."""
    changes: str
    reason: str
    by: str
    at: datetime


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
    """The class of reason for which a certificate was withdrawn; everybody who checks it is told."""

    ERROR = "error"
    FRAUD = "fraud"
    WITHDRAWN = "withdrawn"
    KEY_COMPROMISE = "key_compromise"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Revocation:
    """That and why a certificate was withdrawn, as everybody may know it.

    *detail* is a sentence for whoever checks, or empty. What is not for everybody stands in the audit trail alone.
    """

    at: datetime
    reason: RevocationReason
    detail: str


@dataclass(frozen=True, slots=True)
class Lapse:
    """A time in which a certificate counted as withdrawn by mistake, until it was reinstated."""

    since: datetime
    until: datetime


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
    base_url: str
    """The site's address when its batch was issued: its QR code leads there, wherever the site is now."""
    person: PersonKey
    """Whose it is."""
    batch: str
    """What its batch is called, as in `cgmp-2026/1`."""
    credential_kid: Kid | None = None
    """None where the PDF carries no credential."""
    revocation: Revocation | None = None
    lapses: tuple[Lapse, ...] = ()
    """When it was withdrawn by mistake and reinstated, oldest first; empty for nearly all."""
    withdrawn_by_trail: bool = False
    """Whether the newest entry of the audit trail on its status withdrew it."""
    withdrawn_by_nobody: bool = False
    """Whether it is withdrawn, or just then and for that reason, by the register's row alone, and not by the trail."""
    replaced_by_nobody: bool = False
    """Whether what the register lets replace it is not signed as its replacement; looked up by who judges it."""
    replaced_by_trail: Number | None = None
    """By which certificate the audit trail says that it was replaced."""
    restored_under: str | None = None
    """The checkpoint over the entry of the trail by which it counts again, empty where there is none; None where it was
    not withdrawn, or is."""
    unsafe_by_trail: tuple[tuple[Kid, datetime], ...] = ()
    """Which of the keys that signed it are compromised, and since when, as the audit trail says."""
    superseded_by: Number | None = None
    supersedes: Number | None = None
    withheld: bool = False
    """Whether the person was erased at her request: it is judged as ever, and her name is shown to nobody."""
    enrolment: Enrolment | None = None
    """Where our signature over everything else that it states is to be found; None where nothing is enrolled."""

    @property
    def number(self) -> Number:
        """The certificate's number."""
        return self.statement.number
