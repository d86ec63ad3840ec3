"""The decision that a certificate was ordered for, frozen beside it as JSON: the sentence, and what it rests on.

    {"reason": "6 sessions attended, 6 needed.", "evidence": [3], "ruling": 7}

A key is missing where there is nothing to say; certificates ordered by older programs have an empty text.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from certs.db import tables
from certs.model import CertificateState, Draft, FrozenDecision, Number, PersonKey

_EVIDENCE = "evidence"


def dump(draft: Draft) -> str:
    """Return why *draft* was ordered; empty for nothing."""
    found: dict[str, object] = {"reason": draft.reason} if draft.reason else {}
    if draft.evidence:
        found[_EVIDENCE] = list(draft.evidence)
    if draft.ruling:
        found["ruling"] = draft.ruling
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""


def rests_on_evidence() -> ColumnElement[bool]:
    """Return the condition that a certificate rests on some evidence, or quotes the word; `evidence` says which."""
    return tables.Certificate.decision.contains(f'"{_EVIDENCE}"', autoescape=True)


def evidence(text: str) -> Sequence[int]:
    """Return the ids of the evidence in what `dump` wrote."""
    return tuple(_load(text).get(_EVIDENCE, ()))


def of_person(connection: Connection, slug: str, person: PersonKey) -> list[FrozenDecision]:
    """Return what the certificates of *person* were ordered for, oldest first."""
    row = tables.Certificate
    query = (
        select(row.number, row.kind, row.state, row.decision, tables.Batch.ordered_at, tables.Batch.ordered_by)
        .join(tables.Batch, tables.Batch.id == row.batch_id)
        .join(tables.Person, tables.Person.id == row.person_id)
        .join(tables.Event, tables.Event.id == row.event_id)
        .where(tables.Event.slug == slug, tables.Person.key == person)
        .order_by(row.id)
    )
    return [
        FrozenDecision(
            number=Number(found.number),
            kind=found.kind,
            state=CertificateState(found.state),
            ordered_at=found.ordered_at,
            ordered_by=found.ordered_by,
            reason=_load(found.decision).get("reason", ""),
            evidence=tuple(evidence(found.decision)),
            ruling=_load(found.decision).get("ruling", 0),
        )
        for found in connection.execute(query)
    ]


def _load(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text) if text else {}
    return found
