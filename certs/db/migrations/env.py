"""How Alembic runs our migrations: on the connection and in the transaction that `certs.db.migrate` gives."""

from alembic import context
from sqlalchemy import Connection

from certs.db.tables import Base

connection = context.config.attributes["connection"]
assert isinstance(connection, Connection)  # noqa: S101 -- nobody else runs this file
context.configure(connection=connection, target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
