"""Make `vectors.json`: `python -m tests.vectors.roll.make`. The private key is that of the claim's vectors."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from certs import roll
from certs.keyring.private import PrivateSigner
from certs.model import Certificate, EventFacts, Kid, Number, PersonKey, SessionId, SessionLine, Signatory, Statement
from tests.unit.test_claim_vectors import KEY, PRIVATE, VECTORS

FILE = Path(__file__).with_name("vectors.json")
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
EVENT = EventFacts(
    slug="cgmp-2026",
    title="cGMP Training Marathon 2026",
    issuer="Institute of Invented Standards",
    place="Geneva",
    language="en",
    zone="Europe/Zurich",
    first_day=date(2026, 10, 6),
    last_day=date(2026, 10, 29),
    sessions=tuple(SessionLine(SessionId(str(n)), f"Session {n}", date(2026, 10, 5 + n)) for n in range(1, 9)),
    signatories=(Signatory("Dr Elin Falk", "Director"),),
    criteria="At least 6 of 8 sessions.",
    design="classic",
)
STATEMENT = Statement(
    event=EVENT,
    number=Number("7K3M9QXZ2P40"),
    kind="attendance",
    name="Zoë Ångström",
    language="",
    attended=frozenset(one.id for one in EVENT.sessions[:6]),
    quarter_hours=54,
    issued_on=date(2026, 11, 20),
)


def certificate() -> Certificate:
    """Return the certificate that the vector is of; its file and its other keys are made up."""
    return Certificate(
        statement=STATEMENT,
        registered_at=AT,
        claim_text=VECTORS["good"]["latin"]["text"],
        claim_kid=KEY.kid,
        seal_kid=Kid("5ea10000"),
        pdf_sha256="ab" * 32,
        pdf_bytes=40_000,
        person_ref="nobody",
        base_url="https://certs.example.org",
        person=PersonKey("zoe@example.org"),
        batch="cgmp-2026/1",
        credential_kid=Kid("c4ed0000"),
    )


def vector() -> dict[str, object]:
    """Return what stands in the file."""
    first = roll.own_of(certificate())
    second = roll.own_of(
        replace(certificate(), person=PersonKey("other@example.org"), supersedes=Number("7K3M9QXZ2P40"))
    )
    written = roll.write(PrivateSigner(KEY, PRIVATE.sign), EVENT, [first, second], AT)
    return {
        "texts": list(first),
        "facts": written.facts,
        "entries": [roll.entry(one).hex() for one in (first, second)],
        "signed_at": roll.moment(AT),
        "kid": written.kid,
        "signature": written.signature.hex(),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(vector(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
