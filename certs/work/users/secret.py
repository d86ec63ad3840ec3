"""Secrets that users carry: cookies, links, recovery codes and the seed of an authenticator app.

The register keeps the SHA-256 of each, or seals what it must be able to read under the deployment's secret.
"""

import base64
import hashlib
import secrets
from datetime import datetime

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

STEP_SECONDS = 30
"""RFC 6238."""
CODES = 8
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: none looks like another."""
_LETTERS = 10
"""Of a recovery code: 50 random bits."""


def token() -> str:
    """Return 256 random bits as 43 characters for a cookie or a link."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """Return what the register keeps of a token or code."""
    return hashlib.sha256(secret.encode()).digest()


def recovery_codes() -> list[str]:
    """Return eight new recovery codes, such as `7K3M9-QXZ2P`."""
    made = ["".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(CODES)]
    return [f"{one[:5]}-{one[5:]}" for one in made]


def recovery_digest(typed: str) -> bytes:
    """Return the digest of a recovery code, however it was typed."""
    plain = typed.upper().translate(str.maketrans("OIL", "011", "- "))
    return digest(f"recovery {plain}")


def new_app() -> str:
    """Return a seed for an authenticator app, in its own Base32 (RFC 4648)."""
    return pyotp.random_base32()


def app_address(seed: str, email: str, issuer: str) -> str:
    """Return the `otpauth://` address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(seed).provisioning_uri(name=email, issuer_name=issuer)


def app_step(seed: str, typed: str, now: datetime) -> int | None:
    """Return the time step of which *typed* is the code, one early or late allowed; None if of none."""
    plain = typed.replace(" ", "")
    here = int(now.timestamp()) // STEP_SECONDS
    app = pyotp.TOTP(seed)
    if not (plain.isascii() and plain.isdigit()):
        return None
    fitting = [
        step for step in (here - 1, here, here + 1) if secrets.compare_digest(app.at(step * STEP_SECONDS), plain)
    ]
    return fitting[-1] if fitting else None


def seal(seed: str, secret: bytes) -> bytes:
    """Return *seed* sealed under the deployment's *secret*."""
    return _fernet(secret).encrypt(seed.encode())


def unseal(sealed: bytes, secret: bytes) -> str | None:
    """Return the seed; None if it was sealed under another secret, as after that was lost."""
    try:
        return _fernet(secret).decrypt(sealed).decode()
    except InvalidToken:
        return None


def _fernet(secret: bytes) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"certs authenticator app v1").derive(secret)
    return Fernet(base64.urlsafe_b64encode(key))
