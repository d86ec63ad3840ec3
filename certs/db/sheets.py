"""The table as a queue: leases on ordered certificates, and the one transaction that makes them public.

A lease is a conditional UPDATE that sets a token on ordered rows of one plate that nobody holds; the rows changed are
the rows claimed. Storing demands that every row still bears the token. So two workers can never issue one certificate,
and a lease that was lost costs only the work done under it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, func, select, update
from sqlalchemy.orm import aliased

from certs.db import (
    audit,
    bulk,
    checkpoints,
    comparison,
    entered,
    facts,
    leases,
    orders,
    packs,
    pictures,
    rolls,
    tables,
)
from certs.db.engine import reading, writing
from certs.errors import ConflictError
from certs.model import Act, CertificateState, Finished, Lease, Number, PersonKey, Sheet, Statement
from certs.wording import say

_ORDERED = CertificateState.ORDERED.value
_ON_PLATE = tuple(state.value for state in CertificateState if state is not CertificateState.CANCELLED)
"""Whoever was not given up is on the plate. Named one by one, for an index finds what is equal, not what differs."""
_ISSUED_COLUMNS = (
    "certificate_id",
    "registered_at",
    "claim_text",
    "claim_kid",
    "seal_kid",
    "credential_kid",
    "plate_sha256",
    "pdf_sha256",
    "pdf_bytes",
)


class Sheets:
    """Certificates from approval to issue; implements `certs.ports.Sheets`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._plates: dict[int, list[str]] = {}

    def now(self) -> datetime:
        """Return the present moment by the database's clock, which leases go by.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return leases.now(connection)

    def is_as_ordered(self, batch: int) -> bool:
        """Say whether the batch states what was ordered, as the trail says; of before nobody can tell, so it does.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return entered.is_as_ordered(connection, batch)

    def claim(self, batch: int, token: str, now: datetime, until: datetime, most: int | None = None) -> Sheet | None:
        """Lease ordered certificates of one plate until *until*, at most *most* of them; None if none is free.

        Raises:
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            plate = self._claim_plate(connection, batch, token, (now, until), most)
            return None if plate is None else _sheet(connection, batch, token, plate)

    def _claim_plate(
        self, connection: Connection, batch: int, token: str, lease: tuple[datetime, datetime], most: int | None
    ) -> str | None:
        """Put *token* on free certificates of one plate; return its label, None where nothing is free.

        The fullest plate comes first, as they were when last counted. They are counted again only when nothing is free
        on any of them, for to count takes the longer the larger the batch is.
        """
        known, (now, until), counted = self._plates.setdefault(batch, []), lease, False
        while known or not counted:
            if not known:
                known.extend(_free_plates(connection, batch, now))
                counted = True
            elif _lease(connection, (*_free(batch, now), tables.Certificate.plate == known[0]), token, until, most):
                return known[0]
            else:
                known.pop(0)
        return None

    def leases(self, batch: int) -> Collection[str]:
        """Return the tokens under which certificates of the batch are leased now.

        Raises:
            StorageError: the database fails.
        """
        row = tables.Certificate
        leased = (
            select(row.lease, row.batch_id).where(row.lease.is_not(None)).distinct()
        )  # by the index of leases alone
        with reading(self._engine) as connection:
            return [token for token, its_batch in connection.execute(leased) if token and its_batch == batch]

    def held(self, batch: int) -> Sequence[Lease]:
        """Return who is at work on certificates of the batch, on how many and until when at least.

        Raises:
            StorageError: the database fails.
        """
        row = tables.Certificate
        held = select(row.lease, func.count(), func.max(row.lease_until, type_=tables.UtcTime)).where(
            row.lease.is_not(None), row.batch_id == batch, row.state == _ORDERED
        )
        with reading(self._engine) as connection:
            found = connection.execute(held.group_by(row.lease).order_by(row.lease))
            return [Lease(token, count, until) for token, count, until in found if token and until]

    def extend(self, token: str, until: datetime) -> bool:
        """Let what is leased under *token* stay so until *until*; return False where nothing is, and nothing changes.

        Raises:
            StorageError: the database fails.
        """
        row = tables.Certificate
        mine = update(row).where(row.lease == token, row.state == _ORDERED)
        with writing(self._engine) as connection:
            return connection.execute(mine.values(lease_until=until)).rowcount > 0

    def release(self, token: str) -> None:
        """Give back what is still leased under *token*; it is free at once.

        Raises:
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            connection.execute(
                update(tables.Certificate)
                .where(tables.Certificate.lease == token, tables.Certificate.state == _ORDERED)
                .values(lease=None, lease_until=None)
            )

    def store(self, sheet: Sheet, finished: Finished, act: Act) -> bool:
        """Store bytes, digests, states and the audit entry in one transaction; only then are they public.

        Where tails are kept outside the register, their pack is there before the transaction begins.

        Return False where the lease was lost meanwhile: nothing was stored, another holder does the same work.

        Raises:
            ConflictError: one of the certificates was issued before; nothing was stored.
            StorageError: the database or the store of packs fails; nothing was stored.
        """
        opened = packs.opened_of(self._engine)
        pack = packs.packed(finished) if opened is not None and finished.made else None
        if opened is not None and pack is not None:
            opened.tails.keep(pack.sha256, pack.data)  # a crash from here on leaves a pack that nobody asks for
        with writing(self._engine, f"A certificate of batch {sheet.batch} was issued before.") as connection:
            ids = _still_ours(connection, sheet)
            if ids.keys() != sheet.todo.keys():
                return False
            if finished.made:
                _keep_address(connection, sheet.batch, finished.base_url)
                _store_made(connection, finished, pack, ids, act.at)
            _store_held(connection, finished, ids)
            audit.append(connection, act, _change(connection, sheet, finished))
            audit.append_all(connection, act, _replacements(sheet, finished))
        return True


def _free(batch: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a certificate is free to be claimed."""
    row = tables.Certificate
    return row.batch_id == batch, row.state == _ORDERED, leases.free(now)


def _free_plates(connection: Connection, batch: int, now: datetime) -> Sequence[str]:
    """Return the labels of plates with free certificates, the fullest first."""
    plate = tables.Certificate.plate
    plates = select(plate).where(*_free(batch, now)).group_by(plate).order_by(func.count().desc(), plate)
    return connection.execute(plates).scalars().all()


def _lease(
    connection: Connection, free: Sequence[ColumnElement[bool]], token: str, until: datetime, most: int | None
) -> bool:
    """Put *token* on *free* certificates, at most *most*; say whether there were any.

    Rows that another transaction has locked are passed over: waiting for them would lock what was waited for, even if
    it is free no more, and two who wait for each other's rows never end (PostgreSQL manual, section 13.3.4).
    """
    row = tables.Certificate
    first = select(row.id).where(*free).order_by(row.id).limit(most)
    ids = connection.execute(first.with_for_update(skip_locked=True)).scalars().all()
    lease_them = update(row).where(*free, row.id.in_(ids)).values(lease=token, lease_until=until)
    return bool(ids) and connection.execute(lease_them).rowcount > 0


def _sheet(connection: Connection, batch: int, token: str, plate: str) -> Sheet:
    """Read the statements of the whole plate; those with *token* are to do."""
    row = tables.Certificate
    of_batch = connection.execute(
        select(tables.Batch.facts, tables.Batch.issued_on, tables.Batch.ordered_at).where(tables.Batch.id == batch)
    ).one()
    frozen = pictures.completed(connection, facts.load(of_batch.facts))
    before = aliased(row)
    query = (
        select(*facts.STATED, row.id, row.lease, tables.Person.key, before.number.label("replaces"))
        .join(tables.Person, tables.Person.id == row.person_id)
        .outerjoin(before, before.id == row.supersedes_id)
        .where(row.batch_id == batch, row.plate == plate, row.state.in_(_ON_PLATE))
        .order_by(row.id)
    )
    everyone: list[Statement] = []
    todo: dict[Number, int] = {}
    people: dict[Number, PersonKey] = {}
    replaces: dict[Number, Number] = {}
    for found in connection.execute(query):
        statement = facts.statement(frozen, of_batch.issued_on, found)
        everyone.append(statement)
        if found.lease == token:
            todo[statement.number] = found.id
            people[statement.number] = PersonKey(found.key)
            if found.replaces:
                replaces[statement.number] = Number(found.replaces)
    return Sheet(batch, token, plate, of_batch.ordered_at, tuple(everyone), todo, people, replaces)


def _still_ours(connection: Connection, sheet: Sheet) -> dict[Number, int]:
    row = tables.Certificate
    query = select(row.number, row.id).where(row.lease == sheet.token, row.state == _ORDERED).order_by(row.id)
    query = query.with_for_update()  # SQLite has no need of it and leaves it out
    return {Number(number): id_ for number, id_ in connection.execute(query)}


def _keep_address(connection: Connection, batch: int, base_url: str) -> None:
    """Freeze the address of *batch* when its first certificates become public.

    Raises:
        ConflictError: others of the batch lead elsewhere already.
    """
    row = tables.Batch
    if connection.execute(select(row.base_url).where(row.id == batch)).scalar_one() == base_url:
        return
    frozen = update(row).where(row.id == batch, row.base_url.in_(("", base_url))).values(base_url=base_url)
    if connection.execute(frozen).rowcount != 1:
        raise ConflictError(
            say(
                "Another process issues batch {reference_of} under another CERTS_BASE_URL. Run the command "
                "again: what is left gets the address of those issued first.",
                reference_of=orders.reference_of(connection, batch),
            )
        )


def _store_made(
    connection: Connection, finished: Finished, pack: packs.Pack | None, ids: dict[Number, int], now: datetime
) -> None:
    plate = bulk.insert_missing(connection, tables.Plate)
    connection.execute(plate.values(sha256=finished.plate_sha256, data=finished.plate))
    kids = (finished.claim_kid, finished.seal_kid, finished.credential_kid or "", finished.plate_sha256)
    issued = ((ids[m.number], now, m.claim_text, *kids, m.sha256, m.size) for m in finished.made)
    bulk.insert(connection, tables.Issued, _ISSUED_COLUMNS, issued)
    _store_tails(connection, finished, pack, ids)
    if finished.roll is not None:
        rolls.store(connection, finished.roll, [ids[one.number] for one in finished.made])
    made = [ids[one.number] for one in finished.made]
    row = tables.Certificate
    done = update(row).where(row.id.between(min(made), max(made)), row.id.in_(made), row.state == _ORDERED)
    changed = connection.execute(
        done.values(state=CertificateState.ISSUED.value, lease=None, lease_until=None, error="")
    )
    if changed.rowcount != len(made):
        raise ConflictError(say("A certificate was issued by another process meanwhile; nothing was stored twice."))


def _store_tails(connection: Connection, finished: Finished, pack: packs.Pack | None, ids: dict[Number, int]) -> None:
    """Store the tails of *finished*, or where in *pack* they lie."""
    named = ("certificate_id", "data", "beside_id")
    beside = {m.number: None if m.beside is None else ids[m.beside] for m in finished.made}
    if pack is None:
        tails = ((ids[m.number], m.tail, beside[m.number]) for m in finished.made)
        bulk.insert(connection, tables.Tail, named, tails)
        return
    once = bulk.insert_missing(connection, tables.Pack)
    connection.execute(once.values(sha256=pack.sha256, size=len(pack.data)))
    id_ = connection.execute(select(tables.Pack.id).where(tables.Pack.sha256 == pack.sha256)).scalar_one()
    places = ((ids[m.number], b"", beside[m.number], id_, *pack.places[m.number]) for m in finished.made)
    bulk.insert(connection, tables.Tail, (*named, "pack_id", "start", "length"), places)


def _store_held(connection: Connection, finished: Finished, ids: dict[Number, int]) -> None:
    row = tables.Certificate
    for one in finished.held:
        connection.execute(
            update(row)
            .where(row.id == ids[one.number])
            .values(state=CertificateState.HELD.value, lease=None, lease_until=None, error=one.reason)
        )


def _replacements(sheet: Sheet, finished: Finished) -> Sequence[audit.Change]:
    """Return what the trail says of each certificate that one of *finished* replaces: its own page asks there."""
    slug = sheet.everyone[0].event.slug
    replaced = ((sheet.replaces[one.number], one.number) for one in finished.made if one.number in sheet.replaces)
    return [audit.Change(checkpoints.REPLACE, slug, old, None, {"by": new}) for old, new in replaced]


def _change(connection: Connection, sheet: Sheet, finished: Finished) -> audit.Change:
    reference = orders.reference_of(connection, sheet.batch)
    new: dict[str, Any] = {
        "base_url": finished.base_url,
        "plate": finished.plate_sha256,
        "claim_kid": finished.claim_kid,
        "seal_kid": finished.seal_kid,
        "roll": comparison.roll_digest(finished.roll.signature) if finished.roll else "",
        "issued": {one.number: one.sha256 for one in finished.made},
        "held": {one.number: one.reason for one in finished.held},
    }
    return audit.Change("batch.issue", reference.partition("/")[0], f"batch {reference}", new=new)
