"""Evidence that people add by hand, in the register: added with its author, withdrawn by a mark, never removed.

A certificate's decision names the evidence that it rests on; as long as such a certificate is issued and in force, the
evidence stays. Withdrawing looks again once the trail is locked, so that no order overtakes it.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, exists, insert, select, update

from certs.db import amendments, audit, decisions, tables
from certs.db.engine import reading, writing
from certs.db.events import id_of
from certs.db.people import PRESENT, person_ids
from certs.errors import ConflictError, NotFoundError
from certs.ground.number import printed
from certs.model import Act, CertificateState, ExtraEvidence, Number, PersonKey, Role, SessionId
from certs.wording import say

_row = tables.Evidence
_ISSUED = CertificateState.ISSUED.value
_HERS = tables.Person.id == _row.person_id
_QUERY = select(*_row.__table__.c, tables.Person.key).join(tables.Person, _HERS).where(PRESENT)


class EvidenceByHand:
    """Evidence added by hand; implements `certs.ports.EvidenceByHand`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self, slug: str) -> Sequence[ExtraEvidence]:
        """Return all evidence ever added to an event, in its order, withdrawn or not.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return of_event(connection, id_of(connection, slug))

    def add(self, slug: str, evidence: Sequence[ExtraEvidence], act: Act) -> Sequence[int]:
        """Keep all of *evidence* or none; return their ids.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            event_id = id_of(connection, slug)
            people = person_ids(connection, (one.person for one in evidence))
            ids: list[int] = []
            for one in evidence:
                added = insert(_row).values(event_id=event_id, person_id=people[one.person], **_fields(one))
                ids.append(int(connection.execute(added.returning(_row.id)).scalar_one()))
                new = {"id": ids[-1], **_said(one)}
                audit.append(connection, act, audit.Change("evidence.add", slug, one.person, new=new))
        return ids

    def withdraw(self, slug: str, ids: Sequence[int], act: Act) -> Sequence[Number]:
        """Let the evidence with these *ids* count no more, all of it or none; it stays in the register.

        Certificates that are ordered on it, and not issued, are given up; return their numbers.

        Raises:
            ConflictError: a certificate was issued on it and holds, or it is withdrawn already.
            NotFoundError: no such event or evidence.
            StorageError: the database fails.
        """
        mark = {"withdrawn_at": act.at, "withdrawn_by": act.actor, "withdrawn_reason": act.reason}
        with writing(self._engine) as connection:
            event_id = id_of(connection, slug)
            ordered = [one.number for one in _resting(connection, event_id, ids) if one.state != _ISSUED]
            amendments.give_up(connection, ordered)
            audit.lock(connection)
            for one in _resting(connection, event_id, ids):
                first = "Revoke" if one.state == _ISSUED else "Somebody ordered it a moment ago. Try again, or revoke"
                raise ConflictError(
                    say(
                        "Certificate {number} rests on this evidence. {first} it first.",
                        number=printed(one.number),
                        first=first,
                    )
                )
            for piece in _named(connection, event_id, ids):
                if not piece.in_force:
                    raise ConflictError(
                        say(
                            "Evidence {id} is withdrawn already, by {withdrawn_by}.",
                            id=piece.id,
                            withdrawn_by=piece.withdrawn_by,
                        )
                    )
                connection.execute(update(_row).where(_row.id == piece.id).values(**mark))
                change = audit.Change("evidence.withdraw", slug, piece.person, {"id": piece.id, **_said(piece)})
                audit.append(connection, act, change)
            amendments.note(connection, slug, ordered, act)
        return ordered


def of_event(connection: Connection, event_id: int) -> list[ExtraEvidence]:
    """Return all evidence ever added to an event, in its order."""
    mine = _QUERY.where(_row.event_id == event_id).order_by(_row.id)
    return [_evidence(row) for row in connection.execute(mine)]


def _named(connection: Connection, event_id: int, ids: Sequence[int]) -> list[ExtraEvidence]:
    """Return the evidence with these *ids*, each once.

    Raises:
        NotFoundError: the event has no such evidence.
    """
    query = _QUERY.where(_row.event_id == event_id, _row.id.in_(ids)).order_by(_row.id)
    found = [_evidence(row) for row in connection.execute(query)]
    if missing := sorted(set(ids) - {one.id for one in found}):
        raise NotFoundError(
            say("The event has no evidence {missing}; nothing was changed.", missing=", ".join(map(str, missing)))
        )
    return found


def _resting(connection: Connection, event_id: int, ids: Collection[int]) -> list[Row[*tuple[Any, ...]]]:
    """Return number and state of the certificates that rest on evidence *ids*: on their way, or issued and in force."""
    row, withdrawn = tables.Certificate, tables.Revocation
    revoked = exists().where(withdrawn.certificate_id == row.id, withdrawn.undone_at.is_(None))
    query = select(row.number, row.state, row.decision).where(
        row.event_id == event_id,
        row.state != CertificateState.CANCELLED.value,
        decisions.rests_on_evidence(),
        ~revoked,
    )
    return [one for one in connection.execute(query) if not set(ids).isdisjoint(decisions.evidence(one.decision))]


def _fields(one: ExtraEvidence) -> dict[str, Any]:
    return {
        **_said(one),
        "added_at": one.added_at,
        "withdrawn_at": None,
        "withdrawn_by": "",
        "withdrawn_reason": "",
    }


def _said(one: ExtraEvidence) -> dict[str, Any]:
    """Return what the evidence says."""
    return {
        "session": one.session,
        "role": one.role.value,
        "seconds": one.seconds,
        "kind": one.kind,
        "note": one.note,
        "author": one.author,
    }


def _evidence(row: Row[*tuple[Any, ...]]) -> ExtraEvidence:
    return ExtraEvidence(
        session=SessionId(row.session),
        person=PersonKey(row.key),
        seconds=row.seconds,
        kind=row.kind,
        note=row.note,
        author=row.author,
        added_at=row.added_at,
        role=Role(row.role),
        id=row.id,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
        withdrawn_reason=row.withdrawn_reason,
    )
