"""The chain that a commercial authority returns for a seal: put in order, and refused unless it can seal documents.

Adobe and other viewers trust a seal by themselves only under a root of their own lists (AATL, EU trusted lists). Such a
leaf comes back as PEM, DER or PKCS#7, with or without the root, in any order. It must be for this very key, within its
time, for signing and no authority itself; each certificate above must have signed the one below.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from certs.errors import InputError
from certs.keyring.record import spki
from certs.keyring.x509 import ADOBE_DOCUMENTS, DOCUMENT_SIGNING
from certs.model import Purpose, TrustedKey
from certs.wording import hint, say

MAX_BYTES = 200_000
"""A chain has three or four certificates of about 2 kB."""
_MICROSOFT_DOCUMENTS = ObjectIdentifier("1.3.6.1.4.1.311.10.3.12")
_SEALING = frozenset(
    {
        DOCUMENT_SIGNING,
        ADOBE_DOCUMENTS,
        _MICROSOFT_DOCUMENTS,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    }
)
"""What authorities of AATL and EU trusted lists put into a leaf for document signing."""
_READERS: Sequence[Callable[[bytes], list[x509.Certificate]]] = (
    x509.load_pem_x509_certificates,
    pkcs7.load_pem_pkcs7_certificates,
    pkcs7.load_der_pkcs7_certificates,
    lambda data: [x509.load_der_x509_certificate(data)],
)


def check_seal(key: TrustedKey) -> None:
    """Check that *key* is one that X.509 certificates are asked for.

    Raises:
        InputError: it is not a seal.
    """
    if key.purpose is not Purpose.SEAL:
        raise InputError(
            say(
                "Key {kid} is a {purpose} key: only seals stand under X.509 certificates.",
                kid=key.kid,
                purpose=key.purpose,
            )
        )


def ordered(key: TrustedKey, data: bytes, now: datetime) -> tuple[bytes, ...]:
    """Return the certificates in *data* as DER, the leaf of *key* first, then who signed whom.

    Raises:
        InputError: *key* is no seal, or *data* is not its chain; says what is wrong and what to ask the authority for.
    """
    check_seal(key)
    try:
        path = _path(key, _read(data))
    except (ValueError, x509.DuplicateExtension) as error:
        raise InputError(
            say("A certificate in the file is damaged: {error}. Ask the authority for it anew.", error=error)
        ) from error
    for one in path:
        _check_time(one, now)
    return tuple(one.public_bytes(Encoding.DER) for one in path)


def _path(key: TrustedKey, rest: list[x509.Certificate]) -> list[x509.Certificate]:
    """Return the leaf of *key* and who signed whom, each checked for what it may do; nothing may be left over."""
    leaf = next((one for one in rest if _is_for(one, key)), None)
    if leaf is None:
        raise InputError(
            say(
                "No certificate in the file is for key {kid}: ask for one with {csr}.",
                kid=key.kid,
                csr=hint("csr", kid=key.kid),
            )
        )
    _check_leaf(leaf)
    path = [leaf]
    rest.remove(leaf)
    while above := next((one for one in rest if _signed(one, path[-1])), None):
        _check_authority(above)
        path.append(above)
        rest.remove(above)
    _check_whole(path, rest)
    return path


def _read(data: bytes) -> list[x509.Certificate]:
    """Return the certificates in *data*, each once."""
    for reader in _READERS if len(data) <= MAX_BYTES else ():
        try:
            if found := reader(data):
                return list(dict.fromkeys(found))
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue
    raise InputError(
        say("The file holds no X.509 certificates: give the authority's answer as PEM, DER or PKCS#7 (.p7b).")
    )


def _check_leaf(leaf: x509.Certificate) -> None:
    try:
        constraints = leaf.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        constraints = None
    if constraints is not None and constraints.ca:
        raise InputError(
            say("{name} is an authority's own certificate: a seal needs one for signing documents.", name=_name(leaf))
        )
    try:
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
        signs = usage.digital_signature or usage.content_commitment
    except x509.ExtensionNotFound:
        signs = True
    if not signs:
        raise InputError(
            say("{name} may not sign (its key usage): ask for digital signature or non-repudiation.", name=_name(leaf))
        )
    try:
        purposes = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return
    if _SEALING.isdisjoint(purposes):
        raise InputError(
            say("{name} is not for documents (its extended key usage): ask for document signing.", name=_name(leaf))
        )


def _check_authority(above: x509.Certificate) -> None:
    try:
        constraints = above.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = above.extensions.get_extension_for_class(x509.KeyUsage).value
        signs = constraints.ca and usage.key_cert_sign
    except x509.ExtensionNotFound:
        signs = False
    if not signs:
        raise InputError(
            say("{name} may not sign certificates: ask the authority for its issuing certificates.", name=_name(above))
        )


def _check_whole(path: Sequence[x509.Certificate], rest: Sequence[x509.Certificate]) -> None:
    if rest:
        raise InputError(say("{name} does not belong to the chain of the seal: leave it out.", name=_name(rest[0])))
    if len(path) == 1:
        raise InputError(
            say("The certificate of {name}'s issuer is missing: add the authority's chain.", name=_name(path[0]))
        )


def _check_time(one: x509.Certificate, now: datetime) -> None:
    if now < one.not_valid_before_utc:
        raise InputError(
            say(
                "{name} is valid only from {not_valid_before_utc:%d %B %Y}: is the clock right?",
                name=_name(one),
                not_valid_before_utc=one.not_valid_before_utc,
            )
        )
    if now > one.not_valid_after_utc:
        raise InputError(
            say(
                "{name} was valid until {not_valid_after_utc:%d %B %Y}: ask for a new one.",
                name=_name(one),
                not_valid_after_utc=one.not_valid_after_utc,
            )
        )


def _is_for(one: x509.Certificate, key: TrustedKey) -> bool:
    try:
        return spki(one.public_key()) == key.public
    except (ValueError, UnsupportedAlgorithm):
        return False


def _signed(above: x509.Certificate, below: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _name(one: x509.Certificate) -> str:
    return one.subject.rfc4514_string() or f"The certificate {one.serial_number:x}"
