"""How long a database is waited for: by pages a few seconds, by commands as long as work may take, by nobody for ever.

PostgreSQL is told how long a statement and a lock may take. A server that hangs cannot keep that, so the driver waits
no longer either, and closes the connection. What pages learn of a hanging server holds for all of this process's
threads: for a moment nobody asks it, then one thread does and the others follow when it was answered. So there is
always a thread for what needs no database.

On SQLite a writer waits for the one before, and says so.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

CONNECT_SECONDS = 5
"""For a connection to PostgreSQL; less where pages wait less."""
WORK_SECONDS = 600
"""For one answer to a command: a count of millions of rows takes a minute."""
IDLE_SECONDS = 600
"""Between two statements of a transaction, while a command reads a file or prints; then its locks are given up."""
REST_SECONDS = 2.0
"""For which pages leave a hanging server alone."""
TELL_SECONDS = 2.0
"""After which a writer that waits for another says so."""
GRACE_SECONDS = 0.5
"""For the server's own word that something took too long."""


def nobody(_: str) -> None:
    """Say nothing: there is nobody to read it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """What a process may wait for: a page for an answer, a command for another that writes."""

    wait_seconds: float = 10
    """For whoever changes the same, or on SQLite anything."""
    page_seconds: int = 0
    """For each answer of the database; 0 for commands, whose work may be long."""
    tell: Callable[[str], None] = nobody
    """Hears why a command waits."""

    @property
    def connect_seconds(self) -> int:
        """How long a server may take to let us in."""
        return min(CONNECT_SECONDS, self.page_seconds) if self.page_seconds else CONNECT_SECONDS

    @property
    def answer_seconds(self) -> int:
        """How long a statement may take."""
        return self.page_seconds or WORK_SECONDS

    @property
    def lock_seconds(self) -> float:
        """How long a statement may wait for a lock on PostgreSQL."""
        return min(self.wait_seconds, self.answer_seconds)


USUAL = Patience()
"""Of whoever says nothing else."""


class Outage:
    """Whether the server hangs, as far as this process knows; safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._until = 0.0
        self._asks: int | None = None

    def may_ask(self) -> bool:
        """Say whether this thread may ask the server: not while it rests, then one thread alone."""
        if not self._until:
            return True
        with self._lock:
            if not self._until or self._asks == threading.get_ident():
                return True
            if self._clock() < self._until:
                return False
            self._asks = threading.get_ident()
            self._until = self._clock() + 2 * CONNECT_SECONDS  # should that thread never come back
            return True

    def begin(self) -> None:
        """Note that the server did not answer."""
        with self._lock:
            self._asks, self._until = None, self._clock() + REST_SECONDS

    def end(self) -> None:
        """Note that it answered."""
        if self._until:
            with self._lock:
                self._asks, self._until = None, 0.0
