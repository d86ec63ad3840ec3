"""Bytes in the two alphabets that credentials use: base58btc (`z…`) and base64url without padding (`u…`).

Source: Controlled Identifiers 1.0 section 2.4 (Multibase) and 2.2.2 (Multikey: Ed25519 public keys begin 0xED 0x01).
"""

import base64

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUE = {digit: value for value, digit in enumerate(ALPHABET)}
_PAIRS = tuple(high + low for high in ALPHABET for low in ALPHABET)
_PAIR = len(_PAIRS)
_LIMB = 58**10
"""Ten digits at a time keep the divisions of big integers few."""
_ED25519_PUBLIC = b"\xed\x01"
_MAX_BASE58 = 128
"""Characters; a proof has 88. Longer input would only buy time on our processor."""


def base58(raw: bytes) -> str:
    """Return *raw* in base58btc with its multibase prefix."""
    number = int.from_bytes(raw, "big")
    limbs: list[str] = []
    while number:
        number, limb = divmod(number, _LIMB)
        limb, fifth = divmod(limb, _PAIR)
        limb, fourth = divmod(limb, _PAIR)
        limb, third = divmod(limb, _PAIR)
        first, second = divmod(limb, _PAIR)
        limbs.append(_PAIRS[first] + _PAIRS[second] + _PAIRS[third] + _PAIRS[fourth] + _PAIRS[fifth])
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    return "z" + "1" * zeros + "".join(reversed(limbs)).lstrip("1")


def read_base58(text: str) -> bytes:
    """Return the bytes that *text* spells, its prefix included.

    Raises:
        ValueError: no prefix, a foreign character, or too long.
    """
    if not text.startswith("z") or len(text) > _MAX_BASE58:
        raise ValueError("not base58btc")
    digits = text[1:]
    number = 0
    for digit in digits:
        if digit not in _VALUE:
            raise ValueError("not base58btc")
        number = number * 58 + _VALUE[digit]
    zeros = len(digits) - len(digits.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def multikey(raw_public_key: bytes) -> str:
    """Return the publicKeyMultibase of an Ed25519 key of 32 bytes."""
    return base58(_ED25519_PUBLIC + raw_public_key)


def base64url(raw: bytes) -> str:
    """Return *raw* in base64url without padding, with its multibase prefix."""
    return "u" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
