"""Verification of a file: the very one that we issued, one that was changed afterwards, or none of ours.

    1. identical   its SHA-256 is that of an issued certificate; then the rest is as for a number, and the file is ours
    2. file        otherwise a process of its own reads it: is it a PDF, what does it state?
    3. seal        does it carry a seal by one of our leaf keys, and is the seal intact over the whole file?
    4. register    does it state a certificate that we issued?
    5. difference  how does it differ from what we issued?

Only step 1 can lead to `valid`. A file that states one of our certificates but is another file is *altered*, and so is
one that begins like ours but was cut off where it says whose. One that states none is *not issued by us*, and so is one
that our keys signed but the register does not hold (logged loudly). A file whose seal of ours is intact was changed by
nobody: it is never *altered*, but *not issued*, with the sentence that we sealed it and what the register holds
instead. So it is after a restore that lost the time in which it was made. What cannot be read within the limits is
*unknown*, and so is what a register does not hold that is not the one of our keys.
"""

import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from certs import claim as claims
from certs.errors import ClaimError, InputError, StorageError
from certs.ground import number as numbers
from certs.model import Certificate, Claim, Number, Outcome, Purpose, Step, Summary, TrustedKey, Verdict
from certs.ports import Keys, Register
from certs.wording import day, say, say_marked
from certs.work.record import checked
from certs.work.verify import sandbox
from certs.work.verify.codes import not_ours, verify_registered, wrong_register
from certs.work.verify.withheld import withheld

BEGINNING_BYTES = 1024
"""A shorter beginning of a file says nothing of where it comes from."""
_HEADER_WITHIN = 1024
"""Bytes before `%PDF-` that readers tolerate (ISO 32000-1, annex H.3.4.1)."""
MAX_BYTES = 20_000_000
"""Of a file that is examined; the largest certificate has a hundredth of it."""

_log = logging.getLogger("certs.verify")

_IDENTICAL = Step("identical", Outcome.PASSED, say("The file is, byte for byte, the one that we issued."))
_AS_REGISTERED = Step(
    "identical", Outcome.UNKNOWN, say("The file is the one in our register, which could not be checked.")
)
_NOT_OUR_SEAL = say(
    "Our register holds this file, but our seal in it is broken or missing: somebody put it there. Ask the issuer."
)
_DIFFERS = Step("identical", Outcome.FAILED, say("The file is not, byte for byte, one that we issued."))
_TOO_LARGE = Step("file", Outcome.UNKNOWN, say("It is far larger than any certificate, so it was not examined."))
_UNREADABLE = Step(
    "file", Outcome.UNKNOWN, say("It could not be examined safely. Ask the person for the original file.")
)
_LOCKED = Step(
    "file", Outcome.UNKNOWN, say("It is locked with a password, so it says nothing. Ask for the original file.")
)
_READ = Step("file", Outcome.PASSED, say("It is a PDF and could be examined."))
_STATES_NONE = Step(
    "register", Outcome.FAILED, say("It states no certificate of ours. Scan its QR code or type its number.")
)
_BEGINS_LIKE_OURS = Step(
    "register",
    Outcome.FAILED,
    say(
        "It begins like a certificate of ours, but was cut off or changed where it says whose. Ask for "
        "the original file."
    ),
)
_IDENTIFIER = re.compile(rb"/ID\[<0{18}([0-7][0-9A-F]{13})><")
"""The number's seven bytes in hex, as every tail ends with them (docs/formats.md); the first bit is never set."""
_END_BYTES = 1 << 16
"""Within so many bytes from the end of a file its identifier stands: behind it is a table of four bytes an object, and
a page with two dozen sessions has less than two hundred objects."""
_MISSING = say("Our register does not hold the certificate that it states.")
_PADDED = say("It carries our seal, but something was written into the gap that no seal covers.")
_GAP = re.compile(rb"/Contents<[0-9A-Fa-f\s]*>")
"""Where a seal stands, which it cannot cover."""
_ANOTHER_FILE = say("It is another file than the one that we issued under this number.")


def verify_pdf(data: bytes, register: Register, keys: Keys, now: datetime) -> Verdict:
    """Judge a PDF.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
        BusyError: too many files are being looked at.
    """
    same = identical(data, register, keys, now)
    return same if same is not None else verify_other_pdf(data, register, keys)


def verify_other_pdf(data: bytes, register: Register, keys: Keys) -> Verdict:
    """Judge a PDF that is none of ours, byte for byte.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
        BusyError: too many files are being looked at.
    """
    if is_large(data):
        return Verdict(Summary.UNKNOWN, (_DIFFERS, _TOO_LARGE))
    with sandbox.place():
        return withheld(_looked_into(data, register, keys))


def identical(data: bytes, register: Register, keys: Keys, now: datetime) -> Verdict | None:
    """Return the verdict on the very file that we issued, None if *data* is none.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    certificate = _issued_as(data, register)
    if certificate is None:
        return None
    return _identical(data, certificate, verify_registered(certificate, register, keys, now), keys)


def is_pdf(data: bytes) -> bool:
    """Say whether *data* begins like a PDF, or is one that lost its beginning."""
    return b"%PDF-" in data[:_HEADER_WITHIN] or b"endobj" in data


def is_large(data: bytes) -> bool:
    """Say whether *data* is more than is looked into."""
    return len(data) > MAX_BYTES


def _looked_into(data: bytes, register: Register, keys: Keys) -> Verdict:
    """Return the verdict on a PDF that is none of ours, after a look into it."""
    seals = keys.trusted(Purpose.SEAL)
    findings = sandbox.examine(data, [key.public for key in seals])
    if findings is None:
        return Verdict(Summary.UNKNOWN, (_DIFFERS, _UNREADABLE))
    if findings.get("locked") is True:
        return Verdict(Summary.UNKNOWN, (_DIFFERS, _LOCKED))
    sealed, by, intact = _seal(findings, seals)
    if by is not None and intact:
        return _judge_sealed(data, findings, (_DIFFERS, _READ, sealed), by, register, keys)
    return _judge(data, findings, (_DIFFERS, _READ, sealed), by, register, keys)


def same_file(verdict: Verdict, sha256: str) -> bool | None:
    """Say whether a file of that digest, in hex, is the one that we issued; None where *verdict* shows none."""
    return None if verdict.certificate is None else verdict.certificate.pdf_sha256 == sha256.lower()


def same_very_file(verdict: Verdict) -> bool | None:
    """Say whether the file that was judged is the one that we issued; None where *verdict* shows none."""
    first = verdict.steps[0] if verdict.steps else None
    same = first is not None and first.name == "identical" and first.outcome is not Outcome.FAILED
    return None if verdict.certificate is None else same


def _identical(data: bytes, certificate: Certificate, verdict: Verdict, keys: Keys) -> Verdict:
    """Return the *verdict* on the certificate whose very file *data* is, after a look into the seal of that.

    A file that the register calls ours and that we did not seal was put there by somebody else.
    """
    from certs.pdf.unseal import is_sealed_by  # noqa: PLC0415 - fonts and all, which no other verdict needs

    key = keys.find(Purpose.SEAL, certificate.seal_kid)
    if key is None:
        step = Step(
            "seal",
            Outcome.UNKNOWN,
            say("The key {seal_kid} that sealed it is missing here.", seal_kid=certificate.seal_kid),
        )
    elif is_sealed_by(data, key):
        step = Step("seal", Outcome.PASSED, say("It carries our seal {kid}, intact over the whole file.", kid=key.kid))
    else:
        _log.critical("file_in_register_not_sealed_by_us", extra={"number": certificate.number, "kid": key.kid})
        step = Step("seal", Outcome.UNKNOWN, _NOT_OUR_SEAL)
    steps = (_IDENTICAL if verdict.certificate else _AS_REGISTERED, step, *verdict.steps)
    if step.outcome is Outcome.PASSED or verdict.summary not in {Summary.VALID, Summary.EXPIRED}:
        return Verdict(verdict.summary, steps, verdict.certificate)
    return Verdict(Summary.UNKNOWN, steps, verdict.certificate if key is None else None)


def _issued_as(data: bytes, register: Register) -> Certificate | None:
    """Return the certificate whose very file *data* is, None if it is nobody's.

    Its number stands in its identifier, which is but a hint where to look: the digest tells.
    """
    stated = _IDENTIFIER.findall(data, max(len(data) - _END_BYTES, 0))
    certificate = register.certificate(numbers.from_bytes(bytes.fromhex(stated[-1].decode()))) if stated else None
    same = certificate is not None and certificate.pdf_sha256 == hashlib.sha256(data).hexdigest()
    return certificate if same else None


def _judge(
    data: bytes,
    findings: Mapping[str, object],
    steps: tuple[Step, ...],
    sealed_by: TrustedKey | None,
    register: Register,
    keys: Keys,
) -> Verdict:
    """Return the verdict on a PDF that is not identical to an issued one."""
    claim = _claim(findings, keys)
    number = claim.number if claim else _number(findings)
    certificate = register.certificate(number) if number else None
    if certificate is not None:
        found = _states(certificate)
        steps = (*steps, Step("register", Outcome.PASSED, found), _difference(data, certificate, register))
        return Verdict(Summary.ALTERED, steps, checked(certificate, register, keys), claim)
    by = claim.kid if claim else sealed_by.kid if sealed_by and number else None
    if by is not None:
        if not register.knows_key(by):
            return Verdict(Summary.UNKNOWN, (*steps, wrong_register(by)), None, claim)
        _log.critical("file_signed_by_us_but_not_in_register", extra={"number": number, "kid": by})
        return Verdict(Summary.NOT_ISSUED, (*steps, Step("register", Outcome.FAILED, _MISSING)), None, claim)
    if len(data) >= BEGINNING_BYTES and register.begins_like_ours(data):
        return Verdict(Summary.ALTERED, (*steps, _BEGINS_LIKE_OURS))
    if sealed_by:
        return Verdict(Summary.ALTERED, (*steps, _STATES_NONE))
    if unsure := not_ours(register, keys):
        return Verdict(Summary.UNKNOWN, (*steps, unsure))
    return Verdict(Summary.NOT_ISSUED, (*steps, _STATES_NONE))


def _judge_sealed(
    data: bytes,
    findings: Mapping[str, object],
    steps: tuple[Step, ...],
    by: TrustedKey,
    register: Register,
    keys: Keys,
) -> Verdict:
    """Return the verdict on a PDF that nobody changed since we sealed it, and that is no file of the register."""
    claim = _claim(findings, keys)
    number = claim.number if claim else _number(findings)
    certificate = register.certificate(number) if number else None
    if certificate is None and not register.knows_key(by.kid):
        return Verdict(Summary.UNKNOWN, (*steps, wrong_register(by.kid)), None, claim)
    if certificate is not None and _differs_in_seal_alone(data, certificate, register):
        found = _states(certificate)
        steps = (*steps[:2], Step("seal", Outcome.FAILED, _PADDED), Step("register", Outcome.PASSED, found))
        steps = (*steps, _difference(data, certificate, register))
        return Verdict(Summary.ALTERED, steps, checked(certificate, register, keys), claim)
    _log.critical("file_signed_by_us_but_not_in_register", extra={"number": number, "kid": by.kid})
    ours = certificate and checked(certificate, register, keys)
    text = _MISSING if certificate is None else _holds_another(certificate, ours)
    return Verdict(Summary.NOT_ISSUED, (*steps, Step("register", Outcome.FAILED, text)), ours, claim)


def _states(certificate: Certificate) -> str:
    return say("It states {number}, which we issued.", number=numbers.printed(certificate.number))


def _holds_another(certificate: Certificate, ours: Certificate | None) -> str:
    """Say that the number is another file's, and since when where that was checked."""
    number = numbers.printed(certificate.number)
    if ours is None:
        return say("Under {number} our register holds another file. Only that one counts.", number=number)
    return say(
        "Under {number} our register holds another file, since {day}. Only that one counts.",
        number=number,
        day=day(ours.registered_at.astimezone(ZoneInfo(ours.statement.event.zone))),
    )


def _differs_in_seal_alone(data: bytes, certificate: Certificate, register: Register) -> bool:
    """Say whether *data* is the issued file but for the gap that no seal covers, where somebody wrote."""
    try:
        issued = register.pdf(certificate.number)
    except StorageError:
        return False
    if issued is None:
        return False
    ours, theirs = (_GAP.sub(b"", one) for one in (issued.plate + issued.tail, data))
    return ours == theirs


def _seal(findings: Mapping[str, object], seals: Sequence[TrustedKey]) -> tuple[Step, TrustedKey | None, bool]:
    """Return the step about seals by our keys, the key of the first, and whether it is intact over the whole file."""
    listed = findings.get("seals")
    places = range(len(seals))
    found = [s for s in listed if isinstance(s, dict) and s.get("leaf") in places] if isinstance(listed, list) else []
    if not found:
        return Step("seal", Outcome.FAILED, say("It carries no seal of ours.")), None, False
    key = seals[found[0]["leaf"]]
    intact, whole = (all(s.get("intact") is True for s in found), any(s.get("whole") is True for s in found))
    outcome, text = _sealed(key, intact=intact, whole=whole)
    return Step("seal", outcome, text), key, intact and whole


def _sealed(key: TrustedKey, *, intact: bool, whole: bool) -> tuple[Outcome, str]:
    """Return what is to be said of a seal by *key*."""
    kid = key.kid
    if not intact:
        broken = say("It carries our seal {kid}, but the seal is broken: something was changed afterwards.", kid=kid)
        return Outcome.FAILED, broken
    if not whole:
        return Outcome.FAILED, say(
            "It carries our seal {kid}, but something was added to the file afterwards.", kid=kid
        )
    if key.compromised_since is not None:
        since = day(key.compromised_since)
        unsafe = say("It carries our seal {kid}, which has not been safe since {day}.", kid=kid, day=since)
        return Outcome.FAILED, unsafe
    return (
        Outcome.PASSED,
        say("It carries our seal {kid}, intact over the whole file: we sealed it, and nobody changed it.", kid=kid),
    )


def _claim(findings: Mapping[str, object], keys: Keys) -> Claim | None:
    """Return the first claim in the file that one of our keys signed."""
    found = findings.get("claims")
    for text in found if isinstance(found, list) else []:
        try:
            return claims.read(str(text), keys)
        except ClaimError:
            continue
    return None


def _number(findings: Mapping[str, object]) -> Number | None:
    stated = findings.get("number")
    try:
        return numbers.parse(stated) if isinstance(stated, str) else None
    except InputError:
        return None


def _difference(data: bytes, certificate: Certificate, register: Register) -> Step:
    from certs.pdf.compare import KINDS  # noqa: PLC0415 - what reads pages, which no other verdict needs

    try:
        issued = register.pdf(certificate.number)
    except StorageError:
        issued = None
    told = sandbox.compare(issued.plate + issued.tail, data) if issued else None
    kind = told.get("kind") if told else None
    text = say_marked(KINDS[kind]) if isinstance(kind, str) and kind in KINDS else _ANOTHER_FILE
    return Step("difference", Outcome.FAILED, text)
