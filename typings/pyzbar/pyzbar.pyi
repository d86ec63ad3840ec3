from collections.abc import Sequence
from typing import NamedTuple

from PIL.Image import Image

class Decoded(NamedTuple):
    data: bytes
    type: str

class ZBarSymbol:
    QRCODE: ZBarSymbol

def decode(image: Image, symbols: Sequence[ZBarSymbol] | None = ...) -> list[Decoded]: ...
