"""The register's tables, as Flask-SQLAlchemy models.

They describe the schema and bear no behaviour: the store reads and writes them by Core statements, in bulk where there
are many rows. Nothing is ever deleted but `counted` and `decision`, which are worked out from the rest, and what waits
(`errand_file`, `tray_file`, `gathered`); what must not
change after it was written is held by triggers that the first migration creates (`audit`, `issued`, `tail`, `plate`,
`import_file` never change; no other table loses a row).

Times are UTC; columns ending in `_us` are microseconds since 1970-01-01T00:00Z, because exports bring many of them.
"""

from certs.db.tables.attendance import (
    Counted,
    Decision,
    Erased,
    Event,
    Evidence,
    ImportFile,
    Join,
    Mark,
    Person,
    Picture,
    Question,
    Reading,
    Registration,
    Ruling,
    Session,
    TrayFile,
    Unmatched,
    UnusableRow,
)
from certs.db.tables.base import Base, UtcTime, db
from certs.db.tables.certificates import (
    Audit,
    Batch,
    Certificate,
    Checkpoint,
    Enrolled,
    Gathered,
    Issued,
    Pack,
    Plate,
    Restoration,
    Revocation,
    Roll,
    SpentNumber,
    StatusList,
    Tail,
    Unsettled,
    WithdrawnLink,
)
from certs.db.tables.errands import Errand, ErrandFile, Worker
from certs.db.tables.mail import ListAsked, ListLink, MailDeclined, MailPause, MailText, Message
from certs.db.tables.receipts import Receipt
from certs.db.tables.requests import Request
from certs.db.tables.users import Invitation, Passkey, RecoveryCode, SignIn, User, UserRole

__all__ = [
    "Audit",
    "Base",
    "Batch",
    "Certificate",
    "Checkpoint",
    "Counted",
    "Decision",
    "Enrolled",
    "Erased",
    "Errand",
    "ErrandFile",
    "Event",
    "Evidence",
    "Gathered",
    "ImportFile",
    "Invitation",
    "Issued",
    "Join",
    "ListAsked",
    "ListLink",
    "MailDeclined",
    "MailPause",
    "MailText",
    "Mark",
    "Message",
    "Pack",
    "Passkey",
    "Person",
    "Picture",
    "Plate",
    "Question",
    "Reading",
    "Receipt",
    "RecoveryCode",
    "Registration",
    "Request",
    "Restoration",
    "Revocation",
    "Roll",
    "Ruling",
    "Session",
    "SignIn",
    "SpentNumber",
    "StatusList",
    "Tail",
    "TrayFile",
    "Unmatched",
    "Unsettled",
    "UnusableRow",
    "User",
    "UserRole",
    "UtcTime",
    "WithdrawnLink",
    "Worker",
    "db",
]
