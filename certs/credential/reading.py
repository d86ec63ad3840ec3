"""A credential that somebody brought -> what it says, if one of our keys signed exactly that."""

from dataclasses import dataclass
from datetime import datetime

from certs.model import Kid, Number
from certs.ports import Keys


@dataclass(frozen=True, slots=True)
class Reading:
    """What a believable credential says; whether it still holds is for the register to say."""

    kid: Kid
    number: Number
    name: str
    event: str
    quarter_hours: int
    status_index: int
    issued_at: datetime


def read(data: bytes, keys: Keys, base_url: str) -> Reading:
    """Return what the credential *data* says, if it is one of ours and one of our credential keys signed it.

    Raises:
        CredentialError: malformed, foreign, unknown key or wrong signature, told apart by its fault.
    """
    raise NotImplementedError
