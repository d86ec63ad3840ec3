"""What people decided in place of the rule, in the register: added, and never changed; the newest one counts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select

from certs.db import amendments, audit, tables
from certs.db.engine import reading, writing
from certs.db.events import id_of
from certs.db.people import PRESENT, person_ids
from certs.eligibility.words import count
from certs.model import Act, Amendment, PersonKey, Ruled, Ruling

_row = tables.Ruling
_HERS = tables.Person.id == _row.person_id
_QUERY = select(*_row.__table__.c, tables.Person.key).join(tables.Person, _HERS).where(PRESENT)
_VERBS = {Ruled.GRANTED: "grant", Ruled.WITHHELD: "withhold", Ruled.LIFTED: "lift"}


class Rulings:
    """What people decided; implements `certs.ports.Rulings`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self, slug: str) -> Sequence[Ruling]:
        """Return every ruling ever made in an event, newest last.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return of_event(connection, id_of(connection, slug))

    def add(self, slug: str, rulings: Sequence[Ruling], act: Act, amendment: Amendment | None = None) -> None:
        """Keep all of *rulings*, one decision on one or many people, or none; make *amendment* with them.

        Raises:
            ConflictError: the event is not any more as it was when the amendment was agreed to.
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            event_id = id_of(connection, slug)
            if amendment is not None:
                amendments.make(connection, slug, amendment, act)
            people = person_ids(connection, (one.person for one in rulings))
            rows = [{**_fields(one), "event_id": event_id, "person_id": people[one.person]} for one in rulings]
            connection.execute(insert(_row), rows)
            for ruled in sorted({one.ruled for one in rulings}):
                alike = [one for one in rulings if one.ruled is ruled]
                audit.append(connection, act, _change(slug, alike))


def of_event(connection: Connection, event_id: int) -> list[Ruling]:
    """Return every ruling ever made in an event, newest last."""
    mine = _QUERY.where(_row.event_id == event_id).order_by(_row.id)
    return [_ruling(row) for row in connection.execute(mine)]


def _change(slug: str, rulings: Sequence[Ruling]) -> audit.Change:
    """Return one decision, on however many people, for the trail."""
    subject = rulings[0].person if len(rulings) == 1 else count(len(rulings), "person", "people")
    about = {"kind": rulings[0].kind, "criteria": rulings[0].criteria}
    new = {**about, "found": {one.person: one.found for one in rulings}}
    return audit.Change(f"ruling.{_VERBS[rulings[0].ruled]}", slug, subject, new=new)


def _fields(one: Ruling) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "ruled": one.ruled.value,
        "reason": one.reason,
        "author": one.author,
        "at": one.at,
        "rule": one.rule,
        "criteria": one.criteria,
        "found": one.found,
    }


def _ruling(row: Row[*tuple[Any, ...]]) -> Ruling:
    return Ruling(
        person=PersonKey(row.key),
        kind=row.kind,
        ruled=Ruled(row.ruled),
        reason=row.reason,
        author=row.author,
        at=row.at,
        rule=row.rule,
        criteria=row.criteria,
        found=row.found,
        id=row.id,
    )
