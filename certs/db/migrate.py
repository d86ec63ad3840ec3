"""Bring a database to the schema of this program: migrated when older, refused when newer, created only on purpose.

A register is never created because somebody looked for it: an empty one would call every genuine certificate not
issued. Alembic is imported only when there is something to do, so that every command can ask.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from certs.db.engine import make_file, reading, unhurried, writing
from certs.db.tables import Base
from certs.errors import MissingError, StorageError
from certs.wording import hint, say

HEAD = "0041"
"""The newest revision in `migrations/versions`; a test holds the two together."""
_LOCK = 0x63657274
"""Key of the PostgreSQL advisory lock under which one process migrates: `cert` in ASCII."""
SCRIPTS = Path(__file__).parent / "migrations"
_OWNERS = """
    SELECT tablename, tableowner FROM pg_tables
    WHERE schemaname = current_schema() AND pg_has_role(tableowner, 'USAGE')
"""
VERSION = "alembic_version"


def missing(engine: Engine) -> str:
    """Return why there is no register in *engine*'s database, nothing if there is one, whatever its version.

    Raises:
        StorageError: the database is out of reach, holds something else, or a register that is not whole.
    """
    try:
        with reading(engine) as connection:
            _found(connection)
    except MissingError as error:
        return str(error)
    return ""


def upgrade(engine: Engine, before: Callable[[str], None] | None = None) -> None:
    """Migrate the register that is there, once, however many processes start together.

    *before* hears of its revision while nobody may write; what it raises stops everything.

    Raises:
        MissingError: there is none.
        StorageError: the database is out of reach, holds something else, a register that is not whole, or a newer one.
    """
    with reading(engine) as connection:
        if _found(connection) == HEAD:
            return
    try:
        migrate(engine, before=before)
    except StorageError as error:
        raise StorageError(
            say("The register must be brought up to date, which failed. {error}", error=error)
        ) from error


def migrate(engine: Engine, revision: str = HEAD, before: Callable[[str], None] | None = None) -> None:
    """Create or migrate the schema, once, however many processes start together; *before* as in `upgrade`.

    Raises:
        StorageError: the database is out of reach, or a newer program has written it.
    """
    make_file(engine)
    with reading(engine) as connection:
        if current(connection) == revision:
            return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            unhurried(connection)
        if (found := current(connection)) != revision:
            if before is not None and found and found < revision:
                before(found)
            upgrade_within(connection, revision)


def place_of(engine: Engine) -> str:
    """Return where *engine* looks for the register, as a person would say it, without the password."""
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    return file or engine.url.render_as_string(hide_password=True)


def _found(connection: Connection) -> str:
    """Return the revision of the register in the database.

    Raises:
        MissingError: there is none.
        StorageError: there is something else, or less than a register.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables:
        raise MissingError(
            say("There is no register at {place_of}: the database is empty.", place_of=place_of(connection.engine))
        )
    if VERSION not in tables:
        place = place_of(connection.engine)
        raise StorageError(
            say("{place} holds tables of another program and no register. Check CERTS_DATABASE_URL.", place=place)
        )
    revision = current(connection)
    missing = sorted(set(Base.metadata.tables) - tables) if revision == HEAD else []
    if missing or not revision:
        lacks = f"the table {missing[0]} is missing" if missing else "it does not say of which version it is"
        raise StorageError(
            say(
                "The register is not whole, {lacks}. Restore the last backup: {restore}.",
                lacks=lacks,
                restore=hint("restore_file"),
            )
        )
    return revision


def current(connection: Connection) -> str:
    """Return the revision that the database has, empty if it has none."""
    if not inspect(connection).has_table(VERSION):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def upgrade_within(connection: Connection, revision: str = HEAD) -> None:
    """Create or migrate the schema inside the caller's transaction.

    Raises:
        StorageError: a newer program has written it.
    """
    from alembic import command  # noqa: PLC0415 -- slow to import, seldom needed
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    _give_back(connection)
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise StorageError(say("The database was written by a newer certs. Update the program.")) from error
    _give_back(connection)


def _give_back(connection: Connection) -> None:
    """Let the owner of each table have the rights that early migrations withdrew; triggers keep history.

    PostgreSQL checks a foreign key with the rights of the owner of the table that it points to. An ordinary role that
    has lost them can write no row that points there.
    """
    if connection.dialect.name == "postgresql":
        quoted = connection.dialect.identifier_preparer.quote
        for table, owner in connection.execute(text(_OWNERS)).all():
            connection.execute(text(f"GRANT ALL ON {quoted(table)} TO {quoted(owner)}"))
