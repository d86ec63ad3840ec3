import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from certs.db.migrate import HEAD, SCRIPTS, current, migrate
from certs.db.tables import Base
from certs.errors import StorageError
from tests.ports.conftest import opened


def test_head_is_the_newest_revision() -> None:
    """The constant that saves an import of Alembic is the truth."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_an_empty_database_becomes_just_the_tables(empty_url: str) -> None:
    """After migrating, there is nothing that a comparison with the models would add or remove."""
    engine = opened(empty_url)
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_migrating_twice_does_nothing(empty_url: str) -> None:
    """Every command may ask."""
    engine = opened(empty_url)
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert current(connection) == HEAD
    engine.dispose()


def test_a_database_of_a_newer_program_is_refused(database_url: str) -> None:
    """An old program must not write to what it does not know."""
    engine = opened(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="newer certs"):
        migrate(engine)
    engine.dispose()
