"""Revocations in the register: added with a reason, undone by a mark, never removed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select, update

from certs.db import audit, tables
from certs.db.engine import writing
from certs.errors import ConflictError, NotFoundError
from certs.model import Act, CertificateState, Number, Revocation
from certs.number import printed

_AT_ONCE = 1_000


class Revocations:
    """Withdraws issued certificates; implements `certs.ports.Revocations`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, numbers: Sequence[Number], revocation: Revocation, act: Act) -> None:
        """Revoke all of *numbers* or none.

        Raises:
            ConflictError: one of them is revoked already.
            NotFoundError: one of them was never issued.
            StorageError: the database fails.
        """
        with writing(self._engine, "One of these certificates is revoked already; nothing was changed.") as connection:
            issued = _issued(connection, numbers)
            _refuse_revoked(connection, issued)
            rows = [
                {
                    "certificate_id": id_,
                    "at": revocation.at,
                    "reason": revocation.reason.value,
                    "detail": revocation.detail,
                }
                for _, id_ in issued.values()
            ]
            connection.execute(insert(tables.Revocation), rows)
            new = {"reason": revocation.reason.value, "detail": revocation.detail}
            for number, (slug, _) in issued.items():
                change = audit.Change("certificate.revoke", slug, number, {"status": "issued"}, new)
                audit.append(connection, act, change)

    def undo(self, numbers: Sequence[Number], since: datetime, act: Act) -> None:
        """Undo the revocations of all of *numbers*, if made at *since* or later, or of none.

        Raises:
            ConflictError: one is not revoked, or was so before *since*.
            NotFoundError: one was never issued.
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            for number, (slug, certificate_id) in _issued(connection, numbers).items():
                undone = connection.execute(
                    update(tables.Revocation)
                    .where(tables.Revocation.certificate_id == certificate_id, tables.Revocation.undone_at.is_(None))
                    .where(tables.Revocation.at >= since)
                    .values(undone_at=act.at)
                )
                if undone.rowcount != 1:
                    raise ConflictError(
                        f"{printed(number)} was not revoked in the last ten minutes; nothing was changed."
                    )
                change = audit.Change("certificate.unrevoke", slug, number, {"status": "revoked"}, {"status": "issued"})
                audit.append(connection, act, change)


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
        raise NotFoundError(f"No certificate was issued with {', '.join(missing)}; nothing was changed.")
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
        raise ConflictError(f"Revoked already: {', '.join(revoked)}; nothing was changed.")
