"""Many rows at once: executemany on SQLite, COPY on PostgreSQL; both an order of magnitude faster than the ORM."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ARRAY, ColumnElement, Connection, Insert, Table, Text, any_, func, literal, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute

from certs.db.errors import CONFLICT, sentence
from certs.errors import ConflictError, StorageError

Row = Sequence[object]
Value = TypeVar("Value", int, str)


def insert(connection: Connection, model: type[DeclarativeBase], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert *rows*, whose values stand in the order of *columns*, into the table of *model*.

    Raises:
        IntegrityError: a constraint refuses a row (on PostgreSQL already as ConflictError).
        StorageError: PostgreSQL fails.
    """
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model} is no table")
    insert_into(connection, table, columns, rows)


def insert_into(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert *rows* into *table*; see `insert`.

    Raises:
        IntegrityError: a constraint refuses a row (on PostgreSQL already as ConflictError).
        StorageError: PostgreSQL fails.
    """
    converted = list(_converted(connection, table, columns, rows))
    if not converted:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_insert(connection, table.name, columns), converted)
    else:
        copy(connection, table.name, columns, converted)


def insert_new(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    """Insert *rows* of texts into *table*, passing over those that are there already."""
    if rows:
        connection.exec_driver_sql(f"{_insert(connection, table, columns)} ON CONFLICT DO NOTHING", list(rows))


def among(
    connection: Connection, column: InstrumentedAttribute[Value], values: Collection[Value]
) -> ColumnElement[bool]:
    """Say that *column* is one of *values*, who may be too many for a list of parameters."""
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(values), ARRAY(column.type)))
    return column.in_(select(func.json_each(json.dumps(list(values))).table_valued("value").c.value))


def _insert(connection: Connection, table: str, columns: Sequence[str]) -> str:
    """Return an INSERT in the driver's own spelling."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608 -- our own names


def insert_missing(connection: Connection, model: type[DeclarativeBase]) -> Insert:
    """Return an INSERT into the table of *model* that passes over rows which are there already."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 -- only where it is used: it takes 0.05 s

        return postgresql.insert(model).on_conflict_do_nothing()
    return sqlite.insert(model).on_conflict_do_nothing()


def _converted(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row]
) -> Iterable[tuple[Any, ...]]:
    """Convert the columns whose type has something to convert, such as times."""
    converters: list[tuple[int, Callable[[Any], Any]]] = []
    for place, name in enumerate(columns):
        kind = table.c[name].type
        processor = (
            None if isinstance(kind, Text) else kind.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        )
        if processor is not None:
            converters.append((place, processor))
    if not converters:
        yield from map(tuple, rows)
        return
    for row in rows:
        values = list(row)
        for place, convert in converters:
            values[place] = convert(values[place])
        yield tuple(values)


def copy(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert *rows* into *table* of PostgreSQL as they come; what they raise undoes them.

    Raises:
        ConflictError: a constraint refuses a row.
        StorageError: PostgreSQL fails.
    """
    import psycopg  # noqa: PLC0415 -- only where PostgreSQL is used

    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as out:
            for row in rows:
                out.write_row(row)
    except psycopg.IntegrityError as error:
        raise ConflictError(CONFLICT) from error
    except psycopg.Error as error:
        raise StorageError(sentence(error)) from error
