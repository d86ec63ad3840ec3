"""The register as one value: its nouns, and what verification reads of it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Engine

from certs.db import audit, checkpoints, masked, packs, wholeness
from certs.db.batches import Batches
from certs.db.certificates import Certificates
from certs.db.counted import Decisions
from certs.db.errands import Errands
from certs.db.events import Events
from certs.db.evidence import EvidenceByHand
from certs.db.gathered import Gatherings
from certs.db.herself import People
from certs.db.imports import Imports
from certs.db.keytrail import KeyTrail
from certs.db.links import PersonalLinks
from certs.db.lists import Lists
from certs.db.locks import Locks
from certs.db.messages import Messages
from certs.db.ownlists import OwnLists
from certs.db.questions import Questions
from certs.db.receipts import Receipts
from certs.db.requests import Requests
from certs.db.revocations import Revocations
from certs.db.rolls import Rolls
from certs.db.rulings import Rulings
from certs.db.sheets import Sheets
from certs.db.signins import SignIns
from certs.db.statuslists import StatusLists
from certs.db.trail import Trail
from certs.db.tray import Tray
from certs.db.unsettled import Unsettleds
from certs.db.users import Users
from certs.model import Act, AuditEntry, Certificate, Kid, Number, Roll
from certs.ports import Addressed, Delivery, StoredPdf, Voucher


class Store:
    """Gives the register by noun; is itself a `certs.ports.Store`."""

    def __init__(
        self, engine: Engine, voucher: Callable[[], Voucher] | None = None, opened: packs.Opened | None = None
    ) -> None:
        """Take the register in *engine*'s database, where *voucher* signs what certificates rest on.

        Their bytes are in packs that *opened* reads and keeps, where it is given.
        """
        engine = packs.with_tails(engine, opened)
        engine = engine if voucher is None else checkpoints.with_voucher(engine, voucher)
        self.engine = engine
        self.events = Events(engine)
        self.imports = Imports(engine)
        self.decisions = Decisions(engine)
        self.links = PersonalLinks(engine)
        self.people = People(engine)
        self.own_lists = OwnLists(engine)
        self.batches = Batches(engine)
        self.sheets = Sheets(engine)
        self.certificates = Certificates(engine)
        self.lists = Lists(engine)
        self.questions = Questions(engine)
        self.evidence = EvidenceByHand(engine)
        self.rulings = Rulings(engine)
        self.revocations = Revocations(engine)
        self.status_lists = StatusLists(engine)
        self.key_trail = KeyTrail(engine)
        self.rolls = Rolls(engine)
        self.unsettled = Unsettleds(engine)
        self.trail = Trail(engine)
        self.receipts = Receipts(engine)
        self.users = Users(engine)
        self.locks = Locks(engine)
        self.sign_ins = SignIns(engine)
        self.errands = Errands(engine)
        self.tray = Tray(engine)
        self.gatherings = Gatherings(engine)
        self.messages = Messages(engine)
        self.requests = Requests(engine)

    def knows_key(self, kid: Kid) -> bool:
        """Say whether this register knows the key *kid*; see `certs.ports.Register`."""
        return self.key_trail.knows_key(kid)

    def certificate(self, number: Number) -> Certificate | None:
        """Return the issued certificate with that number; see `certs.ports.Register`."""
        return self.certificates.certificate(number)

    def roll(self, id_: int) -> Roll | None:
        """Return the roll of that id; see `certs.ports.SignedFacts`."""
        return self.rolls.get(id_)

    def begins_like_ours(self, data: bytes) -> bool:
        """Say whether *data* begins with a plate or is the beginning of one; see `certs.ports.Register`."""
        return self.certificates.begins_like_ours(data)

    def certificates_of(self, person_ref: str) -> Sequence[Certificate]:
        """Return the issued certificates of a person; see `certs.ports.Register`."""
        return self.certificates.certificates_of(person_ref)

    def link_withdrawn(self, person_ref: str) -> bool:
        """Say whether that reference was behind a link that was withdrawn; see `certs.ports.Register`."""
        return self.links.is_withdrawn(person_ref)

    def pdf(self, number: Number) -> StoredPdf | None:
        """Return the exact bytes of an issued certificate's PDF; see `certs.ports.Register`."""
        return self.certificates.pdf(number)

    def status_list(self, number: int) -> bytes | None:
        """Return the newest signed status list of that number; see `certs.ports.Register`."""
        return self.status_lists.get(number)

    def addressed(self, slug: str) -> Iterator[Addressed]:
        """Yield every issued certificate of the event; see `certs.ports.Deliveries`."""
        return self.certificates.addressed(slug)

    def deliveries(self, slug: str) -> Iterator[Delivery]:
        """Yield every issued certificate of the event; see `certs.ports.Deliveries`."""
        return self.certificates.deliveries(slug)

    def audit(self, slug: str) -> Iterator[AuditEntry]:
        """Yield the audit trail of an event, oldest first.

        Raises:
            StorageError: the database fails.
        """
        return masked.entries(self.engine, slug)

    def signed_by(self, kid: Kid) -> Iterator[Certificate]:
        """Yield every issued certificate that key *kid* signed; see `certs.ports.Store`."""
        return self.certificates.signed_by(kid)

    def issued_count(self) -> int:
        """Return how many certificates are issued.

        Raises:
            StorageError: the database fails.
        """
        return wholeness.count(self.engine)

    def stated(self) -> Iterator[tuple[Number, Certificate | None]]:
        """Yield every issued certificate without its file; None in place of one that cannot be read.

        Raises:
            StorageError: the database fails altogether.
        """
        return wholeness.stated(self.engine)

    def examined(self) -> Iterator[tuple[Number, Certificate | None]]:
        """Yield every issued certificate, its file rebuilt and compared; None in place of one that is not whole.

        Raises:
            StorageError: the database fails altogether.
        """
        return wholeness.examined(self.engine)

    def newest_moment(self) -> datetime | None:
        """Return the latest moment on record; see `certs.ports.Store`."""
        return audit.newest_moment(self.engine)

    def settle_clock(self, act: Act) -> None:
        """Enter that the clock is right now, whatever moments stand in the trail.

        Raises:
            StorageError: the database fails.
        """
        audit.settle_clock(self.engine, act)
