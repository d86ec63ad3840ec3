"""The X.509 side of seals: our own root, and leaves that may sign documents and nothing else.

Profiles: RFC 5280; the leaf's extended key usage is id-kp-documentSigning (RFC 9336) and Adobe's Authentic Documents
Trust, so that both kinds of validators accept its purpose. Adobe trusts a leaf by itself only when a commercial root
signed it: `request` makes the CSR, and the chain that comes back replaces ours.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import csr, keys
from asn1crypto import x509 as names
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from certs.keyring.private import RSA3072, PrivateKey
from certs.ports import Signer

ROOT_LIFE = timedelta(days=25 * 365)
LEAF_LIFE = timedelta(days=10 * 365)
_CLOCK_SLACK = timedelta(days=1)
"""How far before its making a certificate is valid, so that a clock set back does not break a seal."""
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
ADOBE_DOCUMENTS = ObjectIdentifier("1.2.840.113583.1.1.5")
_X509_NAME_CHARACTERS = 64
"""RFC 5280 appendix A.1: ub-common-name, ub-organization-name."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Whoever signs X.509 certificates here: the root's certificate and its private key."""

    certificate: x509.Certificate
    private: PrivateKey


def make_root(organisation: str, private: PrivateKey, now: datetime) -> x509.Certificate:
    """Return a self-signed root for *organisation*.

    Raises:
        ValueError: *organisation* is empty.
    """
    name = _name(organisation, "Certificate Seal Root")
    key = private.public_key()
    usage = _usage(sign_documents=False)
    builder = _builder(name, name, key, now, ROOT_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return builder.add_extension(usage, critical=True).sign(private, SHA256())


def make_leaf(
    organisation: str, public: CertificatePublicKeyTypes, authority: Authority, now: datetime
) -> x509.Certificate:
    """Return a certificate of *public* for sealing documents, signed by *authority*.

    Raises:
        ValueError: *organisation* is empty.
    """
    root = authority.certificate
    builder = _builder(_name(organisation, "Certificate Seal"), root.subject, public, now, LEAF_LIFE)
    identifier = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    authority_id = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    builder = builder.add_extension(authority_id, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(sign_documents=True), critical=True)
    purposes = x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ADOBE_DOCUMENTS, ExtendedKeyUsageOID.EMAIL_PROTECTION])
    return builder.add_extension(purposes, critical=False).sign(authority.private, SHA256())


def request(leaf: bytes, signer: Signer) -> bytes:
    """Return a signing request (PKCS#10, PEM) for a commercial authority, with the subject of our own *leaf* (DER).

    The signer may be in a token, so the request is put together here and only its bytes are signed.

    Raises:
        SigningError: the private key is out of reach.
    """
    subject = x509.load_der_x509_certificate(leaf).subject.public_bytes()
    info = csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": names.Name.load(subject),
            "subject_pk_info": keys.PublicKeyInfo.load(signer.key.public),
            "attributes": [{"type": "extension_request", "values": [[_asked_usage()]]}],
        }
    )
    algorithm = {"algorithm": "sha256_rsa" if signer.key.algorithm == RSA3072 else "sha256_ecdsa"}
    signed = {
        "certification_request_info": info,
        "signature_algorithm": algorithm,
        "signature": signer.sign(info.dump()),
    }
    der = csr.CertificationRequest(signed).dump()
    return x509.load_der_x509_csr(der).public_bytes(Encoding.PEM)


def _asked_usage() -> dict[str, object]:
    """Return the key usage extension that a request asks for."""
    usage = _usage(sign_documents=True)
    return {"extn_id": "key_usage", "critical": True, "extn_value": names.KeyUsage.load(usage.public_bytes())}


def _name(organisation: str, role: str) -> x509.Name:
    if not organisation.strip():
        raise ValueError("a seal names the organisation behind it")
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:_X509_NAME_CHARACTERS]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{organisation[:40]} {role}"),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: CertificatePublicKeyTypes, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - _CLOCK_SLACK).not_valid_after(now + life)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _usage(*, sign_documents: bool) -> x509.KeyUsage:
    """Return the usage of a leaf (signs documents) or of a root (signs X.509 certificates)."""
    return x509.KeyUsage(
        digital_signature=sign_documents,
        content_commitment=sign_documents,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not sign_documents,
        crl_sign=not sign_documents,
        encipher_only=False,
        decipher_only=False,
    )
