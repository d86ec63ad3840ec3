"""The roll: one signature over everything that certificates made together state and their claims do not."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from certs.model.ids import Kid


@dataclass(frozen=True, slots=True)
class Roll:
    """The signed list of what the certificates of one sheet state; see `certs.roll` for its bytes."""

    kid: Kid
    """The claim key that signed it."""
    signed_at: datetime
    facts: str
    """What all of them state alike: the facts of their event, in canonical form."""
    entries: bytes
    """One entry for each certificate, all of one length."""
    signature: bytes


class Enrolment(NamedTuple):
    """Where a certificate stands: the id of its roll in the register, and its place there, from 0."""

    roll: int
    place: int
