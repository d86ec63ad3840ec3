"""Remake `vectors.json`: `python -m tests.vectors.claim.make`. The private key is public, for it signs nothing else.

Each good vector is a claim with every byte of its making; each bad one is a text that must be refused, with the fault.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certs import claim
from certs.ground import base32
from certs.keyring.record import kid_of, spki
from certs.model import Claim, Kid, Number

FILE = Path(__file__).with_name("vectors.json")
SEED = bytes(range(32))
BASE_URL = "https://certs.example.org"
GOOD = {
    "latin": ("7K3M9QXZ2P40", "attendance", "Zoë Ångström", "cGMP Training Marathon 2026", 54, 6, 8),
    "script of its own": ("00000000001Y", "attendance", "محمد عبد الرحمن", "Good Practice Days", 9, 3, 3),
    "kind in words": ("ZZZZZZZZZZZB", "speaker", "王小明", "Good Practice Days", 0, 1, 3),
}


def main() -> None:
    """Write the file."""
    private = Ed25519PrivateKey.from_private_bytes(SEED)
    public = spki(private.public_key())
    kid = kid_of(public)
    good = {label: _good(private.sign, kid, facts) for label, facts in GOOD.items()}
    bad = _bad(private.sign, good["latin"])
    vectors = {"seed": SEED.hex(), "public": public.hex(), "kid": kid, "good": good, "bad": bad}
    FILE.write_text(json.dumps(vectors, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


Sign = Callable[[bytes], bytes]


def _good(sign: Sign, kid: Kid, facts: tuple[str, str, str, str, int, int, int]) -> dict[str, object]:
    number, kind, name, event, quarter_hours, attended, in_all = facts
    days = date(2026, 10, 6), date(2026, 10, 29), date(2026, 11, 20)
    stated = Claim(kid, Number(number), kind, name, event, *days[:2], quarter_hours, attended, in_all, days[2])
    payload = claim.encode(stated)
    text = _text(sign, payload)
    return {
        "number": number, "kind": kind, "name": name, "event": event,
        "first_day": days[0].isoformat(), "last_day": days[1].isoformat(), "issued_on": days[2].isoformat(),
        "quarter_hours": quarter_hours, "sessions_attended": attended, "sessions_in_all": in_all,
        "payload": payload.hex(), "text": text, "url": claim.url(BASE_URL, text),
    }  # fmt: skip


def _text(sign: Sign, payload: bytes, domain: bytes = claim.DOMAIN) -> str:
    spelled = base32.encode(payload)
    return f"{spelled.decode()}.{base32.encode(sign(domain + spelled)).decode()}"


def _bad(sign: Sign, good: dict[str, object]) -> dict[str, dict[str, str]]:
    """Return texts to refuse, each with the fault that a reader must find."""
    text, payload = str(good["text"]), bytes.fromhex(str(good["payload"]))
    items = cbor2.loads(payload)
    another = cbor2.dumps([*items[:4], "Zoe Angstrom", *items[5:]])
    stretched = payload.replace(b"\x18\x36", b"\x19\x00\x36", 1)
    texts = {
        "another name under the old signature": (text.replace(*_swap(payload, another)), "wrong_signature"),
        "signed without the domain": (_text(sign, payload, b""), "wrong_signature"),
        "unknown key": (_text(sign, cbor2.dumps([items[0], b"\0\0\0\0\0", *items[2:]])), "unknown_key"),
        "54 spelled in three bytes": (_text(sign, stretched), "malformed"),
        "array of indefinite length": (_text(sign, b"\x9f" + payload[1:] + b"\xff"), "malformed"),
        "a byte after the array": (_text(sign, payload + b"\0"), "malformed"),
        "another version": (_text(sign, cbor2.dumps([2, *items[1:]])), "malformed"),
        "an item missing": (_text(sign, cbor2.dumps(items[:-1])), "malformed"),
        "small letters": (text.lower(), "malformed"),
        "padding": (text + "=", "malformed"),
        "loose bits in the last letter": (_loose(text), "malformed"),
        "no signature": (text.partition(".")[0], "malformed"),
        "empty": ("", "malformed"),
    }
    return {label: {"text": bad, "fault": fault} for label, (bad, fault) in texts.items()}


def _swap(payload: bytes, another: bytes) -> tuple[str, str]:
    return base32.encode(payload).decode(), base32.encode(another).decode()


def _loose(text: str) -> str:
    """Return *text* with a bit set in its last letter that no byte of the signature uses."""
    alphabet = base32.ALPHABET.decode()
    return text[:-1] + alphabet[alphabet.index(text[-1]) | 1]


if __name__ == "__main__":
    main()
