"""The seal of a finished file, opened with nothing but the public key: for the files that are looked at in full.

Only what `seal` writes is read: a CMS SignedData (RFC 5652) in DER with one signer. The reader is a few lines of its
own, so a fault in the template that the container was filled into cannot hide from it, and takes microseconds.
"""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from certs.model import TrustedKey
from certs.pdf.check import find_seal
from certs.pdf.plate import Imprint, Plate

_SEQUENCE, _SET, _OCTET_STRING, _CONTEXT_0 = 0x30, 0x31, 0x04, 0xA0
_LONG_FORM = 0x80
"""Set where a length has bytes of its own."""
_MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
"""1.2.840.113549.1.9.4, the attribute that holds the digest of what is signed."""


class Opened(NamedTuple):
    """What a seal's container holds; *attributes* as they were signed, *signer* by issuer and serial number."""

    certificates: tuple[bytes, ...]
    signer: bytes
    digest: bytes
    attributes: bytes
    signature: bytes


def check_seal(plate: Plate, imprint: Imprint, key: TrustedKey) -> list[str]:
    """Return a sentence for everything that is wrong with the file's seal by *key*; empty when a reader believes it."""
    place = find_seal(imprint.tail)
    if place is None:
        return ["The tail has no seal."]
    covered = plate.digest(imprint.tail[: place.opening])
    covered.update(imprint.tail[place.closing :])
    try:
        found = opened(bytes.fromhex(imprint.tail[place.opening + 1 : place.closing - 1].decode()))
    except ValueError:
        return ["The seal is no signature of the kind that we write."]
    faults = [] if key.certificates[0] in found.certificates else ["The seal lacks its key's X.509 certificate."]
    if not set(key.certificates[1:]) <= set(found.certificates):
        faults.append("The seal lacks an X.509 certificate of its key's chain.")
    if found.signer != _named(key.certificates[0]):
        faults.append("The seal names another signer.")
    if found.digest != covered.digest():
        faults.append("The seal is over another digest than the file's.")
    if not _fits(key.public, found.attributes, found.signature):
        faults.append("The seal's signature does not fit.")
    return faults


def is_sealed_by(file: bytes, key: TrustedKey) -> bool:
    """Say whether the whole of *file*, one of ours as it was issued, stands under a seal by the public part of *key*.

    Which X.509 certificates enclose that part is not asked: they may have been others when it was sealed.

    Raises:
        Nothing.
    """
    place = find_seal(file)
    if place is None:
        return False
    gap, resumes, rest = place.byte_range
    if (gap, resumes, resumes + rest) != (place.opening, place.closing, len(file)):
        return False
    try:
        found = opened(bytes.fromhex(file[place.opening + 1 : place.closing - 1].decode()))
        covered = hashlib.sha256(file[: place.opening] + file[place.closing :]).digest()
        return found.digest == covered and _fits(key.public, found.attributes, found.signature)
    except ValueError:
        return False


def opened(container: bytes) -> Opened:
    """Return what the DER *container*, whatever padding is behind it, holds.

    Raises:
        ValueError: it is not built as `seal` builds it.
    """
    content_info = _parts(_first(container, _SEQUENCE))
    signed_data = _parts(_first(_first_of(content_info, _CONTEXT_0).body, _SEQUENCE))
    certificates = tuple(part.whole for part in _parts(_first_of(signed_data, _CONTEXT_0).body))
    signer = _parts(_first(_first_of(signed_data[::-1], _SET).body, _SEQUENCE))
    attributes = _first_of(signer, _CONTEXT_0)
    digest = next((values.body for kind, values in _pairs(attributes) if kind.body == _MESSAGE_DIGEST), b"")
    signed = bytes([_SET]) + attributes.whole[1:]
    signature = _first_of(signer, _OCTET_STRING).body
    return Opened(certificates, _first_of(signer, _SEQUENCE).body, _first(digest, _OCTET_STRING), signed, signature)


@lru_cache(maxsize=8)
def _named(certificate: bytes) -> bytes:
    """Return issuer and serial number of an X.509 *certificate* of version 3.

    Raises:
        ValueError: it is cut off.
    """
    _, serial_number, _, issuer, *_ = _parts(_first(_first(certificate, _SEQUENCE), _SEQUENCE))
    return issuer.whole + serial_number.whole


class _Part(NamedTuple):
    """One DER value: its tag, all its bytes, and those behind its length."""

    tag: int
    whole: bytes
    body: bytes


def _parts(data: bytes) -> list[_Part]:
    """Return the DER values that *data* is made of.

    Raises:
        ValueError: it is cut off.
    """
    parts, place = [], 0
    while place < len(data):
        parts.append(_part(data, place))
        place += len(parts[-1].whole)
    return parts


def _part(data: bytes, place: int) -> _Part:
    """Return the DER value at *place* of *data*.

    Raises:
        ValueError: it is cut off.
    """
    head = data[place : place + 2]
    if len(head) != 2:
        raise ValueError("a value without its length")
    begins, size = place + 2, head[1]
    if size & _LONG_FORM:
        begins += size & ~_LONG_FORM
        size = int.from_bytes(data[place + 2 : begins], "big")
    if len(data) < begins + size:
        raise ValueError("a value that is cut off")
    return _Part(head[0], data[place : begins + size], data[begins : begins + size])


def _first(data: bytes, tag: int) -> bytes:
    """Return the body of the first value of *data*, which must bear *tag*.

    Raises:
        ValueError: it does not.
    """
    part = _part(data, 0)
    if part.tag != tag:
        raise ValueError("another kind of value")
    return part.body


def _first_of(parts: list[_Part], tag: int) -> _Part:
    """Return the first of *parts* that bears *tag*.

    Raises:
        ValueError: none does.
    """
    for part in parts:
        if part.tag == tag:
            return part
    raise ValueError("a value is missing")


def _pairs(attributes: _Part) -> Iterator[tuple[_Part, _Part]]:
    """Yield kind and values of each attribute.

    Raises:
        ValueError: one is no pair.
    """
    for attribute in _parts(attributes.body):
        kind, values = _parts(attribute.body)
        yield kind, values


@lru_cache(maxsize=8)
def _public(der: bytes) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    """Open a public key once in each process.

    Raises:
        TypeError: it is of a kind that seals nothing.
    """
    key = load_der_public_key(der)
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise TypeError("a seal key is ECDSA or RSA")
    return key


def _fits(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether *signature* is that of *message* under the *public* key."""
    key = _public(public)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), SHA256())
        else:
            key.verify(signature, message, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
