"""The list of an event: every certificate that was issued by a moment, and how it stood then, under our signature.

    certs.example.org/list/gmp-2026         whose list: host and path of the base URL, /list/, the event
    2026-11-30T16:52:17Z                    how it stood when
    2                                       how many lines follow
    CLAIM FILE valid - 17                   SHA-256 of claim and of PDF, state, last valid day, status index
    CLAIM FILE revoked 2028-12-31 18

    — certs.example.org/list/gmp-2026 Az3grlXn…

Digests are small hex, so that the output of any `sha256sum` can be looked for; lines stand in the order of the digests
of claims, so that the list tells nothing of who was first. It names no person and no number: whoever holds a code or a
file finds its line, nobody else learns anything but counts. The form is that of a signed note (C2SP signed-note v1), as
for checkpoints; the newest credential key signs, which is published in the DID document until it is compromised.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from certs.ground.signature import raw_public_key
from certs.model import Summary
from certs.ports import Signer

STATES = frozenset({Summary.VALID, Summary.REPLACED, Summary.REVOKED, Summary.UNKNOWN})
"""What a line may say; what has expired is valid with its last day."""
_NOTHING = "-"
_ED25519 = b"\x01"
"""The signature type of C2SP signed-note."""
_ID_BYTES = 4


@dataclass(frozen=True, slots=True)
class Line:
    """How one certificate stood."""

    claim_text: str
    file_sha256: str
    """Hex in small letters."""
    state: Summary
    valid_until: date | None
    status_index: int | None
    """Its place in the status lists; None where it has no credential."""

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise ValueError(f"a list says nothing like {self.state}")

    def __str__(self) -> str:
        claim = hashlib.sha256(self.claim_text.encode("ascii")).hexdigest()
        until = self.valid_until.isoformat() if self.valid_until else _NOTHING
        index = _NOTHING if self.status_index is None else str(self.status_index)
        return f"{claim} {self.file_sha256} {self.state} {until} {index}"


def name_of(base_url: str, slug: str) -> str:
    """Return the name of the list of event *slug* at *base_url*.

    Raises:
        Nothing.
    """
    parts = urlsplit(base_url)
    return f"{parts.netloc}{parts.path.rstrip('/')}/list/{slug}"


def sign(name: str, at: datetime, lines: Iterable[Line], signer: Signer) -> str:
    """Return the list called *name*, which says how *lines* stood *at* that moment, UTC, signed by *signer*.

    Raises:
        SigningError: the private key is out of reach.
    """
    spelled = sorted(map(str, lines))
    text = "".join(f"{line}\n" for line in (name, f"{at:%Y-%m-%dT%H:%M:%SZ}", len(spelled), *spelled))
    identity = hashlib.sha256(name.encode() + b"\n" + _ED25519 + raw_public_key(signer.key)).digest()[:_ID_BYTES]
    signature = base64.b64encode(identity + signer.sign(text.encode())).decode()
    return f"{text}\n— {name} {signature}\n"
