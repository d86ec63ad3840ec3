"""Row ids of people: who is new gets one and a reference of her own."""

import secrets
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from certs.db import bulk, tables
from certs.model import PersonKey

_REMEMBERED = 200_000
"""People whose row ids are kept while a long file is stored."""
_KEYS_AT_ONCE = 1_000
"""Parameters in one IN list; SQLite takes 32,766."""


def person_ids(connection: Connection, keys: Iterable[PersonKey]) -> dict[PersonKey, int]:
    """Return the row id of each person, who is made known where the register does not know her yet."""
    wanted = sorted(set(keys))
    if wanted:
        rows = [{"key": key, "ref": secrets.token_hex(16)} for key in wanted]
        connection.execute(bulk.insert_missing(connection, tables.Person), rows)
    found: dict[PersonKey, int] = {}
    for start in range(0, len(wanted), _KEYS_AT_ONCE):
        part = wanted[start : start + _KEYS_AT_ONCE]
        query = select(tables.Person.key, tables.Person.id).where(tables.Person.key.in_(part))
        found.update((PersonKey(row.key), row.id) for row in connection.execute(query))
    return found


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
