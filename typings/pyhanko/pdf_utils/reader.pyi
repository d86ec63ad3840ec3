from collections.abc import Sequence
from typing import BinaryIO

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.sign.validation import EmbeddedPdfSignature

class PdfFileReader:
    def __init__(self, stream: BinaryIO, strict: bool = ...) -> None: ...
    @property
    def root(self) -> DictionaryObject: ...
    @property
    def embedded_signatures(self) -> Sequence[EmbeddedPdfSignature]: ...
    @property
    def embedded_regular_signatures(self) -> Sequence[EmbeddedPdfSignature]: ...
