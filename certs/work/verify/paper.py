"""Verification of the QR code's claim while the register cannot be asked: what the paper proves by itself.

The published keys say whether we signed the claim, and nothing else can be told: whether it was withdrawn or replaced
since stands in the register alone. So the best verdict is *unknown*, which says that we signed it; that the register
does not hold it is never concluded. What nobody signed so is *altered*, as ever.
"""

from certs import claim as claims
from certs.errors import ClaimError, ClaimFault
from certs.model import Claim, Outcome, Purpose, Step, Summary, Verdict
from certs.ports import Keys
from certs.wording import say
from certs.work.verify.codes import FORM, KEY_MISSING, SIGNATURE, SPECIMEN, key_step
from certs.work.verify.plain import AWAY

_KEY = Step("key", Outcome.PASSED, say("It names a signing key of ours."))


def verify_paper(text: str, keys: Keys) -> Verdict:
    """Judge the claim *text* that a QR code carried, without the register.

    Raises:
        SigningError: the key folder cannot be read.
    """
    if claims.is_specimen(text):
        return Verdict(Summary.NOT_ISSUED, (SPECIMEN,))
    try:
        claim = claims.read(text, keys.ring())
    except ClaimError as error:
        return _unbelievable(error)
    if (unsafe := _unsafe(claim, keys)) is not None:
        return Verdict(Summary.UNKNOWN, (FORM, unsafe))
    return Verdict(Summary.UNKNOWN, (FORM, key_step(claim), SIGNATURE, AWAY), None, claim)


def _unbelievable(error: ClaimError) -> Verdict:
    """Return the verdict on a claim that no key of ours signed; a key that is not here may be one of ours."""
    match error.fault:
        case ClaimFault.MALFORMED:
            return Verdict(Summary.ALTERED, (Step("form", Outcome.FAILED, error.sentences[0]),))
        case ClaimFault.UNKNOWN_KEY:
            return Verdict(Summary.UNKNOWN, (FORM, KEY_MISSING))
        case _:
            return Verdict(Summary.ALTERED, (FORM, _KEY, Step("signature", Outcome.FAILED, error.sentences[0])))


def _unsafe(claim: Claim, keys: Keys) -> Step | None:
    """Return the step that says that somebody else may have signed *claim*; None if its key was always ours alone.

    When it was registered, only the register knows, and its date of issue was written by whoever signed it.
    """
    key = keys.find(Purpose.CLAIM, claim.kid)
    if key is None or key.compromised_since is None:
        return None
    return Step(
        "key",
        Outcome.UNKNOWN,
        say(
            "The key {kid} that signed it is not safe any more, and our register, which knows whether it was signed "
            "before that, cannot be asked at the moment.",
            kid=claim.kid,
        ),
    )
