"""pyHanko on the seal: three answers (intact, valid, trusted), what the signature covers and what it still allows."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


@dataclass(frozen=True, slots=True)
class Seal:
    """What pyHanko finds; a sealed certificate has every field true."""

    intact: bool
    valid: bool
    trusted: bool
    entire_file: bool
    no_changes_allowed: bool
    no_changes_made: bool


def seal(pdf: bytes, roots: Sequence[bytes]) -> Seal:
    """Return pyHanko's verdict on the only signature of *pdf*, trusting *roots* (DER) alone.

    Raises:
        ValueError: there is no signature, or more than one.
    """
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    anchors = [x509.Certificate.load(root) for root in roots]
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=anchors, allow_fetching=False))
    return Seal(
        intact=status.intact,
        valid=status.valid,
        trusted=status.trusted,
        entire_file=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        no_changes_allowed=signature.docmdp_level is MDPPerm.NO_CHANGES,
        no_changes_made=status.docmdp_ok is True,
    )
