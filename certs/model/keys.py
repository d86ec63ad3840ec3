"""Keys as everybody may see them: purpose, state, public part, and what proves a seal long afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from certs.model.ids import Kid


class Purpose(StrEnum):
    """What a key may sign; a signature for one purpose never stands in for another."""

    CLAIM = "claim"
    CREDENTIAL = "credential"
    SEAL = "seal"
    LINK = "link"
    RECEIPT = "receipt"
    ROOT = "root"
    """Signs the X.509 leaves of seals, and nothing else; made together with the first seal."""


class KeyState(StrEnum):
    """Where a key stands in its life."""

    ACTIVE = "active"
    RETIRED = "retired"
    COMPROMISED = "compromised"


class SealLevel(StrEnum):
    """How long a seal proves itself (ETSI EN 319 142-1): alone, with the time of signing, with revocation evidence."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves, long afterwards, that the seal's certificates were good: DER certificates, OCSP responses, CRLs."""

    certificates: tuple[bytes, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """The public part of a key with its life.

    *public* is DER SubjectPublicKeyInfo, *certificates* are DER X.509, leaf first.
    """

    kid: Kid
    purpose: Purpose
    algorithm: str
    state: KeyState
    created_at: datetime
    public: bytes
    certificates: tuple[bytes, ...] = ()
    retired_at: datetime | None = None
    compromised_since: datetime | None = None
    reason: str = ""
    demo: bool = False


@dataclass(frozen=True, slots=True)
class KeyLife:
    """Where a key stands, as the audit trail says it."""

    purpose: Purpose
    state: KeyState
    compromised_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ring:
    """All trusted keys at one moment, of each purpose the newest first."""

    keys: Mapping[Purpose, tuple[TrustedKey, ...]]

    def trusted(self, purpose: Purpose) -> Sequence[TrustedKey]:
        """Return every key of *purpose*, whatever its state."""
        return self.keys.get(purpose, ())

    def find(self, purpose: Purpose, kid: Kid) -> TrustedKey | None:
        """Return the key *kid* if it exists for *purpose*."""
        for key in self.keys.get(purpose, ()):
            if key.kid == kid:
                return key
        return None
