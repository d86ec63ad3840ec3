"""Signing keys: their life, and what declaring one compromised changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from certs.model import Kid, TrustedKey
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


class RetiredView(TypedDict):
    """A key that signs no more."""

    kid: str
    state: str
    retired_at: str


class ChainView(TypedDict):
    """A seal and what it stands under, from its own certificate to the root, by subject."""

    kid: str
    chain: list[str]
    valid_until: str


def retired(one: TrustedKey) -> RetiredView:
    """Return a key that signs no more."""
    return {"kid": one.kid, "state": one.state.value, "retired_at": str(iso(one.retired_at))}


def chain(kid: Kid, subjects: Sequence[str], until: datetime) -> ChainView:
    """Return the seal *kid* under its chain."""
    return {"kid": kid, "chain": list(subjects), "valid_until": iso(until)}


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
