"""What became of issued certificates: revoked, replaced, or about to be."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select
from sqlalchemy.orm import aliased

from certs.db import facts, tables
from certs.model import Afterwards, CertificateState, Fate, Number, PersonKey, Revocation, RevocationReason
from certs.model.herself import WITHHELD_NAME

_AT_ONCE = 500
_ISSUED = CertificateState.ISSUED.value
_GIVEN_UP = CertificateState.CANCELLED.value
_row, _after = tables.Certificate, aliased(tables.Certificate)
_IN_FORCE = and_(tables.Revocation.certificate_id == _row.id, tables.Revocation.undone_at.is_(None))
_QUERY = (
    select(_row.number, _row.name, _row.kind, _row.batch_id, tables.Person.key, tables.Event.slug, tables.Batch.facts)
    .add_columns(tables.Person.erased_at)
    .add_columns(tables.Revocation.at, tables.Revocation.reason, tables.Revocation.detail)
    .join(tables.Person, tables.Person.id == _row.person_id)
    .join(tables.Event, tables.Event.id == _row.event_id)
    .join(tables.Batch, tables.Batch.id == _row.batch_id)
    .outerjoin(tables.Revocation, _IN_FORCE)
    .where(_row.state == _ISSUED)
)


def of_numbers(connection: Connection, numbers: Sequence[Number]) -> Mapping[Number, Fate]:
    """Return the issued ones among *numbers*."""
    found: dict[Number, Fate] = {}
    for part in _parts(numbers):
        newer: dict[str, list[Row[*tuple[Any, ...]]]] = {}
        for row in _newer(connection, part):
            newer.setdefault(row.old, []).append(row)
        lifted = _lifted(connection, part)
        for row in connection.execute(_QUERY.where(_row.number.in_(part))):
            found[Number(row.number)] = _fate(row, newer.get(row.number, ()), lifted.get(row.number))
    return found


def of_person(connection: Connection, person: PersonKey) -> Mapping[Number, Fate]:
    """Return the issued certificates of *person*, oldest first, whatever became of them."""
    mine = select(_row.number).join(tables.Person, tables.Person.id == _row.person_id)
    numbers = connection.execute(mine.where(tables.Person.key == person).order_by(_row.id)).scalars().all()
    found = of_numbers(connection, [Number(number) for number in numbers])
    return {Number(number): found[Number(number)] for number in numbers if number in found}


def waiting(connection: Connection, numbers: Sequence[Number]) -> Sequence[Number]:
    """Return the corrections of *numbers* that are ordered, or held by a check, and not issued."""
    rows = (row for part in _parts(numbers) for row in _newer(connection, part))
    return [Number(row.number) for row in rows if row.state != _ISSUED]


def revoked_before(connection: Connection, batch: int) -> Number | None:
    """Return one of the certificates that *batch* supersedes and that are revoked, the oldest; None if none is."""
    query = select(_row.number).join(tables.Revocation, _IN_FORCE).join(_after, _after.supersedes_id == _row.id)
    found = connection.execute(query.where(_after.batch_id == batch).order_by(_row.id).limit(1)).scalar()
    return None if found is None else Number(found)


def revoked_since_order(connection: Connection, batch: int) -> Sequence[Number]:
    """Return which certificates that *batch* is still to supersede were revoked after it was ordered."""
    query = (
        select(_row.number)
        .join(tables.Revocation, _IN_FORCE)
        .join(_after, _after.supersedes_id == _row.id)
        .join(tables.Batch, tables.Batch.id == _after.batch_id)
        .where(_after.batch_id == batch, _after.state.notin_((_ISSUED, _GIVEN_UP)))
        .where(tables.Revocation.at > tables.Batch.ordered_at)
    )
    return [Number(number) for number in connection.execute(query.order_by(_row.id)).scalars()]


def afterwards(connection: Connection, batch: int) -> Afterwards:
    """Count what became of the certificates of *batch*; one that is both counts as revoked."""
    mine = select(func.count()).select_from(_row).where(_row.batch_id == batch, _row.state == _ISSUED)
    revoked = connection.execute(mine.join(tables.Revocation, _IN_FORCE)).scalar_one()
    newer = and_(_after.supersedes_id == _row.id, _after.state == _ISSUED)
    both = mine.join(_after, newer).outerjoin(tables.Revocation, _IN_FORCE).where(tables.Revocation.id.is_(None))
    return Afterwards(revoked, connection.execute(both).scalar_one())


def _parts(numbers: Sequence[Number]) -> Iterator[Sequence[Number]]:
    for start in range(0, len(numbers), _AT_ONCE):
        yield numbers[start : start + _AT_ONCE]


def _newer(connection: Connection, numbers: Sequence[Number]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what supersedes *numbers* and was not given up, oldest first."""
    query = (
        select(_row.number.label("old"), _after.number, _after.batch_id, _after.state, tables.Batch.ordinal)
        .join(_after, _after.supersedes_id == _row.id)
        .join(tables.Batch, tables.Batch.id == _after.batch_id)
        .where(_row.number.in_(numbers), _after.state != _GIVEN_UP)
        .order_by(_after.id)
    )
    return connection.execute(query).all()


def _lifted(connection: Connection, numbers: Sequence[Number]) -> Mapping[str, datetime]:
    """Return when a revocation of each was last taken back."""
    query = (
        select(_row.number, tables.Revocation.undone_at)
        .join(tables.Revocation, tables.Revocation.certificate_id == _row.id)
        .where(_row.number.in_(numbers), tables.Revocation.undone_at.is_not(None))
        .order_by(tables.Revocation.id)
    )
    return {number: undone_at for number, undone_at in connection.execute(query) if undone_at is not None}


def _fate(row: Row[*tuple[Any, ...]], newer: Sequence[Row[*tuple[Any, ...]]], lifted_at: datetime | None) -> Fate:
    issued = next((Number(one.number) for one in newer if one.state == _ISSUED), None)
    waiting_ = next((one for one in newer if one.state != _ISSUED), None)
    return Fate(
        number=Number(row.number),
        person=PersonKey(row.key),
        name=row.name if row.erased_at is None else WITHHELD_NAME,
        kind=row.kind,
        slug=row.slug,
        title=facts.load(row.facts).title,
        batch=row.batch_id,
        revocation=Revocation(row.at, RevocationReason(row.reason), row.detail) if row.at is not None else None,
        lifted_at=lifted_at,
        superseded_by=issued,
        correction=Number(waiting_.number) if waiting_ else None,
        correction_batch=waiting_.batch_id if waiting_ else 0,
        correction_reference=f"{row.slug}/{waiting_.ordinal}" if waiting_ else "",
        is_correction_held=waiting_ is not None and waiting_.state == CertificateState.HELD.value,
    )
