"""Batches in the register: the intent to issue, its approval, and how far it has come."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, exists, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from certs.db import audit, bulk, decisions, evidence, facts, placed, rulings, tables
from certs.db.engine import reading, writing
from certs.db.events import id_of
from certs.db.people import person_ids
from certs.errors import ConflictError, NotFoundError
from certs.model import (
    Act,
    Approval,
    Batch,
    CertificateState,
    Draft,
    FrozenDecision,
    Kid,
    Number,
    Order,
    PersonKey,
    Placed,
    Standing,
)
from certs.number import printed

_AT_ONCE = 1_000
_STATED_IN_TRAIL = 100
"""Corrections whose old and new statements one audit entry holds in full."""
_LIVE = (CertificateState.ORDERED.value, CertificateState.ISSUED.value)
_COLUMNS = (
    "batch_id",
    "event_id",
    "person_id",
    "kind",
    "version",
    "number",
    "name",
    "language",
    "attended",
    "quarter_hours",
    "decision",
    "plate",
    "supersedes_id",
    "state",
    "error",
)

_STANDING = (
    select(tables.Certificate.number, tables.Certificate.kind, tables.Certificate.name, tables.Certificate.language)
    .add_columns(tables.Certificate.attended, tables.Certificate.quarter_hours)
    .add_columns(tables.Person.key, tables.Batch.facts, tables.Batch.issued_on)
    .join(tables.Issued, tables.Issued.certificate_id == tables.Certificate.id)
    .join(tables.Person, tables.Person.id == tables.Certificate.person_id)
    .join(tables.Batch, tables.Batch.id == tables.Certificate.batch_id)
    .where(tables.Certificate.state == CertificateState.ISSUED.value)
)


class Batches:
    """Certificates from order to approval; implements `certs.ports.Batches`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def certified(self, slug: str, kind: str) -> Collection[PersonKey]:
        """Return the people who have an ordered or issued certificate of that kind.

        Raises:
            StorageError: the database fails.
        """
        query = (
            select(tables.Person.key)
            .join(tables.Certificate, tables.Certificate.person_id == tables.Person.id)
            .join(tables.Event, tables.Event.id == tables.Certificate.event_id)
            .where(tables.Event.slug == slug, tables.Certificate.kind == kind, tables.Certificate.state.in_(_LIVE))
        )
        with reading(self._engine) as connection:
            return frozenset(PersonKey(key) for key in connection.execute(query).scalars())

    def placed(self, slug: str) -> Sequence[Placed]:
        """Return the certificates of the event that hold or are on their way.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return list(placed.of_event(connection, slug))

    def decisions(self, slug: str, person: PersonKey) -> Sequence[FrozenDecision]:
        """Return what the certificates of *person* were ordered for, oldest first.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return decisions.of_person(connection, slug, person)

    def spent(self, numbers: Sequence[Number]) -> Collection[Number]:
        """Return those of *numbers* that any certificate has ever had.

        Raises:
            StorageError: the database fails.
        """
        found: set[Number] = set()
        with reading(self._engine) as connection:
            for start in range(0, len(numbers), _AT_ONCE):
                part = numbers[start : start + _AT_ONCE]
                for column in (tables.Certificate.number, tables.SpentNumber.number):
                    found.update(
                        Number(n) for n in connection.execute(select(column).where(column.in_(part))).scalars()
                    )
        return found

    def order(self, order: Order, act: Act) -> int:
        """Store the intent: numbers reserved, statements frozen; return the batch.

        Certificates of the same people that a check had held are cancelled.

        Raises:
            ConflictError: one of the people got a certificate of that kind, or what the decisions are based on was
                changed meanwhile.
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        meanwhile = "Somebody else ordered for the same people a moment ago; nothing was ordered. Order again."
        with writing(self._engine, meanwhile) as connection:
            event_id = id_of(connection, order.facts.slug)
            people = person_ids(connection, (draft.person for draft in order.drafts))
            evidence.demand_in_force(connection, {one for draft in order.drafts for one in draft.evidence})
            if order.ruling_seen is not None:
                rulings.demand_newest(connection, event_id, order.ruling_seen)
            batch = _insert_batch(connection, event_id, order, act)
            _insert_certificates(connection, batch, event_id, order, people)
            if order.as_of is not None:
                audit.demand_newest(connection, order.facts.slug, order.as_of, besides_orders=True)
            old, new = _replaced_statements(connection, order), _order_facts(order)
            change = audit.Change("batch.order", order.facts.slug, f"batch {batch}", old, new)
            audit.append(connection, act, change)
        return batch

    def standing(self, number: Number) -> Standing:
        """Return the issued certificate *number* with its person.

        Raises:
            NotFoundError: no certificate was issued with that number.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            found = connection.execute(_STANDING.where(tables.Certificate.number == number)).first()
        if found is None:
            raise NotFoundError(f"No certificate was issued with the number {printed(number)}.")
        return _standing(found)

    def signed_by(self, kid: Kid, since: datetime | None = None) -> Sequence[Standing]:
        """Return the certificates that key *kid* signed for any purpose, by batch, if still in force.

        With *since*, only those registered at that moment or later.

        Raises:
            StorageError: the database fails.
        """
        newer = aliased(tables.Certificate)
        replaced = exists().where(newer.supersedes_id == tables.Certificate.id, newer.state.in_(_LIVE))
        withdrawn = exists().where(
            tables.Revocation.certificate_id == tables.Certificate.id, tables.Revocation.undone_at.is_(None)
        )
        kids = (tables.Issued.claim_kid, tables.Issued.seal_kid, tables.Issued.credential_kid)
        query = _STANDING.where(or_(*(column == kid for column in kids)), ~replaced, ~withdrawn)
        if since is not None:
            query = query.where(tables.Issued.registered_at >= since)
        with reading(self._engine) as connection:
            ordered = query.order_by(tables.Certificate.batch_id, tables.Certificate.id)
            return [_standing(row) for row in connection.execute(ordered)]

    def get(self, batch: int) -> Batch:
        """Return the batch.

        Raises:
            NotFoundError: there is none.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return load(connection, batch)

    def of_event(self, slug: str) -> Sequence[Batch]:
        """Return the batches of an event, oldest first.

        Raises:
            StorageError: the database fails.
        """
        query = select(tables.Batch.id).join(tables.Event, tables.Event.id == tables.Batch.event_id)
        with reading(self._engine) as connection:
            ids = connection.execute(query.where(tables.Event.slug == slug).order_by(tables.Batch.id)).scalars().all()
            return [load(connection, batch) for batch in ids]

    def approve(self, batch: int, act: Act) -> None:
        """Note that somebody approved the batch.

        Raises:
            ConflictError: it is approved already.
            NotFoundError: there is none.
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            before = load(connection, batch)
            approved = connection.execute(
                update(tables.Batch)
                .where(tables.Batch.id == batch, tables.Batch.approved_at.is_(None))
                .values(approved_at=act.at, approved_by=act.actor)
            )
            if approved.rowcount != 1:
                raise ConflictError(f"Batch {batch} is approved already, by {before.approved_by}.")
            change = audit.Change("batch.approve", before.slug, f"batch {batch}", new={"count": before.count})
            audit.append(connection, act, change)

    def held(self, batch: int) -> Sequence[tuple[Number, str, str]]:
        """Return number, name and reason of each certificate that a check holds back.

        Raises:
            StorageError: the database fails.
        """
        row = tables.Certificate
        query = select(row.number, row.name, row.error).where(
            row.batch_id == batch, row.state == CertificateState.HELD.value
        )
        with reading(self._engine) as connection:
            return [(Number(number), name, error) for number, name, error in connection.execute(query.order_by(row.id))]

    def pause(self, batch: int, error: str) -> None:
        """Note why issuing stopped; an empty *error* clears the note.

        Raises:
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            connection.execute(
                update(tables.Batch).where(tables.Batch.id == batch, tables.Batch.error != error).values(error=error)
            )


def load(connection: Connection, batch: int) -> Batch:
    """Return the batch with its counts.

    Raises:
        NotFoundError: there is none.
    """
    query = select(*tables.Batch.__table__.c, tables.Event.slug).join(
        tables.Event, tables.Event.id == tables.Batch.event_id
    )
    row = connection.execute(query.where(tables.Batch.id == batch)).first()
    if row is None:
        raise NotFoundError(f"There is no batch {batch}.")
    return Batch(
        id=row.id,
        slug=row.slug,
        kind=row.kind,
        facts=facts.load(row.facts),
        issued_on=row.issued_on,
        approval=Approval(row.approval),
        ordered_at=row.ordered_at,
        ordered_by=row.ordered_by,
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        counts=_counts(connection, batch),
        error=row.error,
        base_url=row.base_url,
    )


def _standing(row: Row[*tuple[Any, ...]]) -> Standing:
    return Standing(PersonKey(row.key), facts.statement(facts.load(row.facts), row.issued_on, row))


def _counts(connection: Connection, batch: int) -> dict[CertificateState, int]:
    query = select(tables.Certificate.state, func.count()).where(tables.Certificate.batch_id == batch)
    return {
        CertificateState(state): count for state, count in connection.execute(query.group_by(tables.Certificate.state))
    }


def _insert_batch(connection: Connection, event_id: int, order: Order, act: Act) -> int:
    row = insert(tables.Batch).values(
        event_id=event_id,
        kind=order.kind,
        facts=facts.dump(order.facts),
        issued_on=order.issued_on,
        approval=order.approval.value,
        ordered_at=act.at,
        ordered_by=act.actor,
        reason=act.reason,
        error="",
    )
    return int(connection.execute(row.returning(tables.Batch.id)).scalar_one())


def _insert_certificates(
    connection: Connection, batch: int, event_id: int, order: Order, people: Mapping[PersonKey, int]
) -> None:
    history = _history(connection, event_id, order.kind, sorted(people.values()))
    replaced = _replaced(connection, order.drafts)
    state = CertificateState.ORDERED.value
    rows: list[bulk.Row] = []
    for draft in order.drafts:
        person = people[draft.person]
        key = (batch, event_id, person, order.kind, _next_version(draft, history[person]))
        rows.append((*key, *_stated(draft), replaced[draft.supersedes] if draft.supersedes else None, state, ""))
    _cancel(
        connection, [row.id for past in history.values() for row in past if row.state == CertificateState.HELD.value]
    )
    bulk.insert(connection, tables.Certificate, _COLUMNS, rows)


def _stated(draft: Draft) -> tuple[object, ...]:
    attended = facts.dump_attended(draft.attended)
    decision = decisions.dump(draft)
    return draft.number, draft.name, draft.language, attended, draft.quarter_hours, decision, draft.plate


def _order_facts(order: Order) -> dict[str, object]:
    """Return what the trail keeps of an order; whole statements only where they correct others, and are few."""
    kept: dict[str, object] = {"kind": order.kind, "count": len(order.drafts)}
    if any(draft.supersedes for draft in order.drafts):
        kept["supersedes"] = {draft.number: draft.supersedes for draft in order.drafts}
        if len(order.drafts) <= _STATED_IN_TRAIL:
            kept["statements"] = {draft.number: _said(draft) for draft in order.drafts}
    else:
        kept["numbers"] = [draft.number for draft in order.drafts]
    if vouched := {draft.number: draft.evidence for draft in order.drafts if draft.evidence}:
        kept["evidence"] = vouched
    if ruled := {draft.number: draft.ruling for draft in order.drafts if draft.ruling}:
        kept["rulings"] = ruled
    return kept


def _replaced_statements(connection: Connection, order: Order) -> dict[str, object] | None:
    """Return what the certificates said that *order* corrects, if they are few."""
    numbers = [draft.supersedes for draft in order.drafts if draft.supersedes]
    if not numbers or len(numbers) > _STATED_IN_TRAIL:
        return None
    row = tables.Certificate
    query = select(row.number, row.name, row.language, row.attended, row.quarter_hours).where(row.number.in_(numbers))
    return {"statements": {found.number: _said(found) for found in connection.execute(query)}}


def _said(stated: Draft | Row[*tuple[Any, ...]]) -> dict[str, object]:
    attended = stated.attended if isinstance(stated.attended, frozenset) else facts.load_attended(stated.attended)
    return {
        "name": stated.name,
        "language": stated.language,
        "attended": sorted(attended),
        "quarter_hours": stated.quarter_hours,
    }


def _history(
    connection: Connection, event_id: int, kind: str, people: Sequence[int]
) -> Mapping[int, Sequence[Row[*tuple[Any, ...]]]]:
    """Return what each of *people* has of this kind already, oldest first."""
    row = tables.Certificate
    found: defaultdict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    query = select(row.id, row.person_id, row.version, row.state, row.number).order_by(row.version)
    for start in range(0, len(people), _AT_ONCE):
        part = people[start : start + _AT_ONCE]
        mine = query.where(row.event_id == event_id, row.kind == kind, row.person_id.in_(part))
        for one in connection.execute(mine):
            found[one.person_id].append(one)
    return found


def _next_version(draft: Draft, history: Sequence[Row[*tuple[Any, ...]]]) -> int:
    """Return the version of *draft* after *history*.

    Raises:
        ConflictError: there is a certificate that it does not supersede, or one that replaces the same.
    """
    live = [row for row in history if row.state in _LIVE]
    if live and draft.supersedes != live[-1].number:
        raise ConflictError(f"{draft.person} has certificate {printed(live[-1].number)} by now; nothing was ordered.")
    if live and live[-1].state != CertificateState.ISSUED.value:
        raise ConflictError(f"Certificate {printed(live[-1].number)} is not issued yet; nothing was ordered.")
    return history[-1].version + 1 if history else 1


def _cancel(connection: Connection, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        cancelled = update(tables.Certificate).where(tables.Certificate.id.in_(ids[start : start + _AT_ONCE]))
        connection.execute(cancelled.values(state=CertificateState.CANCELLED.value))


def _replaced(connection: Connection, drafts: Sequence[Draft]) -> dict[Number, int]:
    """Return the row ids of the certificates that *drafts* supersede."""
    numbers = [draft.supersedes for draft in drafts if draft.supersedes]
    found: dict[Number, int] = {}
    row = tables.Certificate
    for start in range(0, len(numbers), _AT_ONCE):
        query = select(row.number, row.id).where(row.number.in_(numbers[start : start + _AT_ONCE]))
        found.update((Number(number), id_) for number, id_ in connection.execute(query))
    return found
