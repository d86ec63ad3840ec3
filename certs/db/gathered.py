"""Corrections that wait to be ordered together, in the register, so that nobody's are lost."""

from collections.abc import Sequence

from sqlalchemy import Engine, delete, insert, select

from certs.db import tables
from certs.db.engine import reading, writing
from certs.db.events import id_of
from certs.model import Act, Gathered, Number

_row = tables.Gathered


class Gatherings:
    """Corrections that are not ordered yet; implements `certs.ports.Gatherings`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, slug: str, number: Number, changes: str, act: Act) -> None:
        """Keep what is wanted of a certificate, in place of what was wanted before.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            event_id = id_of(connection, slug)
            connection.execute(delete(_row).where(_row.number == number))
            about = {"changes": changes, "reason": act.reason, "given_by": act.actor, "given_at": act.at}
            connection.execute(insert(_row).values(number=number, event_id=event_id, **about))

    def listed(self, slug: str) -> Sequence[Gathered]:
        """Return what waits, in the order in which it was gathered.

        Raises:
            StorageError: the database fails.
        """
        query = select(_row.number, _row.changes, _row.reason, _row.given_by, _row.given_at).join(tables.Event)
        with reading(self._engine) as connection:
            found = connection.execute(query.where(tables.Event.slug == slug).order_by(_row.given_at, _row.number))
            return [Gathered(Number(row.number), *row[1:]) for row in found]

    def take(self, slug: str, corrections: Sequence[Gathered]) -> None:
        """Take corrections out; those that are not there any more, or say something else by now, are no fault.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            event_id = id_of(connection, slug)
            for one in corrections:
                mine = (_row.event_id == event_id, _row.number == one.number, _row.given_at == one.at)
                connection.execute(delete(_row).where(*mine))
