"""Whether what the register holds is what we signed when it was issued: the one way to facts that may be shown.

A claim states a certificate's core; everything else stands under the signature of its roll (see `certs.roll`). What is
on no roll, or differs from it in anything, could not be checked: its facts are shown nowhere, it is never valid, and it
is logged at the highest level with the number. So nothing that somebody wrote into the database passes for ours.

Rolls that fit are remembered, for certificates share them. A roll never changes; but a register that was restored may
hold another one under an id, so a certificate that differs from what is remembered is held against the register's.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

from certs import roll as rolls
from certs.errors import ConflictError
from certs.ground.number import printed
from certs.model import Certificate, Enrolment, Outcome, Purpose, Roll, Step, TrustedKey
from certs.ports import SignedFacts, Trusted
from certs.wording import hint, joined, mark, say, say_marked, say_n

_log = logging.getLogger("certs.record")

RECORD = "record"
"""The step's name."""
ON_NO_ROLL = "on_no_roll"
_REMEMBERED = 1_000
_SILENT_SECONDS = 600.0
"""How long looks at certificates on no roll are counted before the next line of the log."""
_SIGNED = Step(RECORD, Outcome.PASSED, say("All that our register holds of it is what we signed when it was issued."))
_ON_NONE = say("What our register holds of it beyond the code is not under our signature, so it could not be checked.")
_NO_KEY = mark("The key {kid} that signed what our register holds of it is missing here, so it could not be checked.")
_UNSAFE = mark("The key {kid} that signed what our register holds of it was not safe then, so it could not be checked.")
_FORGED = say("Our signature over what our register holds of it does not fit, so it could not be checked.")
_DIFFERS = mark(
    "Our register's entry is not what we signed when it was issued, so it could not be checked: somebody changed "
    "{what}."
)
_SOMETHING = say("the entry")
_ASK = say("Ask the issuer.")
_TO_VISITORS = {
    ON_NO_ROLL: say("After an upgrade that takes a while: try again later, or ask the issuer."),
    "key_missing": "",
    "key_not_safe": "",
}
"""What somebody who checks can do, by the code of what is odd, where it is not `_ASK`."""
_NAMED = 10
"""So many certificates that are not as signed are named at once."""


class _Odd(NamedTuple):
    """Why what the register holds could not be checked; *facts* that differ, where that is why."""

    code: str
    text: str
    facts: str = ""


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


class _Lull:
    """How often certificates on no roll were looked at since that was said last.

    After an upgrade there may be a million, each of which somebody may look at before the worker has enrolled it.
    """

    def __init__(self) -> None:
        self.until = float("-inf")
        self._looks = 0

    def looks(self, now: float) -> int:
        """Count one more; return how many are to be told of, 0 while it was said a while ago."""
        self._looks += 1
        if now < self.until:
            return 0
        looks, self._looks, self.until = self._looks, 0, now + _SILENT_SECONDS
        return looks


_memory = _Memory()
_lull = _Lull()


def recorded(certificate: Certificate, register: SignedFacts, keys: Trusted) -> Step:
    """Say whether all that *register* holds of *certificate* is what one of *keys* signed.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    odd = _oddity(certificate, register, keys)
    if odd is None:
        return _SIGNED
    _tell(certificate, odd)
    advice = _TO_VISITORS.get(odd.code, _ASK)
    return Step(RECORD, Outcome.UNKNOWN, joined([odd.text, advice]) if advice else odd.text)


def _oddity(certificate: Certificate, register: SignedFacts, keys: Trusted, *, unsafe_too: bool = False) -> _Odd | None:
    """Return why *certificate* could not be checked, None if it is as signed."""
    enrolment = certificate.enrolment
    if enrolment is None:
        return _Odd(ON_NO_ROLL, _ON_NONE)
    known = _memory.get(enrolment.roll)
    if known is not None and _holds(known, enrolment, certificate, keys):
        return None
    return _anew(certificate, enrolment, register.roll(enrolment.roll), keys, unsafe_too=unsafe_too)


def _holds(known: Known, enrolment: Enrolment, certificate: Certificate, keys: Trusted) -> bool:
    """Say whether *certificate* stands on a roll that is remembered, under a key that counts for it still."""
    key = keys.find(Purpose.CLAIM, known.roll.kid)
    counts = key is not None and key.public == known.public and not _unsafe(known.roll, key, certificate)
    return counts and rolls.holds(known.roll, enrolment.place, certificate)


def _anew(
    certificate: Certificate, enrolment: Enrolment, roll: Roll | None, keys: Trusted, *, unsafe_too: bool
) -> _Odd | None:
    """Judge by the *roll* that the register has now."""
    if roll is None:
        return _Odd(ON_NO_ROLL, _ON_NONE)
    key = keys.find(Purpose.CLAIM, roll.kid)
    if key is None:
        return _Odd("key_missing", say_marked(_NO_KEY, kid=roll.kid))
    if not rolls.fits(roll, key):
        return _Odd("wrong_signature", _FORGED)
    if not unsafe_too and _unsafe(roll, key, certificate):
        return _Odd("key_not_safe", say_marked(_UNSAFE, kid=roll.kid))
    if not rolls.holds(roll, enrolment.place, certificate):
        differing = rolls.differences(roll, enrolment.place, certificate)
        what = joined(differing, ", ") if differing else _SOMETHING
        return _Odd("differs", say_marked(_DIFFERS, what=what), what)
    _memory.keep(enrolment.roll, Known(roll, key.public))
    return None


def _unsafe(roll: Roll, key: TrustedKey, certificate: Certificate) -> bool:
    """Say whether somebody else may have signed *roll*; of the key of its own claim, `standing` judges."""
    since = key.compromised_since
    return since is not None and key.kid != certificate.claim_kid and since <= roll.signed_at


def _tell(certificate: Certificate, odd: _Odd) -> None:
    """Log what is odd by a word of its own and the kinds of facts that differ; on no roll once in a while."""
    about: dict[str, object] = {"number": certificate.number, "code": odd.code}
    if odd.code == ON_NO_ROLL:
        about["count"] = _lull.looks(time.monotonic())
    if odd.facts:
        about["facts"] = odd.facts
    if about.get("count") != 0:
        _log.critical("facts_not_as_signed", extra=about)


def checked(certificate: Certificate, register: SignedFacts, keys: Trusted) -> Certificate | None:
    """Return *certificate* if all that the register holds of it is what we signed, None if that could not be checked.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    return certificate if recorded(certificate, register, keys).outcome is Outcome.PASSED else None


def demand(
    certificates: Iterable[Certificate], register: SignedFacts, keys: Trusted, *, unsafe_too: bool = False
) -> None:
    """Check that *certificates*, of which something is about to be signed anew, are what we signed.

    With *unsafe_too* a roll counts although its key was not safe by then: such certificates are there to be replaced.

    Raises:
        ConflictError: some are not; names them, and what differs.
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    wrong: list[str] = []
    more = 0
    for one in certificates:
        odd = _oddity(one, register, keys, unsafe_too=unsafe_too)
        if odd is None:
            continue
        _tell(one, odd)
        more += len(wrong) >= _NAMED
        if len(wrong) < _NAMED:
            wrong.append(say("{number}: {why}", number=printed(one.number), why=odd.text))
    if not wrong:
        return
    if more:
        wrong.append(say_n("And {n:,} more certificate.", "And {n:,} more certificates.", more))
    last = say("Nothing was ordered: it would put this under our signature. See {doctor}.", doctor=hint("doctor"))
    raise ConflictError(joined([*wrong, last], "\n"))


def oddity(certificate: Certificate, register: SignedFacts, keys: Trusted) -> tuple[str, str] | None:
    """Return a code and a sentence for why *certificate* is not what we signed, None if it is; logs nothing.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    odd = _oddity(certificate, register, keys)
    return None if odd is None else (odd.code, odd.text)


def why_unchecked(certificate: Certificate, register: SignedFacts, keys: Trusted) -> str:
    """Return why *certificate* could not be checked, in words to whoever runs this; nothing if it is as signed.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    odd = _oddity(certificate, register, keys)
    if odd is not None:
        _tell(certificate, odd)
    return odd.text if odd else ""
