"""How often somebody may try to sign in: five times by account, twenty by visitor, then a pause of fifteen minutes.

Tries from a browser that has signed in to the account before are counted apart: it carries a cookie that says so. Who
sends a thousand passwords to somebody's account slows down herself and other strangers, and does not lock the owner
out.
"""

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime

from flask import request
from itsdangerous import BadData, URLSafeSerializer
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from certs.errors import DeniedError
from certs.wording import say

MINUTES = 15
ACCOUNT = RateLimitItemPerMinute(5, MINUTES, namespace="account")
VISITOR = RateLimitItemPerMinute(20, MINUTES, namespace="visitor")
_MOST_KNOWN = 10
"""Accounts that one browser is remembered for."""


class TooManyTriesError(DeniedError):
    """Somebody tried too often; *until* says when she may again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(say("Too many tries."))
        self.until = until


class Tries:
    """Counts tries in *counts*; implements `certs.work.users.signing_in.Counter`."""

    def __init__(self, secret: Callable[[], bytes], counts: Storage, *, secure: bool) -> None:
        self._window = FixedWindowRateLimiter(counts)
        self._secret = secret
        self.secure = secure
        self.cookie = "__Host-known" if secure else "known"

    def spend(self, email: str) -> None:
        """Count one try.

        Raises:
            TooManyTriesError: it is one too many.
        """
        for limit, key in self._keys(email):
            if not self._window.hit(limit, key):
                reset = self._window.get_window_stats(limit, key).reset_time
                raise TooManyTriesError(datetime.fromtimestamp(max(reset, time.time()), UTC))

    def left(self, email: str) -> int:
        """Return how many tries are left for that account."""
        limit, key = self._keys(email)[0]
        return int(self._window.get_window_stats(limit, key).remaining)

    def forgive(self, email: str) -> None:
        """Take the tries back, for one was right."""
        (account, name), (visitor, address) = self._keys(email)
        self._window.clear(account, name)
        self._window.storage.incr(visitor.key_for(address), visitor.get_expiry(), amount=-1)

    def known(self, email: str) -> str:
        """Return what the browser's cookie says once it has signed in to that account."""
        mark = _mark(email)
        return str(self._serializer().dumps([mark, *(one for one in self._remembered() if one != mark)][:_MOST_KNOWN]))

    def _keys(self, email: str) -> list[tuple[RateLimitItem, str]]:
        account = _mark(email)
        whose = "known" if account in self._remembered() else "strange"
        return [(ACCOUNT, f"{whose} {account}"), (VISITOR, request.remote_addr or "unknown")]

    def _remembered(self) -> list[str]:
        try:
            found = self._serializer().loads(request.cookies.get(self.cookie, ""))
        except BadData:
            return []
        return [str(one) for one in found] if isinstance(found, list) else []

    def _serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret(), salt="certs known browser v1")


def _mark(email: str) -> str:
    """Return what stands for an account in a cookie and where tries are counted."""
    return hashlib.sha256(email.strip().lower()[:254].encode()).hexdigest()[:24]
