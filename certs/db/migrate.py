"""Bring a database to the schema of this program: created when empty, migrated when older, refused when newer.

Alembic is imported only when there is something to do, so that every command can ask.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from certs.db.engine import reading, writing
from certs.errors import StorageError

HEAD = "0020"
"""The newest revision in `migrations/versions`; a test holds the two together."""
_LOCK = 0x63657274
"""Key of the PostgreSQL advisory lock under which one process migrates: `cert` in ASCII."""
SCRIPTS = Path(__file__).parent / "migrations"
_OWNERS = """
    SELECT tablename, tableowner FROM pg_tables
    WHERE schemaname = current_schema() AND pg_has_role(tableowner, 'USAGE')
"""


def migrate(engine: Engine, revision: str = HEAD) -> None:
    """Create or migrate the schema, once, however many processes start together.

    Raises:
        StorageError: the database is out of reach, or a newer program has written it.
    """
    with reading(engine) as connection:
        if current(connection) == revision:
            return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if current(connection) != revision:
            _upgrade(connection, revision)


def current(connection: Connection) -> str:
    """Return the revision that the database has, empty if it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def _upgrade(connection: Connection, revision: str) -> None:
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
        raise StorageError("The database was written by a newer certs. Update the program.") from error
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
