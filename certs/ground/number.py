"""Certificate numbers: 55 random bits as 11 Crockford base32 digits and a check digit (Luhn mod 32).

Canonical form: 12 upper-case digits without separators (`7K3M9QXZ2P4C`). Printed form: `7K3M-9QXZ-2P4C`. Read in any
case, with spaces and hyphens anywhere, O as 0, I and L as 1. The check digit finds every single wrong digit and nearly
every swap of neighbours. In seven bytes: the 55 bits, big-endian, the top bit clear.

A kid, which names a key, is five bytes in the same digits.
"""

from functools import lru_cache

from certs.errors import InputError
from certs.model import Kid, Number
from certs.wording import say

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KID_ALPHABET = ALPHABET.lower()
"""A kid is spelled in small letters, so that nobody takes it for a number."""
RANDOM_BITS = 55
_DIGITS = 11
_VALUE = {digit: value for value, digit in enumerate(ALPHABET)}
_DOUBLED = {digit: 2 * value // 32 + 2 * value % 32 for digit, value in _VALUE.items()}
_PAIRS = tuple(high + low for high in ALPHABET for low in ALPHABET)
"""Two digits for ten bits."""
_READ = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})
_MAX_TYPED = 64
_LEAST_PART = 4
"""Digits of a part of a number; fewer stand in the numbers of many."""


def _check_digit(digits: str) -> str:
    """Return the Luhn mod N check digit of eleven for N = 32, doubling every second value, the first and the last."""
    total = sum(map(_DOUBLED.__getitem__, digits[::2])) + sum(map(_VALUE.__getitem__, digits[1::2]))
    return ALPHABET[-total % 32]


def from_bits(bits: int) -> Number:
    """Return the number for 55 random *bits*.

    Raises:
        ValueError: *bits* is negative or wider than 55 bits.
    """
    if not 0 <= bits < 1 << RANDOM_BITS:
        raise ValueError("a certificate number has 55 bits")
    digits = ALPHABET[bits >> 50] + "".join([_PAIRS[bits >> shift & 1023] for shift in (40, 30, 20, 10, 0)])
    return Number(digits + _check_digit(digits))


def to_bytes(number: Number) -> bytes:
    """Return the 55 bits of *number* as seven bytes, big-endian."""
    bits = 0
    for digit in number[:_DIGITS]:
        bits = bits << 5 | _VALUE[digit]
    return bits.to_bytes(7, "big")


def from_bytes(seven: bytes) -> Number:
    """Return the number whose bits are *seven* bytes.

    Raises:
        ValueError: not seven bytes, or the top bit is set.
    """
    if len(seven) != 7:
        raise ValueError("a certificate number is seven bytes")
    return from_bits(int.from_bytes(seven, "big"))


def part(typed: str) -> str:
    """Return the digits of a part of a number as a person typed it, empty where it is none or too short to find one."""
    digits = typed.upper().translate(_READ)
    return digits if len(digits) >= _LEAST_PART and set(digits) <= _VALUE.keys() else ""


def parse(typed: str) -> Number:
    """Read a number as a person typed it.

    Raises:
        InputError: it is not 12 digits of the alphabet, or the check digit does not fit.
    """
    if len(typed) > _MAX_TYPED:
        raise InputError(say("A certificate number has 12 characters."))
    digits = typed.strip().upper().translate(_READ)
    if len(digits) != _DIGITS + 1 or not set(digits) <= _VALUE.keys():
        raise InputError(say("A certificate number has 12 letters and digits, like 7K3M-9QXZ-2P4C."))
    if _check_digit(digits[:_DIGITS]) != digits[_DIGITS]:
        raise InputError(say("This number contains a typing mistake: its last character does not fit the others."))
    return Number(digits)


def printed(number: Number) -> str:
    """Return *number* as it is printed: three groups of four."""
    return f"{number[:4]}-{number[4:8]}-{number[8:]}"


@lru_cache(maxsize=64)
def kid_of_bytes(five: bytes) -> Kid:
    """Return the kid that *five* bytes spell."""
    bits = int.from_bytes(five, "big")
    return Kid("".join(KID_ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5)))
