"""Who appears in these tests: an event, people with names in many scripts, a seal key."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from certs.ground.number import from_bits
from certs.model import (
    EventFacts,
    KeyState,
    Kid,
    Purpose,
    SessionId,
    SessionLine,
    Signatory,
    Statement,
    TrustedKey,
)
from certs.pdf import Sealer

BASE_URL = "https://certs.example.org"
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

TITLES = (
    "Quality risk management",
    "Data integrity",
    "Aseptic processing and contamination control",
    "Process validation life cycle",
    "Water for pharmaceutical use",
    "Computerised systems",
    "Suppliers and outsourced activities",
    "Inspection readiness",
)

EVENT = EventFacts(
    slug="cgmp-2026",
    title="cGMP Training Marathon 2026",
    issuer="Meridian Institute for Medicines Quality",
    place="Online",
    language="en",
    zone="Europe/Zurich",
    first_day=date(2026, 10, 6),
    last_day=date(2026, 10, 29),
    sessions=tuple(
        SessionLine(SessionId(str(i)), title, date(2026, 10, 6) + timedelta(days=3 * i))
        for i, title in enumerate(TITLES, 1)
    ),
    signatories=(
        Signatory("Dr Amara Okafor", "Director of Training"),
        Signatory("Prof. Henrik Sandvall", "Chair, Programme Committee"),
    ),
    criteria="Awarded for attending at least 6 of 8 sessions, each for at least half of its time.",
    design="classic",
)

NAMES = {
    "latin": "Žofía Ångström-Nguyễn Thị Hồng Đào",
    "cyrillic": "Александра Ивановна Щербакова",
    "greek": "Ελευθερία Παπαδοπούλου",
    "arabic": "هالة عبد الرحمن البنا",
    "hebrew": "רות בן־דוד",
    "devanagari": "अमिताभ श्रीवास्तव",
    "bengali": "মোহাম্মদ রফিকুল ইসলাম",
    "tamil": "முருகன் கந்தசாமி",
    "thai": "สมชาย ใจดี",
    "ethiopic": "አበበ ቢቂላ",
    "khmer": "សុខ ចាន់ថា",
    "myanmar": "မောင်မောင်အေး",
    "armenian": "Հայկ Գրիգորյան",
    "georgian": "ნინო ბერიძე",
    "gurmukhi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "gujarati": "નરેન્દ્ર પટેલ",
    "odia": "ସୁଭାଷ ମହାନ୍ତି",
    "telugu": "వెంకటేశ్వర్లు",
    "kannada": "ಮಂಜುನಾಥ್",
    "malayalam": "ശ്രീകുമാർ",
    "sinhala": "ෆාතිමා පෙරේරා",
    "lao": "ສົມພອນ ສີສຸກ",
    "tibetan": "བསྟན་འཛིན།",
    "chinese": "王小明",
    "japanese": "山田 はなこ",
    "korean": "김철수",
}


def statement(name: str = "Jana Nováková", serial: int = 1, event: EventFacts = EVENT, language: str = "") -> Statement:
    """Return a statement for a person who missed the second session."""
    attended = frozenset(session.id for session in event.sessions if session.id != "2" or len(event.sessions) == 1)
    return Statement(
        event=event,
        number=from_bits(0x1234567 + serial * 7919),
        kind="attendance",
        name=name,
        language=language,
        attended=attended,
        quarter_hours=8 * len(attended) - 1,
        issued_on=NOW.date(),
    )


def with_sessions(count: int) -> EventFacts:
    """Return the event with *count* sessions."""
    lines = tuple(
        SessionLine(SessionId(str(i)), f"{i}. {TITLES[i % 8]}", date(2026, 10, 6) + timedelta(days=i))
        for i in range(1, count + 1)
    )
    return replace(EVENT, sessions=lines)


def long_titles() -> EventFacts:
    """Return the event with eight sessions whose titles take two lines."""
    title = "Quality risk management, data integrity and the validation of computerised systems, part {}"
    lines = tuple(replace(line, title=title.format(line.id)) for line in EVENT.sessions)
    return replace(EVENT, sessions=lines)


def claim_url(statement: Statement) -> str:
    """Return a URL of the length and alphabet of a real one."""
    digest = hashlib.sha256(statement.name.encode()).hexdigest().upper()
    return f"https://certs.example.org/V/{statement.number}{digest}{digest}.{digest[:50]}{digest[:53]}"


class SealKey:
    """A seal signer with a root of its own; the same key signs the same message alike."""

    def __init__(self, private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> None:
        self._private = private
        root_key = ec.derive_private_key(0x5EA1, ec.SECP256R1())
        self.root = _certificate("Test Root", root_key.public_key(), "Test Root", root_key, ca=True)
        leaf = _certificate("Test Seal", private.public_key(), "Test Root", root_key, ca=False)
        chain = tuple(certificate.public_bytes(serialization.Encoding.DER) for certificate in (leaf, self.root))
        public = private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.key = TrustedKey(Kid("testseal"), Purpose.SEAL, "seal", KeyState.ACTIVE, NOW, public, chain)

    def sign(self, message: bytes) -> bytes:
        if isinstance(self._private, rsa.RSAPrivateKey):
            return self._private.sign(message, padding.PKCS1v15(), hashes.SHA256())
        return self._private.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def _certificate(
    subject: str,
    public_key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    ca: bool,
) -> x509.Certificate:
    """Return a certificate that is valid around `NOW`."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(public_key)
        .serial_number(2 - ca)
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if not ca:
        usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuer_key, hashes.SHA256(), ecdsa_deterministic=True)


@cache
def seal_key() -> SealKey:
    """Return the seal key of these tests, the same in every process."""
    return SealKey(ec.derive_private_key(0xCE27, ec.SECP256R1()))


def sealer() -> Sealer:
    """Return a sealer with that key."""
    return Sealer(seal_key(), NOW)
