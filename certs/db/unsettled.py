"""What a restore left unknown: listed until somebody says that it is settled, with a reason in the trail."""

from collections.abc import Sequence

from sqlalchemy import Engine, select, update

from certs.db import audit, tables
from certs.db.engine import reading, writing
from certs.model import Act
from certs.model.restored import Unsettled

_row = tables.Unsettled


class Unsettleds:
    """The list of them; implements `certs.ports.Unsettleds`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self) -> Sequence[Unsettled]:
        """Return what is not settled, oldest first.

        Raises:
            StorageError: the database fails.
        """
        query = select(_row.id, _row.kind, _row.subject, _row.text, _row.found_at).where(_row.settled_at.is_(None))
        with reading(self._engine) as connection:
            return [Unsettled(*found) for found in connection.execute(query.order_by(_row.id))]

    def settle(self, ids: Sequence[int], act: Act) -> int:
        """Mark those of *ids* that are open as settled; return how many were.

        Raises:
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            marked = update(_row).where(_row.id.in_(ids), _row.settled_at.is_(None))
            values = {"settled_at": act.at, "settled_by": act.actor, "settled_reason": act.reason}
            texts = connection.execute(marked.values(**values).returning(_row.text)).scalars().all()
            if texts:
                new = {"count": len(texts), "settled": list(texts)}
                audit.append(connection, act, audit.Change("register.settle", "", "restore", new=new))
        return len(texts)
