"""Certificates of an event that hold or are on their way, each with its place in the audit trail."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Label, Row, exists, select

from certs.db import tables
from certs.db.people import PRESENT
from certs.model import CertificateState, Number, PersonKey, Placed

_GIVEN_UP = CertificateState.CANCELLED.value
_ISSUED = CertificateState.ISSUED.value


def of_event(connection: Connection, slug: str) -> Iterator[Placed]:
    """Yield them in the order of their orders."""
    row = tables.Certificate
    query = (
        select(row.id, row.kind, row.number, row.name, row.state, row.batch_id, row.supersedes_id)
        .add_columns(tables.Person.key, tables.Batch.entry, _is_revoked())
        .join(tables.Person, tables.Person.id == row.person_id)
        .join(tables.Event, tables.Event.id == row.event_id)
        .join(tables.Batch, tables.Batch.id == row.batch_id)
        .where(tables.Event.slug == slug, row.state != _GIVEN_UP, PRESENT)
        .order_by(row.id)
    )
    found = {one.id: one for one in connection.execute(query)}
    replaced = {one.supersedes_id for one in found.values() if one.state == _ISSUED}
    for id_, one in found.items():
        if id_ not in replaced and not one.revoked:
            yield _placed(one, _first(one, found).entry)


def _is_revoked() -> Label[bool]:
    revocation = tables.Revocation
    mine = (revocation.certificate_id == tables.Certificate.id, revocation.undone_at.is_(None))
    return exists().where(*mine).label("revoked")


def _first(one: Row[*tuple[Any, ...]], all_: Mapping[int, Row[*tuple[Any, ...]]]) -> Row[*tuple[Any, ...]]:
    """Follow corrections back to the first certificate; one of another kind was earned by another decision."""
    while (before := all_.get(one.supersedes_id)) is not None and before.kind == one.kind:
        one = before
    return one


def _placed(one: Row[*tuple[Any, ...]], entry: int) -> Placed:
    return Placed(
        person=PersonKey(one.key),
        kind=one.kind,
        number=Number(one.number),
        name=one.name,
        state=CertificateState(one.state),
        batch=one.batch_id,
        entry=entry,
    )
