"""A commercial authority in miniature: certifies signing requests, rightly or with one thing wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from certs.keyring.x509 import DOCUMENT_SIGNING
from tests.world import NOW

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Profile:
    """What the leaf says of itself; the defaults are right."""

    begins: datetime = NOW - timedelta(days=1)
    ends: datetime = NOW + YEAR
    signs: bool = True
    purposes: tuple[ObjectIdentifier, ...] = (DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)
    ca: bool = False


class CommercialAuthority:
    """A root, and an intermediate that signs leaves; *issuing* says whether the intermediate may do so."""

    def __init__(self, *, issuing: bool = True) -> None:
        root_key, self._key = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP384R1())
        name = _name("Trust Giant Root")
        self.root = _signed(name, name, root_key.public_key(), root_key, _authority(issuing=True))
        middle = _name("Trust Giant Document CA")
        self.middle = _signed(middle, name, self._key.public_key(), root_key, _authority(issuing=issuing))

    def certify(self, request: bytes, profile: Profile | None = None) -> x509.Certificate:
        """Return the leaf for a signing request in PEM."""
        asked = x509.load_pem_x509_csr(request)
        assert asked.is_signature_valid
        return self.leaf(asked.subject, asked.public_key(), profile or Profile())

    def leaf(self, subject: x509.Name, public: CertificatePublicKeyTypes, profile: Profile) -> x509.Certificate:
        """Return a leaf as *profile* wants it."""
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(ca=profile.ca, path_length=None), True),
            (_usage(signs=profile.signs, certifies=profile.ca), True),
            (x509.ExtendedKeyUsage(profile.purposes), False),
        ]
        life = (profile.begins, profile.ends)
        return _signed(subject, self.middle.subject, public, self._key, extensions, life)


def _authority(*, issuing: bool) -> list[tuple[x509.ExtensionType, bool]]:
    return [
        (x509.BasicConstraints(ca=issuing, path_length=None), True),
        (_usage(signs=not issuing, certifies=issuing), True),
    ]


def _usage(*, signs: bool, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=not signs and not certifies,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=certifies,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _signed(
    subject: x509.Name,
    issuer: x509.Name,
    public: CertificatePublicKeyTypes,
    key: ec.EllipticCurvePrivateKey,
    extensions: list[tuple[x509.ExtensionType, bool]],
    life: tuple[datetime, datetime] = (NOW - YEAR, NOW + 10 * YEAR),
) -> x509.Certificate:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(life[0]).not_valid_after(life[1])
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(key, SHA256())
