from collections.abc import Sequence
from io import BytesIO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

class Signer: ...

class SimpleSigner(Signer):
    @classmethod
    def load(
        cls,
        key_file: str,
        cert_file: str,
        ca_chain_files: Sequence[str] | None = ...,
        key_passphrase: bytes | None = ...,
    ) -> SimpleSigner: ...

class PdfSignatureMetadata:
    def __init__(
        self,
        field_name: str | None = ...,
        md_algorithm: str | None = ...,
        location: str | None = ...,
        reason: str | None = ...,
        certify: bool = ...,
        subfilter: SigSeedSubFilter | None = ...,
        docmdp_permissions: MDPPerm = ...,
    ) -> None: ...

def sign_pdf(pdf_out: IncrementalPdfFileWriter, signature_meta: PdfSignatureMetadata, signer: Signer) -> BytesIO: ...
