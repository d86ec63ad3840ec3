"""Signing keys: their life, and what declaring one compromised changes."""

from typing import TYPE_CHECKING, TypedDict

from certs.model import TrustedKey
from certs.views.times import iso

if TYPE_CHECKING:
    from certs.work.verify import Effect


class KeyView(TypedDict):
    """A signing key, as everybody may know it."""

    kid: str
    purpose: str
    algorithm: str
    state: str
    created_at: str
    retired_at: str | None
    compromised_since: str | None
    reason: str
    demo: bool


class VerdictsView(TypedDict):
    """How many certificates have a verdict now, and would have another."""

    now: str
    then: str
    count: int


class CompromiseView(TypedDict):
    """A compromised key and what becomes of the certificates it signed."""

    kid: str
    state: str
    compromised_since: str | None
    signed: int
    registered_since: int
    verdicts: list[VerdictsView]


def key(one: TrustedKey) -> KeyView:
    """Return a key."""
    return {
        "kid": one.kid,
        "purpose": one.purpose.value,
        "algorithm": one.algorithm,
        "state": one.state.value,
        "created_at": iso(one.created_at),
        "retired_at": iso(one.retired_at),
        "compromised_since": iso(one.compromised_since),
        "reason": one.reason,
        "demo": one.demo,
    }


def compromise(one: TrustedKey, effect: "Effect") -> CompromiseView:
    """Return a compromised key and its *effect*."""
    return {
        "kid": one.kid,
        "state": one.state.value,
        "compromised_since": iso(one.compromised_since),
        "signed": effect.signed,
        "registered_since": effect.registered_since,
        "verdicts": [{"now": now.value, "then": then.value, "count": n} for (now, then), n in effect.verdicts.items()],
    }
