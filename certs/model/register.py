"""What goes into the register and comes out of it: acts, orders, batches, sheets, the audit trail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from certs.model.attendance import Imported
from certs.model.certificate import EventFacts, Revocation, Statement
from certs.model.event import Approval
from certs.model.ids import Kid, Number, PersonKey, SessionId
from certs.model.roll import Roll


@dataclass(frozen=True, slots=True)
class Act:
    """Who changes the register, when and why; every change carries one into the audit trail."""

    actor: str
    at: datetime
    reason: str = ""
    role: str = "operator"
    signed_in: bool = False
    """Whether the actor showed who she is; else it is the word of whoever is at the shell."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of the audit trail at a moment: how many entries it had, and the digest of the newest, in hex.

    *origin* names whose trail it is. Under our signature it proves every entry up to there.
    """

    origin: str
    entries: int
    sha256: str
    at: datetime


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
    """A certificate as it is ordered; *plate* labels the plate it will share.

    *reason* is the decision's sentence, *evidence* the ids of what was added by hand that the decision rests on, and
    *ruling* the id of what a person decided in place of the rule, 0 for none.
    """

    person: PersonKey
    number: Number
    name: str
    language: str
    attended: frozenset[SessionId]
    quarter_hours: int
    plate: str
    supersedes: Number | None = None
    reason: str = ""
    evidence: tuple[int, ...] = ()
    ruling: int = 0


@dataclass(frozen=True, slots=True)
class FrozenDecision:
    """Why a certificate was ordered, as the decision said then; see `Draft`."""

    number: Number
    kind: str
    name: str
    state: CertificateState
    ordered_at: datetime
    ordered_by: str
    reason: str
    evidence: tuple[int, ...] = ()
    ruling: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A certificate that holds or is on its way: neither given up nor revoked, nor replaced by an issued one.

    *entry* is the number in the audit trail of the order that the decision behind it led to: of the first certificate
    that it corrects, or its own.
    """

    person: PersonKey
    kind: str
    number: Number
    name: str
    state: CertificateState
    batch: int
    entry: int


@dataclass(frozen=True, slots=True)
class Amendment:
    """What an import changes besides adding files, and the state of the register that somebody agreed to it on.

    *undone* are the readings that no longer count, *given_up* certificates that are ordered and not issued; *as_of* is
    the number of the event's newest entry in the audit trail at that time.
    """

    as_of: int
    undone: Sequence[Imported] = ()
    given_up: Sequence[Number] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """An issued certificate as a correction starts from it."""

    person: PersonKey
    statement: Statement


@dataclass(frozen=True, slots=True)
class Fate:
    """An issued certificate and what became of it since, for somebody who is about to act on it.

    *title* is its event's, as the certificate says it. *lifted_at* is when its last revocation was taken back.
    *correction* is one that is ordered and not issued yet, in the batch with the id *correction_batch*, called
    *correction_reference*; a check may hold it.
    """

    number: Number
    person: PersonKey
    name: str
    kind: str
    slug: str
    title: str
    batch: int
    revocation: Revocation | None = None
    lifted_at: datetime | None = None
    superseded_by: Number | None = None
    correction: Number | None = None
    correction_batch: int = 0
    correction_reference: str = ""
    is_correction_held: bool = False


@dataclass(frozen=True, slots=True)
class Afterwards:
    """How many of a batch's issued certificates are revoked, and how many of the others are replaced."""

    revoked: int
    replaced: int


@dataclass(frozen=True, slots=True)
class Order:
    """The intent to issue: what goes into the register before anything is signed.

    *as_of* is the newest entry of the trail that these decisions are based on. Nobody gets a certificate of *kind*
    beside one of the kinds *apart*. *accepted* is what was found wrong and taken for right. None supersedes a revoked
    certificate unless that is meant, *although_revoked*.
    """

    kind: str
    facts: EventFacts
    approval: Approval
    issued_on: date
    drafts: Collection[Draft]
    """Gone through more than once."""
    as_of: int | None = None
    apart: Sequence[str] = ()
    accepted: Sequence[str] = ()
    although_revoked: bool = False


class End(StrEnum):
    """How a batch ended before all of it was issued."""

    REJECTED = "rejected"
    """Whoever should have approved it did not."""
    CANCELLED = "cancelled"
    """It was given up, approved or not: what was issued of it stays."""


@dataclass(frozen=True, slots=True)
class Ending:
    """That a batch ended, by whom and why; its certificates that were not issued are given up."""

    how: End
    at: datetime
    by: str
    reason: str = ""


class Lease(NamedTuple):
    """So many certificates that a holder is at work on, free *until* then at the latest if it is heard of no more."""

    token: str
    certificates: int
    until: datetime

    @property
    def machine(self) -> str:
        """Where the holder is."""
        return self.token.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what a batch is issued; all who share the work do it under the same, or it would have two looks."""

    kids: tuple[Kid, ...]
    """Who signs: claim, seal, credential."""
    software: str
    base_url: str


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
    base_url: str = ""
    """Where the codes of its certificates lead; empty until the first is issued."""
    reason: str = ""
    """Why it was ordered, in the orderer's words."""
    accepted: Sequence[str] = ()
    """What was found wrong before it was ordered, and taken for right."""
    ending: Ending | None = None
    """Set where somebody rejected or cancelled it: it is never approved or issued again."""
    ordinal: int = 0
    """Its number within the event, from 1."""
    terms: Terms | None = None
    """Under what it was issued last; nothing until that began."""

    @property
    def reference(self) -> str:
        """What people call it: `cgmp-2026/3`."""
        return f"{self.slug}/{self.ordinal}"

    @property
    def count(self) -> int:
        """How many certificates it has, in whatever state."""
        return sum(self.counts.values())

    @property
    def remaining(self) -> int:
        """How many are still to be issued."""
        return self.counts.get(CertificateState.ORDERED, 0)


@dataclass(frozen=True, slots=True)
class Member:
    """A certificate of a batch as somebody looks at it who approves; see `Draft`.

    *replaced* is what the certificate states that it corrects, None where it corrects none. *error* says why a check
    holds it back.
    """

    statement: Statement
    person: PersonKey
    state: CertificateState
    reason: str = ""
    evidence: tuple[int, ...] = ()
    ruling: int = 0
    error: str = ""
    replaced: Statement | None = None


@dataclass(frozen=True, slots=True)
class PersonalLink:
    """The reference behind a person's link; *withdrawn_at* where the link leads nowhere any more."""

    person: PersonKey
    ref: str
    withdrawn_at: datetime | None = None


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
    replaces: Mapping[Number, Number] = field(default_factory=dict)
    """The certificates that some of *todo* supersede."""


class Made(NamedTuple):
    """What issuing made for one certificate; a tuple, because thousands a second go from process to process."""

    number: Number
    claim_text: str
    tail: bytes
    """Whole, or squeezed beside that of another certificate of the sheet; see `certs.ground.squeeze`."""
    sha256: str
    """Of the whole file, in hex."""
    size: int
    """Of the whole file, in bytes."""
    beside: Number | None = None
    """The certificate beside whose tail, which is whole, this one is squeezed; None where it is whole itself."""


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate that a check stopped, and the sentence that says why."""

    number: Number
    reason: str


class HeldBack(NamedTuple):
    """A certificate that waits, stopped by a check, until somebody acts; *reason* says what stopped it."""

    number: Number
    person: PersonKey
    name: str
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
    base_url: str
    """Where the codes of all *made* lead; a batch has one for ever."""
    made: tuple[Made, ...]
    held: tuple[Held, ...] = ()
    roll: Roll | None = None
    """Of *made*, in their order: our signature over all that they state."""


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
