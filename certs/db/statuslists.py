"""Signed status lists in the register. A certificate's status index is its row id, which is never given twice."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import groupby

from sqlalchemy import Connection, Engine, func, select, union, update
from sqlalchemy.orm import aliased

from certs.db import bulk, tables
from certs.db.engine import reading, writing
from certs.model import CertificateState

_AT_ONCE = 10_000
_row, _later = tables.Certificate, aliased(tables.Certificate)
_ISSUED = CertificateState.ISSUED.value


_MOST = 2**31 - 1
"""What the column holds; a page may be asked for any number."""


class StatusLists:
    """Lists of withdrawn credentials; implements `certs.ports.StatusLists`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, number: int) -> bytes | None:
        """Return the newest signed list of that number.

        Raises:
            StorageError: the database fails.
        """
        if not 0 < number <= _MOST:
            return None
        query = select(tables.StatusList.data).where(tables.StatusList.number == number, tables.StatusList.data != b"")
        with reading(self._engine) as connection:
            found = connection.execute(query).scalar()
        return None if found is None else bytes(found)

    def last_index(self) -> int:
        """Return the highest status index ever given, 0 if none was.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return connection.execute(select(func.max(_row.id))).scalar() or 0

    def withdrawn(self, indexes: range) -> Sequence[int]:
        """Return those of *indexes* whose certificates are revoked or superseded.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return _withdrawn(connection, indexes)

    def outdated(self, size: int, terms: str) -> Sequence[int]:
        """Return the numbers of the lists of *size* each that `renew` would make anew; see `certs.ports.StatusLists`.

        Raises:
            StorageError: the database fails.
        """
        row = tables.StatusList
        with reading(self._engine) as connection:
            last = connection.execute(select(func.max(_row.id))).scalar()
            if not last:
                return []
            made = {number: state for number, state in connection.execute(select(row.number, row.state)) if state}
            found = {
                number: list(ids) for number, ids in groupby(_all_withdrawn(connection), lambda id_: id_ // size + 1)
            }
        nothing = _state(terms, [])
        now = {number: _state(terms, ids) for number, ids in found.items()}
        return [one for one in range(1, last // size + 2) if made.get(one) != now.get(one, nothing)]

    def stale(self, number: int, indexes: range, terms: str) -> bool:
        """Say whether `renew` would make a new edition of list *number*; one of which nothing was issued is not missed.

        Raises:
            StorageError: the database fails.
        """
        known = select(tables.StatusList.state).where(tables.StatusList.number == number)
        of_list = _row.id.between(indexes.start, indexes.stop - 1)
        with reading(self._engine) as connection:
            state = connection.execute(known).scalar()
            if not state:
                return (
                    connection.execute(select(_row.id).where(of_list, _row.state == _ISSUED).limit(1)).first()
                    is not None
                )
            return state != _state(terms, _withdrawn(connection, indexes))

    def renew(self, number: int, indexes: range, terms: str, edition: Callable[[Collection[int]], bytes]) -> bool:
        """Store a new *edition* of list *number* if the old one is out of date; return whether it was.

        Raises:
            SigningError: *edition* cannot sign; the old list stays.
            StorageError: the database fails.
        """
        if self._is_current(number, indexes, terms):
            return False  # nobody who writes is waited for
        with writing(self._engine) as connection:
            known = _locked(connection, number)
            withdrawn = _withdrawn(connection, indexes)
            state = _state(terms, withdrawn)
            if state == known:
                return False
            row = tables.StatusList
            connection.execute(update(row).where(row.number == number).values(state=state, data=edition(withdrawn)))
        return True

    def _is_current(self, number: int, indexes: range, terms: str) -> bool:
        known = select(tables.StatusList.state).where(tables.StatusList.number == number)
        with reading(self._engine) as connection:
            state = connection.execute(known).scalar()
            return state is not None and state == _state(terms, _withdrawn(connection, indexes))


def _state(terms: str, withdrawn: Sequence[int]) -> str:
    """Return the digest of what a list is made from."""
    return hashlib.sha256(f"{terms} {withdrawn}".encode()).hexdigest()


def _locked(connection: Connection, number: int) -> str:
    """Make sure that the list has a row, keep everybody else from it, and return its state."""
    row = tables.StatusList
    connection.execute(bulk.insert_missing(connection, row).values(number=number, state="", data=b""))
    query = select(row.state).where(row.number == number)
    if connection.dialect.name == "postgresql":
        query = query.with_for_update()
    return str(connection.execute(query).scalar_one())


def _all_withdrawn(connection: Connection) -> Iterator[int]:
    """Yield the indexes of all certificates that are revoked or superseded, in order and some at a time."""
    revoked = select(tables.Revocation.certificate_id).where(tables.Revocation.undone_at.is_(None))
    superseded = select(_later.supersedes_id).where(_later.supersedes_id > 0, _later.state == _ISSUED)
    both = union(revoked, superseded).subquery()
    (index,) = both.c
    found = connection.execution_options(yield_per=_AT_ONCE).execute(select(index).order_by(index))
    for part in found.scalars().partitions():
        yield from part


def _withdrawn(connection: Connection, indexes: range) -> Sequence[int]:
    """Return those of *indexes* whose certificates are revoked or superseded."""
    first, last = indexes.start, indexes.stop - 1  # each index is asked for this range alone, however long the register
    revoked = select(tables.Revocation.certificate_id).where(
        tables.Revocation.certificate_id.between(first, last), tables.Revocation.undone_at.is_(None)
    )
    superseded = select(_later.supersedes_id).where(_later.supersedes_id.between(first, last), _later.state == _ISSUED)
    return sorted(connection.execute(union(revoked, superseded)).scalars())
