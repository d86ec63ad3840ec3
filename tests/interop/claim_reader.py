"""A second reader of claims, written from `docs/formats.md` alone: it imports nothing from certs.

Whoever wants to check printouts without this project can start here.
"""

import base64
import re
from dataclasses import dataclass
from datetime import date, timedelta

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
KINDS = ["attendance"]
FIELDS = (
    "name",
    "event",
    "first_day",
    "last_day",
    "quarter_hours",
    "sessions_attended",
    "sessions_in_all",
    "issued_on",
)
"""Items 5 to 12."""


@dataclass(frozen=True)
class Facts:
    """What a claim says; days as dates, *kid* and *number* spelled as they are printed, without hyphens."""

    kid: str
    number: str
    kind: str
    facts: dict[str, object]


def read(address: str, keys: dict[str, bytes]) -> Facts:
    """Return what the QR code's *address* says; *keys* are raw Ed25519 public keys by kid.

    Raises:
        ValueError: it is not in the one canonical form, or the signature does not fit.
        KeyError: an unknown key.
        InvalidSignature: the signature does not fit.
    """
    payload_text, signature_text = address.rpartition("/V/")[2].split(".")
    payload, signature = _base32(payload_text), _base32(signature_text)
    items = cbor2.loads(payload)
    if cbor2.dumps(items, canonical=True) != payload or len(items) != 12 or items[0] != 1:
        raise ValueError("not a canonical claim")
    kid = _crockford(int.from_bytes(items[1], "big"), 8)
    key = Ed25519PublicKey.from_public_bytes(keys[kid])
    key.verify(signature, b"certs claim v1\x00" + payload_text.encode())
    kind = KINDS[items[3]] if isinstance(items[3], int) else items[3]
    days = {6, 7, 11}
    values = [_day(item) if place in days else item for place, item in enumerate(items)]
    return Facts(kid, _number(items[2]), kind, dict(zip(FIELDS, values[4:], strict=True)))


def _base32(text: str) -> bytes:
    raw = base64.b32decode(text + "=" * (-len(text) % 8))
    if base64.b32encode(raw).decode().rstrip("=") != text or not re.fullmatch("[A-Z2-7]+", text):
        raise ValueError("not canonical base32")
    return raw


def _day(days: int) -> date:
    return date(2020, 1, 1) + timedelta(days=days)


def _crockford(bits: int, digits: int) -> str:
    return "".join(CROCKFORD[bits >> 5 * place & 31] for place in reversed(range(digits)))


def _number(seven: bytes) -> str:
    """Return 11 digits for 55 bits and their check digit, Luhn mod 32."""
    digits = _crockford(int.from_bytes(seven, "big"), 11)
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = CROCKFORD.index(digit) * (1 if place % 2 else 2)
        total += value // 32 + value % 32
    return (digits + CROCKFORD[-total % 32]).upper()
