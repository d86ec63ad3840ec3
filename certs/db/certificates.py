"""Issued certificates as verification and delivery read them; nothing that is not issued ever shows."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, select
from sqlalchemy.orm import aliased

from certs.db import facts, tables
from certs.db.engine import reading
from certs.errors import StorageError
from certs.model import Certificate, CertificateState, Kid, Number, Revocation, RevocationReason
from certs.number import printed
from certs.ports import StoredPdf

_ISSUED = CertificateState.ISSUED.value
_before, _after = aliased(tables.Certificate), aliased(tables.Certificate)
_row = tables.Certificate
_QUERY = (
    select(_row.number, _row.kind, _row.name, _row.language, _row.attended, _row.quarter_hours)
    .add_columns(tables.Batch.facts, tables.Batch.issued_on, tables.Person.ref)
    .add_columns(tables.Issued.registered_at, tables.Issued.claim_text, tables.Issued.claim_kid)
    .add_columns(tables.Issued.seal_kid, tables.Issued.pdf_sha256, tables.Issued.pdf_bytes)
    .add_columns(tables.Revocation.at, tables.Revocation.reason, tables.Revocation.detail)
    .add_columns(_before.number.label("supersedes"), _after.number.label("superseded_by"))
    .select_from(_row)
    .join(tables.Issued, tables.Issued.certificate_id == _row.id)
    .join(tables.Batch, tables.Batch.id == _row.batch_id)
    .join(tables.Person, tables.Person.id == _row.person_id)
    .outerjoin(
        tables.Revocation, and_(tables.Revocation.certificate_id == _row.id, tables.Revocation.undone_at.is_(None))
    )
    .outerjoin(_before, _before.id == _row.supersedes_id)
    .outerjoin(_after, and_(_after.supersedes_id == _row.id, _after.state == _ISSUED))
    .where(_row.state == _ISSUED)
)


class Certificates:
    """Issued certificates; implements `certs.ports.Register`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def certificate(self, number: Number) -> Certificate | None:
        """Return the issued certificate with that number.

        Raises:
            StorageError: the database fails.
        """
        return self._one(_row.number == number)

    def certificate_by_digest(self, pdf_sha256: str) -> Certificate | None:
        """Return the issued certificate whose PDF has that SHA-256 (hex, lower case).

        Raises:
            StorageError: the database fails.
        """
        return self._one(tables.Issued.pdf_sha256 == pdf_sha256)

    def certificates_of(self, person_ref: str) -> Sequence[Certificate]:
        """Return the issued certificates of the person behind *person_ref*, newest first.

        Raises:
            StorageError: the database fails.
        """
        return self._many(tables.Person.ref == person_ref)

    def person_exists(self, person_ref: str) -> bool:
        """Say whether the register knows that person reference.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            query = select(tables.Person.id).where(tables.Person.ref == person_ref)
            return connection.execute(query).first() is not None

    def pdf(self, number: Number) -> StoredPdf | None:
        """Return the exact bytes of an issued certificate's PDF, their digest checked.

        Raises:
            StorageError: the stored bytes do not match their digest.
        """
        query = (
            select(tables.Plate.data, tables.Tail.data.label("tail"), tables.Issued.pdf_sha256)
            .select_from(_row)
            .join(tables.Issued, tables.Issued.certificate_id == _row.id)
            .join(tables.Plate, tables.Plate.sha256 == tables.Issued.plate_sha256)
            .join(tables.Tail, tables.Tail.certificate_id == _row.id)
            .where(_row.number == number, _row.state == _ISSUED)
        )
        with reading(self._engine) as connection:
            found = connection.execute(query).first()
        if found is None:
            return None
        stored = StoredPdf(bytes(found.data), bytes(found.tail), found.pdf_sha256)
        if hashlib.sha256(stored.plate + stored.tail).hexdigest() != stored.sha256:
            raise StorageError(f"The stored bytes of {printed(number)} do not match their digest. Restore the backup.")
        return stored

    def of_event(self, slug: str) -> Sequence[tuple[str, Certificate]]:
        """Return every issued certificate of an event with its person's address, in the order of names.

        Raises:
            StorageError: the database fails.
        """
        query = (
            _QUERY.add_columns(tables.Person.key)
            .join(tables.Event, tables.Event.id == _row.event_id)
            .where(tables.Event.slug == slug)
            .order_by(_row.name, _row.id)
        )
        with reading(self._engine) as connection:
            return [(row.key, _certificate(row)) for row in connection.execute(query)]

    def _one(self, condition: ColumnElement[bool]) -> Certificate | None:
        found = self._many(condition)
        return found[0] if found else None

    def _many(self, condition: ColumnElement[bool]) -> list[Certificate]:
        with reading(self._engine) as connection:
            return _load(connection, condition)


def _load(connection: Connection, condition: ColumnElement[bool]) -> list[Certificate]:
    return [_certificate(row) for row in connection.execute(_QUERY.where(condition).order_by(_row.id.desc()))]


def _certificate(row: Row[*tuple[Any, ...]]) -> Certificate:
    revocation = Revocation(row.at, RevocationReason(row.reason), row.detail) if row.at is not None else None
    return Certificate(
        statement=facts.statement(facts.load(row.facts), row.issued_on, row),
        registered_at=row.registered_at,
        claim_text=row.claim_text,
        claim_kid=Kid(row.claim_kid),
        seal_kid=Kid(row.seal_kid),
        pdf_sha256=row.pdf_sha256,
        pdf_bytes=row.pdf_bytes,
        person_ref=row.ref,
        revocation=revocation,
        superseded_by=Number(row.superseded_by) if row.superseded_by else None,
        supersedes=Number(row.supersedes) if row.supersedes else None,
    )
