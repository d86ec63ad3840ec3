"""The key folder as `ports.Keys`: what is trusted, what signs, and the steps of a key's life.

The records of all keys are read once and again when the folder changes; every step of a key's life touches the folder.
Private parts are opened only to sign, so a process that merely verifies needs no passphrase.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate

from certs.errors import ConflictError, InputError, NotFoundError, SigningError
from certs.keyring import record
from certs.keyring.private import (
    ED25519,
    P256,
    RSA3072,
    PrivateKey,
    PrivateSigner,
    encrypted_pem,
    generate,
    open_private,
    open_signer,
)
from certs.keyring.x509 import Authority, make_leaf, make_root
from certs.model import KeyState, Kid, Purpose, TrustedKey


class KeyFolder:
    """The keys under *path*; *passphrase* is asked only when a private part is opened. Picklable for worker pools."""

    def __init__(self, path: Path, passphrase: Callable[[], bytes]) -> None:
        self.path = path
        self._passphrase = passphrase
        self._seen = -1
        self._keys: dict[Purpose, tuple[TrustedKey, ...]] = {}
        self._signers: dict[Kid, PrivateSigner] = {}

    def __reduce__(self) -> tuple[type["KeyFolder"], tuple[Path, Callable[[], bytes]]]:
        return KeyFolder, (self.path, self._passphrase)

    # ------------------------------------------------------------ ports.Keys

    def signer(self, purpose: Purpose) -> PrivateSigner:
        """Return the newest active signer for *purpose*.

        Raises:
            SigningError: there is none, or its private part cannot be opened; says which command makes one.
        """
        for key in self.trusted(purpose):
            if key.state is KeyState.ACTIVE:
                return self.signer_of(key)
        raise SigningError(f"There is no active {purpose} key in {self.path}: run certs keys new {purpose}.")

    def trusted(self, purpose: Purpose) -> Sequence[TrustedKey]:
        """Return every known key of *purpose*, newest first, whatever its state.

        Raises:
            SigningError: a key folder is broken.
        """
        return self._current().get(purpose, ())

    def find(self, purpose: Purpose, kid: Kid) -> TrustedKey | None:
        """Return the key *kid* if it exists for *purpose*.

        Raises:
            SigningError: a key folder is broken.
        """
        for key in self._current().get(purpose, ()):
            if key.kid == kid:
                return key
        return None

    # ------------------------------------------------------------ reading

    def named(self, kid: str) -> TrustedKey:
        """Return the key *kid*, whatever its purpose.

        Raises:
            NotFoundError: there is none.
            SigningError: a key folder is broken.
        """
        for keys in self._current().values():
            for key in keys:
                if key.kid == kid.lower():
                    return key
        raise NotFoundError(f"There is no key {kid} in {self.path}: certs keys list shows them all.")

    def folder_of(self, key: TrustedKey) -> Path:
        """Return where *key* lives.

        Raises:
            Nothing.
        """
        return self.path / record.folder_name(key.purpose, key.kid)

    def signer_of(self, key: TrustedKey) -> PrivateSigner:
        """Return the signer of *key*, opened once in each process.

        Raises:
            SigningError: its private part cannot be opened.
        """
        if key.kid not in self._signers:
            self._signers[key.kid] = open_signer(self.folder_of(key), key, self._passphrase())
        return self._signers[key.kid]

    def _current(self) -> dict[Purpose, tuple[TrustedKey, ...]]:
        try:
            version = self.path.stat().st_mtime_ns
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise SigningError(f"{self.path} cannot be read: {error.strerror}.") from error
        if version != self._seen:
            self._keys = self._read_all()
            self._seen = version
        return self._keys

    def _read_all(self) -> dict[Purpose, tuple[TrustedKey, ...]]:
        folders = (p for p in self.path.iterdir() if p.is_dir() and not p.name.startswith("."))
        newest_first = sorted(map(record.read, folders), key=lambda key: (key.created_at, key.kid), reverse=True)
        return {purpose: tuple(key for key in newest_first if key.purpose is purpose) for purpose in Purpose}

    # ------------------------------------------------------------ a key's life

    def new(
        self, purpose: Purpose, now: datetime, *, organisation: str = "", rsa: bool = False, demo: bool = False
    ) -> TrustedKey:
        """Make a key for *purpose* and return its public part; a seal also gets a root where there is none.

        Raises:
            InputError: a seal without *organisation*, which its X.509 certificate names.
            SigningError: the folder cannot be written, or the root cannot be opened.
        """
        if purpose in {Purpose.SEAL, Purpose.ROOT} and not organisation.strip():
            raise InputError("A seal names the organisation behind it: give --organisation NAME.")
        x509 = P256 if not rsa else RSA3072
        algorithm = x509 if purpose in {Purpose.SEAL, Purpose.ROOT} else ED25519
        private = generate(algorithm)
        public = private.public_key()
        certificates: tuple[bytes, ...] = ()
        if purpose is Purpose.ROOT:
            certificates = (make_root(organisation, private, now).public_bytes(Encoding.DER),)
        elif purpose is Purpose.SEAL:
            authority = self._authority(organisation, now, rsa=rsa, demo=demo)
            leaf = make_leaf(organisation, public, authority, now)
            certificates = (leaf.public_bytes(Encoding.DER), authority.certificate.public_bytes(Encoding.DER))
        spki = record.spki(public)
        key = TrustedKey(record.kid_of(spki), purpose, algorithm, KeyState.ACTIVE, now, spki, certificates, demo=demo)
        self._add(key, private)
        return key

    def retire(self, kid: str, now: datetime, reason: str = "") -> TrustedKey:
        """Stop signing with *kid* for good; what it signed stays as it is.

        Raises:
            NotFoundError: there is no such key.
            ConflictError: it is not active.
            SigningError: the folder cannot be written.
        """
        key = self.named(kid)
        if key.state is not KeyState.ACTIVE:
            raise ConflictError(f"Key {key.kid} is already {key.state}.")
        return self._change(replace(key, state=KeyState.RETIRED, retired_at=now, reason=reason))

    def compromise(self, kid: str, since: datetime, reason: str) -> TrustedKey:
        """Distrust what *kid* signed from *since* on; an earlier date may follow, never a later one.

        Raises:
            NotFoundError: there is no such key.
            ConflictError: it was declared compromised since an earlier moment already.
            SigningError: the folder cannot be written.
        """
        key = self.named(kid)
        if key.compromised_since is not None and key.compromised_since < since:
            earlier = key.compromised_since.isoformat()
            raise ConflictError(f"Key {key.kid} is compromised since {earlier}: only an earlier time may replace it.")
        return self._change(replace(key, state=KeyState.COMPROMISED, compromised_since=since, reason=reason))

    def _authority(self, organisation: str, now: datetime, *, rsa: bool, demo: bool) -> Authority:
        """Return the newest active root of that kind (demo or not), made now where there is none."""
        roots = (key for key in self.trusted(Purpose.ROOT) if key.state is KeyState.ACTIVE and key.demo is demo)
        root = next(roots, None) or self.new(Purpose.ROOT, now, organisation=organisation, rsa=rsa, demo=demo)
        private = open_private(self.folder_of(root), root, self._passphrase())
        return Authority(load_der_x509_certificate(root.certificates[0]), private)

    def _add(self, key: TrustedKey, private: PrivateKey) -> None:
        """Write a whole new key folder, then let it appear in one step."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside = Path(tempfile.mkdtemp(prefix=".new-", dir=self.path))
            try:
                record.replace(beside / record.PRIVATE, encrypted_pem(private, self._passphrase()))
                record.write(beside, key)
                beside.rename(self.folder_of(key))
            finally:
                shutil.rmtree(beside, ignore_errors=True)
            self._touch()
        except OSError as error:
            raise SigningError(f"{self.path} cannot be written: {error.strerror}.") from error

    def _change(self, key: TrustedKey) -> TrustedKey:
        try:
            record.write(self.folder_of(key), key)
            self._touch()
        except OSError as error:
            raise SigningError(f"{self.folder_of(key)} cannot be written: {error.strerror}.") from error
        self._signers.pop(key.kid, None)
        return key

    def _touch(self) -> None:
        """Move the folder's time forward, so that every process that watches it reads the records again."""
        before = self.path.stat()
        os.utime(self.path, ns=(before.st_atime_ns, max(before.st_mtime_ns + 1, time.time_ns())))
