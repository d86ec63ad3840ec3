"""The register as pages read it where a copy of the database follows the primary: from the copy while that is fresh.

What the copy holds is at most `MOST_SECONDS` old, or it is not asked. Every second somebody takes a mark of the
primary: where its log of changes stands, and the newest entry of its trail. Once the copy has replayed as far and
holds that entry, all that was true when the mark was taken is true in the copy. So no clocks of machines are
compared, nothing is written, an idle primary does not look like a broken one, and the copy of another register is
told from ours. Without a primary there are no more marks, and the copy is believed for `MOST_SECONDS` yet.

What the copy does not hold is always asked of the primary: a fresh certificate is never *not issued*. What the copy
cannot answer, the primary does.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from sqlalchemy import Engine, select, text

from certs.db import tables
from certs.db.engine import reading
from certs.db.store import Store
from certs.errors import StorageError
from certs.model import Certificate, Kid, Number, Roll
from certs.ports import StoredPdf

_log = logging.getLogger("certs.db")

MOST_SECONDS = 10.0
"""How old may be what a page says; a revocation counts everywhere after that."""
ASK_SECONDS = 1.0
"""How often each process takes a mark."""
_POSITION = text("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
_REPLAYED = text("SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() - '0/0'::pg_lsn END")
_entry = tables.Audit
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where the primary stood no earlier than *at*, in seconds of the process's own clock."""

    at: float
    position: int
    entry: int
    sha256: str


class Replica:
    """The register of *primary*, read from *copy* where that may be; implements `certs.ports.Register`."""

    def __init__(self, copy: Store, primary: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._copy, self._primary, self._clock = copy, primary, clock
        self._marks: deque[_Mark] = deque(maxlen=int(MOST_SECONDS / ASK_SECONDS))
        self._as_of, self._next = float("-inf"), float("-inf")
        self._looking = Lock()

    @property
    def is_fresh(self) -> bool:
        """Whether the copy may be asked; looks whether it still may from time to time."""
        if self._clock() >= self._next and self._looking.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._looking.release()
        return self._clock() - self._as_of < MOST_SECONDS

    def knows_key(self, kid: Kid) -> bool:
        """Say whether this register knows the key *kid*; see `certs.ports.Register`."""
        return self._read(lambda store: store.knows_key(kid))

    def status_list(self, number: int) -> bytes | None:
        """Return the newest signed status list of that number; see `certs.ports.Register`."""
        return self._read(lambda store: store.status_list(number))

    def certificate(self, number: Number) -> Certificate | None:
        """Return the issued certificate with that number; see `certs.ports.Register`."""
        return self._read(lambda store: store.certificate(number))

    def roll(self, id_: int) -> Roll | None:
        """Return the roll of that id; see `certs.ports.SignedFacts`."""
        return self._read(lambda store: store.roll(id_))

    def begins_like_ours(self, data: bytes) -> bool:
        """Say whether *data* begins with a plate or is the beginning of one; see `certs.ports.Register`."""
        return self._read(lambda store: store.begins_like_ours(data))

    def certificates_of(self, person_ref: str) -> Sequence[Certificate]:
        """Return the issued certificates of a person; see `certs.ports.Register`."""
        return self._read(lambda store: store.certificates_of(person_ref))

    def link_withdrawn(self, person_ref: str) -> bool:
        """Say whether that reference was behind a link that was withdrawn; see `certs.ports.Register`."""
        return self._read(lambda store: store.link_withdrawn(person_ref))

    def pdf(self, number: Number) -> StoredPdf | None:
        """Return the exact bytes of an issued certificate's PDF; see `certs.ports.Register`."""
        return self._read(lambda store: store.pdf(number))

    def _read(self, ask: Callable[[Store], _Answer]) -> _Answer:
        """Return what the copy answers; the primary answers where the copy is old, fails or holds nothing.

        Raises:
            StorageError: the primary was to answer, and fails.
        """
        if self.is_fresh:
            with suppress(StorageError):
                if answer := ask(self._copy):
                    return answer
        return ask(self._primary)

    def _look(self) -> None:
        """Take a mark and see which of those taken the copy has reached; a database that fails gives none."""
        self._next = self._clock() + ASK_SECONDS
        with suppress(StorageError):
            self._marks.append(self._mark())
        with suppress(StorageError):
            self._reach()

    def _mark(self) -> _Mark:
        at, newest = self._clock(), select(_entry.id, _entry.sha256).order_by(_entry.id.desc()).limit(1)
        with reading(self._primary.engine) as connection:
            entry, sha256 = connection.execute(newest).first() or (0, "")
            return _Mark(at, int(connection.execute(_POSITION).scalar_one()), entry, sha256)

    def _reach(self) -> None:
        reached = None
        with reading(self._copy.engine) as connection:
            replayed = connection.execute(_REPLAYED).scalar()
            while replayed is not None and self._marks and self._marks[0].position <= replayed:
                reached = self._marks.popleft()
            if reached is None:
                return
            held = connection.execute(select(_entry.sha256).where(_entry.id == reached.entry)).scalar() or ""
        if held == reached.sha256:
            self._as_of = reached.at
        else:
            self._as_of = float("-inf")
            _log.error("replica_of_another_register", extra={"entry": reached.entry})


def why_not(engine: Engine) -> str:
    """Return why the database of *engine* is no copy to read from, empty if it is one.

    Raises:
        StorageError: it is out of reach.
    """
    with reading(engine) as connection:
        if connection.execute(_REPLAYED).scalar() is None:
            return "it takes changes, so it is no replica that follows the primary"
    return ""
