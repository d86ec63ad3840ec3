"""What the use cases need from the outside world, as Protocols.

Each has one embedded default (SQLite, the key folder, the system clock); tests use in-memory ones. The contract tests
in `tests/ports` run on every implementation. Rooms import the ports from `certs.ports` itself.
"""

from certs.ports.attendance import Events, EvidenceByHand, Imports, Questions, Rulings, Tray
from certs.ports.decisions import Decisions
from certs.ports.errands import Errands
from certs.ports.issuing import Batches, Gatherings, PersonalLinks, Revocations, Sheets, StatusLists
from certs.ports.keys import Authority, Keys, KeyTrail, Signer, Trusted
from certs.ports.lists import Lists
from certs.ports.mail import Messages, Post
from certs.ports.ownlists import OwnLists
from certs.ports.people import People
from certs.ports.reading import Addressed, Deliveries, Delivery, Register, Rolls, SignedFacts, StoredPdf
from certs.ports.receipts import Receipts
from certs.ports.store import Store
from certs.ports.tails import KeptPack, Tails
from certs.ports.trail import Trail, Unsettleds, Voucher
from certs.ports.users import Locks, SignIns, Users
from certs.ports.work import Bell, Clock, Done, Pulse, Queue, Silent, Task

__all__ = [
    "Addressed",
    "Authority",
    "Batches",
    "Bell",
    "Clock",
    "Decisions",
    "Deliveries",
    "Delivery",
    "Done",
    "Errands",
    "Events",
    "EvidenceByHand",
    "Gatherings",
    "Imports",
    "KeptPack",
    "KeyTrail",
    "Keys",
    "Lists",
    "Locks",
    "Messages",
    "OwnLists",
    "People",
    "PersonalLinks",
    "Post",
    "Pulse",
    "Questions",
    "Queue",
    "Receipts",
    "Register",
    "Revocations",
    "Rolls",
    "Rulings",
    "Sheets",
    "SignIns",
    "SignedFacts",
    "Signer",
    "Silent",
    "StatusLists",
    "Store",
    "StoredPdf",
    "Tails",
    "Task",
    "Trail",
    "Tray",
    "Trusted",
    "Unsettleds",
    "Users",
    "Voucher",
]
