"""An order in the register: a row for each certificate, with all that it will say, before anything is signed."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, exists, func, insert, select, update
from sqlalchemy.orm import aliased

from certs.db import audit, bulk, decisions, entered, facts, fates, pictures, tables
from certs.db.people import person_ids
from certs.errors import ConflictError
from certs.ground import names
from certs.ground.number import printed
from certs.ground.spool import in_parts
from certs.model import Act, CertificateState, Draft, Number, Order
from certs.wording import say

_row, _newer = tables.Certificate, aliased(tables.Certificate)
_AT_ONCE = 1_000
_TOGETHER = 10_000
"""Certificates that are stored at once; what an order holds of each besides is in `_Told`."""
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
    "folded",
    "language",
    "attended",
    "quarter_hours",
    "decision",
    "plate",
    "supersedes_id",
    "state",
    "error",
)


@dataclass(slots=True)
class _Told:
    """What the trail says of certificates, taken note of while they are stored: they are gone through once."""

    count: int = 0
    numbers: list[str] = field(default_factory=list)
    """In parts, each as JSON."""
    supersedes: list[str] = field(default_factory=list)
    """The same: which supersedes which."""
    replaced: int = 0
    evidence: dict[Number, Sequence[int]] = field(default_factory=dict)
    rulings: dict[Number, int] = field(default_factory=dict)
    statements: dict[Number, dict[str, object]] = field(default_factory=dict)
    """Of the first few that correct others."""

    def see(self, drafts: Sequence[Draft]) -> None:
        """Take note of some."""
        self.count += len(drafts)
        self.numbers.append(",".join(f'"{draft.number}"' for draft in drafts))
        if pairs := ",".join(f'"{draft.number}":"{draft.supersedes}"' for draft in drafts if draft.supersedes):
            self.supersedes.append(pairs)
        self.replaced += sum(draft.supersedes is not None for draft in drafts)
        for draft in drafts:
            self._see(draft)

    def _see(self, draft: Draft) -> None:
        if draft.supersedes and len(self.statements) < _STATED_IN_TRAIL:
            self.statements[draft.number] = _said(draft)
        if draft.evidence:
            self.evidence[draft.number] = draft.evidence
        if draft.ruling:
            self.rulings[draft.number] = draft.ruling


def store(connection: Connection, ordered: Sequence[tuple[int, Order]], act: Act) -> list[int]:
    """Store orders, each with the row id of its event, inside the caller's transaction; return their batches.

    All rows are there before the trail is locked, for whoever issues locks them in that order, too.

    Raises:
        ConflictError: one of the people got a certificate of that kind, what is to be superseded was revoked, or what
            the decisions are based on was changed meanwhile.
    """
    stored: list[tuple[int, int, Order, _Told]] = []
    for event_id, order in ordered:
        batch = _insert_batch(connection, event_id, order, act)
        stored.append((batch, event_id, order, _insert_certificates(connection, batch, event_id, order)))
    for batch, event_id, order, told in stored:
        _demand_unchanged(connection, event_id, batch, order, told)
        old, new = _replaced_statements(connection, batch, told), _order_facts(order, told)
        new[entered.STATED] = entered.digest_of(connection, batch)
        change = audit.Change("batch.order", order.facts.slug, f"batch {reference_of(connection, batch)}", old, new)
        entry = audit.append(connection, act, change)
        connection.execute(update(tables.Batch).where(tables.Batch.id == batch).values(entry=entry))
    return [batch for batch, *_ in stored]


def _demand_unchanged(connection: Connection, event_id: int, batch: int, order: Order, told: _Told) -> None:
    """Check, once nobody else can append to the trail, what may have changed since the order was thought of.

    Raises:
        ConflictError: it did.
    """
    audit.lock(connection)
    if order.as_of is not None:
        audit.demand_newest(connection, order.facts.slug, order.as_of, besides_orders=True)
    _keep_apart(connection, event_id, batch, order.apart)
    if not order.although_revoked and told.replaced and (revoked := fates.revoked_before(connection, batch)):
        raise ConflictError(
            say("Certificate {revoked} was revoked a moment ago; nothing was ordered.", revoked=printed(revoked))
        )


def _insert_batch(connection: Connection, event_id: int, order: Order, act: Act) -> int:
    pictures.store(connection, order.facts.pictures)
    row = insert(tables.Batch).values(
        event_id=event_id,
        ordinal=_next_ordinal(connection, event_id),
        kind=order.kind,
        facts=facts.dump(order.facts),
        issued_on=order.issued_on,
        approval=order.approval.value,
        ordered_at=act.at,
        ordered_by=act.actor,
        reason=act.reason,
        accepted=json.dumps(list(order.accepted), ensure_ascii=False),
        error="",
    )
    return int(connection.execute(row.returning(tables.Batch.id)).scalar_one())


def _next_ordinal(connection: Connection, event_id: int) -> int:
    """Return the number of the event's next batch; who orders for it at the same time waits.

    What may have been given before a restore is passed over.
    """
    event = select(tables.Event.slug).where(tables.Event.id == event_id)
    slug = str(connection.execute(event.with_for_update(key_share=True)).scalar_one())
    newest = select(func.coalesce(func.max(tables.Batch.ordinal), 0)).where(tables.Batch.event_id == event_id)
    given = [int(connection.execute(newest).scalar_one())]
    for batches in connection.execute(select(tables.Restoration.batches)).scalars():
        reaches = json.loads(batches)
        given += [reaches.get(slug, 0), reaches.get("", 0)]
    return max(given) + 1


def reference_of(connection: Connection, batch: int) -> str:
    """Return what people call the batch of that row id."""
    query = select(tables.Event.slug, tables.Batch.ordinal).join(tables.Event, tables.Event.id == tables.Batch.event_id)
    slug, ordinal = connection.execute(query.where(tables.Batch.id == batch)).one()
    return f"{slug}/{ordinal}"


def _insert_certificates(connection: Connection, batch: int, event_id: int, order: Order) -> _Told:
    """Store the certificates of *order*, some at a time; return what the trail says of them."""
    told, row = _Told(), tables.Certificate
    of_kind = exists().where(row.event_id == event_id, row.kind == order.kind)
    is_first = not connection.execute(select(of_kind)).scalar_one()
    for some in in_parts(order.drafts, _TOGETHER):
        told.see(some)
        _insert_some(connection, (batch, event_id, order.kind), some, is_first=is_first)
    return told


def _insert_some(connection: Connection, of: tuple[int, int, str], drafts: Sequence[Draft], *, is_first: bool) -> None:
    """Store *drafts* *of* a batch, an event and a kind; what a check holds of the same people is given up.

    Of an order that *is_first* of its kind nobody is looked up: PostgreSQL, which knows nothing yet of rows that the
    same transaction stored, would go through all of them each time.
    """
    batch, event_id, kind = of
    people = person_ids(connection, (draft.person for draft in drafts))
    history = {} if is_first else _history(connection, event_id, kind, sorted(people.values()))
    replaced = _replaced(connection, drafts)
    state = CertificateState.ORDERED.value
    rows: list[bulk.Row] = []
    for draft in drafts:
        person = people[draft.person]
        key = (batch, event_id, person, kind, _next_version(draft, history.get(person, ())))
        rows.append((*key, *_stated(draft), replaced[draft.supersedes] if draft.supersedes else None, state, ""))
    _cancel(
        connection, [row.id for past in history.values() for row in past if row.state == CertificateState.HELD.value]
    )
    bulk.insert(connection, tables.Certificate, _COLUMNS, rows)


def _keep_apart(connection: Connection, event_id: int, batch: int, apart: Sequence[str]) -> None:
    """Let nobody have two kinds of which one stands in place of the other; those that a check holds are given up.

    Raises:
        ConflictError: somebody has such a certificate that *batch* does not supersede.
    """
    if not apart:
        return
    row, mine = tables.Certificate, aliased(tables.Certificate)
    newer = aliased(row)
    gone = exists().where(newer.supersedes_id == row.id, newer.state == CertificateState.ISSUED.value)
    withdrawn = exists().where(tables.Revocation.certificate_id == row.id, tables.Revocation.undone_at.is_(None))
    replaced = exists().where(newer.supersedes_id == row.id, newer.batch_id == batch).label("replaced")
    query = select(row.id, row.number, row.state, replaced).where(row.event_id == event_id, row.kind.in_(apart))
    hers = query.join(mine, mine.person_id == row.person_id).where(mine.batch_id == batch, ~gone, ~withdrawn)
    given_up: list[int] = []
    for one in connection.execute(hers.where(row.state != CertificateState.CANCELLED.value)):
        if one.state not in _LIVE:
            given_up.append(one.id)
        elif not one.replaced:
            raise ConflictError(
                say("Certificate {number} stands against it by now; nothing was ordered.", number=printed(one.number))
            )
    _cancel(connection, given_up)


def _stated(draft: Draft) -> tuple[object, ...]:
    attended = facts.dump_attended(draft.attended)
    decision = decisions.dump(draft)
    said = draft.language, attended, draft.quarter_hours, decision, draft.plate
    return draft.number, draft.name, names.fold(draft.name), *said


def _order_facts(order: Order, told: _Told) -> dict[str, object]:
    """Return what the trail keeps of an order; whole statements only where they correct others, and are few."""
    kept: dict[str, object] = {"kind": order.kind, "count": told.count}
    if told.replaced:
        kept["supersedes"] = audit.Many(told.supersedes, pairs=True)
        if told.count <= _STATED_IN_TRAIL:
            kept["statements"] = told.statements
    else:
        kept["numbers"] = audit.Many(told.numbers)
    if told.evidence:
        kept["evidence"] = told.evidence
    if told.rulings:
        kept["rulings"] = told.rulings
    if order.accepted:
        kept["accepted"] = list(order.accepted)
    return kept


def _replaced_statements(connection: Connection, batch: int, told: _Told) -> dict[str, object] | None:
    """Return what the certificates said that *batch* corrects, if they are few."""
    if not told.replaced or told.replaced > _STATED_IN_TRAIL:
        return None
    query = select(_row.number, _row.name, _row.language, _row.attended, _row.quarter_hours)
    query = query.join(_newer, _newer.supersedes_id == _row.id).where(_newer.batch_id == batch).order_by(_row.id)
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
        raise ConflictError(
            say(
                "{person} has certificate {number} by now; nothing was ordered.",
                person=draft.person,
                number=printed(live[-1].number),
            )
        )
    if live and live[-1].state != CertificateState.ISSUED.value:
        raise ConflictError(
            say("Certificate {number} is not issued yet; nothing was ordered.", number=printed(live[-1].number))
        )
    return history[-1].version + 1 if history else 1


def _cancel(connection: Connection, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        cancelled = update(tables.Certificate).where(tables.Certificate.id.in_(ids[start : start + _AT_ONCE]))
        connection.execute(cancelled.values(state=CertificateState.CANCELLED.value))


def _replaced(connection: Connection, drafts: Sequence[Draft]) -> dict[Number, int]:
    """Return the row ids of the certificates that *drafts* supersede.

    Raises:
        ConflictError: one of another kind stands in place of one of them, or is about to.
    """
    numbers = [draft.supersedes for draft in drafts if draft.supersedes]
    found: dict[Number, int] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        query = select(_row.number, _row.id).where(_row.number.in_(numbers[start : start + _AT_ONCE]))
        found.update((Number(number), id_) for number, id_ in connection.execute(query))
        elsewhere = query.join(_newer, _newer.supersedes_id == _row.id).where(
            _newer.state.in_(_LIVE), _newer.kind != _row.kind
        )
        if (other := connection.execute(elsewhere).first()) is not None:
            raise ConflictError(
                say("Certificate {number} is replaced by one of another kind.", number=printed(other.number))
            )
    return found
