"""Whether every issued certificate is whole: its entry can be read, and its file, rebuilt, has the digest of its issue.

Goes through the register a few hundred at a time, each by a transaction of its own, so that neither memory nor SQLite's
journal grows meanwhile.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Select, func, select
from sqlalchemy.exc import NoResultFound

from certs.db import packs, tables
from certs.db.certificates import AS_DELIVERED, AS_STATED, certificate_of, checked, plate_of
from certs.db.engine import reading
from certs.errors import AwayError, StorageError
from certs.model import Certificate, CertificateState, Number, PersonKey
from certs.ports import Delivery

_AT_ONCE = 500
T = TypeVar("T")
_SPOILT = (ValueError, LookupError, TypeError, StorageError, NoResultFound)
"""What reading zeroed or garbled columns raises."""
_row = tables.Certificate
_ISSUED = _row.state == CertificateState.ISSUED.value


def count(engine: Engine) -> int:
    """Return how many certificates are issued.

    Raises:
        StorageError: the database fails.
    """
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).where(_ISSUED)).scalar_one())


def examined(engine: Engine) -> Iterator[tuple[Number, Certificate | None]]:
    """Yield the number of every issued certificate, with what the register holds or, if that is not whole, None.

    Raises:
        StorageError: the database fails altogether, or the store of packs is out of reach.
    """
    for number, whole in opened(engine):
        yield number, None if whole is None else whole.certificate


def stated(engine: Engine) -> Iterator[tuple[Number, Certificate | None]]:
    """Yield every issued certificate in the order of places, without its file; None where it cannot be read.

    Raises:
        StorageError: the database fails altogether.
    """
    query = AS_STATED.add_columns(_row.id.label("row_id"))
    return _in_parts(engine, query, lambda _, row: _readable(certificate_of(row)))


def opened(engine: Engine, *which: ColumnElement[bool]) -> Iterator[tuple[Number, Delivery | None]]:
    """Yield the issued certificates of *which* conditions hold in the order of their places, each with its file.

    In place of one that is not whole stands None.

    Raises:
        StorageError: the database fails altogether.
    """
    plates: dict[str, bytes] = {}

    def delivery(connection: Connection, row: Any) -> Delivery:
        plate = plate_of(connection, plates, row.plate_sha256)
        pdf = checked(packs.opened_of(connection), row, plate, in_turn=True)
        return Delivery(_readable(certificate_of(row)), PersonKey(row.key), pdf)

    return _in_parts(engine, AS_DELIVERED, delivery, *which)


def _in_parts(
    engine: Engine, query: Select[*tuple[Any, ...]], read: Callable[[Connection, Any], T], *which: ColumnElement[bool]
) -> Iterator[tuple[Number, T | None]]:
    """Yield what *read* makes of each row of *query*, None where it is spoilt."""
    wanted = select(_row.id, _row.number).where(_ISSUED, *which).order_by(_row.id).limit(_AT_ONCE)
    last = 0
    while True:
        with reading(engine) as connection:
            found = connection.execute(wanted.where(_row.id > last)).all()
            whole = _whole(connection, query, read, [one.id for one in found])
        if not found:
            return
        for one in found:
            yield Number(one.number), whole.get(one.id)
        last = found[-1].id


def _whole(
    connection: Connection, query: Select[*tuple[Any, ...]], read: Callable[[Connection, Any], T], ids: Sequence[int]
) -> Mapping[int, T]:
    """Return which of *ids* are whole; where one spoils the reading of all, each is read by itself."""
    if not ids:
        return {}
    try:
        rows = connection.execute(query.where(_row.id.between(ids[0], ids[-1]))).all()
    except _SPOILT:
        if len(ids) == 1:
            return {}
        return {id_: kept for one in ids for id_, kept in _whole(connection, query, read, [one]).items()}
    whole: dict[int, T] = {}
    for row in rows:
        try:
            whole[row.row_id] = read(connection, row)
        except AwayError:
            raise  # nobody can tell whether it is whole
        except _SPOILT:
            continue
    return whole


def _readable(found: Certificate) -> Certificate:
    """Return *found* if what is looked at next is text: SQLite keeps bytes in a column of text, too.

    Raises:
        TypeError: it is not.
    """
    if not isinstance(found.claim_text, str):
        raise TypeError("a claim that is no text")
    return found
