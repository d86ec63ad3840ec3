"""Revocations in the register: added with a reason, taken back by a mark, never removed.

What everybody may read is in the table; the note of whoever acted is in the audit trail alone, as the act's reason. A
correction of a revoked certificate that is not issued yet is given up in the same transaction, so that none replaces
what was withdrawn.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, insert, select, update

from certs.db import amendments, audit, checkpoints, comparison, fates, tables
from certs.db.engine import reading, writing
from certs.errors import ConflictError, NotFoundError
from certs.ground.number import printed
from certs.model import Act, Afterwards, CertificateState, Fate, Number, PersonKey, Revocation
from certs.wording import say

_AT_ONCE = 1_000


class Revocations:
    """Withdraws issued certificates; implements `certs.ports.Revocations`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def fates(self, numbers: Sequence[Number]) -> Mapping[Number, Fate]:
        """Return what became of the issued ones among *numbers*; others are left out.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return fates.of_numbers(connection, numbers)

    def fates_of(self, person: PersonKey) -> Mapping[Number, Fate]:
        """Return what became of the certificates issued to *person*, oldest first.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return fates.of_person(connection, person)

    def afterwards(self, batch: int) -> Afterwards:
        """Count what became of the certificates of *batch*.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return fates.afterwards(connection, batch)

    def revoked_since_order(self, batch: int) -> Sequence[Number]:
        """Return which certificates that *batch* is still to supersede were revoked after it was ordered.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return fates.revoked_since_order(connection, batch)

    def add(self, numbers: Sequence[Number], revocation: Revocation, act: Act) -> None:
        """Revoke all of *numbers* or none; corrections of them that are not issued are given up.

        Raises:
            ConflictError: one of them is revoked already, or its correction is being issued at this moment.
            NotFoundError: one of them was never issued.
            StorageError: the database fails.
        """
        checkpoints.ready(self._engine)
        with writing(self._engine, "One of these certificates is revoked already; nothing was changed.") as connection:
            issued = _issued(connection, numbers)
            given_up = fates.waiting(connection, numbers)
            amendments.give_up(connection, given_up)
            audit.lock(connection)
            if fates.waiting(connection, numbers):
                raise ConflictError(
                    say("A correction was ordered a moment ago; nothing was changed. Look, then try again.")
                )
            _refuse_revoked(connection, issued)
            said = {"reason": revocation.reason.value, "detail": revocation.detail}
            rows = [{"certificate_id": id_, "at": revocation.at, **said} for _, id_ in issued.values()]
            connection.execute(insert(tables.Revocation), rows)
            if revocation.at != act.at:
                said["at"] = comparison.moment(revocation.at)
            for number, (slug, _) in issued.items():
                change = audit.Change("certificate.revoke", slug, number, {"status": "issued"}, said)
                audit.append(connection, act, change)
            _note_given_up(connection, given_up, act)

    def undo(self, numbers: Sequence[Number], since: datetime, act: Act) -> None:
        """Take the revocations of all of *numbers* back, if made at *since* or later, or of none; no page tells of it.

        Raises:
            ConflictError: one is not revoked, or was so before *since*.
            NotFoundError: one was never issued.
            StorageError: the database fails.
        """
        checkpoints.ready(self._engine)
        with writing(self._engine) as connection:
            for number, (slug, _) in _lift(connection, numbers, act, since).items():
                change = audit.Change("certificate.unrevoke", slug, number, {"status": "revoked"}, {"status": "issued"})
                audit.append(connection, act, change)

    def reinstate(self, numbers: Sequence[Number], act: Act) -> None:
        """Let all of *numbers* count again, or none, whenever they were revoked; their pages tell of it.

        Raises:
            ConflictError: one is not revoked.
            NotFoundError: one was never issued.
            StorageError: the database fails.
        """
        checkpoints.ready(self._engine)
        with writing(self._engine) as connection:
            for number, (slug, was) in _lift(connection, numbers, act).items():
                old = {"status": "revoked", "at": was.at.isoformat(), "reason": was.reason, "detail": was.detail}
                change = audit.Change("certificate.reinstate", slug, number, old, {"status": "issued"})
                audit.append(connection, act, change)


def _lift(
    connection: Connection, numbers: Sequence[Number], act: Act, since: datetime | None = None
) -> dict[Number, tuple[str, Row[*tuple[Any, ...]]]]:
    """Mark the revocations in force of *numbers* as undone; return them, each with its event's slug.

    With *since* only those made then or later, and no page tells of it.

    Raises:
        ConflictError: one is not revoked, or was so before *since*.
        NotFoundError: one was never issued.
    """
    issued = _issued(connection, numbers)
    number_of = {id_: number for number, (_, id_) in issued.items()}
    row, ids = tables.Revocation, sorted(number_of)
    lifted: dict[Number, tuple[str, Row[*tuple[Any, ...]]]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        mine: list[ColumnElement[bool]] = [
            row.certificate_id.in_(ids[start : start + _AT_ONCE]),
            row.undone_at.is_(None),
        ]
        if since is not None:
            mine.append(row.at >= since)
        marked = update(row).where(*mine).values(undone_at=act.at, reinstated=since is None)
        for one in connection.execute(marked.returning(row.certificate_id, row.at, row.reason, row.detail)):
            number = number_of[one.certificate_id]
            lifted[number] = issued[number][0], one
    if missing := [printed(number) for number in numbers if number not in lifted]:
        when = " in the last ten minutes" if since is not None else ""
        raise ConflictError(
            say("Not revoked{when}: {missing}; nothing was changed.", when=when, missing=", ".join(missing))
        )
    return lifted


def _note_given_up(connection: Connection, given_up: Iterable[Number], act: Act) -> None:
    """Append to the trail of each event which of its corrections were given up."""
    row = tables.Certificate
    query = select(tables.Event.slug, row.number).join(tables.Event, tables.Event.id == row.event_id).order_by(row.id)
    of_event: dict[str, list[Number]] = {}
    for slug, number in connection.execute(query.where(row.number.in_(list(given_up)))):
        of_event.setdefault(slug, []).append(Number(number))
    for slug, numbers in of_event.items():
        amendments.note(connection, slug, numbers, act)


def _issued(connection: Connection, numbers: Sequence[Number]) -> dict[Number, tuple[str, int]]:
    """Return slug and row id of each number.

    Raises:
        NotFoundError: one of them was never issued.
    """
    row = tables.Certificate
    found: dict[Number, tuple[str, int]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        query = (
            select(row.number, tables.Event.slug, row.id)
            .join(tables.Event, tables.Event.id == row.event_id)
            .where(row.number.in_(numbers[start : start + _AT_ONCE]), row.state == CertificateState.ISSUED.value)
        )
        found.update((Number(number), (slug, id_)) for number, slug, id_ in connection.execute(query))
    if missing := [printed(number) for number in numbers if number not in found]:
        raise NotFoundError(
            say("No certificate was issued with {missing}; nothing was changed.", missing=", ".join(missing))
        )
    return found


def _refuse_revoked(connection: Connection, issued: dict[Number, tuple[str, int]]) -> None:
    number_of = {id_: number for number, (_, id_) in issued.items()}
    ids = sorted(number_of)
    revoked: list[str] = []
    for start in range(0, len(ids), _AT_ONCE):
        query = select(tables.Revocation.certificate_id).where(
            tables.Revocation.certificate_id.in_(ids[start : start + _AT_ONCE]), tables.Revocation.undone_at.is_(None)
        )
        revoked.extend(printed(number_of[id_]) for id_ in connection.execute(query).scalars())
    if revoked:
        raise ConflictError(say("Revoked already: {revoked}; nothing was changed.", revoked=", ".join(revoked)))
