from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko_certvalidator import ValidationContext

class DocumentSecurityStore:
    @classmethod
    def read_dss(cls, handler: PdfFileReader) -> DocumentSecurityStore: ...
    def as_validation_context(self, validation_context_kwargs: dict[str, Any]) -> ValidationContext: ...
