"""Issued certificates as verification and delivery read them; nothing that is not issued ever shows."""

import hashlib
import json
import logging
from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, Connection, Engine, Row, and_, bindparam, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from certs.db import checkpoints, comparison, facts, keytrail, packs, tables
from certs.db.connections import Connections
from certs.db.engine import reading
from certs.db.events import id_of
from certs.db.people import KNOWN_AS, OF_ERASED, PRESENT
from certs.db.prepared import SOUGHT, Prepared
from certs.db.trail import checkpoint_over
from certs.errors import StorageError
from certs.ground.number import printed
from certs.model import (
    Certificate,
    CertificateState,
    Enrolment,
    KeyLife,
    Kid,
    Lapse,
    Number,
    PersonKey,
    Revocation,
    RevocationReason,
)
from certs.ports import Addressed, Delivery, StoredPdf
from certs.wording import say

_log = logging.getLogger("certs.register")
_ROWS_AT_ONCE = 1_000
_AT_ONCE = 500
_PLATES_AT_ONCE = 100
_ISSUED = CertificateState.ISSUED.value
_before, _after = aliased(tables.Certificate), aliased(tables.Certificate)
_row = tables.Certificate
_reinstated = aliased(tables.Revocation)
AS_STATED = (
    select(*facts.STATED)
    .add_columns(tables.Batch.facts, tables.Batch.issued_on, tables.Batch.base_url, tables.Batch.ordinal)
    .add_columns(tables.Person.ref, KNOWN_AS, tables.Person.erased_at, tables.Enrolled.roll_id, tables.Enrolled.place)
    .add_columns(tables.Issued.registered_at, tables.Issued.claim_text, tables.Issued.claim_kid)
    .add_columns(
        tables.Issued.seal_kid, tables.Issued.credential_kid, tables.Issued.pdf_sha256, tables.Issued.pdf_bytes
    )
    .add_columns(tables.Revocation.at, tables.Revocation.reason, tables.Revocation.detail)
    .add_columns(_before.number.label("supersedes"), _after.number.label("superseded_by"))
    .add_columns(exists().where(_reinstated.certificate_id == _row.id, _reinstated.reinstated).label("was_reinstated"))
    .select_from(_row)
    .join(tables.Issued, tables.Issued.certificate_id == _row.id)
    .join(tables.Batch, tables.Batch.id == _row.batch_id)
    .join(tables.Person, tables.Person.id == _row.person_id)
    .outerjoin(tables.Erased, OF_ERASED)
    .outerjoin(tables.Enrolled, tables.Enrolled.certificate_id == _row.id)
    .outerjoin(
        tables.Revocation, and_(tables.Revocation.certificate_id == _row.id, tables.Revocation.undone_at.is_(None))
    )
    .outerjoin(_before, _before.id == _row.supersedes_id)
    .outerjoin(_after, and_(_after.supersedes_id == _row.id, _after.state == _ISSUED))
    .where(_row.state == _ISSUED)
)
AS_DELIVERED = (
    AS_STATED.add_columns(_row.id.label("row_id"), tables.Issued.plate_sha256, *packs.COLUMNS)
    .join(tables.Tail, tables.Tail.certificate_id == _row.id)
    .outerjoin(packs.beside, packs.beside.certificate_id == tables.Tail.beside_id)
    .outerjoin(tables.Pack, tables.Pack.id == tables.Tail.pack_id)
)
"""With what its file is rebuilt from."""
_sought: BindParameter[str] = bindparam(SOUGHT)
_told = tables.Audit
_signed_by = (tables.Issued.claim_kid, tables.Issued.seal_kid, tables.Issued.credential_kid)
_of_it = (
    _told.subject.in_((_row.number, *(literal(keytrail.SUBJECT) + kid for kid in _signed_by))),
    *(_told.act != act for act in keytrail.HARMLESS),
)
"""What the trail says of a certificate's status, and against the keys that signed it: nothing of nearly all."""
_NEWEST_FIRST = AS_STATED.add_columns(exists().where(*_of_it).label("was_told")).order_by(_row.id.desc())
_BY_NUMBER = _NEWEST_FIRST.where(_row.number == _sought)
_linked = ~exists().where(tables.WithdrawnLink.ref == tables.Person.ref)
_OF_PERSON = _NEWEST_FIRST.where(tables.Person.ref == _sought, _linked, PRESENT)
_past = aliased(tables.Revocation)
_LAPSES = (
    select(_past.at, _past.undone_at)
    .join(_row, _row.id == _past.certificate_id)
    .where(_row.number == _sought, _past.reinstated)
    .order_by(_past.id)
)
_TOLD = (
    select(_told.id, _told.at, _told.subject, _told.act, _told.new)
    .select_from(_row)
    .join(tables.Issued, tables.Issued.certificate_id == _row.id)
    .join(_told, and_(*_of_it))
    .where(_row.number == _sought)
    .order_by(_told.id)
)


class Certificates:
    """Issued certificates; implements `certs.ports.Register`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @cached_property
    def _connections(self) -> Connections:
        return Connections(self._engine)

    @cached_property
    def _by_number(self) -> Prepared:
        return Prepared(self._connections, _BY_NUMBER)

    @cached_property
    def _lapses(self) -> Prepared:
        return Prepared(self._connections, _LAPSES)

    @cached_property
    def _entries(self) -> Prepared:
        return Prepared(self._connections, _TOLD)

    @cached_property
    def _of_person(self) -> Prepared:
        return Prepared(self._connections, _OF_PERSON)

    def certificate(self, number: Number) -> Certificate | None:
        """Return the issued certificate with that number.

        Raises:
            StorageError: the database fails.
        """
        found = self._by_number.rows(number)
        return self._with_lapses(found[0]) if found else None

    def begins_like_ours(self, data: bytes) -> bool:
        """Say whether *data* begins with a plate on which certificates were issued, or is the beginning of one.

        Raises:
            StorageError: the database fails.
        """
        beginning = func.substr(literal(data), 1, func.length(tables.Plate.data))
        query = select(tables.Plate.sha256).where(func.substr(tables.Plate.data, 1, len(data)) == beginning).limit(1)
        with reading(self._engine) as connection:
            return connection.execute(query).first() is not None

    def certificates_of(self, person_ref: str) -> Sequence[Certificate]:
        """Return the issued certificates of the person behind *person_ref*, newest first.

        Raises:
            StorageError: the database fails.
        """
        return [self._with_lapses(row) for row in self._of_person.rows(person_ref)]

    def _with_lapses(self, row: Row[*tuple[Any, ...]]) -> Certificate:
        """Return a certificate with its lapses, and with what the trail says that could speak against it.

        Nearly none was ever withdrawn, so only of those entries and lapses are read.
        """
        certificate = certificate_of(row)
        if row.was_told or certificate.revocation:
            certificate = self._with_entries(certificate)
        if not row.was_reinstated:
            return certificate
        lapses = (Lapse(one.at, one.undone_at) for one in self._lapses.rows(certificate.number))
        return replace(certificate, lapses=tuple(lapses))

    def _with_entries(self, certificate: Certificate) -> Certificate:
        status, replaced, lives = None, None, dict[Kid, KeyLife]()
        for entry in self._entries.rows(certificate.number):
            if entry.act in checkpoints.STATUS:
                status = entry
            elif entry.act == checkpoints.REPLACE:
                replaced = Number(json.loads(entry.new)["by"])
            elif entry.act.startswith(checkpoints.KEYS):
                lives[Kid(entry.subject.removeprefix(keytrail.SUBJECT))] = keytrail.life_of(entry.new)
        if replaced is not None:
            certificate = replace(certificate, replaced_by_trail=replaced)
        if certificate.revocation and not self._is_told(certificate.number, certificate.revocation, status):
            certificate = replace(certificate, withdrawn_by_nobody=True)
        unsafe = tuple((kid, life.compromised_since) for kid, life in lives.items() if life.compromised_since)
        if status is None:
            return replace(certificate, unsafe_by_trail=unsafe) if unsafe else certificate
        withdrawn = status.act == checkpoints.STATUS[0]
        under = None if withdrawn or certificate.revocation else checkpoint_over(self._engine, status.id)
        return replace(certificate, withdrawn_by_trail=withdrawn, restored_under=under, unsafe_by_trail=unsafe)

    def _is_told(self, number: Number, revocation: Revocation, status: Row[*tuple[Any, ...]] | None) -> bool:
        """Say whether the trail withdraws *number* as its row does, by the newest entry or as somebody adopted it."""
        row = comparison.withdrawal(number, revocation)
        with suppress(ValueError, LookupError):
            if status is not None and comparison.status_of(status.subject, status.act, status.at, status.new) == row:
                return True
        with reading(self._engine) as connection:
            return comparison.is_adopted(connection, row)

    def of_person(self, person: PersonKey) -> Sequence[Certificate]:
        """Return the issued certificates of *person*, newest first, whether or not her link is withdrawn.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            hers = _NEWEST_FIRST.where(tables.Person.key == person)
            return [certificate_of(row) for row in connection.execute(hers)]

    def pdf(self, number: Number) -> StoredPdf | None:
        """Return the exact bytes of an issued certificate's PDF, their digest checked.

        Raises:
            AwayError: they are in a pack that is out of reach.
            StorageError: the stored bytes do not match their digest.
        """
        query = (
            select(_row.number, tables.Plate.data, tables.Issued.pdf_sha256, tables.Issued.pdf_bytes)
            .add_columns(*packs.COLUMNS)
            .select_from(_row)
            .join(tables.Issued, tables.Issued.certificate_id == _row.id)
            .join(tables.Plate, tables.Plate.sha256 == tables.Issued.plate_sha256)
            .join(tables.Tail, tables.Tail.certificate_id == _row.id)
            .outerjoin(packs.beside, packs.beside.certificate_id == tables.Tail.beside_id)
            .outerjoin(tables.Pack, tables.Pack.id == tables.Tail.pack_id)
            .where(_row.number == number, _row.state == _ISSUED)
        )
        with reading(self._engine) as connection:
            found = connection.execute(query).first()
        return None if found is None else checked(packs.opened_of(self._engine), found, bytes(found.data))

    def deliveries(self, slug: str) -> Iterator[Delivery]:
        """Yield every issued certificate of the event in the order of numbers, a few at a time in memory.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails, or stored bytes do not match their digest.
        """
        plates, opened = dict[str, bytes](), packs.opened_of(self._engine)
        with reading(self._engine) as connection:
            mine = select(_row.id).join(tables.Person, tables.Person.id == _row.person_id)
            mine = mine.where(_row.event_id == id_of(connection, slug), _row.state == _ISSUED, PRESENT)
            ids = array("q", connection.execute(mine.order_by(_row.number)).scalars())  # sorted once, not for each part
            for start in range(0, len(ids), _AT_ONCE):
                part = AS_DELIVERED.where(_row.id.in_(ids[start : start + _AT_ONCE].tolist()))
                for row in connection.execute(part.order_by(_row.number)).all():
                    plate = plate_of(connection, plates, row.plate_sha256)
                    yield Delivery(certificate_of(row), PersonKey(row.key), checked(opened, row, plate))

    def addressed(self, slug: str) -> Iterator[Addressed]:
        """Yield every issued certificate of the event in the order of numbers, without its file.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        query = AS_STATED.add_columns(_linked.label("linked")).order_by(_row.number)
        with reading(self._engine) as connection:
            mine = query.where(_row.event_id == id_of(connection, slug), PRESENT)
            for row in connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(mine):
                certificate = certificate_of(row)
                yield Addressed(certificate, certificate.person, certificate.batch, bool(row.linked))

    def signed_by(self, kid: Kid) -> Iterator[Certificate]:
        """Yield every issued certificate that key *kid* signed for any purpose, in no order, a few at a time in memory.

        Raises:
            StorageError: the database fails.
        """
        issued = tables.Issued
        query = AS_STATED.where(or_(issued.claim_kid == kid, issued.seal_kid == kid, issued.credential_kid == kid))
        with reading(self._engine) as connection:
            for row in connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(query):
                yield certificate_of(row)


def plate_of(connection: Connection, known: dict[str, bytes], sha256: str) -> bytes:
    """Return a plate's bytes, remembering the last few."""
    if sha256 not in known:
        if len(known) >= _PLATES_AT_ONCE:
            known.clear()
        query = select(tables.Plate.data).where(tables.Plate.sha256 == sha256)
        known[sha256] = bytes(connection.execute(query).scalar_one())
    return known[sha256]


def checked(
    opened: packs.Opened | None, row: Row[*tuple[Any, ...]], plate: bytes, *, in_turn: bool = False
) -> StoredPdf:
    """Return the file of a row with `packs.COLUMNS`; its digest tells whether plate and tail are what was issued.

    Raises:
        AwayError: they are in a pack that is out of reach.
        StorageError: they are not.
    """
    with suppress(ValueError):
        tail = packs.tail_of(opened, row, row.pdf_bytes - len(plate), in_turn=in_turn)
        if hashlib.sha256(plate + tail).hexdigest() == row.pdf_sha256:
            return StoredPdf(plate, tail, row.pdf_sha256)
    _log.critical("stored_bytes_differ", extra={"number": row.number})
    raise StorageError(
        say("The stored bytes of {number} do not match their digest. Restore a backup.", number=printed(row.number))
    )


def certificate_of(row: Row[*tuple[Any, ...]]) -> Certificate:
    """Return what a row of `AS_STATED` says.

    Raises:
        ValueError, LookupError, TypeError: it is garbled.
    """
    withheld = row.erased_at is not None
    detail = "" if withheld else row.detail
    revocation = Revocation(row.at, RevocationReason(row.reason), detail) if row.at is not None else None
    statement = facts.statement(facts.load(row.facts), row.issued_on, row)
    return Certificate(
        statement=statement,
        registered_at=row.registered_at,
        claim_text=row.claim_text,
        claim_kid=Kid(row.claim_kid),
        seal_kid=Kid(row.seal_kid),
        pdf_sha256=row.pdf_sha256,
        pdf_bytes=row.pdf_bytes,
        person_ref=row.ref,
        base_url=row.base_url,
        credential_kid=Kid(row.credential_kid) if row.credential_kid else None,
        revocation=revocation,
        superseded_by=Number(row.superseded_by) if row.superseded_by else None,
        supersedes=Number(row.supersedes) if row.supersedes else None,
        person=PersonKey(row.key),
        batch=f"{statement.event.slug}/{row.ordinal}",
        enrolment=None if row.roll_id is None else Enrolment(row.roll_id, row.place),
        withheld=withheld,
    )
