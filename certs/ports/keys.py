"""Keys at work, and those outside who vouch for a seal."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from certs.model import Act, Evidence, KeyLife, KeyState, Kid, Purpose, Ring, TrustedKey


class Signer(Protocol):
    """A private key at work; Ed25519 signers sign the message, seal signers its SHA-256 with their algorithm."""

    @property
    def key(self) -> TrustedKey:
        """The public part."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the raw signature of *message* (Ed25519: 64 bytes, ECDSA: DER, RSA: PKCS#1 v1.5).

        Raises:
            SigningError: the key is out of reach.
        """
        ...


class Authority(Protocol):
    """Those outside who vouch for a seal: a time-stamp authority, and the publishers of revocation."""

    def stamp(self, digest: bytes) -> bytes:
        """Return a DER TimeStampToken (RFC 3161) over the SHA-256 *digest*.

        Raises:
            SigningError: the authority is out of reach or refuses.
        """
        ...

    def evidence(self, chain: Sequence[bytes], token: bytes) -> Evidence:
        """Return what proves the certificates of *chain* (DER, leaf first) and of the *token*'s authority good today.

        Raises:
            SigningError: one is revoked, or its publisher is out of reach or says nothing about it.
        """
        ...


class Trusted(Protocol):
    """The keys that verification knows."""

    def trusted(self, purpose: Purpose) -> Sequence[TrustedKey]:
        """Return every known key of *purpose*, newest first, whatever its state."""
        ...

    def find(self, purpose: Purpose, kid: Kid) -> TrustedKey | None:
        """Return the key *kid* if it exists for *purpose*."""
        ...


class Keys(Trusted, Protocol):
    """The signing keys: the newest active one signs, all listed ones are known to verification."""

    def signer(self, purpose: Purpose) -> Signer:
        """Return the newest active signer for *purpose*.

        Raises:
            SigningError: there is none, or its private part cannot be opened; says which command makes one.
        """
        ...

    def ring(self) -> Ring:
        """Return the keys as they are now; one verdict rests on one state of them, looked up once."""
        ...


class KeyTrail(Protocol):
    """What the audit trail says of keys."""

    def known_keys(self) -> Mapping[Kid, Purpose]:
        """Return the keys that the trail has entries on, those made first before."""
        ...

    def state_of(self, kid: Kid) -> KeyState | None:
        """Return the state that the newest entry on key *kid* says, None where there is no entry."""
        ...

    def lives(self) -> Mapping[Kid, KeyLife]:
        """Return where each key stands, as its newest entry says."""
        ...

    def entering(self, act: Act, what: str) -> AbstractContextManager[Callable[[TrustedKey, TrustedKey | None], None]]:
        """Give what enters that *act* did *what* to a key, in one transaction that is kept at the end.

        Raises:
            StorageError: the database is out of reach or refuses; nothing was entered.
        """
        ...
