"""One batch as its row and its certificates say it is."""

import json
from typing import Any

from sqlalchemy import Connection, Row, func, select

from certs.db import facts, pictures, tables
from certs.errors import NotFoundError
from certs.model import Approval, Batch, CertificateState, End, Ending, Kid, Terms
from certs.wording import say


def load(connection: Connection, batch: int) -> Batch:
    """Return the batch with its counts.

    Raises:
        NotFoundError: there is none.
    """
    query = select(*tables.Batch.__table__.c, tables.Event.slug).join(
        tables.Event, tables.Event.id == tables.Batch.event_id
    )
    row = connection.execute(query.where(tables.Batch.id == batch)).first()
    if row is None:
        raise NotFoundError(say("There is no batch {batch}.", batch=batch))
    return Batch(
        id=row.id,
        slug=row.slug,
        kind=row.kind,
        facts=pictures.completed(connection, facts.load(row.facts)),
        issued_on=row.issued_on,
        approval=Approval(row.approval),
        ordered_at=row.ordered_at,
        ordered_by=row.ordered_by,
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        counts=_counts(connection, batch),
        error=row.error,
        base_url=row.base_url,
        reason=row.reason,
        accepted=tuple(json.loads(row.accepted)),
        ending=Ending(End(row.ended), row.ended_at, row.ended_by, row.ended_reason) if row.ended else None,
        ordinal=row.ordinal,
        terms=_terms(row),
    )


def _terms(row: Row[*tuple[Any, ...]]) -> Terms | None:
    kids = tuple(Kid(kid) for kid in row.begun_kids.split())
    return Terms(kids, row.begun_software, row.begun_base_url) if kids else None


def _counts(connection: Connection, batch: int) -> dict[CertificateState, int]:
    query = select(tables.Certificate.state, func.count()).where(tables.Certificate.batch_id == batch)
    return {
        CertificateState(state): count for state, count in connection.execute(query.group_by(tables.Certificate.state))
    }
