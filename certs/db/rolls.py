"""Rolls in the register: stored with a sheet, or when certificates of before are enrolled."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, Connection, Engine, Integer, bindparam, exists, func, insert, select

from certs.db import audit, bulk, checkpoints, comparison, tables, wholeness
from certs.db.connections import Connections
from certs.db.engine import reading, writing
from certs.db.prepared import SOUGHT, Prepared
from certs.errors import ConflictError
from certs.model import Act, Kid, Number, Roll
from certs.ports import Delivery
from certs.wording import say

_row = tables.Roll
_sought: BindParameter[int] = bindparam(SOUGHT, type_=Integer)
_COLUMNS = (_row.kid, _row.signed_at, _row.facts, _row.entries, _row.signature)
_BY_ID = select(*_COLUMNS).where(_row.id == _sought)
_TOLD = (checkpoints.ISSUE, checkpoints.ENROL)


class Rolls:
    """Rolls and who is on none; implements `certs.ports.Rolls`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @cached_property
    def _by_id(self) -> Prepared:
        return Prepared(Connections(self._engine), _BY_ID)

    def get(self, roll: int) -> Roll | None:
        """Return the roll of that id, None where there is none, or something else in its place.

        Raises:
            StorageError: the database fails.
        """
        try:
            found = self._by_id.rows(roll)
            return _roll(found[0]) if found else None
        except (ValueError, TypeError):  # somebody wrote to it by hand
            return None

    def all(self) -> Iterator[tuple[int, Roll | None]]:
        """Yield every roll with its id, one at a time in memory; None where it is garbled.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            ids = connection.execute(select(_row.id).order_by(_row.id)).scalars().all()
        for id_ in ids:
            yield id_, self.get(id_)

    def missing(self) -> int:
        """Return how many issued certificates are on no roll.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return int(connection.execute(select(func.count()).where(*_ON_NONE)).scalar_one())

    def on_none(self) -> Iterator[tuple[Number, Delivery | None]]:
        """Yield the issued certificates that are on no roll, by batch, each with its file; None where it is not whole.

        Raises:
            StorageError: the database fails.
        """
        return wholeness.opened(self._engine, ~_ENROLLED)

    def lost(self) -> Iterator[Number]:
        """Yield who is on no roll, although the trail says that he was put on one and nobody took that for lost.

        Raises:
            StorageError: the database fails.
        """
        row, given_up = tables.Certificate, set[str]()
        with reading(self._engine) as connection:
            for entry in audit.entries_of(connection, acts=(checkpoints.ADOPT,)):
                said = (item for item, sign in comparison.said_by(entry) if sign < 0)
                given_up.update(item[1] for item in said if item[0] == comparison.ON_ROLL)
            for entry in audit.entries_of(connection, acts=_TOLD):
                told = [item[1] for item, _ in comparison.said_by(entry) if item[0] == comparison.ON_ROLL]
                wanted = select(row.number).where(bulk.among(connection, row.number, told), *_ON_NONE)
                for number in connection.execute(wanted).scalars().all() if told else ():
                    if number not in given_up:
                        yield Number(number)

    def enrol(self, batch: str, roll: Roll, numbers: Sequence[Number], act: Act) -> None:
        """Put the certificates of *numbers*, all of the *batch* called so, on *roll*, in its order.

        Raises:
            ConflictError: somebody else did so meanwhile; nothing was changed.
            StorageError: the database fails; nothing was changed.
        """
        row = tables.Certificate
        with writing(
            self._engine, "Somebody else enrolled one of these meanwhile. Run the command again."
        ) as connection:
            query = select(row.number, row.id).where(bulk.among(connection, row.number, numbers))
            ids = {one.number: one.id for one in connection.execute(query)}
            if len(ids) != len(numbers):
                raise ConflictError(say("A certificate of the roll is not there any more. Run the command again."))
            store(connection, roll, [ids[number] for number in numbers])
            named = comparison.roll_digest(roll.signature)
            new = {"count": len(numbers), "kid": roll.kid, "roll": named, "numbers": list(numbers)}
            audit.append(
                connection, act, audit.Change(checkpoints.ENROL, batch.rpartition("/")[0], f"batch {batch}", new=new)
            )


_ENROLLED = exists().where(tables.Enrolled.certificate_id == tables.Certificate.id)
_ON_NONE = (tables.Certificate.id == tables.Issued.certificate_id, ~_ENROLLED)


def store(connection: Connection, roll: Roll, ids: Sequence[int]) -> None:
    """Store *roll* of the certificates with the row *ids*, in its order, inside the caller's transaction."""
    columns = {"kid": roll.kid, "signed_at": roll.signed_at, "facts": roll.facts}
    written = insert(_row).values(**columns, entries=roll.entries, signature=roll.signature)
    id_ = int(connection.execute(written.returning(_row.id)).scalar_one())
    bulk.insert(
        connection,
        tables.Enrolled,
        ("certificate_id", "roll_id", "place"),
        ((certificate, id_, place) for place, certificate in enumerate(ids)),
    )


def _roll(columns: Sequence[Any]) -> Roll:
    """Return what a row with the columns of `_COLUMNS` says.

    Raises:
        TypeError: it is garbled.
    """
    kid, signed_at, facts, entries, signature = columns
    if not isinstance(kid, str) or not isinstance(facts, str):
        raise TypeError("a text that is none")
    return Roll(Kid(kid), signed_at, facts, bytes(entries), bytes(signature))
