"""One in-memory world: keys, a register and a clock that implement the real ports, and people with certificates.

    world = World()
    ana = world.issue("Ana Souza")
    verify_claim(ana.claim_text, world.register, world.keys, world.now)

Signatures are real, so what verifies here verifies anywhere; only disk and database are left out. The PDF of a
certificate is a small stand-in unless a test gives its own.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

from cryptography.hazmat.primitives.serialization import Encoding

from certs import claim, roll
from certs.errors import ConflictError, SigningError
from certs.ground import number
from certs.keyring import life
from certs.keyring.private import ED25519, P256, PrivateSigner, generate, signing_function
from certs.keyring.record import kid_of, spki
from certs.keyring.x509 import Authority, make_leaf, make_root
from certs.model import (
    Certificate,
    Enrolment,
    EventFacts,
    KeptReceipt,
    KeyState,
    Kid,
    Number,
    PersonKey,
    Purpose,
    Revocation,
    RevocationReason,
    Ring,
    Roll,
    SessionId,
    SessionLine,
    Signatory,
    Statement,
    TrustedKey,
)
from certs.pdf import Sealer
from certs.pdf.tail import Own
from certs.ports import StoredPdf

BASE = "https://certs.example.org"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EVENT = EventFacts(
    slug="gmp-2026",
    title="Good Practice Marathon 2026",
    issuer="Institute of Invented Standards",
    place="Geneva",
    language="en",
    zone="Europe/Zurich",
    first_day=date(2026, 10, 6),
    last_day=date(2026, 10, 29),
    sessions=tuple(
        SessionLine(SessionId(str(n)), f"Session {n}", date(2026, 10, 6) + timedelta(days=n)) for n in range(1, 9)
    ),
    signatories=(Signatory("Dr Elin Falk", "Director"),),
    criteria="At least 6 of 8 sessions, each for at least half of its time.",
    design="classic",
)


class MemoryKeys:
    """`ports.Keys` without a disk."""

    def __init__(self) -> None:
        self._signers: dict[Purpose, list[PrivateSigner]] = {purpose: [] for purpose in Purpose}

    def new(self, purpose: Purpose, now: datetime = NOW - timedelta(days=365), *, demo: bool = False) -> TrustedKey:
        """Make a key; the newest made is the newest."""
        private = generate(P256 if purpose in {Purpose.SEAL, Purpose.ROOT} else ED25519)
        public = spki(private.public_key())
        certificates: tuple[bytes, ...] = ()
        if purpose is Purpose.SEAL:
            authority = self._root(now)
            leaf = make_leaf("Invented Standards", private.public_key(), authority, now)
            certificates = tuple(c.public_bytes(Encoding.DER) for c in (leaf, authority.certificate))
        algorithm = P256 if purpose is Purpose.SEAL else ED25519
        key = TrustedKey(kid_of(public), purpose, algorithm, KeyState.ACTIVE, now, public, certificates, demo=demo)
        self._signers[purpose].insert(0, PrivateSigner(key, signing_function(private)))
        return key

    def _root(self, now: datetime) -> Authority:
        """Make a root for a seal."""
        private = generate(P256)
        authority = Authority(make_root("Invented Standards", private, now), private)
        public, der = spki(private.public_key()), authority.certificate.public_bytes(Encoding.DER)
        key = TrustedKey(kid_of(public), Purpose.ROOT, P256, KeyState.ACTIVE, now, public, (der,))
        self._signers[Purpose.ROOT].insert(0, PrivateSigner(key, signing_function(private)))
        return authority

    def change(self, kid: Kid, change: Callable[[TrustedKey], TrustedKey]) -> None:
        """Replace the public record of *kid*."""
        for signers in self._signers.values():
            for at, signer in enumerate(signers):
                if signer.key.kid == kid:
                    signers[at] = PrivateSigner(change(signer.key), signer.sign)

    def retire(self, kid: Kid, at: datetime = NOW) -> None:
        """Retire *kid*."""
        self.change(kid, lambda key: life.retired(key, at))

    def compromise(self, kid: Kid, since: datetime) -> None:
        """Declare *kid* compromised since then."""
        self.change(kid, lambda key: life.compromised(key, since, "A laptop was stolen.", NOW))

    def forget(self, kid: Kid) -> None:
        """Lose *kid* altogether."""
        for purpose, signers in self._signers.items():
            self._signers[purpose] = [signer for signer in signers if signer.key.kid != kid]

    def signer(self, purpose: Purpose) -> PrivateSigner:
        """Return the newest active signer."""
        for signer in self._signers[purpose]:
            if signer.key.state is KeyState.ACTIVE:
                return signer
        raise SigningError(f"There is no active {purpose} key.")

    def trusted(self, purpose: Purpose) -> Sequence[TrustedKey]:
        """Return all keys of *purpose*, newest first."""
        return [signer.key for signer in self._signers[purpose]]

    def find(self, purpose: Purpose, kid: Kid) -> TrustedKey | None:
        """Return the key *kid* of *purpose*."""
        return self.ring().find(purpose, kid)

    def ring(self) -> Ring:
        """Return the keys as they are now."""
        return Ring({purpose: tuple(self.trusted(purpose)) for purpose in Purpose})


HEADER_BYTES = len(b"%PDF-1.7")


class MemoryReceipts:
    """`ports.Receipts` in memory."""

    def __init__(self) -> None:
        self._kept: dict[Number, KeptReceipt] = {}

    def keep(self, receipt: KeptReceipt) -> None:
        """Keep *receipt*."""
        if receipt.number in self._kept:
            raise ConflictError("There is one.")
        self._kept[receipt.number] = receipt

    def find(self, number: Number) -> KeptReceipt | None:
        """Return the receipt of that number."""
        return self._kept.get(number)


class MemoryRegister:
    """`ports.Register` without a database."""

    def __init__(self) -> None:
        self.certificates: dict[Number, Certificate] = {}
        self.pdfs: dict[Number, bytes] = {}
        self.rolls: dict[int, Roll] = {}
        self.status_lists: dict[int, bytes] = {}
        self.withdrawn: set[str] = set()
        self.receipts = MemoryReceipts()
        self.strangers: set[Kid] = set()
        """Keys that it does not know."""
        self.plate_bytes = HEADER_BYTES
        """How much of each file is its plate; tests with real files set more."""

    def knows_key(self, kid: Kid) -> bool:
        """Say whether it knows that key."""
        return kid not in self.strangers

    def status_list(self, number: int) -> bytes | None:
        """Return that status list."""
        return self.status_lists.get(number)

    def certificate(self, number: Number) -> Certificate | None:
        """Return the certificate of that number."""
        return self.certificates.get(number)

    def roll(self, id_: int) -> Roll | None:
        """Return that roll."""
        return self.rolls.get(id_)

    def begins_like_ours(self, data: bytes) -> bool:
        """Say whether *data* and a plate begin alike; the header alone, with which every PDF begins, does not count."""
        plates = [stored[: self.plate_bytes] for stored in self.pdfs.values() if self.plate_bytes > HEADER_BYTES]
        return any(plate.startswith(data) or data.startswith(plate) for plate in plates)

    def certificates_of(self, person_ref: str) -> Sequence[Certificate]:
        """Return that person's certificates, newest first."""
        hers = [c for c in reversed(self.certificates.values()) if c.person_ref == person_ref]
        return [] if person_ref in self.withdrawn else hers

    def link_withdrawn(self, person_ref: str) -> bool:
        """Say whether that link was withdrawn."""
        return person_ref in self.withdrawn

    def pdf(self, number: Number) -> StoredPdf | None:
        """Return the stored file."""
        data = self.pdfs.get(number)
        return (
            data and StoredPdf(data[: self.plate_bytes], data[self.plate_bytes :], hashlib.sha256(data).hexdigest())
        ) or None


def bare_file(of: Number, seal: Sealer | None = None) -> bytes:
    """Return the least that may pass for an issued file: it begins and ends like one, bears its number and a *seal*."""
    identifier = number.to_bytes(of).hex().upper().rjust(32, "0")
    head, foot = f"%PDF-1.7\n% {of}\n", f"/ID[<{identifier}><{identifier}>]\n%%EOF\n"
    if seal is None:
        return (head + foot).encode()
    opening = f"{head}{int(Own.SEAL)} 0 obj\n<</Type/Sig/Contents"
    gap = len(opening)
    resumes = gap + seal.digits + len("<>")
    byte_range = "/ByteRange[0 {} {} {:06}]>>\nendobj\n"
    rest = len(byte_range.format(gap, resumes, 0) + foot)
    closing = byte_range.format(gap, resumes, rest) + foot
    container = seal.seal(hashlib.sha256((opening + closing).encode()).digest()).decode()
    return f"{opening}<{container}>{closing}".encode()


@dataclass
class World:
    """Keys for every purpose, a register, and a clock that stands still."""

    now: datetime = NOW
    keys: MemoryKeys = field(default_factory=MemoryKeys)
    register: MemoryRegister = field(default_factory=MemoryRegister)
    _rolls: "count[int]" = field(default_factory=lambda: count(1))
    _serial: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        for purpose in (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL, Purpose.LINK):
            self.keys.new(purpose)

    @property
    def sealer(self) -> Sealer:
        """What seals files now."""
        return Sealer(self.keys.signer(Purpose.SEAL), self.now)

    def statement(self, name: str = "Ana Souza", event: EventFacts = EVENT) -> Statement:
        """Return a statement with a number of its own."""
        return Statement(
            event=event,
            number=number.from_bits(next(self._serial) * 7_919_919_919 % (1 << number.RANDOM_BITS)),
            kind="attendance",
            name=name,
            language="",
            attended=frozenset(session.id for session in event.sessions[:6]),
            quarter_hours=54,
            issued_on=date(2026, 11, 20),
        )

    def issue(
        self,
        name: str = "Ana Souza",
        *,
        event: EventFacts = EVENT,
        registered_at: datetime = NOW - timedelta(days=2),
        pdf: bytes | None = None,
    ) -> Certificate:
        """Issue a certificate to *name* and register it."""
        statement = self.statement(name, event)
        data = pdf if pdf is not None else bare_file(statement.number, self.sealer)
        text = claim.Writer(self.keys.signer(Purpose.CLAIM)).text(statement)
        return self.register_file(statement, text, data, registered_at)

    def register_file(
        self, statement: Statement, claim_text: str, data: bytes, registered_at: datetime = NOW - timedelta(days=2)
    ) -> Certificate:
        """Register the file *data* of *statement*, signed with the keys that sign now."""
        certificate = Certificate(
            statement=statement,
            registered_at=registered_at,
            claim_text=claim_text,
            claim_kid=self.keys.signer(Purpose.CLAIM).key.kid,
            seal_kid=self.keys.signer(Purpose.SEAL).key.kid,
            pdf_sha256=hashlib.sha256(data).hexdigest(),
            pdf_bytes=len(data),
            person_ref=f"person-{statement.number.lower()}",
            base_url=BASE,
            person=PersonKey(f"{statement.number.lower()}@example.org"),
            batch=f"{statement.event.slug}/1",
            credential_kid=self.keys.signer(Purpose.CREDENTIAL).key.kid,
        )
        certificate = self.enrol(certificate)
        self.register.pdfs[statement.number] = data
        return certificate

    def enrol(self, certificate: Certificate) -> Certificate:
        """Put *certificate* on a roll of its own, and into the register."""
        id_ = next(self._rolls)
        signer, owns = self.keys.signer(Purpose.CLAIM), [roll.own_of(certificate)]
        self.register.rolls[id_] = roll.write(signer, certificate.statement.event, owns, certificate.registered_at)
        enrolled = replace(certificate, enrolment=Enrolment(id_, 0))
        self.register.certificates[certificate.number] = enrolled
        return enrolled

    def leave_out_credential(self, number: Number) -> None:
        """Let that certificate be one that was issued without a credential."""
        self._change(number, credential_kid=None)
        self.enrol(self.register.certificates[number])

    def revoke(self, certificate: Certificate, reason: RevocationReason = RevocationReason.ERROR) -> None:
        """Withdraw *certificate* today."""
        revocation = Revocation(self.now, reason, "Wrong date of birth.")
        self._change(certificate.number, revocation=revocation)

    def withhold(self, certificate: Certificate) -> None:
        """Let its person be erased at her request."""
        self._change(certificate.number, withheld=True)

    def supersede(self, old: Certificate, new: Certificate) -> None:
        """Let *new* replace *old*."""
        self._change(old.number, superseded_by=new.number)
        self._change(new.number, supersedes=old.number, person_ref=old.person_ref, person=old.person)
        self.enrol(self.register.certificates[new.number])

    def tamper(self, certificate: Certificate, name: str) -> None:
        """Change the name in the register, as its owner could."""
        self._change(certificate.number, statement=replace(certificate.statement, name=name))

    def _change(self, of: Number, **changes: object) -> None:
        self.register.certificates[of] = replace(self.register.certificates[of], **changes)  # type: ignore[arg-type]
