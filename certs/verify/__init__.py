"""Is this certificate true? A claim, a number or a file in, a `Verdict` out: named steps and one summary.

An untrue certificate is an answer, never an exception. Only a register or key folder that cannot be read raises
StorageError or SigningError.
"""

from datetime import datetime

from certs.model import Verdict
from certs.ports import Keys, Register

__all__ = ["verify_claim", "verify_number", "verify_pdf"]


def verify_claim(text: str, register: Register, keys: Keys, now: datetime) -> Verdict:
    """Judge the claim *text* that a QR code carried.

    Raises:
        StorageError: the register cannot be read.
    """
    raise NotImplementedError


def verify_number(typed: str, register: Register, keys: Keys, now: datetime) -> Verdict:
    """Judge the certificate whose number somebody typed.

    Raises:
        StorageError: the register cannot be read.
    """
    raise NotImplementedError


def verify_pdf(data: bytes, register: Register, keys: Keys, now: datetime) -> Verdict:
    """Judge a file: identical to an issued one, altered after issue, or not issued by us.

    Raises:
        StorageError: the register cannot be read.
    """
    raise NotImplementedError
