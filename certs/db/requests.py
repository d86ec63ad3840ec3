"""Requests of participants, in the register, so that none is lost; the trail says that there was one, not its words."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, func, insert, select, update

from certs.db import audit, cursors, tables
from certs.db.engine import reading, writing
from certs.db.events import id_of
from certs.db.people import PRESENT
from certs.errors import ConflictError, NotFoundError
from certs.model import (
    Act,
    Asked,
    Attached,
    Number,
    Page,
    PersonKey,
    Request,
    RequestKind,
    RequestsSought,
    RequestState,
)
from certs.wording import say

_row, _person = tables.Request, tables.Person
_COLUMNS = tuple(one for one in _row.__table__.c if one.key not in {"content", "person_id", "event_id"})
_SHOWN = (
    select(*_COLUMNS, tables.Event.slug, _person.key, func.length(_row.content).label("size"))
    .join(tables.Event, tables.Event.id == _row.event_id)
    .join(_person, and_(_person.id == _row.person_id, PRESENT))
)


class Requests:
    """What participants ask for; implements `certs.ports.Requests`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, slug: str, asked: Asked, act: Act, attached: Attached | None = None) -> int:
        """Keep what is asked; see `certs.ports.Requests`.

        Raises:
            ConflictError: the same person asked the like in this event and nobody answered yet.
            NotFoundError: no such event, or the register does not know the person.
            StorageError: the database fails.
        """
        twice = say("You asked for this already, and nobody has answered yet.")
        with writing(self._engine, twice) as connection:
            added = insert(_row).values(**_fields(connection, slug, asked, act), **_file(attached)).returning(_row.id)
            id_ = int(connection.execute(added).scalar_one())
            what = "request.confirm" if asked.granted else "request.ask"
            new = {"request": id_, "kind": asked.kind.value}
            audit.append(connection, act, audit.Change(what, slug, asked.person, new=new))
            return id_

    def of_person(self, person: PersonKey) -> Sequence[Request]:
        """Return what *person* ever asked for, the newest first.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            found = connection.execute(_SHOWN.where(_person.key == person).order_by(_row.id.desc()))
            return [_request(one) for one in found]

    def listed(self, slug: str, sought: RequestsSought, after: str = "", limit: int = 50) -> Page[Request]:
        """Return some requests of an event, the oldest first; see `certs.ports.Requests`.

        Raises:
            InputError: that is no cursor of this list.
            StorageError: the database fails.
        """
        query = _SHOWN.where(tables.Event.slug == slug)
        if sought.state is not None:
            query = query.where(_row.state == sought.state.value)
        if sought.kind is not None:
            query = query.where(_row.kind == sought.kind.value)
        if after:
            query = query.where(_row.id > cursors.read(after, (int,))[0])
        with reading(self._engine) as connection:
            found = connection.execute(query.order_by(_row.id).limit(limit + 1)).all()
        shown = [_request(one) for one in found[:limit]]
        return Page(shown, cursors.written([shown[-1].id]) if len(found) > limit else "")

    def get(self, slug: str, id_: int) -> Request:
        """Return one.

        Raises:
            NotFoundError: the event has none of that id.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            found = connection.execute(_SHOWN.where(tables.Event.slug == slug, _row.id == id_)).first()
        if found is None:
            raise _absent()
        return _request(found)

    def content(self, slug: str, id_: int) -> bytes:
        """Return the file that came with one.

        Raises:
            NotFoundError: the event has none of that id, or it has no file.
            StorageError: the database fails.
        """
        query = select(_row.content).join(tables.Event).where(tables.Event.slug == slug, _row.id == id_)
        with reading(self._engine) as connection:
            found = connection.execute(query).scalar()
        if not found:
            raise NotFoundError(say("This request has no file."))
        return bytes(found)

    def end(self, slug: str, id_: int, state: RequestState, answer: str, act: Act) -> None:
        """Answer one.

        Raises:
            ConflictError: somebody answered it already.
            NotFoundError: the event has none of that id.
            StorageError: the database fails.
        """
        person = self.get(slug, id_).asked.person
        ended = {"state": state.value, "answer": answer, "ended_at": act.at, "ended_by": act.actor}
        with writing(self._engine) as connection:
            mine = update(_row).where(_row.id == id_, _row.state == RequestState.ASKED.value)
            if connection.execute(mine.values(**ended)).rowcount != 1:
                raise ConflictError(say("Somebody else answered this request a moment ago; nothing was changed."))
            new = {"request": id_, "state": state.value}
            audit.append(connection, act, audit.Change("request.end", slug, person, new=new))

    def waiting(self, slugs: Collection[str]) -> Mapping[str, tuple[int, datetime]]:
        """Return for each event in which requests wait how many, and since when the oldest.

        Raises:
            StorageError: the database fails.
        """
        query = select(tables.Event.slug, func.count(), func.min(_row.asked_at)).join(
            _row, _row.event_id == tables.Event.id
        )
        query = query.where(_row.state == RequestState.ASKED.value, tables.Event.slug.in_(slugs))
        with reading(self._engine) as connection:
            return {slug: (count, at) for slug, count, at in connection.execute(query.group_by(tables.Event.slug))}


def _fields(connection: Connection, slug: str, asked: Asked, act: Act) -> dict[str, Any]:
    person = connection.execute(select(_person.id).where(_person.key == asked.person)).scalar()
    if person is None:
        raise NotFoundError(say("The register knows nobody with the address {person}.", person=asked.person))
    state = RequestState.ACCEPTED if asked.granted else RequestState.ASKED
    return {
        "event_id": id_of(connection, slug),
        "person_id": person,
        "kind": asked.kind.value,
        "state": state.value,
        "words": asked.words,
        "name": asked.name,
        "before": asked.before,
        "number": asked.number,
        "asked_at": act.at,
        "ended_at": act.at if asked.granted else None,
        "ended_by": act.actor if asked.granted else "",
    }


def _file(attached: Attached | None) -> dict[str, Any]:
    if attached is None:
        return {"attached": "", "media": "", "content": b""}
    return {"attached": attached.name, "media": attached.media, "content": attached.data}


def _request(row: Row[*tuple[Any, ...]]) -> Request:
    state, number = RequestState(row.state), None if row.number is None else Number(row.number)
    granted = state is RequestState.ACCEPTED and row.ended_by == row.key
    kind, person = RequestKind(row.kind), PersonKey(row.key)
    asked = Asked(kind, person, row.words, row.name, row.before, number, granted)
    file = row.attached, row.media, row.size
    return Request(row.id, row.slug, asked, state, row.asked_at, *file, row.ended_at, row.ended_by, row.answer)


def _absent() -> NotFoundError:
    return NotFoundError(say("This event has no such request."))
