"""The steps of a key's life, as pure changes of its public record: active -> retired, and anything -> compromised.

*Retired* stops signing and changes no verdict: what the key signed stands, whenever it was registered. *Compromised*
stops signing and takes effect from a moment on: what was registered before it stands, what was registered at that
moment or later does not, because somebody else may have made it. No step leads back; a moment that was wrong can be
corrected.

Pure: a record and a moment in, the next record out. `KeyFolder.retire` and `KeyFolder.compromise` keep it on disk.
"""

from dataclasses import replace
from datetime import datetime

from certs.errors import ConflictError, InputError
from certs.model import KeyState, TrustedKey
from certs.wording import hint, say


def retired(key: TrustedKey, now: datetime, reason: str = "") -> TrustedKey:
    """Return *key* as it is when it stops signing for good at *now*.

    Raises:
        ConflictError: it is not active.
    """
    if key.state is not KeyState.ACTIVE:
        raise ConflictError(say("Key {kid} is already {state}; nothing was changed.", kid=key.kid, state=key.state))
    return replace(key, state=KeyState.RETIRED, retired_at=now, reason=reason)


def compromised(
    key: TrustedKey, since: datetime, reason: str, now: datetime, *, correction: bool = False
) -> TrustedKey:
    """Return *key* as it is when what it signed from *since* on does not count.

    An earlier moment may follow at any time; a later one only as a *correction*, for it makes certificates valid that
    were announced as doubtful.

    Raises:
        InputError: *since* lies in the future, or *reason* is empty.
        ConflictError: it was declared compromised since an earlier moment, or there is nothing to correct.
    """
    if since > now:
        raise InputError(
            say("A key is compromised since a moment that has been: {since} is still to come.", since=since.isoformat())
        )
    if not reason.strip():
        raise InputError(say("Say why the key is compromised: {by} TEXT.", by=hint("reason")))
    if correction and key.compromised_since is None:
        raise ConflictError(say("Key {kid} was not declared compromised: there is no time to correct.", kid=key.kid))
    if not correction and key.compromised_since is not None and key.compromised_since < since:
        earlier = key.compromised_since.isoformat()
        raise ConflictError(
            say(
                "Key {kid} is compromised since {earlier}: only an earlier time may replace it. If that one was "
                "a mistake, say {correction}, and why.",
                kid=key.kid,
                earlier=earlier,
                correction=hint("correction"),
            )
        )
    return replace(key, state=KeyState.COMPROMISED, compromised_since=since, reason=reason.strip())
