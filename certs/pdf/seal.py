"""The seal: a PAdES signature in a CMS template where only digest and signature change."""

from datetime import datetime

from certs.ports import Signer


class Sealer:
    """Seals with one X.509 key; *signed_at* is the time that the seal states."""

    def __init__(self, signer: Signer, signed_at: datetime) -> None:
        self.signer = signer
        self.signed_at = signed_at
