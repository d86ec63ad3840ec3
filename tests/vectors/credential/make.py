"""Remake `vectors.json`: `python -m tests.vectors.credential.make`. The key is public: it signs nothing else."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certs import credential
from certs.keyring.private import ED25519, PrivateSigner
from certs.keyring.record import kid_of, spki
from certs.model import EventFacts, KeyState, Number, Purpose, SessionId, SessionLine, Statement, TrustedKey

FILE = Path(__file__).with_name("vectors.json")
SEED = bytes(range(32))
BASE_URL = "https://certs.example.org"
ISSUED_AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
EVENT = EventFacts(
    slug="cgmp-2026",
    title="cGMP Training Marathon 2026",
    issuer="Institute of Invented Standards",
    place="Online",
    language="en",
    zone="Europe/Zurich",
    first_day=date(2026, 10, 6),
    last_day=date(2026, 10, 29),
    sessions=tuple(
        SessionLine(SessionId(f"s{n}"), title, date(2026, 10, 6 + 7 * n))
        for n, title in enumerate(("Data integrity", "Cleaning validation", 'The "quality" unit'))
    ),
    signatories=(),
    criteria="At least 2 of 3 sessions, each for at least half of its time.",
    design="classic",
)
AWKWARD = replace(EVENT, title='100 % "cGMP" \\ العربية', language="ar", valid_until=date(2029, 3, 31), demo=True)


@dataclass(frozen=True)
class Vector:
    """One statement by its own facts, and whether the credential names the address."""

    number: str
    name: str
    quarter_hours: int
    status_index: int
    event: EventFacts = EVENT
    address: str = ""

    @property
    def statement(self) -> Statement:
        """The statement."""
        attended = frozenset(session.id for session in self.event.sessions[:2])
        return Statement(
            self.event,
            Number(self.number),
            "attendance",
            self.name,
            "",
            attended,
            self.quarter_hours,
            date(2026, 11, 22),
        )


VECTORS = {
    "whole hours": Vector("7K3M9QXZ2P40", "Zoë Ångström", 24, 0),
    "quarter hours": Vector("00000000001Y", "محمد عبد الرحمن", 9, 131_072),
    "quotes and backslashes": Vector("ZZZZZZZZZZZB", "王小明 \"'\\ %s", 1, 94_567, AWKWARD),
    "address": Vector("7K3M9QXZ2P40", "Zoë Ångström", 50, 7, EVENT, "zoe@example.org"),
}


def signer() -> PrivateSigner:
    """Return the signer of the vectors."""
    private = Ed25519PrivateKey.from_private_bytes(SEED)
    public = spki(private.public_key())
    key = TrustedKey(kid_of(public), Purpose.CREDENTIAL, ED25519, KeyState.ACTIVE, ISSUED_AT, public)
    return PrivateSigner(key, private.sign)


def credential_of(vector: Vector) -> str:
    """Return the credential that *vector* gives."""
    writer = credential.Writer(vector.event, BASE_URL, ISSUED_AT, signer(), addresses=bool(vector.address))
    return writer.json(vector.statement, vector.status_index, vector.address).decode()


def main() -> None:
    """Write the file."""
    vectors = {label: credential_of(vector) for label, vector in VECTORS.items()}
    FILE.write_text(json.dumps(vectors, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
