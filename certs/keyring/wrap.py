"""The encryption of private keys on disk: PKCS#8 (RFC 5958) under PBES2 with scrypt (RFC 7914) and AES-256-CBC.

cryptography writes PKCS#8 under PBKDF2 of 2,048 rounds only; what stands here OpenSSL reads, too (`openssl pkey`).
scrypt with N = 2^14, r = 8, p = 5 is one of the settings that OWASP's Password Storage Cheat Sheet holds for equal to
N = 2^17, p = 1: 16 MiB and a quarter of a second for each guess. The larger N needs more than the 32 MiB that OpenSSL
allows itself, and a key that only certs can open would be worth less in an emergency. Demo keys, which are worth
nothing, take less.

All keys of a folder share their salt, so a process derives once what opens all of them, and keeps it: whoever reads its
memory finds the keys themselves there. Each has an initial vector of its own.
"""

import base64
import binascii
import os
from dataclasses import dataclass
from functools import lru_cache

from asn1crypto import keys
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7

_HEAD, _FOOT = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n", b"-----END ENCRYPTED PRIVATE KEY-----\n"
_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_SCRYPT = bytes.fromhex("06092b06010401da47040b")
_AES256_CBC = bytes.fromhex("060960864801650304012a")
"""Object identifiers in DER: RFC 8018 appendix A.4, RFC 7914 section 7, NIST."""
_SCRYPT_NAME = "1.3.6.1.4.1.11591.4.11"
_SEQUENCE, _OCTETS, _INTEGER = 0x30, 0x04, 0x02
_SALT_BYTES, _KEY_BYTES, _BLOCK_BYTES, _LINE = 16, 32, 16, 64
_SHORT_LENGTH = 0x80
_MOST_MEMORY, _MOST_WORK = 1 << 27, 1 << 22
"""What a file may ask for at most: somebody else may have written it."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess of the passphrase costs: 128 × *n* × *r* bytes, filled *p* times."""

    n: int
    r: int = 8
    p: int = 1

    @property
    def work(self) -> int:
        """How much is to be done for a guess."""
        return self.n * self.r * self.p


TODAY = Cost(n=2**14, p=5)
DEMO = Cost(n=2**10)


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How a private part is encrypted."""

    salt: bytes
    cost: Cost
    initial: bytes
    sealed: bytes


def wrapped(pkcs8: bytes, passphrase: bytes, cost: Cost = TODAY, salt: bytes = b"") -> bytes:
    """Return the DER *pkcs8* as encrypted PEM; with the *salt* of others of its folder, or one of its own.

    Raises:
        ValueError: *passphrase* is empty.
    """
    if not passphrase:
        raise ValueError("a private key without a passphrase")
    salt, initial = salt or os.urandom(_SALT_BYTES), os.urandom(_BLOCK_BYTES)
    padder = PKCS7(_BLOCK_BYTES * 8).padder()
    encryptor = Cipher(algorithms.AES(_derived(passphrase, salt, cost)), modes.CBC(initial)).encryptor()
    sealed = encryptor.update(padder.update(pkcs8) + padder.finalize()) + encryptor.finalize()
    text = base64.b64encode(_der(Wrapping(salt, cost, initial, sealed)))
    lines = b"".join(text[start : start + _LINE] + b"\n" for start in range(0, len(text), _LINE))
    return _HEAD + lines + _FOOT


def unwrapped(found: Wrapping, passphrase: bytes) -> bytes:
    """Return the DER PKCS#8 in *found*.

    Raises:
        ValueError: *passphrase* does not open it.
    """
    decryptor = Cipher(
        algorithms.AES(_derived(passphrase, found.salt, found.cost)), modes.CBC(found.initial)
    ).decryptor()
    unpadder = PKCS7(_BLOCK_BYTES * 8).unpadder()
    return unpadder.update(decryptor.update(found.sealed) + decryptor.finalize()) + unpadder.finalize()


def read(pem: bytes) -> Wrapping | None:
    """Return how *pem* is encrypted, None where that is not as `wrapped` does it."""
    try:
        body = base64.b64decode(b"".join(pem.removeprefix(_HEAD).removesuffix(_FOOT).split()), validate=True)
        said = keys.EncryptedPrivateKeyInfo.load(body).native
        how = said["encryption_algorithm"]["parameters"]
        salt, n, r, p = how["key_derivation_func"]["parameters"].values()
        initial = how["encryption_scheme"]["parameters"]
        found = Wrapping(salt, Cost(n, r, p), initial, said["encrypted_data"])
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error):
        return None
    if how["key_derivation_func"]["algorithm"] != _SCRYPT_NAME or _der(found) != body:
        return None
    return found if 128 * n * r <= _MOST_MEMORY and found.cost.work <= _MOST_WORK else None


def is_of_today(pem: bytes, *, demo: bool) -> bool:
    """Say whether a guess at the passphrase of *pem*, a *demo* key's or a real one's, costs what it should today."""
    found = read(pem)
    return found is not None and found.cost.work >= (DEMO if demo else TODAY).work


@lru_cache(maxsize=8)
def _derived(passphrase: bytes, salt: bytes, cost: Cost) -> bytes:
    return Scrypt(salt=salt, length=_KEY_BYTES, n=cost.n, r=cost.r, p=cost.p).derive(passphrase)


def _der(one: Wrapping) -> bytes:
    """Return EncryptedPrivateKeyInfo (RFC 5958 section 3) in DER."""
    numbers = b"".join(_tagged(_INTEGER, _integer(value)) for value in (one.cost.n, one.cost.r, one.cost.p))
    derivation = _tagged(_SEQUENCE, _SCRYPT + _tagged(_SEQUENCE, _tagged(_OCTETS, one.salt) + numbers))
    cipher = _tagged(_SEQUENCE, _AES256_CBC + _tagged(_OCTETS, one.initial))
    algorithm = _tagged(_SEQUENCE, _PBES2 + _tagged(_SEQUENCE, derivation + cipher))
    return _tagged(_SEQUENCE, algorithm + _tagged(_OCTETS, one.sealed))


def _integer(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1)


def _tagged(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < _SHORT_LENGTH:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, _SHORT_LENGTH | len(length))) + length + content
