"""Ed25519 over a domain prefix, in the shape itsdangerous expects of a signing algorithm.

Claims and personal links are itsdangerous tokens: keys are a list, the newest signs, all verify. A key in that list is
the raw public key (32 bytes); the private half stays behind a `ports.Signer`. The domain prefix keeps purposes apart: a
signature made for a link never fits a claim, even under the same key.

libsodium does the work, in half of OpenSSL's time.

Source: RFC 8032 section 5.1 (pure Ed25519; signatures are 64 bytes and deterministic).
"""

from collections.abc import Callable

from itsdangerous.signer import SigningAlgorithm
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from certs.model import TrustedKey

SIGNATURE_BYTES = 64
_RAW_KEY_BYTES = 32


class DomainEd25519(SigningAlgorithm):
    """Ed25519 over *domain* and the value; *sign* is a `ports.Signer`'s method, absent where one only verifies."""

    def __init__(self, domain: bytes, sign: Callable[[bytes], bytes] | None = None) -> None:
        self._domain = domain
        self._sign = sign

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """Return the signature of *value*; *key* is not used, the signer knows its own.

        Raises:
            TypeError: made for verifying only.
            SigningError: the private key is out of reach.
        """
        if self._sign is None:
            raise TypeError("this algorithm was made for verifying only")
        return self._sign(self._domain + value)

    def verify_signature(self, key: bytes, value: bytes, sig: bytes) -> bool:
        """Say whether *sig* is the signature of *value* under the raw public *key*.

        Raises:
            Nothing: a signature of the wrong length does not fit.
        """
        if len(sig) != SIGNATURE_BYTES:
            return False
        try:
            crypto_sign_open(sig + self._domain + value, key)
        except BadSignatureError:
            return False
        return True


def raw_public_key(key: TrustedKey) -> bytes:
    """Return the 32 bytes of an Ed25519 *key*: the end of its SubjectPublicKeyInfo (RFC 8410 section 4).

    Raises:
        ValueError: *key* is of another algorithm.
    """
    if key.algorithm != "Ed25519":
        raise ValueError(f"key {key.kid} is {key.algorithm}, not Ed25519")
    return key.public[-_RAW_KEY_BYTES:]
