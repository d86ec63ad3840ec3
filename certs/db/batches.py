"""Batches in the register: the intent to issue, its approval, and how far it has come."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from certs.db import audit, checkpoints, decisions, endings, facts, members, orders, pictures, placed, tables
from certs.db.batchrows import load
from certs.db.certificates import AS_STATED, certificate_of
from certs.db.engine import reading, writing
from certs.db.events import id_of
from certs.db.people import PRESENT
from certs.errors import ConflictError, NotFoundError
from certs.ground.number import printed
from certs.model import (
    Act,
    Batch,
    Certificate,
    CertificateState,
    End,
    FrozenDecision,
    HeldBack,
    Kid,
    Member,
    Number,
    Order,
    PersonKey,
    Placed,
    Standing,
    Terms,
)
from certs.wording import hint, say

_AT_ONCE = 1_000
_LIVE = (CertificateState.ORDERED.value, CertificateState.ISSUED.value)
_STANDING = (
    select(*facts.STATED, tables.Person.key, tables.Person.erased_at, tables.Batch.facts, tables.Batch.issued_on)
    .select_from(tables.Certificate)
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
        return self.order_all([order], act)[0]

    def order_all(self, asked: Sequence[Order], act: Act) -> Sequence[int]:
        """Store several intents, all of them or none; return the batches. See `order`.

        Raises:
            ConflictError: as `order` has it; nothing was ordered.
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        meanwhile = "Somebody else ordered for the same people a moment ago; nothing was ordered. Order again."
        with writing(self._engine, meanwhile) as connection:
            return orders.store(connection, [(id_of(connection, one.facts.slug), one) for one in asked], act)

    def standing(self, number: Number) -> Standing:
        """Return the issued certificate *number* with its person.

        Raises:
            NotFoundError: no certificate was issued with that number.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            found = connection.execute(_STANDING.where(tables.Certificate.number == number)).first()
            if found is None:
                raise NotFoundError(say("No certificate was issued with the number {number}.", number=printed(number)))
            if found.erased_at is not None:
                raise ConflictError(
                    say(
                        "{number} is withheld at the person's request: it stands as it is, and no other takes its "
                        "place.",
                        number=printed(number),
                    )
                )
            one = _standing(found)
            event = pictures.completed(connection, one.statement.event)
        return replace(one, statement=replace(one.statement, event=event))

    def signed_by(self, kid: Kid, since: datetime | None = None) -> Iterator[Certificate]:
        """Yield the certificates that key *kid* signed for any purpose, by batch, if still in force.

        With *since*, only those registered at that moment or later.

        Raises:
            StorageError: the database fails.
        """
        newer = aliased(tables.Certificate)
        replaced = exists().where(newer.supersedes_id == tables.Certificate.id, newer.state.in_(_LIVE))
        query = AS_STATED.where(*_signed_by(kid, since), ~replaced, PRESENT)
        with reading(self._engine) as connection:
            ordered = query.order_by(tables.Certificate.batch_id, tables.Certificate.id)
            for row in connection.execution_options(yield_per=_AT_ONCE).execute(ordered):
                yield certificate_of(row)

    def replacing(self, kid: Kid, since: datetime | None = None) -> Mapping[int, int]:
        """Return by batch how many certificates are ordered, and not issued, in place of what key *kid* signed.

        With *since*, of what was registered at that moment or later; what is revoked is left out.

        Raises:
            StorageError: the database fails.
        """
        newer = aliased(tables.Certificate)
        query = (
            select(newer.batch_id, func.count().label("certificates"))
            .join(tables.Certificate, newer.supersedes_id == tables.Certificate.id)
            .join(tables.Issued, tables.Issued.certificate_id == tables.Certificate.id)
            .where(newer.state == CertificateState.ORDERED.value, *_signed_by(kid, since))
            .group_by(newer.batch_id)
            .order_by(newer.batch_id)
        )
        with reading(self._engine) as connection:
            return {row.batch_id: row.certificates for row in connection.execute(query)}

    def get(self, batch: int) -> Batch:
        """Return the batch.

        Raises:
            NotFoundError: there is none.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return load(connection, batch)

    def at(self, slug: str, ordinal: int) -> Batch:
        """Return the batch of that number within the event.

        Raises:
            NotFoundError: there is none, or no such event.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            event_id = id_of(connection, slug)
            query = select(tables.Batch.id).where(tables.Batch.event_id == event_id, tables.Batch.ordinal == ordinal)
            found = connection.execute(query).scalar()
            if found is None:
                raise NotFoundError(
                    say(
                        "There is no batch {slug}/{ordinal}. See them with: {place}",
                        slug=slug,
                        ordinal=ordinal,
                        place=hint("status", event=slug),
                    )
                )
            return load(connection, found)

    def numbered(self, number: int) -> Sequence[Batch]:
        """Return the batches that have this number in the register or within their event.

        Raises:
            StorageError: the database fails.
        """
        row = tables.Batch
        query = select(row.id).where(or_(row.id == number, row.ordinal == number)).order_by(row.id)
        with reading(self._engine) as connection:
            return [load(connection, batch) for batch in connection.execute(query).scalars().all()]

    def of_event(self, slug: str) -> Sequence[Batch]:
        """Return the batches of an event, oldest first.

        Raises:
            StorageError: the database fails.
        """
        query = select(tables.Batch.id).join(tables.Event, tables.Event.id == tables.Batch.event_id)
        with reading(self._engine) as connection:
            ids = connection.execute(query.where(tables.Event.slug == slug).order_by(tables.Batch.id)).scalars().all()
            return [load(connection, batch) for batch in ids]

    def newest_address(self) -> str:
        """Return the address of the site that the newest batch's certificates carry, empty if none was issued.

        Raises:
            StorageError: the database fails.
        """
        row = tables.Batch
        query = select(row.base_url).where(row.base_url != "").order_by(row.id.desc()).limit(1)
        with reading(self._engine) as connection:
            return connection.execute(query).scalar() or ""

    def approve(self, batch: int, act: Act) -> None:
        """Note that somebody approved the batch.

        Raises:
            ConflictError: it is approved already, or ended.
            NotFoundError: there is none.
            StorageError: the database fails.
        """
        checkpoints.ready(self._engine)
        with writing(self._engine) as connection:
            load(connection, batch)
            approved = connection.execute(
                update(tables.Batch)
                .where(tables.Batch.id == batch, tables.Batch.approved_at.is_(None), tables.Batch.ended.is_(None))
                .values(approved_at=act.at, approved_by=act.actor)
            )
            found = load(connection, batch)
            if approved.rowcount != 1:
                how, by = (found.ending.how, found.ending.by) if found.ending else ("approved", found.approved_by)
                raise ConflictError(
                    say("Batch {reference} is {how} already, by {by}.", reference=found.reference, how=how, by=by)
                )
            subject, new = f"batch {found.reference}", {"count": found.count}
            audit.append(connection, act, audit.Change("batch.approve", found.slug, subject, new=new))

    def end(self, batch: int, how: End, act: Act) -> Sequence[Number]:
        """Give up what of the batch is not issued, all of it or none, and let it end; return the numbers given up.

        Raises:
            ConflictError: it ended already, was approved and can be rejected no more, or is being issued now.
            NotFoundError: there is none.
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            return endings.end(connection, load(connection, batch), how, act)

    def held(self, batch: int) -> Sequence[HeldBack]:
        """Return the certificates that a check holds back, each with whose it is and why.

        Raises:
            StorageError: the database fails.
        """
        row = tables.Certificate
        query = (
            select(row.number, tables.Person.key, row.name, row.error)
            .join(tables.Person, tables.Person.id == row.person_id)
            .where(row.batch_id == batch, row.state == CertificateState.HELD.value, PRESENT)
        )
        with reading(self._engine) as connection:
            found = connection.execute(query.order_by(row.id))
            return [HeldBack(Number(number), PersonKey(key), *rest) for number, key, *rest in found]

    def members(self, batch: int, skip: int = 0, most: int | None = None) -> Iterator[Member]:
        """Yield the certificates of a batch in their order, without the first *skip* and at most *most*.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            yield from members.of_batch(connection, batch, skip, most)

    def by_people(self, batch: int) -> Sequence[FrozenDecision]:
        """Return the decisions of a batch that rest on evidence added by hand, or on what somebody ruled.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return decisions.by_people(connection, batch)

    def begin(self, batch: int, terms: Terms | None) -> None:
        """Note under what the batch is issued from now on, and that nothing keeps it from that; None for by nobody.

        Raises:
            StorageError: the database fails.
        """
        row = tables.Batch
        under = terms or Terms((), "", "")
        kids = " ".join(under.kids)
        begun = {"begun_kids": kids, "begun_software": under.software, "begun_base_url": under.base_url}
        with writing(self._engine) as connection:
            connection.execute(update(row).where(row.id == batch).values(**begun, error=""))

    def begun(self) -> Sequence[int]:
        """Return the batches that somebody issues or has begun to, with certificates left and no fault noted.

        Raises:
            StorageError: the database fails.
        """
        row, one = tables.Batch, tables.Certificate
        left = exists().where(one.batch_id == row.id, one.state == CertificateState.ORDERED.value)
        alive = row.ended.is_(None), row.approved_at.is_not(None), row.begun_kids != "", row.error == ""
        with reading(self._engine) as connection:
            return connection.execute(select(row.id).where(*alive, left).order_by(row.id)).scalars().all()

    def pause(self, batch: int, error: str) -> None:
        """Note why issuing stopped; an empty *error* clears the note.

        Raises:
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            connection.execute(
                update(tables.Batch).where(tables.Batch.id == batch, tables.Batch.error != error).values(error=error)
            )


def _signed_by(kid: Kid, since: datetime | None) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that key *kid* signed a certificate, from *since* on, and that it is not revoked."""
    kids = (tables.Issued.claim_kid, tables.Issued.seal_kid, tables.Issued.credential_kid)
    yield or_(*(column == kid for column in kids))
    revoked = aliased(tables.Revocation)
    yield ~exists().where(revoked.certificate_id == tables.Certificate.id, revoked.undone_at.is_(None))
    if since is not None:
        yield tables.Issued.registered_at >= since


def _standing(row: Row[*tuple[Any, ...]]) -> Standing:
    return Standing(PersonKey(row.key), facts.statement(facts.load(row.facts), row.issued_on, row))
