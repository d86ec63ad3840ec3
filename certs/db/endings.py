"""Batches that end before all of them is issued: certificates given up, and the batch marked, for ever.

Everything happens in the caller's transaction. Rows are locked in the order in which issuing locks them, certificates
before the batch and the batch before the trail, so that nobody waits for the other without end.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select, update

from certs.db import audit, leases, tables
from certs.errors import ConflictError
from certs.model import Act, Batch, CertificateState, End, Number
from certs.wording import hint, say

_AT_ONCE = 1_000
_UNISSUED = (CertificateState.ORDERED.value, CertificateState.HELD.value)
_ACTS = {End.REJECTED: "batch.reject", End.CANCELLED: "batch.cancel"}


def end(connection: Connection, batch: Batch, how: End, act: Act) -> Sequence[Number]:
    """Give up what of *batch* is not issued and mark it as ended; return the numbers given up.

    Raises:
        ConflictError: it ended already, was approved meanwhile and can be rejected no more, or is being issued now.
    """
    given_up = _give_up(connection, batch)
    row = tables.Batch
    mine = update(row).where(row.id == batch.id, row.ended.is_(None))
    if how is End.REJECTED:
        mine = mine.where(row.approved_at.is_(None))
    marked = mine.values(ended=how.value, ended_at=act.at, ended_by=act.actor, ended_reason=act.reason)
    if connection.execute(marked).rowcount != 1:
        raise ConflictError(
            say(
                "Somebody else approved, rejected or cancelled batch {reference} meanwhile; nothing was changed. "
                "Look: {place}",
                reference=batch.reference,
                place=hint("status", event=batch.reference),
            )
        )
    new = {"count": len(given_up), "numbers": list(given_up)}
    audit.append(connection, act, audit.Change(_ACTS[how], batch.slug, f"batch {batch.reference}", new=new))
    return given_up


def _give_up(connection: Connection, batch: Batch) -> list[Number]:
    """Cancel every certificate of *batch* that is ordered or held.

    Raises:
        ConflictError: one of them is being issued at this moment.
    """
    row = tables.Certificate
    unissued = (row.batch_id == batch.id, row.state.in_(_UNISSUED))
    free = (*unissued, leases.free(leases.now(connection)))
    chosen = select(row.id, row.number).where(*free).order_by(row.id).with_for_update(skip_locked=True)
    found = connection.execute(chosen).all()
    for start in range(0, len(found), _AT_ONCE):
        ids = [one.id for one in found[start : start + _AT_ONCE]]
        cancelled = update(row).where(row.id.in_(ids), *free)
        connection.execute(cancelled.values(state=CertificateState.CANCELLED.value, lease=None, lease_until=None))
    if connection.execute(select(func.count()).select_from(row).where(*unissued)).scalar_one():
        raise ConflictError(
            say(
                "Batch {reference} is being issued at this moment; nothing was changed. Stop that, then give up "
                "what is left.",
                reference=batch.reference,
            )
        )
    return [Number(one.number) for one in found]
