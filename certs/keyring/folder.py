"""The key folder as `ports.Keys`: what is trusted, what signs, and the steps of a key's life.

The records of all keys are read once and again when the folder changes; every step of a key's life touches the folder.
Private parts are opened only to sign, so a process that merely verifies needs neither passphrase nor PIN.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate

from certs.errors import ConflictError, InputError, NotFoundError, SigningError
from certs.keyring import chain, disk, life, record, uri, wrap
from certs.keyring.private import (
    ED25519,
    P256,
    RSA3072,
    PrivateKey,
    PublicKey,
    algorithm_of,
    check_opens,
    encrypted_pem,
    generate,
    open_private,
    open_signer,
)
from certs.keyring.x509 import Authority, make_leaf, make_root, request
from certs.model import KeyState, Kid, Purpose, Ring, TrustedKey
from certs.ports import Signer
from certs.wording import hint, say

Tell = Callable[[TrustedKey, TrustedKey | None], object]
"""Hears of a key that is about to appear or change, and what it was before."""
_X509 = frozenset({Purpose.SEAL, Purpose.ROOT})


def nobody(_: TrustedKey, __: TrustedKey | None) -> None:
    """Stand for somebody who hears of keys where nobody does."""


def no_pin() -> bytes:
    """Stand for a PIN that nobody gave.

    Raises:
        SigningError: always; says where a PIN is given.
    """
    raise SigningError(say("This key is in a token, and no PIN is set: give CERTS_PKCS11_PIN_FILE."))


class KeyFolder:
    """The keys under *path*; *passphrase* and *pin* are asked only to open a private part. Picklable for workers."""

    def __init__(self, path: Path, passphrase: Callable[[], bytes], pin: Callable[[], bytes] = no_pin) -> None:
        self.path = path
        self._place = os.fspath(path)
        self._passphrase = passphrase
        self._pin = pin
        self._seen = -1
        self._ring = Ring({})
        self._signers: dict[Kid, Signer] = {}

    def __reduce__(self) -> tuple[type["KeyFolder"], tuple[Path, Callable[[], bytes], Callable[[], bytes]]]:
        return KeyFolder, (self.path, self._passphrase, self._pin)

    # ------------------------------------------------------------ ports.Keys

    def signer(self, purpose: Purpose) -> Signer:
        """Return the newest active signer for *purpose*.

        Raises:
            SigningError: there is none, or its private part cannot be opened; says which command makes one.
        """
        for key in self.trusted(purpose):
            if key.state is KeyState.ACTIVE:
                return self.signer_of(key)
        raise SigningError(
            say(
                "There is no active {purpose} key in {path}: {new}.",
                purpose=purpose,
                path=self.path,
                new=hint("make_key", purpose=purpose),
            )
        )

    def trusted(self, purpose: Purpose) -> Sequence[TrustedKey]:
        """Return every known key of *purpose*, newest first, whatever its state.

        Raises:
            SigningError: a key folder is broken.
        """
        return self.ring().trusted(purpose)

    def find(self, purpose: Purpose, kid: Kid) -> TrustedKey | None:
        """Return the key *kid* if it exists for *purpose*.

        Raises:
            SigningError: a key folder is broken.
        """
        return self.ring().find(purpose, kid)

    def ring(self) -> Ring:
        """Return the keys as the folder has them now.

        Raises:
            SigningError: a key folder is broken.
        """
        try:
            version = os.stat(self._place).st_mtime_ns  # noqa: PTH116 -- for every page, and a Path takes twice as long
        except FileNotFoundError:
            return Ring({})
        except OSError as error:
            raise SigningError(say("{path} cannot be read: {why}.", path=self.path, why=error.strerror)) from error
        if version != self._seen:
            try:
                self._ring = Ring(self._read_all())
            except OSError as error:
                raise SigningError(
                    say("{file} cannot be read: {why}.", file=error.filename, why=error.strerror)
                ) from error
            self._seen = version
        return self._ring

    # ------------------------------------------------------------ reading

    def named(self, kid: str) -> TrustedKey:
        """Return the key *kid*, whatever its purpose.

        Raises:
            NotFoundError: there is none.
            SigningError: a key folder is broken.
        """
        for keys in self.ring().keys.values():
            for key in keys:
                if key.kid == kid.lower():
                    return key
        raise NotFoundError(
            say(
                "There is no key {kid} in {path}: {list} shows them all.",
                kid=kid,
                path=self.path,
                list=hint("list_keys"),
            )
        )

    def folder_of(self, key: TrustedKey) -> Path:
        """Return where *key* lives."""
        return disk.folder_of(self.path, key)

    def reference_of(self, key: TrustedKey) -> uri.Reference | None:
        """Return which key of which token *key* is, None where its private part is a file.

        Raises:
            SigningError: the reference is a symbolic link, writable by others, or damaged.
        """
        return record.read_reference(self.folder_of(key))

    def signer_of(self, key: TrustedKey) -> Signer:
        """Return the signer of *key*, opened once in each process.

        Raises:
            SigningError: its private part cannot be opened.
        """
        if key.kid not in self._signers:
            self._signers[key.kid] = self._open(key)
        return self._signers[key.kid]

    def _open(self, key: TrustedKey) -> Signer:
        reference = self.reference_of(key)
        if reference is None:
            return open_signer(self.folder_of(key), key, self._passphrase())
        from certs.keyring.pkcs11 import TokenSigner  # noqa: PLC0415 -- only who has a token loads its library

        return TokenSigner(key, reference, self._pin)

    def _read_all(self) -> dict[Purpose, tuple[TrustedKey, ...]]:
        folders = (p for p in self.path.iterdir() if p.is_dir() and not p.name.startswith("."))
        newest_first = sorted(map(record.read, folders), key=lambda key: (key.created_at, key.kid), reverse=True)
        return {purpose: tuple(key for key in newest_first if key.purpose is purpose) for purpose in Purpose}

    # ------------------------------------------------------------ a key's life

    def new(
        self,
        purpose: Purpose,
        now: datetime,
        *,
        organisation: str = "",
        rsa: bool = False,
        demo: bool = False,
        tell: Tell = nobody,
    ) -> TrustedKey:
        """Make a key for *purpose* and return its public part; a seal also gets a root where there is none.

        *tell* hears of each key just before it appears.

        Raises:
            InputError: a seal without *organisation*, which its X.509 certificate names.
            SigningError: the folder cannot be written, or the root cannot be opened.
        """
        _check_organisation(purpose, organisation)
        private = generate((RSA3072 if rsa else P256) if purpose in _X509 else ED25519)
        if purpose is Purpose.ROOT:
            certificates: tuple[bytes, ...] = (make_root(organisation, private, now).public_bytes(Encoding.DER),)
        else:
            wish = _Wish(organisation, now, demo=demo, tell=tell)
            certificates = self._leaf_chain(purpose, private.public_key(), wish)
        key = _active(purpose, private.public_key(), now, certificates, demo=demo)
        with disk.changing(self.path):
            tell(key, None)
            disk.add(self.path, key, {record.PRIVATE: self._wrapped(private, demo=demo)})
        return key

    def refer(
        self,
        purpose: Purpose,
        reference: uri.Reference,
        now: datetime,
        *,
        organisation: str = "",
        demo: bool = False,
        tell: Tell = nobody,
    ) -> TrustedKey:
        """Take a key that a token holds for *purpose*; its private part stays there. *tell* is as for `new`.

        Raises:
            InputError: a root, a seal without *organisation*, or an algorithm that does not serve *purpose*.
            ConflictError: that key is here already.
            SigningError: the token is out of reach or holds no such pair, or the folder cannot be written.
        """
        from certs.keyring.pkcs11 import TokenSigner, public_key  # noqa: PLC0415 -- see _open

        _check_organisation(purpose, organisation)
        public = public_key(reference, self._pin)
        _check_algorithm(purpose, algorithm_of(public))
        certificates = self._leaf_chain(purpose, public, _Wish(organisation, now, demo=demo, tell=tell))
        key = _active(purpose, public, now, certificates, demo=demo)
        TokenSigner(key, reference, self._pin).check()
        with disk.changing(self.path):
            if any(known.kid == key.kid for keys in self._read_all().values() for known in keys):
                raise ConflictError(
                    say("The key that {reference} names is here already, as {kid}.", reference=reference, kid=key.kid)
                )
            tell(key, None)
            disk.add(self.path, key, {record.REFERENCE: f"{reference}\n".encode()})
        return key

    def retire(self, kid: str, now: datetime, reason: str = "", *, tell: Tell = nobody) -> TrustedKey:
        """Stop signing with *kid* for good; what it signed stays as it is. *tell* hears of it just before.

        Raises:
            NotFoundError: there is no such key.
            ConflictError: it is not active.
            SigningError: the folder cannot be written.
        """
        return self._change(kid, lambda key: life.retired(key, now, reason), tell)

    def compromised(
        self, kid: str, since: datetime, reason: str, now: datetime, *, correction: bool = False
    ) -> TrustedKey:
        """Return *kid* as `compromise` would leave it, and change nothing.

        Raises:
            NotFoundError, InputError, ConflictError: as `compromise`.
        """
        return life.compromised(self.named(kid), since, reason, now, correction=correction)

    def compromise(
        self,
        kid: str,
        since: datetime,
        reason: str,
        now: datetime,
        *,
        correction: bool = False,
        tell: Tell = nobody,
    ) -> TrustedKey:
        """Distrust what *kid* signed from *since* on; an earlier time may follow, a later one only as a *correction*.

        Raises:
            NotFoundError: there is no such key.
            InputError: *since* is still to come, or there is no *reason*.
            ConflictError: it was declared compromised since an earlier moment, or there is nothing to correct.
            SigningError: the folder cannot be written.
        """
        return self._change(kid, lambda key: life.compromised(key, since, reason, now, correction=correction), tell)

    def request(self, kid: str) -> bytes:
        """Return a signing request (PKCS#10, PEM) for the seal *kid*, to have it certified by a commercial authority.

        Raises:
            NotFoundError: there is no such key.
            InputError: it is no seal.
            SigningError: its private part cannot be opened.
        """
        key = self.named(kid)
        chain.check_seal(key)
        return request(key.certificates[0], self.signer_of(key))

    def certify(self, kid: str, certificates: bytes, now: datetime, *, tell: Tell = nobody) -> TrustedKey:
        """Let the seal *kid* stand under the chain that an authority returned (PEM, DER or PKCS#7).

        Raises:
            NotFoundError: there is no such key.
            InputError: the chain is for another key, incomplete, out of its time, or not for sealing documents.
            SigningError: the folder cannot be written.
        """
        return self._change(kid, lambda key: replace(key, certificates=chain.ordered(key, certificates, now)), tell)

    def take_back(self, key: TrustedKey, before: TrustedKey | None) -> None:
        """Let *key* be as it was *before*: gone, if it was not there.

        Raises:
            SigningError: the folder cannot be written; says what is left to do.
        """
        try:
            with disk.changing(self.path):
                disk.take_back(self.path, key, before)
        except SigningError as error:
            raise SigningError(
                say("{error} The trail knows nothing of what was done to key {kid}.", error=error, kid=key.kid)
            ) from error
        self._signers.pop(key.kid, None)

    def locked(self) -> list[TrustedKey]:
        """Return the active keys whose private parts are files, which the passphrase opens.

        Raises:
            SigningError: a key folder is broken.
        """
        active = (key for keys in self.ring().keys.values() for key in keys if key.state is KeyState.ACTIVE)
        return [key for key in active if (self.folder_of(key) / record.PRIVATE).exists()]

    def check_passphrase(self) -> None:
        """Open every active key whose private part is a file: a new one under another passphrase would mix them.

        Raises:
            SigningError: one does not open.
        """
        for key in self.locked():
            open_private(self.folder_of(key), key, self._passphrase())

    def outdated(self) -> list[TrustedKey]:
        """Return the keys whose private parts are files that cost less to guess at than today's.

        Raises:
            SigningError: a key folder is broken.
        """
        every = (key for keys in self.ring().keys.values() for key in keys)
        files = ((key, self.folder_of(key) / record.PRIVATE) for key in every)
        return [
            key
            for key, file in files
            if file.exists() and not wrap.is_of_today(record.read_regular(file), demo=key.demo)
        ]

    def rewrap(self, key: TrustedKey) -> None:
        """Encrypt the private part of *key* as a new one's: the old file stays until the new one has been opened.

        Raises:
            SigningError: it does not open, or the folder cannot be written; it is as it was.
        """
        folder = self.folder_of(key)
        with disk.changing(self.path):
            private = open_private(folder, key, self._passphrase())
            anew = self._wrapped(private, demo=key.demo)
            check_opens(anew, private, self._passphrase())
            record.replace(folder / record.PRIVATE, anew)

    def _wrapped(self, private: PrivateKey, *, demo: bool) -> bytes:
        """Return *private* encrypted, under the salt of the others here that are encrypted as it is."""
        cost = wrap.DEMO if demo else wrap.TODAY
        files = (self.folder_of(key) / record.PRIVATE for keys in self.ring().keys.values() for key in keys)
        found = (wrap.read(record.read_regular(file)) for file in files if file.exists())
        salt = next((one.salt for one in found if one is not None and one.cost == cost), b"")
        return encrypted_pem(private, self._passphrase(), cost, salt)

    def _leaf_chain(self, purpose: Purpose, public: PublicKey, wish: "_Wish") -> tuple[bytes, ...]:
        """Return the X.509 certificates of a new seal, leaf first, and nothing for other purposes."""
        if purpose is not Purpose.SEAL:
            return ()
        authority = self._authority(wish, rsa=algorithm_of(public) == RSA3072)
        leaf = make_leaf(wish.organisation, public, authority, wish.now)
        return leaf.public_bytes(Encoding.DER), authority.certificate.public_bytes(Encoding.DER)

    def _authority(self, wish: "_Wish", *, rsa: bool) -> Authority:
        """Return the newest active root of that kind (demo or not), made now where there is none."""
        roots = (key for key in self.trusted(Purpose.ROOT) if key.state is KeyState.ACTIVE and key.demo is wish.demo)
        root = next(roots, None) or self.new(
            Purpose.ROOT, wish.now, organisation=wish.organisation, rsa=rsa, demo=wish.demo, tell=wish.tell
        )
        private = open_private(self.folder_of(root), root, self._passphrase())
        return Authority(load_der_x509_certificate(root.certificates[0]), private)

    def _change(self, kid: str, step: Callable[[TrustedKey], TrustedKey], tell: Tell) -> TrustedKey:
        """Take one *step* from what the disk says now about *kid*."""
        with disk.changing(self.path):
            before = record.read(self.folder_of(self.named(kid)))
            key = step(before)
            tell(key, before)
            disk.change(self.path, key)
        self._signers.pop(key.kid, None)
        return key


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a new seal's certificates shall say, and who hears of the root that they need."""

    organisation: str
    now: datetime
    demo: bool
    tell: Tell


def _active(
    purpose: Purpose, public: PublicKey, now: datetime, certificates: tuple[bytes, ...], *, demo: bool
) -> TrustedKey:
    spki = record.spki(public)
    state, algorithm = KeyState.ACTIVE, algorithm_of(public)
    return TrustedKey(record.kid_of(spki), purpose, algorithm, state, now, spki, certificates, demo=demo)


def _check_organisation(purpose: Purpose, organisation: str) -> None:
    if purpose in _X509 and not organisation.strip():
        raise InputError(
            say("A seal names the organisation behind it: give {organisation}.", organisation=hint("organisation"))
        )


def _check_algorithm(purpose: Purpose, algorithm: str) -> None:
    """Check that a token's key may serve *purpose*; our own root always lives in a file, to be moved offline."""
    if purpose is Purpose.ROOT:
        raise InputError(
            say("A root stays in a file that can be kept offline: leave {pkcs11} out.", pkcs11=hint("pkcs11"))
        )
    if purpose is Purpose.SEAL and algorithm == ED25519:
        raise InputError(say("PDF viewers do not know Ed25519: a seal needs ECDSA P-256 or RSA-3072."))
    if purpose is not Purpose.SEAL and algorithm != ED25519:
        raise InputError(
            say(
                "A {purpose} key is Ed25519, and the token's key is {algorithm}: name another one.",
                purpose=purpose,
                algorithm=algorithm,
            )
        )
