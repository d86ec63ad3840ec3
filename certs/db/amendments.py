"""What no longer counts: readings are marked as undone, ordered certificates given up.

Everything happens in the caller's transaction. Rows are locked in the order in which issuing locks them, certificates
before the trail, so that neither waits for the other without end.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from certs.db import audit, leases, tables
from certs.errors import ConflictError
from certs.ground.number import printed
from certs.model import Act, Amendment, CertificateState, Imported, Number
from certs.wording import say

_AT_ONCE = 1_000
_UNISSUED = (CertificateState.ORDERED.value, CertificateState.HELD.value)


def make(connection: Connection, slug: str, amendment: Amendment, act: Act) -> None:
    """Make *amendment* to the event *slug*.

    Raises:
        ConflictError: the event is not any more as it was when that was agreed to.
    """
    give_up(connection, amendment.given_up)
    audit.demand_newest(connection, slug, amendment.as_of)
    for one in amendment.undone:
        _undo(connection, slug, one, act)
    note(connection, slug, amendment.given_up, act)


def note(connection: Connection, slug: str, given_up: Sequence[Number], act: Act) -> None:
    """Append to the trail that certificates were given up, if any were."""
    if given_up:
        new = {"count": len(given_up), "numbers": list(given_up)}
        audit.append(connection, act, audit.Change("batch.give_up", slug, "ordered certificates", new=new))


def _undo(connection: Connection, slug: str, one: Imported, act: Act) -> None:
    """Mark one reading.

    Raises:
        ConflictError: it is undone already.
    """
    row = tables.Reading
    mine = update(row).where(row.import_id == one.file, row.number == one.number, row.undone_at.is_(None))
    done = connection.execute(mine.values(undone_at=act.at, undone_by=act.actor, undone_reason=act.reason))
    if done.rowcount != 1:
        raise ConflictError(say("The import of {name} is undone already; nothing was changed.", name=one.name))
    old = {"sha256": one.sha256, "reading": one.number, "format": one.format, "session": one.session}
    audit.append(connection, act, audit.Change("import.undo", slug, one.name, old))


def give_up(connection: Connection, numbers: Sequence[Number]) -> None:
    """Cancel certificates that are ordered, or held by a check; to be done before the trail is locked.

    Raises:
        ConflictError: one is issued, or is being issued at this moment.
    """
    row = tables.Certificate
    free = (row.state.in_(_UNISSUED), leases.free(leases.now(connection)))
    for start in range(0, len(numbers), _AT_ONCE):
        part = numbers[start : start + _AT_ONCE]
        chosen = select(row.id).where(row.number.in_(part), *free).order_by(row.id).with_for_update(skip_locked=True)
        ids = connection.execute(chosen).scalars().all()
        cancelled = update(row).where(row.id.in_(ids), *free)
        done = connection.execute(cancelled.values(state=CertificateState.CANCELLED.value, lease=None))
        if done.rowcount != len(part):
            raise ConflictError(
                say("{part} or one of the others is being issued; nothing was changed.", part=printed(part[0]))
            )
