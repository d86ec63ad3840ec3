"""Questions about people in the register, and the answers that organisers gave."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Row, func, select, update

from certs.db import amendments, audit, bulk, tables
from certs.db.engine import reading, writing
from certs.db.events import id_of
from certs.errors import NotFoundError
from certs.model import Act, AskedQuestion, Candidate, Number, PersonKey, SessionId
from certs.wording import hint, say

_row = tables.Question


class Questions:
    """Doubts and answers; implements `certs.ports.Questions`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self, slug: str) -> Sequence[AskedQuestion]:
        """Return every question ever asked about an event, answered or not.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            event_id = id_of(connection, slug)
            query = (
                select(*_row.__table__.c)
                .where(_row.event_id == event_id)
                .order_by(_row.kind, _row.subject, _row.rows, _row.key)
            )
            return [asked(row) for row in connection.execute(query)]

    def imports_seen(self, slug: str) -> tuple[int, int]:
        """Return the entry of the trail as of which doubts were looked for, and the newest one about imports.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        asked = select(tables.Event.asked_as_of).where(tables.Event.slug == slug)
        newest = select(func.max(tables.Audit.id)).where(tables.Audit.event == slug, tables.Audit.act.like("import.%"))
        with reading(self._engine) as connection:
            id_of(connection, slug)
            return connection.execute(asked).scalar_one(), connection.execute(newest).scalar() or 0

    def ask(self, slug: str, questions: Sequence[AskedQuestion], as_of: int) -> None:
        """Make *questions* the open ones; those asked before keep their answers, those not raised now are closed.

        *as_of* is the newest entry of the trail about imports when they were looked for.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            event_id = id_of(connection, slug)
            known = set(connection.execute(select(_row.key).where(_row.event_id == event_id)).scalars())
            connection.execute(update(_row).where(_row.event_id == event_id).values(open=False))
            connection.execute(
                update(tables.Event)
                .where(tables.Event.id == event_id)
                .values(asked_as_of=as_of, asked=tables.Event.asked + 1)
            )
            rows = [{"event_id": event_id, "key": one.id, **_fields(one)} for one in questions]
            if new := [row | {"answer": "", "answered_by": ""} for row in rows if row["key"] not in known]:
                connection.execute(bulk.insert_missing(connection, _row), new)
            for row in rows:
                if row["key"] in known:
                    mine = update(_row).where(_row.event_id == event_id, _row.key == row["key"])
                    connection.execute(mine.values({name: row[name] for name in _RENEWED}))

    def answer(self, slug: str, question: str, answer: str, act: Act) -> None:
        """Keep *answer*, in place of an earlier one.

        Raises:
            NotFoundError: no such event or question.
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            event_id = id_of(connection, slug)
            mine = (_row.event_id == event_id, _row.key == question)
            before = connection.execute(select(_row.answer, _row.text).where(*mine)).first()
            if before is None:
                raise NotFoundError(
                    say(
                        "There is no question {question}. See: {place}",
                        question=question,
                        place=hint("questions", event=slug),
                    )
                )
            connection.execute(update(_row).where(*mine).values(answer=answer, answered_by=act.actor))
            old, new = {"answer": before.answer}, {"question": before.text, "answer": answer}
            audit.append(connection, act, audit.Change("question.answer", slug, question, old, new))

    def say(self, slug: str, answered: Sequence[AskedQuestion], act: Act, given_up: Sequence[Number] = ()) -> None:
        """Keep the answers of *answered*, asked before or not, and give up certificates; all of it or nothing.

        Raises:
            ConflictError: one of the certificates is being issued.
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            event_id = id_of(connection, slug)
            amendments.give_up(connection, given_up)
            query = select(_row.key, _row.answer).where(_row.event_id == event_id)
            known = {row.key: row.answer for row in connection.execute(query)}
            for one in answered:
                fields = {"answer": one.answer, "answered_by": act.actor}
                if one.id in known:
                    mine = update(_row).where(_row.event_id == event_id, _row.key == one.id)
                    connection.execute(mine.values(**fields))
                else:
                    row = {"event_id": event_id, "key": one.id, **_fields(one), **fields, "open": False}
                    connection.execute(bulk.insert_missing(connection, _row), [row])
                old, new = {"answer": known.get(one.id, "")}, {"question": one.text, "answer": one.answer}
                audit.append(connection, act, audit.Change("question.answer", slug, one.id, old, new))
            amendments.note(connection, slug, given_up, act)


_RENEWED = ("text", "candidates", "assumed", "evidence", "people", "open", "whom", "suggestion")
"""What asking again brings up to date."""


def _fields(one: AskedQuestion) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "subject": one.subject,
        "text": one.text,
        "session": one.session,
        "candidates": _dump(one.candidates),
        "assumed": one.assumed,
        "evidence": _dump(one.evidence),
        "people": _dump(sorted(one.people)),
        "open": True,
        "rows": one.rows,
        "whom": json.dumps([[whom.person, whom.name, *whom.reasons] for whom in one.whom], ensure_ascii=False),
        "suggestion": one.suggestion,
    }


def asked(row: Row[*tuple[Any, ...]]) -> AskedQuestion:
    """Return the question that a row of the table holds."""
    return AskedQuestion(
        id=row.key,
        kind=row.kind,
        subject=row.subject,
        text=row.text,
        session=SessionId(row.session) if row.session is not None else None,
        candidates=tuple(json.loads(row.candidates)),
        assumed=row.assumed,
        evidence=tuple(json.loads(row.evidence)),
        people=frozenset(PersonKey(one) for one in json.loads(row.people)),
        answer=row.answer,
        answered_by=row.answered_by,
        open=row.open,
        rows=row.rows,
        whom=tuple(Candidate(PersonKey(one), name, tuple(reasons)) for one, name, *reasons in json.loads(row.whom)),
        suggestion=row.suggestion,
    )


def _dump(values: Sequence[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
