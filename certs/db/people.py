"""Row ids of people: who is new gets one and a reference of her own."""

import secrets
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, func, select

from certs.db import bulk, tables
from certs.model import PersonKey

PRESENT = tables.Person.erased_at.is_(None)
"""What is true of everybody who was not erased: lists, exports and pages ask for it."""
KNOWN_AS = func.coalesce(tables.Erased.address, tables.Person.key).label("key")
"""The address that signatures rest on, also of somebody who was erased; needs `OF_ERASED` joined from outside."""
OF_ERASED = tables.Erased.person_id == tables.Person.id

_REMEMBERED = 200_000
"""People whose row ids are kept while a long file is stored."""


def person_ids(connection: Connection, keys: Iterable[PersonKey]) -> dict[PersonKey, int]:
    """Return the row id of each person, who is made known where the register does not know her yet."""
    wanted: list[str] = sorted(set(keys))
    if not wanted:
        return {}
    rows = [(key, secrets.token_hex(16)) for key in wanted]
    bulk.insert_new(connection, tables.Person.__tablename__, ("key", "ref"), rows)
    query = select(tables.Person.key, tables.Person.id).where(bulk.among(connection, tables.Person.key, wanted))
    return {PersonKey(key): row for key, row in connection.execute(query)}


class Known:
    """Row ids of people, remembered from one portion of rows to the next."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ids: dict[PersonKey, int] = {}

    def ids(self, people: Iterable[PersonKey]) -> Mapping[PersonKey, int]:
        """Return the row id of everybody in *people*, and perhaps of others."""
        if len(self._ids) > _REMEMBERED:
            self._ids.clear()
        self._ids.update(person_ids(self._connection, {p for p in people if p not in self._ids}))
        return self._ids
