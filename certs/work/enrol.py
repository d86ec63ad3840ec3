"""Enrol certificates of before: what the register holds of them is put under our signature, once, after a close look.

A certificate that was issued before there were rolls is on none, and what it states beyond its code could not be
checked. Each is opened once: its claim must fit its entry, its file the digest and the seal of its issue, and the
credential that the file encloses must say what the register does. The words of the page are read once for each plate.
Whatever does not fit is left out and named, for what we sign now everybody believes.

A certificate that the trail says was put on a roll is not one of before: whoever took that away may have changed the
rest. It is left out, and nothing at all is enrolled where the trail itself contradicts our checkpoints.

What no document of before says in words (which sessions somebody attended, whose address it is, the moment of
registration) is taken as the register has it: it cannot be known better any more.

Every roll is stored by itself, so a command that was stopped goes on where it was.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from certs import claim as claims
from certs import credential, roll
from certs.errors import ClaimError, ConflictError, CredentialError
from certs.ground.spool import in_parts
from certs.model import Act, Certificate, Number, Purpose
from certs.ports import Delivery, Keys, Store, Trusted, Voucher
from certs.wording import hint, joined, say

_NOT_WHOLE = "its entry or file is damaged"
_LOST = "it was put on a roll, as the trail says, and somebody took that away: restore a backup"


@dataclass(frozen=True, slots=True)
class Misfit:
    """A certificate that was left out, and why."""

    number: Number
    why: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """How many were enrolled, and what was left out."""

    count: int
    left_out: Sequence[Misfit]


def enrol(
    store: Store, keys: Keys, voucher: Voucher, act: Act, watch: Callable[[int], None] = lambda looked_at: None
) -> Enrolled:
    """Put every certificate that is on no roll on one, if it fits; *watch* is told of each few that were looked at.

    Raises:
        SigningError: the claim key is out of reach.
        ConflictError: the trail contradicts our checkpoints; or somebody else does the same now, and what was stored is
            kept.
        StorageError: the database fails; what was stored is kept.
    """
    if wrong := list(store.trail.contradictions(voucher)):
        last = say("Nothing was enrolled: whoever changed the trail may have changed certificates, too.")
        raise ConflictError(joined([*wrong, last], "\n"))
    signer, count, left_out, lost = keys.signer(Purpose.CLAIM), 0, list[Misfit](), frozenset(store.rolls.lost())
    for batch, some in _portions(store.rolls.on_none()):
        fitting: list[Certificate] = []
        for number, whole in some:
            why = _NOT_WHOLE if whole is None else _LOST if number in lost else misfit(whole, keys)
            if whole is None or why:
                left_out.append(Misfit(number, why))
            else:
                fitting.append(whole.certificate)
        if fitting:
            event = fitting[0].statement.event
            written = roll.write(signer, event, [roll.own_of(one) for one in fitting], act.at)
            store.rolls.enrol(batch, written, [one.number for one in fitting], act)
            count += len(fitting)
        watch(len(some))
    return Enrolled(count, left_out)


_Opened = tuple[Number, Delivery | None]


def _portions(opened: Iterator[_Opened]) -> Iterator[tuple[str, Sequence[_Opened]]]:
    """Yield what can be on one roll, with the reference of its batch; what is not whole belongs to none."""
    for batch, same in groupby(opened, key=lambda one: one[1].certificate.batch if one[1] else ""):
        yield from ((batch, some) for some in in_parts(same, roll.MOST))


def misfit(whole: Delivery, keys: Trusted) -> str:
    """Return why what the register holds of a certificate is not what was issued; nothing where all of it fits.

    Raises:
        SigningError: the key folder cannot be read.
    """
    from certs.pdf.unseal import is_sealed_by  # noqa: PLC0415 - fonts and all, which no other command needs

    certificate = whole.certificate
    try:
        claim = claims.read(certificate.claim_text, keys)
    except ClaimError as error:
        return f"its code is not to be believed: {error}"
    if claims.claim_of(certificate.statement, claim.kid) != claim or claim.kid != certificate.claim_kid:
        return "its entry is not what its code states"
    seal = keys.find(Purpose.SEAL, certificate.seal_kid)
    if seal is None:
        return f"the key {certificate.seal_kid} that sealed it is missing here"
    if not is_sealed_by(whole.pdf.plate + whole.pdf.tail, seal):
        return "our seal in its file is broken or missing"
    return _odd_credential(whole, keys)


def _odd_credential(whole: Delivery, keys: Trusted) -> str:
    """Return in which way the credential in the file does not say what the register does."""
    certificate = whole.certificate
    if certificate.credential_kid is None:
        return ""
    key = keys.find(Purpose.CREDENTIAL, certificate.credential_kid)
    if key is None:
        return f"the key {certificate.credential_kid} that signed its credential is missing here"
    enclosed = credential.enclosed_in(whole.pdf.tail) or b""
    try:
        credential.check(enclosed, certificate.statement, certificate.base_url, key, certificate.person)
    except CredentialError as error:
        return f"its entry is not what its credential states: {error}"
    return ""


def faults(store: Store, keys: Trusted) -> Iterator[str]:
    """Yield what is wrong with the rolls themselves; a sentence for each that does not fit its signature.

    Raises:
        SigningError: the key folder cannot be read.
        StorageError: the database fails.
    """
    for id_, written in store.rolls.all():
        key = None if written is None else keys.find(Purpose.CLAIM, written.kid)
        if written is None or (key is not None and not roll.fits(written, key)):
            yield say(
                "Roll {roll} is not what we signed: somebody wrote to the database by hand. Its certificates are named "
                "by {examination}; compare them with a backup.",
                roll=id_,
                examination=hint("examination"),
            )
