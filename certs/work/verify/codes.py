"""Verification of the QR code's claim, and of a number that somebody typed.

A claim passes these steps, and the first that fails ends the way:

    1. form       it has the one canonical form that certs writes
    2. key        it names a claim key of ours
    3. signature  that key's signature fits
    4. register   the register holds a certificate of that number
    5. facts      the register holds exactly this code
    6. record     all else that the register holds is what we signed: see `record`
    7. trust      with status and expiry: see `standing`

A number brings no claim, so steps 1 to 3 and 5 are done on the register's own: an entry that somebody changed does not
fit its signature any more. A claim that our key signed but the register does not hold means that the key leaked or the
register lost something: *not issued*, and logged loudly, by number and kid. But a register that does not know the key
is not the one to ask: another deployment's, an empty one, one that is older than the key. Then it could not be checked.
"""

import logging
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from certs import claim as claims
from certs.errors import ClaimError, ClaimFault
from certs.ground import number as numbers
from certs.model import Certificate, Claim, Kid, Number, Outcome, Purpose, Ring, Step, Summary, Verdict
from certs.ports import Keys, Register, Trusted
from certs.wording import day, say
from certs.work.record import ON_NO_ROLL, checked, oddity, recorded
from certs.work.verify.standing import standing
from certs.work.verify.withheld import withheld

_log = logging.getLogger("certs.verify")

FORM = Step("form", Outcome.PASSED, say("The code has the form that we write."))
SIGNATURE = Step("signature", Outcome.PASSED, say("Its signature fits: nothing in it was changed."))
KEY_MISSING = Step("key", Outcome.UNKNOWN, say("The key that signed it is missing here, so it could not be checked."))
_WRONG_REGISTER = Step(
    "register", Outcome.UNKNOWN, say("The register that we looked into is not the one of our keys, so it says nothing.")
)
SPECIMEN = Step(
    "form", Outcome.FAILED, say("This is a specimen: a page to look at before an order. It certifies nothing.")
)
_CHANGED = Step(
    "signature",
    Outcome.FAILED,
    say("Our register's entry does not fit its own signature: somebody changed it. Ask the issuer."),
)
_NOT_SIGNED = frozenset({ON_NO_ROLL, "wrong_signature", "differs"})
"""What may be odd about what replaces a certificate so that it is no replacement of ours."""
_NOT_FOUND = Step("register", Outcome.FAILED, say("Our register does not hold a certificate of this number."))


def verify_claim(text: str, register: Register, keys: Keys, now: datetime) -> Verdict:
    """Judge the claim *text* that a QR code carried.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    return withheld(_of_claim(text, register, keys, now))


def _of_claim(text: str, register: Register, keys: Keys, now: datetime) -> Verdict:
    if claims.is_specimen(text):
        return Verdict(Summary.NOT_ISSUED, (SPECIMEN,))
    ring = keys.ring()
    try:
        claim = claims.read(text, ring)
    except ClaimError as error:
        return _unbelievable(text, error, register, ring)
    steps: tuple[Step, ...] = (FORM, key_step(claim), SIGNATURE)
    certificate = register.certificate(claim.number)
    if certificate is None:
        if not register.knows_key(claim.kid):
            return Verdict(Summary.UNKNOWN, (*steps, wrong_register(claim.kid)), None, claim)
        _log.critical("claim_not_in_register", extra={"number": claim.number, "kid": claim.kid})
        return Verdict(Summary.NOT_ISSUED, (*steps, _NOT_FOUND), None, claim)
    if text != certificate.claim_text or claims.claim_of(certificate.statement, claim.kid) != claim:
        _log.critical("claim_differs_from_register", extra={"number": claim.number, "kid": claim.kid})
        wrong = Step("facts", Outcome.FAILED, say("What it states is not what our register holds under this number."))
        ours = checked(certificate, register, ring)
        return Verdict(Summary.NOT_ISSUED, (*steps, _found(certificate, dated=ours is not None), wrong), ours, claim)
    record = recorded(certificate, register, ring)
    facts = Step("facts", Outcome.PASSED, say("What it states is what our register holds."))
    steps = (*steps, _found(certificate, dated=record.outcome is Outcome.PASSED), facts, record)
    return _judged(_succeeded(certificate, register, ring), steps, record, ring, now, claim)


def verify_number(number: Number, register: Register, keys: Keys, now: datetime) -> Verdict:
    """Judge the certificate of that *number*.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    certificate = register.certificate(number)
    if certificate is None:
        return not_found(register, keys)
    return verify_registered(certificate, register, keys, now)


def verify_registered(certificate: Certificate, register: Register, keys: Keys, now: datetime) -> Verdict:
    """Judge what the *register* holds, its own signatures included.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    return withheld(_of_registered(certificate, register, keys, now))


def _of_registered(certificate: Certificate, register: Register, keys: Keys, now: datetime) -> Verdict:
    ring = keys.ring()
    try:
        claim = claims.read(certificate.claim_text, ring)
        fits = claims.claim_of(certificate.statement, claim.kid) == claim
    except ClaimError as error:
        if error.fault is ClaimFault.UNKNOWN_KEY:
            ours = checked(certificate, register, ring)
            return Verdict(Summary.UNKNOWN, (_found(certificate, dated=ours is not None), KEY_MISSING), ours)
        fits = False
    if not fits:
        _log.critical("register_entry_does_not_fit_its_signature", extra={"number": certificate.number})
        return Verdict(Summary.ALTERED, (_found(certificate, dated=False), _CHANGED))
    signed = Step("signature", Outcome.PASSED, say("The entry fits the signature of its code."))
    record = recorded(certificate, register, ring)
    steps = _found(certificate, dated=record.outcome is Outcome.PASSED), signed, record
    return _judged(_succeeded(certificate, register, ring), steps, record, ring, now)


def not_found(register: Register, keys: Trusted) -> Verdict:
    """Return the verdict on what *register* does not hold and no key of ours stands for.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    unsure = not_ours(register, keys)
    return Verdict(Summary.UNKNOWN, (unsure,)) if unsure else Verdict(Summary.NOT_ISSUED, (_NOT_FOUND,))


def not_ours(register: Register, keys: Trusted) -> Step | None:
    """Return the step that says that *register* is not the one of *keys*, None if it is; without keys it is none.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    known = keys.trusted(Purpose.CLAIM)
    stranger = next((key.kid for key in known if not register.knows_key(key.kid)), None)
    return None if known and stranger is None else wrong_register(stranger)


def wrong_register(kid: Kid | None) -> Step:
    """Return the step that says that the register does not know the key *kid*, and log it for the operator."""
    _log.error("key_not_known_to_register", extra={"kid": kid} if kid else {})
    return _WRONG_REGISTER


def _unbelievable(text: str, error: ClaimError, register: Register, ring: Ring) -> Verdict:
    """Return the verdict on a claim that no key of ours signed: altered if we issued that number, else not ours.

    The very claim that we registered is neither where its key's record is missing here: it could not be checked.
    """
    number = Number(error.number)
    known = register.certificate(number) if number else None
    if error.fault is ClaimFault.MALFORMED:
        return Verdict(Summary.ALTERED, (Step("form", Outcome.FAILED, error.sentences[0]),))
    ours = known and checked(known, register, ring)
    if error.fault is ClaimFault.UNKNOWN_KEY:
        if known and known.claim_text == text:
            return Verdict(Summary.UNKNOWN, (FORM, KEY_MISSING), ours)
        key = Step("key", Outcome.FAILED, error.sentences[0])
        if known is None and (unsure := not_ours(register, ring)):
            return Verdict(Summary.UNKNOWN, (FORM, key, unsure))
        return Verdict(Summary.ALTERED if known else Summary.NOT_ISSUED, (FORM, key), ours)
    key = Step("key", Outcome.PASSED, say("It names a signing key of ours."))
    return Verdict(Summary.ALTERED, (FORM, key, Step("signature", Outcome.FAILED, error.sentences[0])), ours)


def key_step(claim: Claim) -> Step:
    """Return the step that says which key of ours signed *claim*."""
    return Step("key", Outcome.PASSED, say("It was signed with our key {kid}.", kid=claim.kid))


def _found(certificate: Certificate, *, dated: bool) -> Step:
    """Say that we hold it and, where the moment was checked, since when.

    That is by the calendar of the event: the paper's date of issue is of the same.
    """
    number = numbers.printed(certificate.number)
    if not dated:
        return Step("register", Outcome.PASSED, say("Our register holds {number}.", number=number))
    at = certificate.registered_at.astimezone(ZoneInfo(certificate.statement.event.zone))
    return Step("register", Outcome.PASSED, say("Our register holds {number} since {day}.", number=number, day=day(at)))


def _succeeded(certificate: Certificate, register: Register, keys: Trusted) -> Certificate:
    """Return *certificate* with whether what replaces it is signed as that: whom it replaces stands on its roll.

    Where it is on none, as before there were rolls, the trail may say so.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    if certificate.superseded_by is None:
        return certificate
    newer = register.certificate(certificate.superseded_by)
    odd = oddity(newer, register, keys) if newer is not None else (ON_NO_ROLL, "")
    told = certificate.replaced_by_trail == certificate.superseded_by
    believed = odd is None or odd[0] not in _NOT_SIGNED or (odd[0] == ON_NO_ROLL and told)
    return certificate if believed else replace(certificate, replaced_by_nobody=True)


def _judged(
    certificate: Certificate,
    steps: tuple[Step, ...],
    record: Step,
    keys: Trusted,
    now: datetime,
    claim: Claim | None = None,
) -> Verdict:
    """Return the verdict on *certificate*, whose claim fits, after *record*, the last of *steps*.

    What could not be checked is shown with none of its facts; that it was withdrawn or replaced holds all the same.

    Raises:
        SigningError: the key folder cannot be read.
    """
    summary, last = standing(certificate, keys, now)
    if record.outcome is Outcome.PASSED:
        return Verdict(summary, (*steps, *last), certificate, claim)
    gone = summary in {Summary.REVOKED, Summary.REPLACED}
    ended = [step for step in last if step.name == "status"] if gone else []
    return Verdict(summary if gone else Summary.UNKNOWN, (*steps, *ended), None, claim)
