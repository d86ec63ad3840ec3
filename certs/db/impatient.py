"""Connections to PostgreSQL that wait for no answer longer than they may; imported where PostgreSQL is used alone."""

from typing import Any

import psycopg
from psycopg.errors import LockNotAvailable, QueryCanceled
from sqlalchemy import Dialect, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from certs.db.patience import GRACE_SECONDS, IDLE_SECONDS, Outage, Patience

HANGS = "the server does not answer"


class _Impatient(psycopg.Connection[Any]):
    """A connection that closes itself when an answer takes too long."""

    seconds: float | None = None
    outage: Outage | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Do what *gen* asks of the server.

        Raises:
            OperationalError: it does not answer in time, or did not a moment ago.
        """
        if self.outage is not None and not self.outage.may_ask():
            self.close()
            raise psycopg.OperationalError(HANGS)
        try:
            answer = super().wait(gen, interval, self.seconds if timeout is None else timeout)
        except psycopg.errors._WaitTimeout as error:
            self.close()
            self._note(hangs=True)
            raise psycopg.OperationalError(HANGS) from error
        except (QueryCanceled, LockNotAvailable):
            self._note(hangs=True)
            raise
        self._note(hangs=False)
        return answer

    def _note(self, *, hangs: bool) -> None:
        if self.outage is not None:
            if hangs:
                self.outage.begin()
            else:
                self.outage.end()


def limit(engine: Engine, patience: Patience) -> None:
    """Let every connection that *engine* will open wait as *patience* has it."""
    outage = Outage() if patience.page_seconds else None
    told = "; ".join(
        f"SET {name} = {int(seconds * 1000)}"
        for name, seconds in (
            ("statement_timeout", patience.answer_seconds),
            ("lock_timeout", patience.lock_seconds),
            ("idle_in_transaction_session_timeout", IDLE_SECONDS),
        )
    )

    def connect(_: Dialect, __: ConnectionPoolEntry, arguments: list[str], options: dict[str, Any]) -> DBAPIConnection:
        if outage is not None and not outage.may_ask():
            raise psycopg.OperationalError(HANGS)
        try:
            opened = _Impatient.connect(*arguments, **{"connect_timeout": patience.connect_seconds, **options})
        except psycopg.Error as error:
            if outage is not None:
                outage.begin() if isinstance(error, psycopg.errors.ConnectionTimeout) else outage.end()
            raise
        opened.seconds, opened.outage = patience.answer_seconds + GRACE_SECONDS, outage
        try:
            opened.autocommit = True
            opened.execute(told)
            opened.autocommit = False
        except BaseException:
            opened.close()
            raise
        return opened  # type: ignore[return-value]  # what psycopg.connect gives

    event.listen(engine, "do_connect", connect)


def lift(connection: object) -> None:
    """Let the transaction on *connection* take as long as it takes."""
    if isinstance(connection, _Impatient):
        connection.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        connection.seconds = None
