"""What the register holds about one person: all of it to be handed out, and what goes and stays when she is erased."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Select, or_, select

from certs.db import audit, erasing, facts, masked, tables
from certs.db.engine import reading, writing
from certs.errors import ConflictError, NotFoundError
from certs.ground.number import printed
from certs.model import Act, Number, PersonKey
from certs.model.herself import Cell, Erasable, Holding, Part
from certs.wording import listing, say

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ADDRESS = re.compile(r"""[^\s@<>()\[\],;:"'\\]+@[^\s@<>()\[\],;:"'\\]+""")
_Rows = Iterator[Mapping[str, Cell]]
_event, _file = tables.Event, tables.ImportFile


class People:
    """What is held about people; implements `certs.ports.People`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def held(self, person: PersonKey) -> Holding:
        """Return everything that is held about the person with that address.

        Raises:
            NotFoundError: nobody has that address.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            her = _found(connection, person)
            parts = (Part(kind, list(rows)) for kind, rows in _parts(connection, her))
            return Holding(her.address, her.ref, [part for part in parts if part.rows])

    def erasable(self, person: PersonKey) -> Erasable:
        """Return what erasing her would remove and what would stay.

        Raises:
            NotFoundError: nobody has that address.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return erasing.erasable(connection, _found(connection, person))

    def erase(self, planned: Erasable, act: Act) -> Erasable:
        """Erase her, all of it or nothing; return what was removed and what stays.

        Raises:
            ConflictError: a certificate for her is ordered and not issued, or what is held changed since *planned*.
            NotFoundError: nobody has that address any more.
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            audit.lock(connection)
            her = _found(connection, planned.person)
            now = erasing.erasable(connection, her)
            if now.underway:
                raise ConflictError(_underway(now))
            if now != planned:
                raise ConflictError(
                    say(
                        "What the register holds about her changed meanwhile; nothing was erased. Look, then try again."
                    )
                )
            erasing.erase(connection, her, act.at, act.actor)
            note(connection, now, act)
        return now

    def erased(self) -> Collection[str]:
        """Return every reference that was ever of somebody who was erased.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            found = connection.execute(select(tables.Erased.refs)).scalars().all()
        return sorted({ref for text in found for ref in json.loads(text)})


def note(connection: Connection, done: Erasable, act: Act) -> None:
    """Append to the trail that somebody was erased, by her reference: once for each event, whose decisions change."""
    new: dict[str, object] = {**done.removed, "files": list(done.files), "certificates": len(done.certificates)}
    changes = [audit.Change("person.erase", slug, f"person {done.ref}", new=new) for slug in done.events or ("",)]
    audit.append_all(connection, act, changes)


def _underway(now: Erasable) -> str:
    numbers = listing(printed(one) for one in now.underway)
    return say(
        "{numbers} of hers is ordered and not issued. Issue or cancel it first, then erase her.", numbers=numbers
    )


def _found(connection: Connection, person: PersonKey) -> erasing.Her:
    her = erasing.find(connection, person)
    if her is None:
        raise NotFoundError(say("The register knows nobody with the address {person}.", person=person))
    return her


def _parts(connection: Connection, her: erasing.Her) -> Iterator[tuple[str, _Rows]]:
    """Yield every kind of rows that are hers."""
    person = tables.Person
    yield "person", _plain(connection, select(person.key.label("address"), person.ref).where(person.id == her.id))
    for kind, row in (
        ("registrations", tables.Registration),
        ("joins", tables.Join),
        ("marks", tables.Mark),
    ):
        yield kind, _plain(connection, _of_files(row).where(row.person_id == her.id).order_by(row.id))
    yield "unmatched", _plain(connection, _of_files(tables.Unmatched).where(_made_hers(connection, her)))
    for kind, said in (("evidence", tables.Evidence), ("rulings", tables.Ruling)):
        query = select(_event.slug.label("event"), *_own(said)).join(_event, _event.id == said.event_id)
        yield kind, _plain(connection, query.where(said.person_id == her.id).order_by(said.id))
    decided = tables.Decision
    query = select(_event.slug.label("event"), *_own(decided)).join(_event, _event.id == decided.event_id)
    yield "decisions", _plain(connection, query.where(decided.person == her.address))
    yield "certificates", _certificates(connection, her)
    yield "questions", _questions(connection, her)
    link = tables.WithdrawnLink
    yield "links", _plain(connection, select(link.ref, link.at, link.by, link.reason).where(link.person_id == her.id))
    wish = tables.Request
    asked = [one for one in _own(wish) if one.key != "content"]
    query = select(_event.slug.label("event"), *asked).join(_event, _event.id == wish.event_id)
    yield "requests", _plain(connection, query.where(wish.person_id == her.id).order_by(wish.id))
    mail, declined = tables.Message, tables.MailDeclined
    query = select(mail.slug.label("event"), mail.kind, mail.address, mail.language, mail.facts, mail.state)
    query = query.add_columns(mail.queued_at, mail.changed_at, mail.said).where(mail.person == her.address)
    yield "messages", _plain(connection, query.order_by(mail.id))
    yield "declined", _plain(connection, select(declined.at).where(declined.person == her.address))
    yield "corrections", _corrections(connection, her)
    yield "trail", _trail(connection, her)


def _made_hers(connection: Connection, her: erasing.Her) -> Any:
    return tables.Unmatched.id.in_([one.id for one in erasing.made_hers(connection, her)])


def _of_files(row: Any) -> Select[*tuple[Any, ...]]:
    """Select what was read of files, each with its file and event."""
    where = select(_event.slug.label("event"), _file.name.label("file"), *_own(row))
    return where.join(_file, _file.id == row.import_id).join(_event, _event.id == _file.event_id)


def _own(row: Any) -> list[Any]:
    """Return the columns of a table that say something."""
    hidden = {"id", "event_id", "person_id", "import_id", "batch_id", "folded", "sorted", "person", "reading", "line"}
    if "line" in row.__table__.c:
        hidden -= {"line"}
    return [column for column in row.__table__.c if column.name not in hidden]


def _plain(connection: Connection, query: Select[*tuple[Any, ...]]) -> _Rows:
    for found in connection.execute(query).mappings():
        yield {name: _cell(name, value) for name, value in found.items()}


def _cell(name: str, value: object) -> Cell:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if name.endswith("_us") and isinstance(value, int):
        return (_EPOCH + timedelta(microseconds=value)).isoformat()
    return value if isinstance(value, str | int | bool | None) else str(value)


def _certificates(connection: Connection, her: erasing.Her) -> _Rows:
    """Yield what was ordered for her, with all that it states."""
    row, issued, batch = tables.Certificate, tables.Issued, tables.Batch
    query = (
        select(*facts.STATED, row.state, row.decision, batch.facts, batch.issued_on)
        .add_columns(issued.registered_at, issued.claim_text, issued.pdf_sha256)
        .select_from(row)
        .join(batch, batch.id == row.batch_id)
        .outerjoin(issued, issued.certificate_id == row.id)
        .where(row.person_id == her.id)
        .order_by(row.id)
    )
    for one in connection.execute(query):
        said = facts.statement(facts.load(one.facts), one.issued_on, one)
        yield {
            "number": printed(said.number),
            "event": said.event.slug,
            "title": said.event.title,
            "issuer": said.event.issuer,
            "kind": said.kind,
            "name": said.name,
            "sessions": ", ".join(sorted(said.attended)),
            "hours": str(said.quarter_hours / 4),
            "issued_on": said.issued_on.isoformat(),
            "state": one.state,
            "registered_at": None if one.registered_at is None else one.registered_at.isoformat(),
            "because": one.decision,
            "claim": one.claim_text,
            "sha256": one.pdf_sha256,
        }


def _questions(connection: Connection, her: erasing.Her) -> _Rows:
    slugs = {one.id: one.slug for one in connection.execute(select(_event.id, _event.slug))}
    for one in erasing.questions(connection, her):
        held = {name: getattr(one, name) for name in ("kind", "text", "evidence", "answer")}
        yield {"event": slugs[one.event_id], **{name: _hers_alone(text, her) for name, text in held.items()}}


def _hers_alone(text: str, her: erasing.Her) -> str:
    """Return *text* without the addresses of others, who did not ask."""
    return _ADDRESS.sub(lambda found: found[0] if found[0].lower() == her.address else "…", text)


def _corrections(connection: Connection, her: erasing.Her) -> _Rows:
    row, of = tables.Gathered, tables.Certificate
    mine = select(of.number).where(of.person_id == her.id)
    query = select(row.number, row.changes, row.reason, row.given_by, row.given_at).where(row.number.in_(mine))
    for one in _plain(connection, query):
        yield {**one, "number": printed(Number(str(one["number"])))}


def _trail(connection: Connection, her: erasing.Her) -> _Rows:
    """Yield the entries that hold her address, what they say of others left out: who, when, which act, why."""
    row, hidden = tables.Audit, masked.pattern([her.address])
    likely = or_(*(getattr(row, name).contains(her.address, autoescape=True) for name in masked.HOLD_NAMES))
    query = select(row.at, row.actor, row.act, row.event, row.subject, row.reason, row.old, row.new).where(likely)
    for one in connection.execute(query.order_by(row.id)).mappings():
        if hidden is not None and any(hidden.search(one[name]) for name in masked.HOLD_NAMES):
            yield {name: value for name, value in one.items() if name not in {"old", "new"}}
