"""A receipt: what we answered about certificates, at a moment, signed as a JWS that anybody's library reads.

    HEADER.PAYLOAD.SIGNATURE          compact serialisation (RFC 7515), Ed25519 (RFC 8037)

    header   {"alg": "EdDSA", "kid": …, "typ": "certs-receipt+jwt"}; `Ed25519` (RFC 9864) is read as well
    payload  iss, iat, jti (the receipt's number), software, items

Nobody's name is in it: an item says what was asked by a number or by a SHA-256. The signature is made by a
`ports.Signer`, whose key may lie in a token, so no library for JWS could make it. Each text has one form only:
base64url without padding whose last bits are clear, and exactly these members of the header.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NotRequired, TypedDict

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from certs.errors import InputError
from certs.ground import number as numbers
from certs.ground.signature import raw_public_key
from certs.model import Kid, Number, Purpose
from certs.ports import Signer, Trusted
from certs.wording import say

TYPE = "certs-receipt+jwt"
MEDIA_TYPE = "application/jose"
FILE = "receipt.jws"
_ALGORITHMS = frozenset({"EdDSA", "Ed25519"})
_MARK = "R-"
_MOST_CHARACTERS = 8_000_000
_MALFORMED = say("This is no receipt of ours: it has another form.")


class Asked(TypedDict, total=False):
    """What was asked: a number, or the SHA-256 of a code's text or of what could not be read; of a file its own too."""

    number: str
    claim_sha256: str
    text_sha256: str
    file_sha256: str


class StepTaken(TypedDict):
    """A step that was not passed."""

    name: str
    outcome: str


class Item(TypedDict):
    """One answer; what does not apply is left out. *number* is the certificate's, where there is one."""

    asked: Asked
    summary: str
    number: NotRequired[str]
    file: NotRequired[str]
    code: NotRequired[str]
    steps: NotRequired[list[StepTaken]]
    registered_at: NotRequired[str]
    revoked_at: NotRequired[str]
    replaced_by: NotRequired[str]
    demo: NotRequired[bool]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What we answered."""

    number: Number
    issuer: str
    issued_at: datetime
    software: str
    items: Sequence[Item]
    kid: Kid
    """Of the key that signed it."""


def printed(number: Number) -> str:
    """Return the number of a receipt as it is printed."""
    return _MARK + numbers.printed(number)


def parse(typed: str) -> Number:
    """Read the number of a receipt as a person typed it, with the mark of receipts or without.

    Raises:
        InputError: it is none.
    """
    return numbers.parse(typed.strip().upper().removeprefix(_MARK))


def digest(text: str) -> str:
    """Return the SHA-256 of *text* in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def sign(receipt: Receipt, signer: Signer) -> str:
    """Return *receipt* as a JWS under the key of *signer*.

    Raises:
        SigningError: the key is out of reach.
    """
    payload = {
        "iss": receipt.issuer,
        "iat": int(receipt.issued_at.timestamp()),
        "jti": printed(receipt.number),
        "software": receipt.software,
        "items": list(receipt.items),
    }
    signed = f"{_encoded(_header(signer.key.kid))}.{_encoded(payload)}"
    return f"{signed}.{_base64(signer.sign(signed.encode('ascii')))}"


def read(text: str, keys: Trusted) -> Receipt:
    """Return what the JWS *text* says, which a receipt key of ours signed.

    Raises:
        InputError: it has another form, or no key of ours signed exactly this.
        SigningError: the key folder cannot be read.
    """
    parts = text.split(".")
    if len(text) > _MOST_CHARACTERS or not text.isascii() or len(parts) != 3:
        raise InputError(_MALFORMED)
    head, payload, signature = (_decoded(part) for part in parts)
    kid = _kid_in(_object(head))
    key = keys.find(Purpose.RECEIPT, kid)
    if key is None:
        raise InputError(say("No key of ours for receipts signed this."))
    try:
        crypto_sign_open(signature + ".".join(parts[:2]).encode("ascii"), raw_public_key(key))
    except (BadSignatureError, ValueError):
        raise InputError(say("The signature of this receipt does not fit: something in it was changed.")) from None
    return _receipt(_object(payload), kid)


def _header(kid: Kid) -> dict[str, str]:
    return {"alg": "EdDSA", "kid": kid, "typ": TYPE}


def _kid_in(header: dict[str, Any]) -> Kid:
    """Return the key that *header* names.

    Raises:
        InputError: it says more, less, or something else.
    """
    kid, known = header.get("kid"), header.get("alg") in _ALGORITHMS
    if not known or not isinstance(kid, str) or {**header, "alg": "EdDSA"} != _header(Kid(kid)):
        raise InputError(_MALFORMED)
    return Kid(kid)


def _receipt(said: dict[str, Any], kid: Kid) -> Receipt:
    """Return the receipt that a payload says; our own key signed it, so it has the form that `sign` gives."""
    at = datetime.fromtimestamp(said["iat"], UTC)
    return Receipt(parse(said["jti"]), said["iss"], at, said["software"], said["items"], kid)


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        raise InputError(_MALFORMED) from None
    if not isinstance(found, dict):
        raise InputError(_MALFORMED)
    return found


def _encoded(value: object) -> str:
    return _base64(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decoded(part: str) -> bytes:
    """Return the bytes of *part*, which has the one form that we write.

    Raises:
        InputError: it has another.
    """
    try:
        data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        raise InputError(_MALFORMED) from None
    if _base64(data) != part:
        raise InputError(_MALFORMED)
    return data
