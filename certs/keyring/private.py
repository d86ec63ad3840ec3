"""Private keys at work: encrypted PKCS#8 PEM on disk, one signer for each algorithm.

Keys in a token are `pkcs11`'s business; what both share, names of algorithms and checking a signature, is here.

A private part is opened when it signs for the first time in a process and stays open. It is refused when its mode lets
others read it, when it is a symbolic link, and when it does not fit the public part beside it.
"""

import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    load_der_public_key,
    load_pem_private_key,
)
from nacl.bindings import crypto_sign, crypto_sign_BYTES, crypto_sign_seed_keypair

from certs.errors import SigningError
from certs.keyring import wrap
from certs.keyring.record import PRIVATE, read_regular, spki
from certs.keyring.wrap import Cost
from certs.model import TrustedKey
from certs.wording import hint, say

PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey

ED25519, P256, RSA3072 = "Ed25519", "ECDSA-P256", "RSA-3072"
_RSA_BITS = 3072


@dataclass(frozen=True, slots=True)
class PrivateSigner:
    """`ports.Signer` on an opened private key."""

    key: TrustedKey
    sign: Callable[[bytes], bytes] = field(repr=False)


def generate(algorithm: str) -> PrivateKey:
    """Return a new private key.

    Raises:
        ValueError: certs does not know *algorithm*.
    """
    if algorithm == ED25519:
        return ed25519.Ed25519PrivateKey.generate()
    if algorithm == P256:
        return ec.generate_private_key(ec.SECP256R1())
    if algorithm == RSA3072:
        return rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
    raise ValueError(f"no such algorithm: {algorithm}")


def algorithm_of(public: PublicKey) -> str:
    """Return the name of the algorithm of *public*.

    Raises:
        SigningError: certs does not use keys of that kind or size.
    """
    if isinstance(public, ed25519.Ed25519PublicKey):
        return ED25519
    if isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1):
        return P256
    if isinstance(public, rsa.RSAPublicKey) and public.key_size == _RSA_BITS:
        return RSA3072
    raise SigningError(say("certs uses keys of ECDSA P-256, RSA-3072 and Ed25519, and no other curve or size."))


def fits(key: TrustedKey, signature: bytes, message: bytes) -> bool:
    """Say whether *signature* of *message* was made by the private part of *key*.

    Raises:
        Nothing: a signature of another form does not fit.
    """
    public = load_der_public_key(key.public)
    try:
        if isinstance(public, ed25519.Ed25519PublicKey):
            public.verify(signature, message)
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, message, padding.PKCS1v15(), SHA256())
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, message, ec.ECDSA(SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def encrypted_pem(private: PrivateKey, passphrase: bytes, cost: Cost = wrap.TODAY, salt: bytes = b"") -> bytes:
    """Return *private* as encrypted PKCS#8 in PEM, under the *salt* of others in its folder or one of its own.

    Raises:
        ValueError: *passphrase* is empty.
    """
    return wrap.wrapped(
        private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), passphrase, cost, salt
    )


def check_opens(pem: bytes, private: PrivateKey, passphrase: bytes) -> None:
    """Check that *pem* gives *private* back.

    Raises:
        SigningError: it does not.
    """
    found = wrap.read(pem)
    try:
        again = None if found is None else load_der_private_key(wrap.unwrapped(found, passphrase), None)
    except ValueError:
        again = None
    if not isinstance(again, PrivateKey) or spki(again.public_key()) != spki(private.public_key()):
        raise SigningError(say("A private key that was just encrypted does not open again; nothing was changed."))


def check_private_file(folder: Path) -> None:
    """Check that the private part in *folder* is a plain file that only its owner can read.

    Raises:
        SigningError: absent, a symbolic link, or open to others; says what to do.
    """
    path = folder / PRIVATE
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        raise SigningError(
            say("{path} cannot be read: {why}. Restore it from the backup.", path=path, why=error.strerror)
        ) from error
    if stat.S_ISLNK(mode):
        raise SigningError(say("{path} is a symbolic link: put the key itself there.", path=path))
    if stat.S_IMODE(mode) & 0o077:
        raise SigningError(
            say(
                "{path} is open to others (mode {s_imode:04o}): run chmod 600 {path}.",
                path=path,
                s_imode=stat.S_IMODE(mode),
            )
        )


def open_signer(folder: Path, key: TrustedKey, passphrase: bytes) -> PrivateSigner:
    """Return the signer of the private part in *folder*.

    Raises:
        SigningError: the file is not safe, the passphrase does not open it, or it belongs to another public key.
    """
    return PrivateSigner(key, signing_function(open_private(folder, key, passphrase)))


def open_private(folder: Path, key: TrustedKey, passphrase: bytes) -> PrivateKey:
    """Return the private part in *folder*, which must belong to *key*.

    Raises:
        SigningError: the file is not safe, the passphrase does not open it, or it belongs to another public key.
    """
    check_private_file(folder)
    path = folder / PRIVATE
    private = _decrypt(path, passphrase)
    if spki(private.public_key()) != key.public:
        raise SigningError(
            say("{path} does not fit {name}'s public part: restore it from the backup.", path=path, name=folder.name)
        )
    return private


def signing_function(private: PrivateKey) -> Callable[[bytes], bytes]:
    """Return what signs a message under *private*: Ed25519 as it is, the others over its SHA-256."""
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return _ed25519(private)
    if isinstance(private, rsa.RSAPrivateKey):
        scheme, digest = padding.PKCS1v15(), SHA256()
        return lambda message: private.sign(message, scheme, digest)
    ecdsa = ec.ECDSA(SHA256())
    return lambda message: private.sign(message, ecdsa)


def _ed25519(private: ed25519.Ed25519PrivateKey) -> Callable[[bytes], bytes]:
    """Sign with libsodium, in two thirds of OpenSSL's time: the signature is the same (RFC 8032 section 5.1.6)."""
    _, secret = crypto_sign_seed_keypair(private.private_bytes_raw())
    return lambda message: crypto_sign(message, secret)[:crypto_sign_BYTES]


def _decrypt(path: Path, passphrase: bytes) -> PrivateKey:
    pem = read_regular(path)
    if b"BEGIN ENCRYPTED PRIVATE KEY" not in pem:
        raise SigningError(
            say("{path} is not encrypted: make a new key ({new}) and retire this one.", path=path, new=hint("keys_new"))
        )
    found = wrap.read(pem)
    try:
        if found is None:
            private = load_pem_private_key(pem, passphrase)
        else:
            private = load_der_private_key(wrap.unwrapped(found, passphrase), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        reason = "set CERTS_KEY_PASSPHRASE or CERTS_KEY_PASSPHRASE_FILE to the one it was made with"
        raise SigningError(say("The passphrase does not open {path}: {reason}.", path=path, reason=reason)) from None
    if not isinstance(private, PrivateKey):
        raise SigningError(say("{path} holds a kind of key that certs does not use.", path=path))
    return private
