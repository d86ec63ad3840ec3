"""Checkpoints: heads of the trail under our signature, made in the transaction of the acts that certificates rest on.

Whoever only writes the database can append an entry that fits the chain, and rows that fit the entry. What he cannot do
is sign. So acts that change what certificates are worth (`VOUCHED`) are signed by the process that does them, before
they are committed. A process signs only if every such act before its own is under a checkpoint already: what somebody
else slipped in never gets under our signature by itself. A person has to look at it then (`certs audit checkpoint`).

Where no key can sign, the act counts all the same and stays for a person to look at.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, and_, insert, or_, select

from certs.db import tables
from certs.db.engine import at_end, when_committed
from certs.errors import SigningError
from certs.ports import Voucher

_VOUCHER = "certs_voucher"
_log = logging.getLogger("certs.trail")
_row, _entry = tables.Checkpoint, tables.Audit
KEYS = "key."
STATUS = ("certificate.revoke", "certificate.unrevoke", "certificate.reinstate")
REPLACE = "certificate.replace"
"""Entered with the act that issues the new one, and signed with it."""
ISSUE, RESTORE, ADOPT = "batch.issue", "register.restore", "trail.adopt"
ENROL = "batch.enrol"
COMPARED = (ISSUE, ENROL, REPLACE, ADOPT, *STATUS)
"""What says something of certificates that rows must bear out."""
_OTHERS = (ISSUE, *STATUS, RESTORE, ADOPT)
_APPROVE = "batch.approve"
"""Signed too where a key is at hand, for its minutes name a checkpoint; nothing waits for it."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A checkpoint as the register has it."""

    entries: int
    sha256: str
    note: str


def with_voucher(engine: Engine, voucher: Callable[[], Voucher]) -> Engine:
    """Return *engine* so that *voucher*, made when it is first needed, signs what is done through it."""
    return engine.execution_options(**{_VOUCHER: voucher})


def ready(engine: Engine) -> None:
    """Let the key that signs be open before a transaction begins."""
    voucher: Callable[[], Voucher] | None = engine.get_execution_options().get(_VOUCHER)
    if voucher is not None:
        voucher().ready()


def is_vouched(act: str) -> bool:
    """Say whether *act* changes what certificates are worth."""
    return act in _OTHERS or act.startswith(KEYS)


def note(connection: Connection, entry: int, act: str, at: datetime) -> None:
    """Note that *act* was appended as *entry*: the head of this transaction will be signed."""
    voucher: Callable[[], Voucher] | None = connection.get_execution_options().get(_VOUCHER)
    if voucher is not None and (is_vouched(act) or act == _APPROVE):
        at_end(connection, lambda last: _sign(last, voucher(), entry, at))


def newest(connection: Connection) -> Stored | None:
    """Return the newest checkpoint."""
    found = connection.execute(select(_row.entries, _row.sha256, _row.note).order_by(_row.entries.desc()).limit(1))
    one = found.first()
    return None if one is None else Stored(*one)


def unvouched(connection: Connection, since: int, until: int | None = None, *, most: int = 1) -> Sequence[int]:
    """Return the first entries after *since*, and before *until*, that are on acts to be vouched for."""
    mine = or_(_entry.act.in_(_OTHERS), _entry.act.startswith(KEYS, autoescape=True))
    query = select(_entry.id).where(_entry.id > since, mine).order_by(_entry.id).limit(most)
    if until is not None:
        query = query.where(_entry.id < until)
    return connection.execute(query).scalars().all()


def store(connection: Connection, entries: int, sha256: str, at: datetime, signed: str) -> None:
    """Keep the checkpoint *signed* of that head."""
    connection.execute(insert(_row).values(entries=entries, sha256=sha256, at=at, note=signed))


def head(connection: Connection) -> tuple[int, str]:
    """Return the newest entry and its digest, 0 and nothing where the trail is empty."""
    found = connection.execute(select(_entry.id, _entry.sha256).order_by(_entry.id.desc()).limit(1)).first()
    return (found.id, found.sha256) if found else (0, "")


def _sign(connection: Connection, voucher: Voucher, first: int, at: datetime) -> None:
    """Sign the head, unless something stands in the way since before *first*, this transaction's own first entry."""
    try:
        obstacle = _obstacle(connection, voucher, first)
        entries, sha256 = head(connection)
        signed = None if obstacle else voucher.sign(entries, sha256, at)
    except SigningError as error:
        _log.warning("trail_not_signed", extra={"audit": first, "reason": type(error).__name__})
        return
    if obstacle:
        _log.critical("trail_not_signed", extra={"audit": first, "reason": obstacle})
    if signed is not None:
        store(connection, entries, sha256, at, signed)
        when_committed(connection, lambda: voucher.keep(signed))


def _obstacle(connection: Connection, voucher: Voucher, first: int) -> str:
    """Return why nothing may be signed from entry *first* on, empty if it may."""
    last, kept = newest(connection), voucher.kept()
    if last is None:
        if kept:
            return "checkpoints_lost"
        others = and_(_entry.id < first, _entry.act.in_(_OTHERS))
        return "unvouched" if connection.execute(select(_entry.id).where(others).limit(1)).first() else ""
    for signed in filter(None, (last.note, kept)):
        said = voucher.read(signed)
        if said is None or not stands(connection, said.entries, said.sha256):
            return "contradicted"
    return "unvouched" if unvouched(connection, last.entries, first) else ""


def stands(connection: Connection, entries: int, sha256: str) -> bool:
    """Say whether the trail has that entry, with that digest."""
    return connection.execute(select(_entry.sha256).where(_entry.id == entries)).scalar() == sha256
