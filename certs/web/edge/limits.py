"""How often one address may ask where numbers could be tried out.

Numbers have 55 random bits, so guessing is hopeless anyway; the limit keeps the attempt cheap. Each worker counts
by itself, in memory. Codes from paper are not limited: nobody can guess a signature.
"""

import math
import time

from flask import request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

FORM = RateLimitItemPerMinute(60, namespace="form")
"""Questions by the form."""
MISSES = RateLimitItemPerMinute(30, namespace="misses")
"""Numbers that do not exist."""


class Limits:
    """Counts questions by address and minute."""

    def __init__(self) -> None:
        self._window = FixedWindowRateLimiter(MemoryStorage())

    def spend(self, limit: RateLimitItem) -> None:
        """Count one question of this visitor.

        Raises:
            TooManyRequests: it is one too many; says when to come back.
        """
        if not self._window.hit(limit, _address()):
            self._refuse(limit)

    def check(self, limit: RateLimitItem) -> None:
        """Count nothing, but stop a visitor who has spent all.

        Raises:
            TooManyRequests: nothing is left; says when to come back.
        """
        if not self._window.test(limit, _address()):
            self._refuse(limit)

    def _refuse(self, limit: RateLimitItem) -> None:
        seconds = self._window.get_window_stats(limit, _address()).reset_time - time.time()
        raise TooManyRequests(retry_after=max(1, math.ceil(seconds)))


def _address() -> str:
    return request.remote_addr or "unknown"
