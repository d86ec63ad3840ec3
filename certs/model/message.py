"""Messages: one mail to one person about one occasion, from the moment it is meant until its fate is known.

Whoever means one writes a `Letter`; the register makes a `Message` of it, once for each event, person, kind and
occasion, however often it is asked for. A `Mail` is what it becomes when it is sent, a `Reply` what came of that.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from certs.model.ids import PersonKey


class MessageKind(StrEnum):
    """What a mail is about."""

    CERTIFICATE = "certificate"
    """Her certificate is there."""
    CONFIRM = "confirm"
    """Is this her name, as it would be printed?"""
    REMINDER = "reminder"
    """The same once more, to whom did not say."""
    CORRECTION = "correction"
    """A corrected certificate is there."""
    ANSWER = "answer"
    """What became of her request."""
    QUESTION = "question"
    """What an organiser wants to know of her."""
    APPROVAL = "approval"
    """To an approver: a batch waits."""
    ISSUED = "issued"
    """To an organiser: all of a batch is issued."""
    LIST = "list"
    """The link to the list of all her certificates, which somebody asked for."""
    INVITATION = "invitation"
    """To a user: the link to a first password, or to a new one."""

    @property
    def is_bulk(self) -> bool:
        """Whether it goes to everybody of an event at once, so that what somebody waits for passes it by."""
        return self in {MessageKind.CERTIFICATE, MessageKind.CONFIRM, MessageKind.REMINDER}

    @property
    def may_be_declined(self) -> bool:
        """Whether who wants no mail gets none of this kind: what she asked for herself is sent all the same."""
        return self.is_bulk or self in {MessageKind.CORRECTION, MessageKind.QUESTION}


class MessageState(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENDING = "sending"
    """A worker has it in hand."""
    SENT = "sent"
    """The mail server took it; whether anybody read it nobody knows."""
    DEFERRED = "deferred"
    """The mail server wants it later."""
    BOUNCED = "bounced"
    """Refused for good, at once or by a report later."""
    UNKNOWN = "unknown"
    """Nobody knows whether it went out: a person decides whether it is sent again."""
    NOT_TO_BE_MAILED = "not to be mailed"
    """The person wants no mail."""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be sent, by itself."""
        return self in {MessageState.QUEUED, MessageState.SENDING, MessageState.DEFERRED}


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be mailed to whom; the text is made of it when it is sent.

    *occasion* tells two letters of a kind to a person apart: the number of a certificate, the id of a request. Where a
    letter leads is *link*, an address in full, kept until it is sent; without one, *page* below her personal page.
    """

    kind: MessageKind
    person: PersonKey
    """Whom it is for: who attended, or the address of a user."""
    occasion: str = ""
    slug: str = ""
    """The event, empty where it concerns none."""
    language: str = "en"
    """One of `certs.wording.LANGUAGES`."""
    facts: Mapping[str, str | int] = field(default_factory=dict)
    """What the text of the kind speaks of: `title`, `name`, …"""
    link: str = field(default="", repr=False)
    page: str = ""
    """`/name`, say."""
    address: str = ""
    """Where it goes, if not to *person*."""

    @property
    def to(self) -> str:
        """Where it goes."""
        return self.address or self.person

    def token(self, edition: int = 1) -> str:
        """Return what its `Message-ID` begins with: the same for the same letter, another for each *edition*."""
        parts = (self.slug, self.person, self.kind.value, self.occasion, str(edition))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class Message:
    """A letter in the register, and how it stands."""

    id: int
    letter: Letter
    state: MessageState
    queued_at: datetime
    queued_by: str
    tries: int = 0
    """How often the mail server put it off."""
    edition: int = 1
    """How often a person meant it to be sent, since the mail server took it or refused it."""
    next_at: datetime | None = None
    """When it is tried again, where it is deferred."""
    changed_at: datetime | None = None
    """When its state became what it is, once a worker had it."""
    said: str = ""
    """The mail server's words, or why it is as it is."""

    @property
    def token(self) -> str:
        """What its `Message-ID` begins with."""
        return self.letter.token(self.edition)


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as it is sent: two texts that say the same."""

    token: str
    to: str
    subject: str
    text: str
    html: str
    language: str
    at: datetime
    unsubscribe: str = ""
    """The address at which she says that she wants no more, empty where nothing could be declined."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a try to send: *said* are the mail server's words.

    *away* says that the server, and not this message, is why: the next one would fare no better now.
    """

    state: MessageState
    said: str = ""
    away: bool = False
