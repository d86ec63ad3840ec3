"""The driver's own connections for statements that stand behind every page.

Those to a SQLite file are kept between queries, as many as threads have asked at once: they hold nothing there
meanwhile, and asking the pool each time takes as long as the query. PostgreSQL begins a transaction with the first
SELECT and may have been started anew, so there each query asks the pool, which checks a connection and rolls it back.

Nobody closes a connection that another thread is using, for SQLite ends the process then: when the engine is disposed
of, those that lie idle are closed at once, the others when they are given back.
"""

from collections import deque
from typing import Any

from sqlalchemy import Engine, PoolProxiedConnection, QueuePool, event
from sqlalchemy.engine.base import OptionEngine

from certs.db.engine import is_same_file
from certs.db.errors import sentence, translated
from certs.errors import StorageError

_MOST_IDLE = 8
"""More threads than that at once are rare; what they needed is closed again."""
_POOL = "certs_pool"


class Connections:
    """Connections of *engine*; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._idle: deque[PoolProxiedConnection] = deque()  # what is taken out of it is one thread's alone
        self._keeps = engine.dialect.name == "sqlite" and isinstance(engine.pool, QueuePool)
        self._errors: Any = engine.dialect.loaded_dbapi.Error
        event.listen(_disposed_of(engine), "engine_disposed", self._close_idle)

    def take(self) -> PoolProxiedConnection:
        """Return a connection for one query.

        Raises:
            StorageError: the database is out of reach.
        """
        while self._idle:
            try:
                kept = self._idle.pop()
            except IndexError:  # another thread was quicker
                break
            if self._is_current(kept):
                return kept
            kept.close()
        pool = self.engine.pool
        connection = self._opened()
        if self._keeps:
            connection.detach()  # it does not count among the pool's
            connection.info[_POOL] = pool
        return connection

    def _opened(self) -> PoolProxiedConnection:
        """Return a connection of the pool, which lets the driver's own exceptions through.

        Raises:
            StorageError: the database is out of reach.
        """
        try:
            with translated():
                return self.engine.raw_connection()
        except self._errors as error:
            raise StorageError(sentence(error)) from error

    def give_back(self, connection: PoolProxiedConnection, *, broken: bool) -> None:
        """Take *connection* back after the query; a *broken* one is thrown away.

        Whether its file is still in its place is asked when it is taken again.
        """
        if not self._keeps:
            if broken:
                connection.invalidate()
            connection.close()
        elif broken or len(self._idle) >= _MOST_IDLE or connection.info[_POOL] is not self.engine.pool:
            connection.close()
        else:
            self._idle.append(connection)

    def _is_current(self, connection: PoolProxiedConnection) -> bool:
        """Say whether *connection* leads to the register: the engine not disposed of, the file in its place."""
        info = connection.info
        return info[_POOL] is self.engine.pool and is_same_file(self.engine.url.database, info)

    def _close_idle(self, _: Engine) -> None:
        while self._idle:
            try:
                self._idle.pop().close()
            except IndexError:
                return


def _disposed_of(engine: Engine) -> Engine:
    """Return the engine that is disposed of: one with options of its own shares another's pool and is told nothing."""
    while isinstance(engine, OptionEngine):
        engine = engine._proxied
    return engine
