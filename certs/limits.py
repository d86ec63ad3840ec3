"""Where questions and tries are counted: in memory, or for all processes and machines together in Redis.

Redis is asked a quarter of a second at most. While it is away each process counts by itself, from nothing, and no
request asks it: a thread looks every few seconds whether it is back, and counting goes on there. Both are said once in
the log. What is counted stands there for as long as its limit looks back: a minute, fifteen, or an hour.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from limits.errors import StorageError as Away
from limits.storage import MemoryStorage, RedisStorage, Storage

from certs.errors import InputError
from certs.wording import say

if TYPE_CHECKING:
    from redis import Redis

_log = logging.getLogger("certs.limits")
SECONDS = 0.25
"""How long Redis may take for one answer, and to let us in."""
LOOK_SECONDS = 3.0
"""How often somebody looks whether it is back."""
_PROBE = "certs probe"
"""What is written to see whether something can be."""
_Answer = TypeVar("_Answer")


def storage(url: str, site: str) -> Storage:
    """Return where to count for the *site* at that public address: in the Redis at *url*, or here if that is empty.

    Raises:
        InputError: what speaks to Redis is not installed.
    """
    return Shared(url, site) if url else MemoryStorage()


def fault(url: str) -> str:
    """Return why nothing can be counted in the Redis at *url*, empty if it can.

    Raises:
        InputError: what speaks to Redis is not installed.
    """
    try:
        with _client(url) as client:
            client.set(_PROBE, 1, ex=1)
    except _redis_errors() as error:
        return str(error) or type(error).__name__
    return ""


class Shared(Storage):
    """Counts in Redis, and in memory while that is away; one for each process, its threads share it."""

    STORAGE_SCHEME = None

    def __init__(self, url: str, site: str) -> None:
        super().__init__()
        client = _client(url)
        self._redis = RedisStorage(
            url, key_prefix=f"certs {site}", wrap_exceptions=True, connection_pool=client.connection_pool
        )
        self._memory = MemoryStorage()
        self._lock = threading.Lock()
        self._looks: threading.Thread | None = None

    @property
    def is_away(self) -> bool:
        """Whether this process counts by itself at the moment."""
        return self._looks is not None

    @property
    def base_exceptions(self) -> type[Exception]:
        """What goes wrong is answered by counting here."""
        return Away

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count *amount* more under *key*, for *expiry* seconds from the first, and return how many these are."""
        return self._ask(lambda there: there.incr(key, expiry, amount))

    def get(self, key: str) -> int:
        """Return how many were counted under *key*."""
        return self._ask(lambda there: there.get(key))

    def get_expiry(self, key: str) -> float:
        """Return when what was counted under *key* ends, in seconds of the epoch."""
        return self._ask(lambda there: there.get_expiry(key))

    def clear(self, key: str) -> None:
        """Forget what was counted under *key*."""
        self._ask(lambda there: there.clear(key))

    def check(self) -> bool:
        """Say whether Redis is there."""
        return not self.is_away and self._redis.check()

    def reset(self) -> int | None:
        """Forget everything that this site counted."""
        return self._ask(lambda there: there.reset())

    def _ask(self, question: Callable[[Storage], _Answer]) -> _Answer:
        if not self.is_away:
            try:
                return question(self._redis)
            except Away as error:
                self._begin_looking(error)
        return question(self._memory)

    def _begin_looking(self, error: Away) -> None:
        with self._lock:
            if self._looks is not None:
                return
            self._looks = threading.Thread(target=self._look, name="certs-limits", daemon=True)
        _log.warning("limits_away", exc_info=error)
        self._memory.reset()
        self._looks.start()

    def _look(self) -> None:
        """Wait until Redis counts; then it is asked again. One that answers and takes nothing would not do."""
        while not self._counts():
            time.sleep(LOOK_SECONDS)
        self._looks = None
        _log.warning("limits_back")

    def _counts(self) -> bool:
        try:
            self._redis.incr(_PROBE, 1)
        except Away:
            return False
        return True


def _client(url: str) -> "Redis":
    """Return a client that waits briefly, once.

    Raises:
        InputError: it is not installed.
    """
    try:
        from redis import Redis  # noqa: PLC0415 -- an optional extra
        from redis.backoff import NoBackoff  # noqa: PLC0415
        from redis.retry import Retry  # noqa: PLC0415
    except ImportError as error:
        raise InputError(
            say("CERTS_LIMITS_URL is set, and what speaks to Redis is not installed: pip install 'certs[cluster]'.")
        ) from error
    return Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, retry=Retry(NoBackoff(), 0))


def _redis_errors() -> type[Exception]:
    from redis import RedisError  # noqa: PLC0415 -- an optional extra

    return RedisError
