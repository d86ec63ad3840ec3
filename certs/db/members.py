"""The certificates of one batch with their people, and what each is to replace: what somebody looks at who approves."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.orm import aliased

from certs.db import decisions, facts, tables
from certs.db.people import PRESENT
from certs.model import CertificateState, Member, PersonKey

_FETCHED = 1_000
_row = tables.Certificate
_old, _old_batch = aliased(tables.Certificate), aliased(tables.Batch)
_STATED_BEFORE = (_old.number, _old.kind, _old.name, _old.language, _old.attended, _old.quarter_hours)
"""What the certificate that is replaced states, as `facts.STATED`."""
_QUERY = (
    select(*facts.STATED, _row.state, _row.decision, _row.error, tables.Person.key)
    .add_columns(tables.Batch.facts, tables.Batch.issued_on)
    .add_columns(_old_batch.facts.label("old_facts"), _old_batch.issued_on.label("old_issued_on"), *_STATED_BEFORE)
    .select_from(_row)
    .join(tables.Person, tables.Person.id == _row.person_id)
    .join(tables.Batch, tables.Batch.id == _row.batch_id)
    .outerjoin(_old, _old.id == _row.supersedes_id)
    .outerjoin(_old_batch, _old_batch.id == _old.batch_id)
    .order_by(_row.id)
)


def of_batch(connection: Connection, batch: int, skip: int, most: int | None) -> Iterator[Member]:
    """Yield the certificates of *batch* in the order in which they were ordered, a few at a time in memory."""
    query = _QUERY.where(_row.batch_id == batch, PRESENT).offset(skip).limit(most)
    for found in connection.execution_options(yield_per=_FETCHED).execute(query):
        yield _member(found)


def _member(found: Row[*tuple[Any, ...]]) -> Member:
    said = decisions.load(found.decision)
    replaced = None
    if found.old_facts is not None:
        stated = found[-len(_STATED_BEFORE) :]
        replaced = facts.statement(facts.load(found.old_facts), found.old_issued_on, stated)
    return Member(
        statement=facts.statement(facts.load(found.facts), found.issued_on, found),
        person=PersonKey(found.key),
        state=CertificateState(found.state),
        reason=said.get("reason", ""),
        evidence=tuple(said.get("evidence", ())),
        ruling=said.get("ruling", 0),
        error=found.error,
        replaced=replaced,
    )
