"""What the use cases need from the outside world, as Protocols.

Each has one embedded default (SQLite, the key folder, the system clock); tests use in-memory ones. The contract tests in
`tests/ports` run on every implementation.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from certs.model import Certificate, Kid, Number, Purpose, TrustedKey

Clock = Callable[[], datetime]
"""Returns the present moment as an aware UTC datetime."""


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


class Keys(Protocol):
    """The signing keys: the newest active one signs, all listed ones are known to verification."""

    def signer(self, purpose: Purpose) -> Signer:
        """Return the newest active signer for *purpose*.

        Raises:
            SigningError: there is none, or its private part cannot be opened; says which command makes one.
        """
        ...

    def trusted(self, purpose: Purpose) -> Sequence[TrustedKey]:
        """Return every known key of *purpose*, newest first, whatever its state."""
        ...

    def find(self, purpose: Purpose, kid: Kid) -> TrustedKey | None:
        """Return the key *kid* if it exists for *purpose*."""
        ...


@dataclass(frozen=True, slots=True)
class StoredPdf:
    """A sealed PDF as the register keeps it: the file is *plate* followed by *tail*, byte for byte."""

    plate: bytes
    tail: bytes
    sha256: str


class Register(Protocol):
    """What verification and delivery read; only issued certificates are ever visible through it."""

    def certificate(self, number: Number) -> Certificate | None:
        """Return the issued certificate with that number."""
        ...

    def certificate_by_digest(self, pdf_sha256: str) -> Certificate | None:
        """Return the issued certificate whose PDF has that SHA-256 (hex, lower case)."""
        ...

    def certificates_of(self, person_ref: str) -> Sequence[Certificate]:
        """Return the issued certificates of the person behind *person_ref*, newest first."""
        ...

    def person_exists(self, person_ref: str) -> bool:
        """Say whether the register knows that person reference."""
        ...

    def pdf(self, number: Number) -> StoredPdf | None:
        """Return the exact bytes of an issued certificate's PDF, their digest checked.

        Raises:
            StorageError: the stored bytes do not match their digest.
        """
        ...
