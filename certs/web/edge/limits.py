"""How often one address may try numbers out, and how much its programs may ask.

Numbers have 55 random bits, so guessing is hopeless anyway; the limit keeps the attempt cheap. It counts misses alone,
and refuses nothing but misses: whoever asks for what is there is answered, however often the neighbours behind the
same address guessed. A code from paper is never counted, for nobody can guess a signature; one that we did not sign
is.
"""

import math
import time

from flask import request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

MISSES = RateLimitItemPerMinute(30, namespace="misses")
"""Numbers that do not exist, and codes that we did not sign."""
QUESTIONS = RateLimitItemPerMinute(600, namespace="questions")
"""Requests of programs, whatever is answered."""
ASKED = RateLimitItemPerHour(20, namespace="asked")
"""Addresses typed to get one's own list by mail; each mail's own limit is by person."""
LOOKS = RateLimitItemPerMinute(60, namespace="looks")
"""Files that a process must look into; the very file that we issued costs nothing and is always answered."""
SPECIMENS = RateLimitItemPerMinute(30, namespace="specimens")
"""Pictures of names that people type on their pages: each is drawn anew."""
ITEMS = RateLimitItemPerHour(60_000, namespace="items")
"""What programs ask in batches."""


class Limits:
    """Counts by address, in *counts*; without, it lets everybody pass."""

    def __init__(self, counts: Storage | None = None) -> None:
        self._window = FixedWindowRateLimiter(counts) if counts is not None else None

    def spend(self, limit: RateLimitItem, count: int = 1) -> None:
        """Count so many questions of this visitor.

        Raises:
            TooManyRequests: they are too many; says when to come back.
        """
        if self._window is None or self._window.hit(limit, _address(), cost=count):
            return
        seconds = self._window.get_window_stats(limit, _address()).reset_time - time.time()
        raise TooManyRequests(retry_after=max(1, math.ceil(seconds)))


def _address() -> str:
    return request.remote_addr or "unknown"
