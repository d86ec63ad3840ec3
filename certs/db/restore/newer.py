"""Other registers that may know more than the backup: a file that was saved, a database elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url

from certs.db import packs
from certs.db.errors import translated
from certs.db.migrate import HEAD, current
from certs.db.restore.backups import copied
from certs.errors import InputError
from certs.wording import hint, say

_ADDRESS = ("postgresql:", "postgresql+psycopg:", "postgres:")


@dataclass(frozen=True, slots=True)
class Newer:
    """A register to read from, and what whoever named it calls it."""

    connection: Connection
    name: str


@contextmanager
def newer(where: str, folder: Path, serial: int, opened: packs.Opened | None = None) -> Iterator[Newer]:
    """Yield the register at *where*, a SQLite file, which is copied into *folder*, or the address of a database.

    Raises:
        InputError: there is none, it is damaged, or of another version.
        StorageError: the database is out of reach, or the disk fails.
    """
    if where.startswith(_ADDRESS):
        with _elsewhere(where, opened) as found:
            yield found
        return
    path = Path(where.removeprefix("sqlite:///"))
    with (
        copied(path, folder, f"newer{serial}.db") as engine,
        translated(),
        packs.with_tails(engine, opened).connect() as connection,
    ):
        yield Newer(connection, path.name)


@contextmanager
def _elsewhere(where: str, opened: packs.Opened | None) -> Iterator[Newer]:
    """Yield one moment of a PostgreSQL register, which is not touched."""
    url = make_url(where.replace("postgres:", "postgresql:", 1)).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="REPEATABLE READ", hide_parameters=True)
    name = url.render_as_string(hide_password=True)
    try:
        with translated(), packs.with_tails(engine, opened).connect() as connection:
            if current(connection) != HEAD:
                raise InputError(
                    say(
                        "{name} is no register of this version of certs. Bring it up to date: {doctor}",
                        name=name,
                        doctor=hint("doctor"),
                    )
                )
            yield Newer(connection, name)
    finally:
        engine.dispose()
