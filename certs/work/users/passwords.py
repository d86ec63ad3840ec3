"""Passwords: long, not easily guessed, and kept as argon2id (RFC 9106, second recommended option).

One try costs 64 MiB and some 0.2 seconds of CPU, so one is made at a time: whoever sends many waits for her own.
"""

from functools import cache
from threading import Lock

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from certs.errors import InputError
from certs.wording import say

LEAST, MOST = 12, 256
"""Characters."""
_GUESSES = 10**8
"""Fewer are tried within a day against one account whose hash was stolen."""
_one_at_a_time = Lock()


def hashed(password: str) -> str:
    """Return what is kept of *password*."""
    with _one_at_a_time:
        return _hasher().hash(password)


def fits(password_hash: str, password: str) -> bool:
    """Say whether *password* is the one of which *password_hash* was kept.

    Without one, as for an address that nobody has, the answer is no and takes the same time.
    """
    with _one_at_a_time:
        try:
            return _hasher().verify(password_hash or _nobodys(), password[:MOST]) and bool(password_hash)
        except (VerifyMismatchError, InvalidHashError):
            return False


def demand_good(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Check that *password* is long enough and not easily guessed by who knows what is *about* the user.

    Raises:
        InputError: it is not; says why.
    """
    if len(password) < LEAST:
        raise InputError(
            say(
                "A password has at least {least} characters; a sentence of a few words is easy to remember.",
                least=LEAST,
            )
        )
    if len(password) > MOST:
        raise InputError(say("A password has at most {most} characters.", most=MOST))
    from zxcvbn import zxcvbn  # noqa: PLC0415 -- its lists are large, and seldom needed

    if zxcvbn(password[:72], user_inputs=list(about))["guesses"] < _GUESSES:
        raise InputError(say("This password is among the first that others would guess: take some more words."))


@cache
def _hasher() -> PasswordHasher:
    profile = RFC_9106_LOW_MEMORY
    return PasswordHasher(
        time_cost=profile.time_cost, memory_cost=profile.memory_cost, parallelism=profile.parallelism, type=Type.ID
    )


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody has this password")
