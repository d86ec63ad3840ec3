"""Events in the register."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, union, update

from certs.db import audit, pictures, records, tables
from certs.db.engine import reading, writing
from certs.errors import ConflictError, NotFoundError
from certs.model import Act, Event, PictureFile
from certs.wording import hint, say


class Events:
    """Events by their file; implements `certs.ports.Events`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, event: Event, definition: str, act: Act, before: str | None = None) -> bool:
        """Store *event* with its pictures, or its new definition; return False where the register holds it already.

        With *before*, only where the register holds that definition until then, empty for none.

        Raises:
            ConflictError: a session that has imports would vanish, or somebody else changed the event meanwhile.
            StorageError: the database fails.
        """
        names = pictures.named(event.pictures)
        with writing(self._engine) as connection:
            held = connection.execute(select(*tables.Event.__table__.c).where(tables.Event.slug == event.slug)).first()
            if before is not None and before != ("" if held is None else held.definition):
                raise ConflictError(
                    say("Somebody else changed {slug} meanwhile; nothing was changed. Look again.", slug=event.slug)
                )
            if held is not None and (held.definition, held.pictures) == (definition, names):
                return False
            pictures.store(connection, event.pictures)
            event_id = _store(connection, event, {"definition": definition, "pictures": names}, held, act)
            _store_sessions(connection, event_id, event)
            old = None if held is None else _kept(held.definition, held.pictures)
            what = "event.add" if held is None else "event.change"
            audit.append(connection, act, audit.Change(what, event.slug, event.slug, old, _kept(definition, names)))
        return True

    def pictures(self, slug: str) -> Mapping[str, PictureFile]:
        """Return the event's pictures by the names in its file.

        Raises:
            NotFoundError: no such event; names those that exist.
            StorageError: the database fails, or a picture is missing there.
        """
        names = str(self._find(slug).pictures)
        with reading(self._engine) as connection:
            return pictures.of_names(connection, names)

    def definition(self, slug: str) -> str:
        """Return the event file's text.

        Raises:
            NotFoundError: no such event; names those that exist.
            StorageError: the database fails.
        """
        return str(self._find(slug).definition)

    def as_of(self, slug: str, *, besides_orders: bool = False) -> int:
        """Return the number of the newest entry about the event in the audit trail, 0 if there is none.

        With *besides_orders*, of those that decisions are based on: imports, answers, rules, what people said.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return audit.last_id(connection, slug, besides_orders=besides_orders)

    def title(self, slug: str) -> str:
        """Return the event's title.

        Raises:
            NotFoundError: no such event; names those that exist.
            StorageError: the database fails.
        """
        return str(self._find(slug).title)

    def _find(self, slug: str) -> Row[*tuple[Any, ...]]:
        with reading(self._engine) as connection:
            found = connection.execute(select(*tables.Event.__table__.c).where(tables.Event.slug == slug)).first()
        if found is None:
            raise NotFoundError(_no_such_event(slug, self.slugs()))
        return found

    def slugs(self) -> list[str]:
        """Return every event's slug, in order.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return _slugs(connection)


def id_of(connection: Connection, slug: str) -> int:
    """Return the row id of the event *slug*.

    Raises:
        NotFoundError: there is none.
    """
    found = connection.execute(select(tables.Event.id).where(tables.Event.slug == slug)).scalar()
    if found is None:
        raise NotFoundError(_no_such_event(slug, _slugs(connection)))
    return int(found)


def _slugs(connection: Connection) -> list[str]:
    return list(connection.execute(select(tables.Event.slug).order_by(tables.Event.slug)).scalars())


def _no_such_event(slug: str, slugs: list[str]) -> str:
    if slugs:
        return say("There is no event {slug!r}. There are: {slugs}.", slug=slug, slugs=", ".join(slugs))
    return say("There is no event {slug!r}. Add it with: {add}.", slug=slug, add=hint("event_add"))


def _kept(definition: str, names: str) -> dict[str, object]:
    """Return what the trail keeps of an event file and its pictures."""
    return {"definition": definition, **({"pictures": json.loads(names)} if names else {})}


def _store(
    connection: Connection, event: Event, facts: dict[str, str], before: Row[*tuple[Any, ...]] | None, act: Act
) -> int:
    facts = {"title": event.title, **facts}
    if before is not None:
        connection.execute(update(tables.Event).where(tables.Event.id == before.id).values(**facts))
        return int(before.id)
    added = insert(tables.Event).values(slug=event.slug, added_at=act.at, **facts).returning(tables.Event.id)
    return int(connection.execute(added).scalar_one())


def _store_sessions(connection: Connection, event_id: int, event: Event) -> None:
    imported = (
        select(tables.Join.session)
        .join(tables.ImportFile, tables.ImportFile.id == tables.Join.import_id)
        .join(tables.Reading, records.of_reading(tables.Join))
        .where(tables.ImportFile.event_id == event_id, tables.Reading.undone_at.is_(None))
    )
    evidence = select(tables.Evidence.session).where(tables.Evidence.event_id == event_id)
    needed = set(connection.execute(union(imported, evidence)).scalars())
    if lost := sorted(needed - {session.id for session in event.sessions}):
        raise ConflictError(
            say("Session {lost} has imports or evidence and must stay in the event file.", lost=", ".join(lost))
        )
    connection.execute(delete(tables.Session).where(tables.Session.event_id == event_id))
    rows = [{"event_id": event_id, "session": session.id} for session in event.sessions]
    connection.execute(insert(tables.Session), rows)
