"""Verification of a file."""

import hashlib
from datetime import datetime

from certs.model import Outcome, Step, Summary, Verdict
from certs.ports import Keys, Register
from certs.verify.codes import verify_registered


def verify_pdf(data: bytes, register: Register, keys: Keys, now: datetime) -> Verdict:
    """Judge a file: identical to an issued one, altered after issue, or not issued by us.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    certificate = register.certificate_by_digest(hashlib.sha256(data).hexdigest())
    if certificate is not None:
        verdict = verify_registered(certificate, keys, now)
        identical = Step("identical", Outcome.PASSED, "The file is, byte for byte, the one that we issued.")
        return Verdict(verdict.summary, (identical, *verdict.steps), certificate)
    differs = Step("identical", Outcome.FAILED, "The file is not, byte for byte, one that we issued.")
    return Verdict(Summary.NOT_ISSUED, (differs,))
