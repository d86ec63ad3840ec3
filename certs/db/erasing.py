"""One person out of the register: what no signature rests on is emptied, what one does is withheld, all or nothing.

    emptied    joins, registrations, marks, rows that an answer made hers, evidence, rulings, why a link was withdrawn,
               why a certificate was ordered; questions about her; what was asked of workers with her address
    deleted    decisions, which are counted anew, and corrections that wait
    bytes      of every export as received in which she stands: it cannot be kept without her
    withheld   name and address on certificates that were ordered for her, and entries of the trail that name her

Emptied rows belong to no reading any more, so they count nowhere. Her row in `person` gets a key that is no address, so
whoever looks for her address finds nobody, and whoever brings it again is somebody new. What stays is in `erased`, read
to check signatures and to leave it out of the trail that people see. Doing it again changes nothing.
"""

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from certs.db import masked, messages, tables
from certs.ground import names
from certs.model import CertificateState, Number, PersonKey
from certs.model.herself import Erasable

NO_READING = 0
"""Readings of a file count from 1: rows of this one count nowhere."""
_UNDERWAY = (CertificateState.ORDERED.value, CertificateState.HELD.value)
_NO_PRESENCE: dict[str, Any] = {
    "name": "", "role": "attendee", "basis": "stated", "start_us": None, "end_us": None, "stated_seconds": 0,
    "reading": NO_READING, "line": 0,
}  # fmt: skip
_EMPTIED: Sequence[tuple[str, type[Any], Mapping[str, Any]]] = (
    ("joins", tables.Join, _NO_PRESENCE),
    (
        "registrations", tables.Registration,
        {"name": "", "country": "", "organisation": "", "reading": NO_READING, "line": 0},
    ),
    ("marks", tables.Mark, {"letter": "", "reading": NO_READING, "line": 0}),
    ("evidence", tables.Evidence, {"note": "", "seconds": 0, "withdrawn_reason": ""}),
    ("rulings", tables.Ruling, {"reason": "", "found": ""}),
    ("links", tables.WithdrawnLink, {"reason": ""}),
    (
        "requests", tables.Request,
        {
            **dict.fromkeys(("words", "name", "before", "attached", "media", "answer", "ended_by"), ""),
            "state": "refused", "content": b"",
        },
    ),
)  # fmt: skip
"""What is put in the place of what rows of hers say, by kind."""
KNOWN_TABLES = frozenset(table.__tablename__ for _, table, _ in _EMPTIED) | {
    "certificate",
    "decision",
    "erased",
    "message",
    "mail_declined",
    "list_asked",
    "list_link",
}
"""What has a person in a column; whoever adds a table says here what becomes of it."""
_HELD_OF_A_QUESTION = ("subject", "text", "candidates", "assumed", "evidence", "people", "answer", "whom", "suggestion")


class Her(NamedTuple):
    """A row of the table `person`, and every name by which the register knows her."""

    id: int
    address: PersonKey
    ref: str
    names: frozenset[str]
    events: Sequence[int]


def find(connection: Connection, person: PersonKey) -> Her | None:
    """Return who has that address now, None if nobody does."""
    row = tables.Person
    found = connection.execute(select(row.id, row.key, row.ref).where(row.key == person)).first()
    return None if found is None else _her(connection, found.id, found.key, found.ref)


def by_refs(connection: Connection, refs: Collection[str]) -> list[Her]:
    """Return those who are not erased here and had one of *refs* at any time."""
    row, link = tables.Person, tables.WithdrawnLink
    before = select(link.person_id).where(link.ref.in_(refs))
    query = select(row.id, row.key, row.ref).where(or_(row.ref.in_(refs), row.id.in_(before)), row.erased_at.is_(None))
    return [_her(connection, *one) for one in connection.execute(query.order_by(row.id)).all()]


def _her(connection: Connection, id_: int, key: str, ref: str) -> Her:
    called = {
        name
        for row in (tables.Join, tables.Registration, tables.Certificate)
        for name in connection.execute(select(row.name).where(row.person_id == id_).distinct()).scalars()
    }
    decided = select(tables.Decision.name).where(tables.Decision.person == key)
    called |= set(connection.execute(decided.distinct()).scalars())
    return Her(id_, PersonKey(key), ref, frozenset(filter(None, called)), _events(connection, id_, key))


def _events(connection: Connection, id_: int, key: str) -> list[int]:
    """Return the ids of the events in which anything is hers."""
    file, found = tables.ImportFile, set[int]()
    for row in (tables.Join, tables.Registration, tables.Mark):
        query = select(file.event_id).join(row, row.import_id == file.id).where(row.person_id == id_)
        found.update(connection.execute(query.distinct()).scalars())
    for said in (tables.Evidence, tables.Ruling, tables.Certificate):
        found.update(connection.execute(select(said.event_id).where(said.person_id == id_).distinct()).scalars())
    found.update(connection.execute(select(tables.Decision.event_id).where(tables.Decision.person == key)).scalars())
    return sorted(found)


def erasable(connection: Connection, her: Her) -> Erasable:
    """Return what erasing her would remove and what would stay."""
    row = tables.Certificate
    certificates = connection.execute(select(row.number, row.state).where(row.person_id == her.id).order_by(row.id))
    states = {Number(number): state for number, state in certificates}
    removed = {kind: _count(connection, table, her.id) for kind, table, _ in _EMPTIED}
    removed |= {"questions": len(questions(connection, her)), "unmatched": len(made_hers(connection, her))}
    mail = select(func.count()).select_from(tables.Message).where(tables.Message.person == her.address)
    removed["messages"] = int(connection.execute(mail).scalar_one())
    titles = select(tables.Event.slug).where(tables.Event.id.in_(her.events)).order_by(tables.Event.slug)
    return Erasable(
        person=her.address,
        ref=her.ref,
        names=sorted(her.names),
        removed={kind: count for kind, count in removed.items() if count},
        certificates=[one for one, state in states.items() if state == CertificateState.ISSUED.value],
        underway=[one for one, state in states.items() if state in _UNDERWAY],
        files=[name for _, name in _files(connection, her)],
        in_trail=_in_trail(connection, [her.address, *her.names]),
        events=list(connection.execute(titles).scalars()),
    )


def _count(connection: Connection, table: Any, person: int) -> int:
    query = select(func.count()).select_from(table).where(table.person_id == person)
    return int(connection.execute(query).scalar_one())


def erase(connection: Connection, her: Her, at: datetime, by: str) -> Mapping[str, int]:
    """Erase her inside the caller's transaction; return how many rows of which kind were emptied or deleted."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")  # what is emptied is not left in free pages
    kept = _kept(connection, her, at, by)
    new_ref = secrets.token_hex(16)
    mine = update(tables.Person).where(tables.Person.id == her.id)
    connection.execute(mine.values(key=f"erased:{new_ref}", ref=new_ref, erased_at=at))
    done = {"unmatched": _empty_unmatched(connection, her), "files": _empty_files(connection, her)}
    done["questions"] = _empty_questions(connection, her)
    for kind, table, values in _EMPTIED:
        done[kind] = connection.execute(update(table).where(table.person_id == her.id).values(**values)).rowcount
    _empty_certificates(connection, her)
    _forget_counts(connection, her)
    connection.execute(delete(tables.ListLink).where(tables.ListLink.person_id == her.id))
    connection.execute(delete(tables.ListAsked).where(tables.ListAsked.address == her.address))
    done["messages"] = messages.forget(connection, her.address)
    connection.execute(delete(tables.MailDeclined).where(tables.MailDeclined.person == her.address))
    _empty_errands(connection, her)
    _end_link(connection, her, at, by)
    connection.execute(insert(tables.Erased).values(**kept))
    return {kind: count for kind, count in done.items() if count}


def _kept(connection: Connection, her: Her, at: datetime, by: str) -> dict[str, Any]:
    """Return what stays in `erased`: her address only where a signature or the trail rests on it."""
    told = [one for one in (her.address, *sorted(her.names)) if _in_trail(connection, [one])]
    ordered = _count(connection, tables.Certificate, her.id)
    link = tables.WithdrawnLink
    refs = [her.ref, *connection.execute(select(link.ref).where(link.person_id == her.id)).scalars()]
    address = her.address if ordered or her.address in told else ""
    said = {"words": json.dumps(told, ensure_ascii=False), "refs": json.dumps(refs)}
    return {"person_id": her.id, "at": at, "by": by, "address": address, **said}


def _in_trail(connection: Connection, words: Iterable[str]) -> int:
    """Return how many entries of the trail hold one of *words*."""
    hidden = masked.pattern(words)
    if hidden is None:
        return 0
    row = tables.Audit
    columns = [getattr(row, name) for name in masked.HOLD_NAMES]
    texts = connection.execute(select(*columns), execution_options={"yield_per": 500})
    return sum(any(hidden.search(text) for text in found) for found in texts)


def _files(connection: Connection, her: Her) -> list[tuple[int, str]]:
    """Return the exports in which she stands and whose bytes are there still."""
    file, found = tables.ImportFile, dict[int, str]()
    for row in (tables.Join, tables.Registration, tables.Mark):
        query = select(file.id, file.name).join(row, row.import_id == file.id).where(row.person_id == her.id)
        found.update((id_, name) for id_, name in connection.execute(query.distinct()))
    answered = {one.import_id for one in made_hers(connection, her)}
    query = select(file.id, file.name).where(file.id.in_(answered))
    found.update((id_, name) for id_, name in connection.execute(query))
    there = select(file.id).where(file.id.in_(found), func.length(file.content) > 0)
    return [(id_, found[id_]) for id_ in connection.execute(there.order_by(file.id)).scalars()]


def _empty_files(connection: Connection, her: Her) -> int:
    ids = [id_ for id_, _ in _files(connection, her)]
    file = tables.ImportFile
    connection.execute(update(file).where(file.id.in_(ids)).values(content=b""))
    return len(ids)


def questions(connection: Connection, her: Her) -> list[Any]:
    """Return the questions in which her address stands."""
    row, columns = tables.Question, [getattr(tables.Question, name) for name in _HELD_OF_A_QUESTION]
    mentions = or_(*(column.contains(her.address, autoescape=True) for column in columns))
    return list(connection.execute(select(*row.__table__.c).where(mentions, row.text != "")).all())


def made_hers(connection: Connection, her: Her) -> list[Any]:
    """Return the rows without an address that an answer says are hers."""
    row, file, found = tables.Unmatched, tables.ImportFile, list[Any]()
    for one in questions(connection, her):
        if one.answer == her.address and one.kind == "no_email":
            query = select(row.id, row.import_id, row.name).join(file, file.id == row.import_id)
            query = query.where(file.event_id == one.event_id, row.name != "")
            if one.session is not None:
                query = query.where(row.session == one.session)
            called = names.fold(one.subject)
            found += [this for this in connection.execute(query) if names.fold(this.name) == called]
    return found


def _empty_unmatched(connection: Connection, her: Her) -> int:
    ids = {one.id for one in made_hers(connection, her)}
    connection.execute(update(tables.Unmatched).where(tables.Unmatched.id.in_(ids)).values(**_NO_PRESENCE))
    return len(ids)


def _empty_questions(connection: Connection, her: Her) -> int:
    """Empty the questions that are about her; leave her out of those about others in which she was thought of."""
    row, found = tables.Question, questions(connection, her)
    for one in found:
        mine = update(row).where(row.event_id == one.event_id, row.key == one.key)
        connection.execute(mine.values(**(_nothing() if _is_hers(one, her) else _without_her(one, her))))
    return len(found)


def _is_hers(question: Any, her: Her) -> bool:
    others = set(json.loads(question.people)) - {her.address}
    return her.address in {question.answer, question.subject} or not (question.answer or others)


def _nothing() -> dict[str, Any]:
    lists = dict.fromkeys(("candidates", "evidence", "people", "whom"), "[]")
    return {**dict.fromkeys(("subject", "text", "assumed", "answer", "suggestion", "rows"), ""), **lists, "open": False}


def _without_her(question: Any, her: Her) -> dict[str, Any]:
    hidden = masked.pattern([her.address, *her.names])
    texts = {name: masked.without(getattr(question, name), hidden) for name in ("text", "assumed")}
    lists = {
        name: json.dumps([one for one in json.loads(getattr(question, name)) if her.address not in one])
        for name in ("candidates", "evidence", "people", "whom")
    }
    suggestion = "" if question.suggestion == her.address else question.suggestion
    return {**texts, **lists, "suggestion": suggestion}


def _empty_certificates(connection: Connection, her: Her) -> None:
    row, waits = tables.Certificate, tables.Gathered
    connection.execute(delete(waits).where(waits.number.in_(select(row.number).where(row.person_id == her.id))))
    connection.execute(update(row).where(row.person_id == her.id).values(decision="", error="", folded=""))


def _end_link(connection: Connection, her: Her, at: datetime, by: str) -> None:
    """Let her link lead nowhere, as one that was withdrawn."""
    link = tables.WithdrawnLink
    if connection.execute(select(link.ref).where(link.ref == her.ref)).first() is None:
        ended = {"ref": her.ref, "person_id": her.id, "at": at, "by": by, "reason": ""}
        connection.execute(insert(link).values(**ended))


def _forget_counts(connection: Connection, her: Her) -> None:
    """Let the decisions of her events be counted anew, without her; findings about them may name her, too."""
    for row in (tables.Decision, tables.Counted):
        connection.execute(delete(row).where(row.event_id.in_(her.events)))
    connection.execute(delete(tables.Decision).where(tables.Decision.person == her.address))


def _empty_errands(connection: Connection, her: Her) -> None:
    """Leave her out of what was asked of workers and is done."""
    row, hidden = tables.Errand, masked.pattern([her.address, *her.names])
    columns = ("what", "options", "reason", "sentence", "outcome")
    mentions = or_(*(getattr(row, name).contains(her.address, autoescape=True) for name in columns))
    query = select(row.id, *(getattr(row, name) for name in columns)).where(mentions, row.ended_at.is_not(None))
    for one in connection.execute(query).all():
        said = {name: masked.without(getattr(one, name), hidden) for name in columns}
        connection.execute(update(row).where(row.id == one.id).values(**said))
