"""The driver's own connections for statements that stand behind every page.

A thread keeps one to a SQLite file for itself: between statements it holds nothing there, and asking the pool each time
takes as long as the query. It is closed when its thread ends or the engine is disposed of. PostgreSQL begins a
transaction with the first SELECT and may have been started anew, so there each query asks the pool, which checks a
connection and rolls it back.
"""

import threading
from weakref import WeakSet

from sqlalchemy import Engine, PoolProxiedConnection, QueuePool, event

from certs.db.errors import translated


class Connections:
    """Connections of *engine*; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._own = threading.local()
        self._kept: WeakSet[PoolProxiedConnection] = WeakSet()
        self._keeps = engine.dialect.name == "sqlite" and isinstance(engine.pool, QueuePool)
        event.listen(engine, "engine_disposed", self._close_all)

    def take(self) -> PoolProxiedConnection:
        """Return a connection for one query.

        Raises:
            StorageError: the database is out of reach.
        """
        if self._keeps and getattr(self._own, "pool", None) is self.engine.pool:
            kept: PoolProxiedConnection = self._own.connection
            return kept
        with translated():
            connection = self.engine.raw_connection()
        if self._keeps:
            connection.detach()  # it does not count among the pool's
            self._own.pool, self._own.connection = self.engine.pool, connection
            self._kept.add(connection)
        return connection

    def give_back(self, connection: PoolProxiedConnection, *, broken: bool) -> None:
        """Take *connection* back after the query; a *broken* one is thrown away."""
        if broken:
            self._own.__dict__.clear()
            connection.invalidate()
        if broken or not self._keeps:
            connection.close()

    def _close_all(self, _: Engine) -> None:
        for connection in tuple(self._kept):
            connection.close()
