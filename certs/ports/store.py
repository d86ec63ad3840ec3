"""The whole register, by noun: all that use cases and edges see of it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from certs.model import Act, AuditEntry, Certificate, Kid, Number
from certs.ports.attendance import Events, EvidenceByHand, Imports, Questions, Rulings, Tray
from certs.ports.decisions import Decisions
from certs.ports.errands import Errands
from certs.ports.issuing import Batches, Gatherings, PersonalLinks, Revocations, Sheets, StatusLists
from certs.ports.keys import KeyTrail
from certs.ports.lists import Lists
from certs.ports.mail import Messages
from certs.ports.ownlists import OwnLists
from certs.ports.people import People
from certs.ports.reading import Deliveries, Register, Rolls
from certs.ports.receipts import Receipts
from certs.ports.requests import Requests
from certs.ports.trail import Trail, Unsettleds
from certs.ports.users import Locks, SignIns, Users


class Store(Register, Deliveries, Protocol):
    """The whole register, by noun."""

    def newest_moment(self) -> datetime | None:
        """Return the latest moment on record, None where nothing is.

        Moments before somebody entered that the clock was wrong until then do not count.

        Raises:
            StorageError: the database fails.
        """
        ...

    def settle_clock(self, act: Act) -> None:
        """Enter that the clock is right now, whatever moments are on record."""
        ...

    def audit(self, slug: str) -> Iterator[AuditEntry]:
        """Yield the audit trail of an event, oldest first; an empty *slug* has what is of none."""
        ...

    def signed_by(self, kid: Kid) -> Iterator[Certificate]:
        """Yield every issued certificate that key *kid* signed for any purpose, in no order, a few at a time."""
        ...

    def issued_count(self) -> int:
        """Return how many certificates are issued."""
        ...

    def stated(self) -> Iterator[tuple[Number, Certificate | None]]:
        """Yield every issued certificate without its file; None in place of one that cannot be read."""
        ...

    def examined(self) -> Iterator[tuple[Number, Certificate | None]]:
        """Yield every issued certificate, its file rebuilt and compared; None in place of one that is not whole."""
        ...

    @property
    def trail(self) -> Trail:
        """The audit trail as a whole."""
        ...

    @property
    def key_trail(self) -> KeyTrail:
        """What it says of keys."""
        ...

    @property
    def unsettled(self) -> Unsettleds:
        """What a restore left unknown."""
        ...

    @property
    def events(self) -> Events:
        """Events by their file."""
        ...

    @property
    def imports(self) -> Imports:
        """Exports as received."""
        ...

    @property
    def tray(self) -> Tray:
        """Exports that do not count yet."""
        ...

    @property
    def decisions(self) -> Decisions:
        """Decisions as they were counted."""
        ...

    @property
    def lists(self) -> Lists:
        """What pages show, some at a time."""
        ...

    @property
    def links(self) -> PersonalLinks:
        """The references behind people's links."""
        ...

    @property
    def people(self) -> People:
        """What is held about one person."""
        ...

    @property
    def own_lists(self) -> OwnLists:
        """Lists of one's own certificates, by mail."""
        ...

    @property
    def batches(self) -> Batches:
        """Certificates from order to approval."""
        ...

    @property
    def sheets(self) -> Sheets:
        """Certificates from approval to issue."""
        ...

    @property
    def questions(self) -> Questions:
        """Questions about people."""
        ...

    @property
    def evidence(self) -> EvidenceByHand:
        """Evidence added by hand."""
        ...

    @property
    def rulings(self) -> Rulings:
        """What people decided in place of the rule."""
        ...

    @property
    def revocations(self) -> Revocations:
        """Certificates withdrawn."""
        ...

    @property
    def gatherings(self) -> Gatherings:
        """Corrections that are not ordered yet."""
        ...

    @property
    def requests(self) -> Requests:
        """What participants ask for."""
        ...

    @property
    def rolls(self) -> Rolls:
        """Signatures over what certificates state."""
        ...

    @property
    def status_lists(self) -> StatusLists:
        """Signed lists of withdrawn credentials."""
        ...

    @property
    def receipts(self) -> Receipts:
        """Receipts that were given."""
        ...

    @property
    def users(self) -> Users:
        """Those who sign in, and their roles."""
        ...

    @property
    def locks(self) -> Locks:
        """What opens their accounts."""
        ...

    @property
    def sign_ins(self) -> SignIns:
        """Who is signed in."""
        ...

    @property
    def errands(self) -> Errands:
        """What workers are asked for."""
        ...

    @property
    def messages(self) -> Messages:
        """Mails that are meant, under way or done with."""
        ...
