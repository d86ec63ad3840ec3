"""The verdict: named steps and one summary."""

from dataclasses import dataclass, field
from enum import StrEnum

from certs.model.certificate import Certificate, Claim


class Outcome(StrEnum):
    """How one step of a verification ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Summary(StrEnum):
    """The one-word answer of a verification."""

    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"
    EXPIRED = "expired"
    ALTERED = "altered"
    NOT_ISSUED = "not_issued"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step of a verification: *name* is stable, *text* a sentence for the visitor."""

    name: str
    outcome: Outcome
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a verification.

    *certificate* is what the register holds, *claim* what the visitor brought in a QR code or file; both may be absent.
    """

    summary: Summary
    steps: tuple[Step, ...] = field(default=())
    certificate: Certificate | None = None
    claim: Claim | None = None
