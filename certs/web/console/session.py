"""Who is signed in: an opaque cookie of 256 random bits, of which the register holds the SHA-256.

The cookie is there from the first form on, so that the form can carry a token against forgery (Flask-WTF); at signing
in it is replaced, so that nobody can have planted it. It is `Secure`, `HttpOnly`, `SameSite=Lax` and bound to this
host by its name (`__Host-`, RFC 6265bis section 4.1.3.2); on plain loopback, where browsers refuse that, it has another
name. Pages outside the console never see or set it.
"""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SessionInterface, SessionMixin

from certs.model import SignIn, User
from certs.ports import Store
from certs.work.users import secret as secrets
from certs.work.users.signing_in import IDLE

PATHS = ("/desk", "/sign-in", "/sign-out")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_REMEMBER_SEEN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Who:
    """The user of this request and her sign-in."""

    user: User
    sign_in: SignIn


class Session(dict[str, Any], SessionMixin):
    """What a form's token is compared with; the sign-in itself is in the register."""

    def __init__(self, token: str, secret: bytes, *, is_new: bool) -> None:
        super().__init__()
        self.new = is_new
        self._secret = secret
        self.renew(token)

    def renew(self, token: str) -> None:
        """Let the browser carry another cookie from now on."""
        self.modified = self.modified or getattr(self, "token", token) != token
        self.token = token
        self["csrf_token"] = hmac.new(self._secret, b"form " + token.encode(), "sha256").hexdigest()

    modified = False


class Sessions(SessionInterface):
    """Reads and writes the cookie, below the console's paths alone."""

    def __init__(self, secret: Callable[[], bytes], *, secure: bool) -> None:
        self._secret = secret
        self._secure = secure
        self._name = "__Host-desk" if secure else "desk"

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        """Return the session of a console's page, none elsewhere."""
        if not within(request.path):
            return None
        carried = request.cookies.get(self._name, "")
        known = _TOKEN.fullmatch(carried) is not None
        return Session(carried if known else secrets.token(), self._secret(), is_new=not known)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie where it is new or another."""
        if isinstance(session, Session) and (session.new or session.modified):
            response.set_cookie(self._name, session.token, secure=self._secure, httponly=True, samesite="Lax", path="/")


def within(path: str) -> bool:
    """Say whether *path* is one of the console's."""
    return any(path == one or path.startswith(f"{one}/") for one in PATHS)


def who(register: Callable[[], Store], now: datetime) -> Who | None:
    """Return who is signed in; a sign-in that was idle for too long has ended."""
    if "who" not in g:
        g.who = _look_up(register(), now) if within(request.path) else None
    found: Who | None = g.who
    return found


def begin(token: str) -> None:
    """Let the browser carry the sign-in *token*."""
    _session().renew(token)
    g.pop("who", None)


def forget() -> None:
    """Let the browser carry a cookie that means nobody."""
    begin(secrets.token())


def digest() -> bytes:
    """Return what the register knows this browser's cookie by."""
    return secrets.digest(_session().token)


def token() -> str:
    """Return what the browser carries: challenges are bound to it."""
    return _session().token


def _session() -> Session:
    found: Any = session._get_current_object()  # type: ignore[attr-defined]
    if not isinstance(found, Session):
        raise TypeError("this page has no session: its path is not the console's")
    return found


def _look_up(register: Store, now: datetime) -> Who | None:
    mine = digest()
    found = register.sign_ins.signed_in(mine, now)
    if found is None or now - found[1].seen_at > IDLE:
        return None
    if now - found[1].seen_at > _REMEMBER_SEEN:
        register.sign_ins.touch(mine, seen_at=now)
    return Who(*found)
