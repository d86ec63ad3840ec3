"""pyHanko on seals for decades: is the time-stamp good, does the file alone prove that nothing was revoked."""

import io
from dataclasses import dataclass

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext


@dataclass(frozen=True, slots=True)
class LongTerm:
    """What pyHanko finds without network; *sound* is its verdict on everything, *stamped* on the time-stamp."""

    sound: bool
    stamped: bool
    entire_file: bool
    no_changes_allowed: bool
    no_changes_made: bool


def stamped(pdf: bytes, *roots: bytes) -> LongTerm:
    """Return the verdict on a seal of level B-T, trusting *roots* (DER) alone."""
    context = ValidationContext(trust_roots=[x509.Certificate.load(root) for root in roots], allow_fetching=False)
    return _judge(PdfFileReader(io.BytesIO(pdf)), context)


def provable(pdf: bytes, root: bytes) -> LongTerm:
    """Return the verdict on a seal of level B-LT, where the file itself must disprove revocation.

    Raises:
        NoDSSFoundError: the file carries no evidence.
    """
    reader = PdfFileReader(io.BytesIO(pdf))
    roots = [x509.Certificate.load(root)]
    trust = {"trust_roots": roots, "allow_fetching": False, "revocation_mode": "hard-fail"}
    return _judge(reader, DocumentSecurityStore.read_dss(reader).as_validation_context(trust))


def _judge(reader: PdfFileReader, context: ValidationContext) -> LongTerm:
    (signature,) = reader.embedded_signatures
    status = validate_pdf_signature(signature, context)
    stamp = status.timestamp_validity
    return LongTerm(
        sound=status.bottom_line,
        stamped=bool(stamp and stamp.intact and stamp.valid and stamp.trusted),
        entire_file=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        no_changes_allowed=signature.docmdp_level is MDPPerm.NO_CHANGES,
        no_changes_made=status.docmdp_ok is True,
    )
