"""The key folder as `ports.Keys`."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from certs.model import Kid, Purpose, TrustedKey
from certs.ports import Signer


class KeyFolder:
    """The keys under *path*; *passphrase* is asked only when a private part is opened. Picklable for worker pools."""

    def __init__(self, path: Path, passphrase: Callable[[], bytes]) -> None:
        self._path = path
        self._passphrase = passphrase

    def signer(self, purpose: Purpose) -> Signer:
        """Return the newest active signer for *purpose*.

        Raises:
            SigningError: there is none, or its private part cannot be opened; says which command makes one.
        """
        raise NotImplementedError

    def trusted(self, purpose: Purpose) -> Sequence[TrustedKey]:
        """Return every known key of *purpose*, newest first, whatever its state.

        Raises:
            SigningError: a key folder is broken.
        """
        raise NotImplementedError

    def find(self, purpose: Purpose, kid: Kid) -> TrustedKey | None:
        """Return the key *kid* if it exists for *purpose*.

        Raises:
            SigningError: a key folder is broken.
        """
        raise NotImplementedError

    def new(
        self, purpose: Purpose, now: datetime, *, issuer: str = "", rsa: bool = False, demo: bool = False
    ) -> TrustedKey:
        """Make a key for *purpose* and return its public part; a seal also gets a root where there is none.

        Raises:
            SigningError: the folder cannot be written.
        """
        raise NotImplementedError
