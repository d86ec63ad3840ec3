"""Whether what the register holds is what we signed when it was issued: the one way to facts that may be shown.

A claim states a certificate's core; everything else stands under the signature of its roll (see `certs.roll`). What is
on no roll, or differs from it in anything, could not be checked: its facts are shown nowhere, it is never valid, and it
is logged at the highest level with the number. So nothing that somebody wrote into the database passes for ours.

Rolls that fit are remembered, for certificates share them. A roll never changes; but a register that was restored may
hold another one under an id, so a certificate that differs from what is remembered is held against the register's.
"""

import logging
from collections import OrderedDict
from typing import NamedTuple

from certs import roll as rolls
from certs.model import Certificate, Enrolment, Outcome, Purpose, Roll, Step, TrustedKey
from certs.ports import SignedFacts, Trusted
from certs.wording import say

_log = logging.getLogger("certs.record")

RECORD = "record"
"""The step's name."""
_REMEMBERED = 1_000
_SIGNED = Step(RECORD, Outcome.PASSED, say("All that our register holds of it is what we signed when it was issued."))
_ON_NONE = (
    "What our register holds of it beyond the code is not under our signature, so it could not be checked. Ask the "
    "issuer, who has to enrol it."
)
_NO_KEY = "The key {kid} that signed what our register holds of it is missing here, so it could not be checked."
_UNSAFE = "The key {kid} that signed what our register holds of it was not safe then, so it could not be checked."
_FORGED = "Our signature over what our register holds of it does not fit, so it could not be checked. Ask the issuer."
_DIFFERS = (
    "Our register's entry is not what we signed when it was issued, so it could not be checked: somebody changed "
    "{what}. Ask the issuer."
)
_SOMETHING = "the entry"


class Known(NamedTuple):
    """A roll whose signature fits the public key."""

    roll: Roll
    public: bytes


class _Memory:
    """The rolls that were asked for last."""

    def __init__(self) -> None:
        self._rolls: OrderedDict[int, Known] = OrderedDict()

    def get(self, id_: int) -> Known | None:
        return self._rolls.get(id_)

    def keep(self, id_: int, known: Known) -> None:
        self._rolls[id_] = known
        if len(self._rolls) > _REMEMBERED:
            self._rolls.popitem(last=False)


_memory = _Memory()


def recorded(certificate: Certificate, register: SignedFacts, keys: Trusted) -> Step:
    """Say whether all that *register* holds of *certificate* is what one of *keys* signed.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    enrolment = certificate.enrolment
    if enrolment is None:
        return _unknown(certificate, "on_no_roll", _ON_NONE)
    known = _memory.get(enrolment.roll)
    if known is not None and _holds(known, enrolment, certificate, keys):
        return _SIGNED
    return _anew(certificate, enrolment, register.roll(enrolment.roll), keys)


def _holds(known: Known, enrolment: Enrolment, certificate: Certificate, keys: Trusted) -> bool:
    """Say whether *certificate* stands on a roll that is remembered, under a key that counts for it still."""
    key = keys.find(Purpose.CLAIM, known.roll.kid)
    counts = key is not None and key.public == known.public and not _unsafe(known.roll, key, certificate)
    return counts and rolls.holds(known.roll, enrolment.place, certificate)


def _anew(certificate: Certificate, enrolment: Enrolment, roll: Roll | None, keys: Trusted) -> Step:
    """Judge by the *roll* that the register has now."""
    if roll is None:
        return _unknown(certificate, "on_no_roll", _ON_NONE)
    key = keys.find(Purpose.CLAIM, roll.kid)
    if key is None:
        return _unknown(certificate, "key_missing", _NO_KEY.format(kid=roll.kid))
    if not rolls.fits(roll, key):
        return _unknown(certificate, "wrong_signature", _FORGED)
    if _unsafe(roll, key, certificate):
        return _unknown(certificate, "key_not_safe", _UNSAFE.format(kid=roll.kid))
    if not rolls.holds(roll, enrolment.place, certificate):
        what = ", ".join(rolls.differences(roll, enrolment.place, certificate)) or _SOMETHING
        return _unknown(certificate, "differs", _DIFFERS.format(what=what), what)
    _memory.keep(enrolment.roll, Known(roll, key.public))
    return _SIGNED


def _unsafe(roll: Roll, key: TrustedKey, certificate: Certificate) -> bool:
    """Say whether somebody else may have signed *roll*; of the key of its own claim, `standing` judges."""
    since = key.compromised_since
    return since is not None and key.kid != certificate.claim_kid and since <= roll.signed_at


def _unknown(certificate: Certificate, code: str, text: str, facts: str = "") -> Step:
    """Return the step that says *text*, and log it by a word of its own and the kinds of *facts* that differ."""
    about = {"number": certificate.number, "code": code, **({"facts": facts} if facts else {})}
    _log.critical("facts_not_as_signed", extra=about)
    return Step(RECORD, Outcome.UNKNOWN, text)


def checked(certificate: Certificate, register: SignedFacts, keys: Trusted) -> Certificate | None:
    """Return *certificate* if all that the register holds of it is what we signed, None if that could not be checked.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    return certificate if recorded(certificate, register, keys).outcome is Outcome.PASSED else None
