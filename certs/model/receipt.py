"""What the register keeps of a receipt: that it was given, not to whom nor about what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from certs.model.ids import Kid, Number


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """A receipt that was given: *sha256* is that of its JWS, *counts* how many answers of which summary it has."""

    number: Number
    at: datetime
    kid: Kid
    sha256: str
    counts: Mapping[str, int]
