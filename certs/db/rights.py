"""What this process may not do with the register that daily work needs; for `certs doctor`."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import Engine, text

from certs.db.engine import reading
from certs.db.migrate import place_of
from certs.db.tables import Base

_SHOWN = 3
_READ_ONLY = "SELECT current_setting('transaction_read_only') = 'on'"
_LACKING = """
    SELECT string_agg(needed.way || ' on ' || c.relname, ', ' ORDER BY c.relname, needed.way)
    FROM pg_class c, (VALUES ('SELECT'), ('INSERT'), ('UPDATE')) AS needed (way)
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname = ANY(:tables)
    AND NOT has_table_privilege(c.oid, needed.way) AND (needed.way <> 'UPDATE' OR c.relname = 'certificate')
"""
_MADE_ANEW = ("counted", "decision", "errand_file", "list_asked", "list_link", "session")
"""Tables whose rows do not stay: they are derived from the rest, or wait for a worker."""
_LEFT_OVER = """
    SELECT string_agg('DELETE on ' || c.relname, ', ' ORDER BY c.relname) FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname = ANY(:tables)
    AND NOT has_table_privilege(c.oid, 'DELETE')
"""
_DEPRIVED = """
    SELECT string_agg(c.relname, ', ' ORDER BY c.relname) FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname = ANY(:tables)
    AND NOT has_table_privilege(c.relowner, c.oid, 'UPDATE')
"""


def faults(engine: Engine) -> Iterator[str]:
    """Yield what stands in the way of writing, and what to do.

    Raises:
        StorageError: the database is out of reach.
    """
    if engine.dialect.name == "sqlite":
        yield from _of_file(Path(str(engine.url.database)))
        return
    tables = {"tables": sorted(Base.metadata.tables)}
    with reading(engine) as connection:
        read_only = connection.execute(text(_READ_ONLY)).scalar()
        lacking = connection.execute(text(_LACKING), tables).scalar()
        left_over = connection.execute(text(_LEFT_OVER), {"tables": list(_MADE_ANEW)}).scalar()
        deprived = connection.execute(text(_DEPRIVED), tables).scalar()
    place, grants = place_of(engine), "docs/operations.md has the grants, under PostgreSQL."
    if read_only:
        yield f"{place} takes no changes, as a read replica does: it can serve pages, and nothing can be done here."
    if lacking:
        yield f"The role of {place} lacks {_some(lacking.split(', '))}: it can serve pages at most. {grants}"
    elif left_over:
        lacks = _some(left_over.split(", "))
        yield f"The role of {place} lacks {lacks}: no decision is kept, and no event is changed. {grants}"
    if deprived:
        yield f"The tables' owner has lost UPDATE on {deprived}: no row that points there can be written. {grants}"


def _some(rights: Sequence[str]) -> str:
    """Return the first of *rights*, and how many more there are."""
    more = len(rights) - _SHOWN
    return ", ".join(rights[:_SHOWN]) + (f" and {more} more rights" if more > 0 else "")


def _of_file(file: Path) -> Iterator[str]:
    """SQLite also makes files beside its own."""
    closed = [str(path) for path in (file, file.parent) if path.exists() and not os.access(path, os.W_OK)]
    if closed:
        yield f"{' and '.join(closed)} may not be written to by this user: nothing can be done here."
