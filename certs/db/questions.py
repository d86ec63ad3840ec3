"""Questions about people in the register, and the answers that organisers gave."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Engine, Row, func, select, update

from certs.db import amendments, audit, bulk, tables
from certs.db.engine import reading, writing
from certs.db.events import id_of
from certs.errors import NotFoundError
from certs.model import Act, AskedQuestion, Candidate, Number, PersonKey, SessionId
from certs.wording import hint, read_again, say, written_or_plain

_row = tables.Question
IS_THERE = _row.text != ""
"""What is true of every question but those that went with a person: see `erasing`."""


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
                .where(_row.event_id == event_id, IS_THERE)
                .order_by(_row.kind, _row.subject, _row.rows, _row.key)
            )
            return asked(connection.execute(query))

    def count_open(self, slug: str) -> int:
        """Return how many questions are open and have no answer.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            mine = (_row.event_id == id_of(connection, slug), _row.open, _row.answer == "")
            return connection.execute(select(func.count()).select_from(_row).where(*mine)).scalar_one()

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
            old, new = {"answer": before.answer}, {"question": str(read_again(before.text)), "answer": answer}
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
                old, new = {"answer": known.get(one.id, "")}, {"question": str(one.text), "answer": one.answer}
                audit.append(connection, act, audit.Change("question.answer", slug, one.id, old, new))
            amendments.note(connection, slug, given_up, act)


_RENEWED = ("text", "candidates", "assumed", "evidence", "people", "open", "whom", "suggestion")
"""What asking again brings up to date."""


def _fields(one: AskedQuestion) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "subject": one.subject,
        "text": written_or_plain(one.text),
        "session": one.session,
        "candidates": _dump(one.candidates),
        "assumed": one.assumed,
        "evidence": _dump(one.evidence),
        "people": _dump(sorted(one.people)),
        "open": True,
        "rows": one.rows,
        "whom": json.dumps([_candidate(whom) for whom in one.whom], ensure_ascii=False),
        "suggestion": one.suggestion,
    }


def _candidate(one: Candidate) -> list[str]:
    return [one.person, one.name, *map(written_or_plain, one.reasons)]


def asked(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[AskedQuestion]:
    """Return the questions that *rows* of the table hold; what is JSON in all of them is read at once."""
    found = list(rows)
    lists = json.loads(f"[{','.join(text for row in found for text in _lists(row))}]")
    return [_asked(row, *lists[4 * place : 4 * place + 4]) for place, row in enumerate(found)]


def _lists(row: Row[*tuple[Any, ...]]) -> tuple[str, str, str, str]:
    return row.candidates, row.evidence, row.people, row.whom


def _asked(
    row: Row[*tuple[Any, ...]], candidates: list[str], evidence: list[str], people: list[str], whom: list[list[str]]
) -> AskedQuestion:
    return AskedQuestion(
        id=row.key,
        kind=row.kind,
        subject=row.subject,
        text=read_again(row.text),
        session=SessionId(row.session) if row.session is not None else None,
        candidates=tuple(candidates),
        assumed=row.assumed,
        evidence=tuple(evidence),
        people=frozenset(map(PersonKey, people)),
        answer=row.answer,
        answered_by=row.answered_by,
        open=row.open,
        rows=row.rows,
        whom=tuple(Candidate(PersonKey(one), name, tuple(map(read_again, reasons))) for one, name, *reasons in whom),
        suggestion=row.suggestion,
    )


def _dump(values: Sequence[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
