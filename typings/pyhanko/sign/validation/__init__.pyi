from enum import Enum

from asn1crypto.x509 import Certificate
from pyhanko.sign.fields import MDPPerm
from pyhanko_certvalidator import ValidationContext

class SignatureCoverageLevel(Enum):
    UNCLEAR = 0
    CONTIGUOUS_BLOCK_FROM_START = 1
    ENTIRE_REVISION = 2
    ENTIRE_FILE = 3

class EmbeddedPdfSignature:
    @property
    def signer_cert(self) -> Certificate: ...
    @property
    def docmdp_level(self) -> MDPPerm | None: ...

class TimestampStatus:
    intact: bool
    valid: bool
    trusted: bool

class PdfSignatureStatus:
    timestamp_validity: TimestampStatus | None
    intact: bool
    valid: bool
    coverage: SignatureCoverageLevel
    docmdp_ok: bool | None
    @property
    def trusted(self) -> bool: ...
    @property
    def bottom_line(self) -> bool: ...
    def pretty_print_details(self) -> str: ...

def validate_pdf_signature(
    embedded_sig: EmbeddedPdfSignature,
    signer_validation_context: ValidationContext | None = ...,
    ts_validation_context: ValidationContext | None = ...,
) -> PdfSignatureStatus: ...
