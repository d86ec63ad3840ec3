"""Remake the archive: `python -m tests.vectors.archive.make`. Private keys are public, for they sign nothing else.

The folder is an archive as `certs archive` writes it, and `cases.json` has codes and files with the summary that
whoever judges by it must come to, be it `verify.py`, the page, or somebody else's program.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certs import claim, credential
from certs.ground import base32, number
from certs.keyring import life
from certs.keyring.private import ED25519, PrivateSigner
from certs.keyring.record import kid_of, spki
from certs.model import Claim, KeyState, Kid, Number, Purpose, Summary, TrustedKey
from certs.offline.listed import Line, name_of, sign
from certs.views import published

HERE = Path(__file__).parent
BASE_URL = "https://certs.example.org"
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
FACTS = Claim(
    Kid(""), Number(""), "attendance", "Zoë Ångström", "cGMP Training Marathon 2026",
    date(2026, 10, 6), date(2026, 10, 29), 54, 6, 8, date(2026, 11, 20),
)  # fmt: skip


def key(seed: int, purpose: Purpose = Purpose.CLAIM) -> PrivateSigner:
    """Return the signer whose seed counts up from *seed*; that of 0 is the key of the claim's vectors."""
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(seed, seed + 32)))
    public = spki(private.public_key())
    return PrivateSigner(TrustedKey(kid_of(public), purpose, ED25519, KeyState.ACTIVE, AT, public), private.sign)


CLAIM, OLD, STOLEN, STRANGER = key(0), key(1), key(2), key(3)
RECEIPTS = key(5, Purpose.RECEIPT)
CREDENTIAL, OTHERS = key(0, Purpose.CREDENTIAL), key(4, Purpose.CREDENTIAL)


@dataclass(frozen=True)
class Case:
    """A certificate: who signed its claim, and its line, if it has one."""

    summary: Summary
    state: Summary | None
    signer: PrivateSigner = CLAIM
    valid_until: date | None = None
    status_index: int | None = None


CASES = {
    "in force": Case(Summary.VALID, Summary.VALID, status_index=0),
    "in force, without a credential": Case(Summary.VALID, Summary.VALID),
    "in force for long": Case(Summary.VALID, Summary.VALID, valid_until=date(2999, 12, 31), status_index=1),
    "under a retired key": Case(Summary.VALID, Summary.VALID, OLD, status_index=2),
    "before the key was stolen": Case(Summary.VALID, Summary.VALID, STOLEN, status_index=3),
    "withdrawn": Case(Summary.REVOKED, Summary.REVOKED, status_index=4),
    "withdrawn after the list": Case(Summary.REVOKED, Summary.VALID, status_index=5),
    "replaced": Case(Summary.REPLACED, Summary.REPLACED, status_index=6),
    "expired": Case(Summary.EXPIRED, Summary.VALID, valid_until=date(2026, 11, 21), status_index=7),
    "not vouched for": Case(Summary.UNKNOWN, Summary.UNKNOWN, status_index=8),
    "not on the list": Case(Summary.UNKNOWN, None),
    "by whoever stole the key": Case(Summary.UNKNOWN, None, STOLEN),
    "under a key that is not here": Case(Summary.UNKNOWN, None, STRANGER),
    "under a key that signs receipts": Case(Summary.UNKNOWN, None, RECEIPTS),
}


def main() -> None:
    """Write the files."""
    texts = {label: _claim(place, case.signer) for place, (label, case) in enumerate(CASES.items(), 1)}
    files = {label: f"%PDF-1.7\n/URI({claim.url(BASE_URL, text)})\n%%EOF {label}\n" for label, text in texts.items()}
    lines = [
        Line(texts[label], _sha256(files[label]), case.state, case.valid_until, case.status_index)
        for label, case in CASES.items() if case.state
    ]  # fmt: skip
    withdrawn = [case.status_index for case in CASES.values() if case.status_index in {4, 5, 6}]
    (HERE / "status").mkdir(exist_ok=True)
    (HERE / "status/1").write_bytes(
        credential.status_list(BASE_URL, 1, [index for index in withdrawn if index is not None], LATER, CREDENTIAL)
    )
    (HERE / "list.txt").write_text(sign(name_of(BASE_URL, "cgmp-2026"), AT, lines, CREDENTIAL), encoding="utf-8")
    stolen = life.compromised(STOLEN.key, LATER, "A laptop was stolen.", LATER)
    _write("jwks.json", published.jwks([CLAIM.key, life.retired(OLD.key, AT), stolen, RECEIPTS.key]))
    _write("did.json", credential.did_document(BASE_URL, [CREDENTIAL.key, OTHERS.key]))
    codes = {label: {"code": text, "summary": CASES[label].summary} for label, text in texts.items()}
    judged = {label: {"file": file, "summary": CASES[label].summary} for label, file in files.items()}
    _write("cases.json", {"codes": {**codes, **_odd(texts)}, "files": {**judged, **_odd_files(texts, files)}})


def _odd(texts: dict[str, str]) -> dict[str, object]:
    """Return codes that nobody issued, and other ways to bring one that somebody did."""
    good = texts["in force"]
    forged = good[: good.index(".") + 1] + texts["withdrawn"].partition(".")[2]
    return {
        "as an address": {"code": claim.url(BASE_URL, good), "summary": Summary.VALID},
        "as an address of before": {"code": f"HTTPS://CERTS.EXAMPLE.ORG/V/{good}", "summary": Summary.VALID},
        "with spaces around it": {"code": f"  {good}\n", "summary": Summary.VALID},
        "another's signature": {"code": forged, "summary": Summary.ALTERED},
        "small letters": {"code": good.lower(), "summary": Summary.ALTERED},
        "nonsense": {"code": "certificate", "summary": Summary.ALTERED},
        "nothing": {"code": "", "summary": Summary.ALTERED},
        "a specimen": {"code": "SPECIMEN.SPECIMEN.", "summary": Summary.NOT_ISSUED},
    }


def _odd_files(texts: dict[str, str], files: dict[str, str]) -> dict[str, object]:
    """Return files that nobody issued."""
    return {
        "a byte more": {"file": files["in force"] + "\n", "summary": Summary.ALTERED},
        "without any code": {"file": "%PDF-1.7\n%%EOF\n", "summary": Summary.UNKNOWN},
        "a copy of what was withdrawn": {"file": files["withdrawn"] + "\n", "summary": Summary.ALTERED},
        "a code of nobody before one of ours": {
            "file": f"/V/{texts['not on the list']} /V/{texts['in force']}", "summary": Summary.ALTERED
        },
    }  # fmt: skip


def _claim(place: int, signer: PrivateSigner) -> str:
    stated = replace(FACTS, kid=signer.key.kid, number=number.from_bits(place * 7_919_919_919))
    payload = base32.encode(claim.encode(stated))
    return f"{payload.decode()}.{base32.encode(signer.sign(claim.DOMAIN + payload)).decode()}"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _write(name: str, value: object) -> None:
    (HERE / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
