"""The decision that a certificate was ordered for, frozen beside it as JSON: the sentence, and what it rests on.

    {"reason": "6 sessions attended, 6 needed.", "evidence": [3], "ruling": 7}

A key is missing where there is nothing to say; certificates ordered by older programs have an empty text.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from certs.db import tables
from certs.db.people import PRESENT
from certs.model import CertificateState, Draft, FrozenDecision, Number, PersonKey

_EVIDENCE = "evidence"
_RULING = "ruling"


def dump(draft: Draft) -> str:
    """Return why *draft* was ordered; empty for nothing."""
    found: dict[str, object] = {"reason": draft.reason} if draft.reason else {}
    if draft.evidence:
        found[_EVIDENCE] = list(draft.evidence)
    if draft.ruling:
        found[_RULING] = draft.ruling
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""


def rests_on_evidence() -> ColumnElement[bool]:
    """Return the condition that a certificate rests on evidence; `evidence` says on which."""
    return _has(_EVIDENCE, "[")


def evidence(text: str) -> Sequence[int]:
    """Return the ids of the evidence in what `dump` wrote."""
    return tuple(load(text).get(_EVIDENCE, ()))


def of_person(connection: Connection, slug: str, person: PersonKey) -> list[FrozenDecision]:
    """Return what the certificates of *person* were ordered for, oldest first."""
    query = (
        _QUERY.join(tables.Person, tables.Person.id == tables.Certificate.person_id)
        .join(tables.Event, tables.Event.id == tables.Certificate.event_id)
        .where(tables.Event.slug == slug, tables.Person.key == person)
    )
    return [_frozen(row) for row in connection.execute(query)]


def by_people(connection: Connection, batch: int) -> list[FrozenDecision]:
    """Return those of a batch that rest on evidence or on a ruling, and were not given up."""
    row = tables.Certificate
    kept = row.state != CertificateState.CANCELLED.value
    mine = _QUERY.join(tables.Person, tables.Person.id == row.person_id).where(PRESENT)
    query = mine.where(row.batch_id == batch, kept, or_(rests_on_evidence(), _has(_RULING)))
    return [_frozen(found) for found in connection.execute(query)]


_QUERY = (
    select(tables.Certificate.number, tables.Certificate.kind, tables.Certificate.name, tables.Certificate.state)
    .add_columns(tables.Certificate.decision, tables.Batch.ordered_at, tables.Batch.ordered_by)
    .join(tables.Batch, tables.Batch.id == tables.Certificate.batch_id)
    .order_by(tables.Certificate.id)
)


def _has(key: str, value: str = "") -> ColumnElement[bool]:
    """Return the condition that a decision has *key*; a sentence that quotes it has its quotes escaped."""
    return tables.Certificate.decision.contains(f'"{key}":{value}', autoescape=True)


def _frozen(row: Row[*tuple[Any, ...]]) -> FrozenDecision:
    said = load(row.decision)
    return FrozenDecision(
        number=Number(row.number),
        kind=row.kind,
        name=row.name,
        state=CertificateState(row.state),
        ordered_at=row.ordered_at,
        ordered_by=row.ordered_by,
        reason=said.get("reason", ""),
        evidence=tuple(evidence(row.decision)),
        ruling=said.get(_RULING, 0),
    )


def load(text: str) -> dict[str, Any]:
    """Return what `dump` wrote."""
    found: dict[str, Any] = json.loads(text) if text else {}
    return found
