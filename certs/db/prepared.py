"""A SELECT with one parameter, compiled once and run by the driver itself: what stands behind every page.

SQLAlchemy's own execution takes several times as long as such a query: it begins a transaction and wraps cursor and
rows. Here the statement is a string that SQLAlchemy wrote, and the columns' own converters are applied to what the
driver returns.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Engine, Select

from certs.db.connections import Connections
from certs.db.errors import sentence
from certs.errors import StorageError

SOUGHT = "sought"
"""Name of the parameter."""
Converter = tuple[int, Callable[[Any], Any]]


class Prepared:
    """*query* on *connections*; safe to share between threads."""

    def __init__(self, connections: Connections, query: Select[*tuple[Any, ...]]) -> None:
        engine = connections.engine
        compiled = query.compile(engine)
        self._connections = connections
        self._sql = str(compiled)
        self._parameters = dict(compiled.params)
        self._order = compiled.positiontup if compiled.positional else None
        self._row = _row_type([str(column.key) for column in query.selected_columns])
        self._converters = _converters(engine, query)
        self._errors: Any = engine.dialect.loaded_dbapi.Error

    def rows(self, sought: str | int) -> list[Any]:
        """Return what the query finds, as named tuples.

        Raises:
            StorageError: the database fails.
        """
        parameters = {**self._parameters, SOUGHT: sought}
        found = self._fetched(parameters if self._order is None else [parameters[name] for name in self._order])
        return [self._row._make(_converted(row, self._converters)) for row in found]

    def _fetched(self, parameters: object) -> Sequence[Sequence[Any]]:
        connection = self._connections.take()
        broken = True
        try:
            cursor: Any = connection.cursor()
            cursor.execute(self._sql, parameters)
            found: Sequence[Sequence[Any]] = cursor.fetchall()
            cursor.close()
            broken = False
        except self._errors as error:
            raise StorageError(sentence(error)) from error
        finally:
            self._connections.give_back(connection, broken=broken)
        return found


def _row_type(names: Sequence[str]) -> Any:
    return namedtuple("_Row", names)


def _converters(engine: Engine, query: Select[*tuple[Any, ...]]) -> list[Converter]:
    """Return which columns are to be converted, and how: times, mostly."""
    found: list[Converter] = []
    for place, column in enumerate(query.selected_columns):
        processor = column.type.dialect_impl(engine.dialect).result_processor(engine.dialect, None)
        if processor is not None:
            found.append((place, processor))
    return found


def _converted(row: Sequence[Any], converters: Sequence[Converter]) -> list[Any]:
    values = list(row)
    for place, convert in converters:
        values[place] = convert(values[place])
    return values
