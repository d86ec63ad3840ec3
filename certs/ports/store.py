"""The whole register, by noun."""

from datetime import datetime
from typing import Protocol

from certs.ports.attendance import Events, EvidenceByHand, Imports, Questions, Rulings
from certs.ports.decisions import Decisions
from certs.ports.errands import Errands
from certs.ports.issuing import Batches, PersonalLinks, Revocations, Sheets, StatusLists
from certs.ports.lists import Lists
from certs.ports.reading import Deliveries, Register, Rolls
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

    @property
    def events(self) -> Events:
        """Events by their file."""
        ...

    @property
    def imports(self) -> Imports:
        """Exports as received."""
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
    def batches(self) -> Batches:
        """Certificates from order to approval."""
        ...

    @property
    def sheets(self) -> Sheets:
        """Certificates from approval to issue."""
        ...

    @property
    def questions(self) -> Questions:
        """Doubts about people."""
        ...

    @property
    def evidence(self) -> EvidenceByHand:
        """What people vouch for."""
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
    def rolls(self) -> Rolls:
        """Signatures over what certificates state."""
        ...

    @property
    def status_lists(self) -> StatusLists:
        """Signed lists of withdrawn credentials."""
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
