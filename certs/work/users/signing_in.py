"""Signing in with a password.

1. The try is counted before anything is computed: see `Counter`.
2. The password is compared, for an unknown address with nobody's, so that both take the same time.
3. Who has an authenticator app shows its code, or one of her recovery codes; each code works once.
4. The sign-in is kept, with how it was made; it ends after twelve idle hours, and after seven days at most.

What refuses says the same for every address, password and user that do not belong together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from certs.model import Act, SignIn, User, Way
from certs.ports import Store
from certs.work.users import passwords
from certs.work.users.secret import app_step, digest, recovery_digest, token, unseal

IDLE, LONGEST = timedelta(hours=12), timedelta(days=7)
AGAIN = timedelta(minutes=10)
"""How long showing password or passkey is good for acts that ask for it."""
_BROWSER_CHARACTERS = 120
_APP_DIGITS = 6


class Refused(StrEnum):
    """Why somebody is not signed in."""

    TOGETHER = "together"
    """Address and password do not belong together."""
    NO_CODE = "no_code"
    CODE = "code"
    """The code is wrong, or was used."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What somebody typed."""

    email: str
    password: str
    code: str = ""


class Counter(Protocol):
    """Counts tries by account and visitor."""

    def spend(self, email: str) -> None:
        """Count one try; refuses if it is one too many."""
        ...

    def forgive(self, email: str) -> None:
        """Take it back, for it was right."""
        ...


def sign_in(
    register: Store, tried: Tried, counter: Counter, secret: bytes, now: datetime
) -> tuple[User, Way] | Refused:
    """Return who that is and how she showed it, or why not."""
    counter.spend(tried.email)
    user = register.users.by_email(tried.email)
    lock = register.locks.lock_of(user.ref) if user is not None and user.suspended_at is None else None
    if not passwords.fits(lock.password_hash if lock else "", tried.password) or user is None or lock is None:
        return Refused.TOGETHER
    way = Way.PASSWORD
    if lock.app_secret:
        shown = _second(register, user, tried.code, unseal(lock.app_secret, secret), now)
        if isinstance(shown, Refused):
            return shown
        way = shown
    counter.forgive(tried.email)
    return user, way


def finish(register: Store, user: User, way: Way, browser: str, now: datetime) -> str:
    """Keep that *user* signed in and return the secret for her cookie."""
    made = token()
    sign_in = SignIn(digest(made), way, now, now, now, now + LONGEST, browser[:_BROWSER_CHARACTERS])
    register.sign_ins.begin(user.ref, sign_in, Act(user.name, now, role="user"))
    return made


def _second(register: Store, user: User, typed: str, seed: str | None, now: datetime) -> Way | Refused:
    """Return how the second factor was shown; an app whose seed cannot be read any more leaves recovery codes."""
    plain = typed.strip()
    if not plain:
        return Refused.NO_CODE
    if len(plain.replace(" ", "")) > _APP_DIGITS:
        used = register.locks.use_recovery(user.ref, recovery_digest(plain), now)
        return Way.RECOVERY if used else Refused.CODE
    step = app_step(seed, plain, now) if seed else None
    return Way.CODE if step is not None and register.locks.use_step(user.ref, step) else Refused.CODE
