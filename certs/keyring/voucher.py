"""Signs the head of the audit trail by the newest credential key, and keeps the newest note in the key folder.

Whoever writes the database does not write there; so a register that lacks what this note says has lost it. A note that
is older than the register is well: several machines have each a key folder of their own.
"""

import logging
from datetime import datetime
from functools import lru_cache

from certs.errors import InputError, SigningError
from certs.ground import checkpoint as checkpoints
from certs.keyring import record
from certs.keyring.folder import KeyFolder
from certs.model import Checkpoint, KeyState, Purpose, TrustedKey
from certs.ports import Signer

FILE = "checkpoint"
_log = logging.getLogger("certs.trail")
_read = lru_cache(maxsize=1_000)(checkpoints.read)


class FolderVoucher:
    """`certs.ports.Voucher` on a key folder, for the trail that is called *origin*."""

    def __init__(self, keys: KeyFolder, origin: str) -> None:
        self._keys = keys
        self._origin = origin
        self._signer: Signer | None = None

    def ready(self) -> None:
        """Open the credential key that signs, if there is one and it opens.

        Raises:
            Nothing: what cannot be opened does not sign.
        """
        try:
            self._signer = self._active()
        except SigningError as error:
            _log.warning("trail_key_not_opened", extra={"reason": type(error).__name__})
            self._signer = None

    def sign(self, entries: int, sha256: str, at: datetime) -> str | None:
        """Return that head as a note; None where no credential key can sign it.

        A key that is being retired by this very act still signs it; one that is declared compromised does not.

        Raises:
            SigningError: the key folder cannot be read, or a key in a token is out of reach.
        """
        signer = self._active() or self._last()
        if signer is None:
            return None
        return checkpoints.sign(Checkpoint(self._origin, entries, sha256, at), signer)

    def read(self, note: str) -> Checkpoint | None:
        """Return what *note* says if a credential key of ours signed it, one that was safe by then.

        Raises:
            SigningError: the key folder cannot be read.
        """
        try:
            return _read(note) if checkpoints.signer_of(note, self._keys) else None
        except InputError:
            return None

    def kept(self) -> str:
        """Return the note in the key folder, empty if there is none.

        Raises:
            SigningError: it cannot be read.
        """
        path = self._keys.path / FILE
        if not path.exists() and not path.is_symlink():
            return ""
        return record.read_regular(path).decode(errors="replace")

    def keep(self, note: str) -> None:
        """Keep *note* in the key folder.

        Raises:
            Nothing: a folder that may only be read keeps what it has.
        """
        try:
            record.replace(self._keys.path / FILE, note.encode())
        except OSError as error:
            _log.warning("checkpoint_not_kept", extra={"reason": type(error).__name__})

    def _active(self) -> Signer | None:
        active = (key for key in self._keys.trusted(Purpose.CREDENTIAL) if key.state is KeyState.ACTIVE)
        key: TrustedKey | None = next(active, None)
        return None if key is None else self._keys.signer_of(key)

    def _last(self) -> Signer | None:
        """Return the signer that was opened before, if its key has been retired in good order since."""
        if self._signer is None:
            return None
        now = self._keys.find(Purpose.CREDENTIAL, self._signer.key.kid)
        return self._signer if now is not None and now.state is KeyState.RETIRED else None
