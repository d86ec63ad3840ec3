"""A verdict in plain words, the same at every edge."""

from certs.model import Outcome, Step, Summary, Verdict
from certs.wording import say

AWAY = Step(
    "register",
    Outcome.UNKNOWN,
    say("Our register cannot be asked at the moment, so nobody can tell now whether it still holds. Try again later."),
)
"""Said where the register is out of reach, for a while."""

_HEADLINES = {
    Summary.VALID: (say("Valid"), say("This certificate is genuine and in force.")),
    Summary.REPLACED: (say("Replaced"), say("This certificate was genuine, but a corrected one has replaced it.")),
    Summary.REVOKED: (say("Withdrawn"), say("This certificate was issued, but it does not count any more.")),
    Summary.EXPIRED: (say("Expired"), say("This certificate is genuine, but its time has run out.")),
    Summary.ALTERED: (say("Altered"), say("This is not what we issued: something in it was changed.")),
    Summary.NOT_ISSUED: (say("Not issued by us"), say("We did not issue this certificate.")),
    Summary.UNKNOWN: (say("Could not be checked"), say("We could not check this. It may be genuine or not.")),
}
_SEALED = (
    say("Not in our register"),
    say("We sealed this file and nobody changed it, but our register does not hold it. Ask the issuer."),
)
_SIGNED = (
    say("Signed by us, not checked further"),
    say("We signed what this code says, and nobody changed it. Whether it still holds cannot be told now."),
)


def headline(verdict: Verdict) -> tuple[str, str]:
    """Return the verdict as a title and a sentence for a visitor."""
    if AWAY in verdict.steps:
        return _SIGNED
    return _SEALED if verdict.summary is Summary.NOT_ISSUED and _is_sealed(verdict) else _HEADLINES[verdict.summary]


def _is_sealed(verdict: Verdict) -> bool:
    """Say whether the file bears a seal of ours over all of it: nobody changed it, and we made it."""
    return any(step.name == "seal" and step.outcome is Outcome.PASSED for step in verdict.steps)
