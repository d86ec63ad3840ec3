"""The roll of a sheet: one signature over everything that its certificates state and their claims do not.

A claim states the core that fits a QR code. What else a page, an export or a file shows (issuer, place, criteria,
signatories, sessions and which of them somebody attended, whose a certificate is, what it replaces, when it was
registered, the digest of its file) stands in the register alone, so the roll binds it: all that certificates share is
there once, as the *facts* of their event, and each has one *entry* of `ENTRY_BYTES`.

    entry       SHA-256 of the texts of `Own` in UTF-8, one zero byte between each two and none in any of them,
                and for each of `HINTED` the lowest 16 bits of its CRC-32, big-endian, to tell *which* one differs
    signed      the SHA-256 of the facts, the SHA-256 of all entries, the moment of signing as ISO 8601 in UTC

Facts are the JSON object of `EventFacts`, keys sorted, without spaces; whatever has its default is left out, so that a
fact which a later program adds changes nothing in the rolls of before. Of a picture they hold name, digest and type.

The claim key signs, under a domain of its own. docs/formats.md has a vector.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zlib import crc32

from certs.ground.signature import DomainEd25519, raw_public_key
from certs.model import Certificate, EventFacts, PictureFile, Roll, SessionId, Statement, TrustedKey
from certs.ports import Signer
from certs.wording import mark, say_marked

DOMAIN = b"certs roll v1\x00"
MOST = 500
"""Of entries in a roll that certificates of before are put on: as many as a sheet has, more or less."""
_DIGEST_BYTES, _HINT_BYTES = 32, 2
_HINT_MASK = 0xFFFF
_VERIFIER = DomainEd25519(DOMAIN)
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_sorted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


class Own(NamedTuple):
    """What one certificate states on its own, as the texts that its entry is made of."""

    number: str
    claim_text: str
    kind: str
    language: str
    attended: str
    """Session ids in order, as a JSON list."""
    quarter_hours: str
    issued_on: str
    """As ISO 8601 has it."""
    batch: str
    replaces: str
    """The number of the certificate that it supersedes, or nothing."""
    registered_at: str
    base_url: str
    keys: str
    """Kids of claim, seal and credential, with spaces between."""
    name: str
    person: str
    file: str
    """The SHA-256 of its PDF in hex, a space, its size in bytes."""


HINTED = Own._fields[2:]
"""Texts that an entry has hints of: number and claim tell themselves that they were changed."""
ENTRY_BYTES = _DIGEST_BYTES + _HINT_BYTES * len(HINTED)
_BETWEEN = "\x00"
_CALLED = {
    "kind": mark("kind"),
    "quarter_hours": mark("time present"),
    "issued_on": mark("day of issue"),
    "name": mark("name"),
    "language": mark("language of the name"),
    "attended": mark("sessions attended"),
    "person": mark("person"),
    "batch": mark("batch"),
    "replaces": mark("certificate that it replaces"),
    "registered_at": mark("moment of registration"),
    "base_url": mark("address of the site"),
    "keys": mark("signing keys"),
    "file": mark("file"),
}
_FACTS_CALLED = {
    "issuer": mark("issuer"),
    "criteria": mark("requirement"),
    "zone": mark("time zone"),
    "first_day": mark("first day"),
    "last_day": mark("last day"),
    "valid_until": mark("validity"),
    "heading": mark("title of the kind"),
    "attended": mark("words for attending"),
    "spoke": mark("words for attending"),
    "logo_picture": mark("logo"),
    "list_sessions": mark("list of sessions"),
    "design_file": mark("design"),
    "slug": mark("event"),
    "title": mark("title"),
    "short_title": mark("short title"),
    "place": mark("place"),
    "language": mark("language"),
    "sessions": mark("sessions"),
    "signatories": mark("signatories"),
    "partners": mark("partners"),
    "demo": mark("demonstration"),
}


def own_of(certificate: Certificate) -> Own:
    """Return what *certificate* states on its own.

    Raises:
        Nothing.
    """
    return Own(
        certificate.number,
        certificate.claim_text,
        *said(certificate.statement),
        certificate.batch,
        certificate.supersedes or "",
        moment(certificate.registered_at),
        certificate.base_url,
        keys(certificate.claim_kid, certificate.seal_kid, certificate.credential_kid),
        certificate.statement.name,
        certificate.person,
        f"{certificate.pdf_sha256} {certificate.pdf_bytes}",
    )


def said(statement: Statement) -> tuple[str, str, str, str, str]:
    """Return kind, language, sessions attended, quarters of an hour and day of issue as an entry has them.

    Raises:
        Nothing.
    """
    of = statement
    return of.kind, of.language, _attended(of.attended), str(of.quarter_hours), _day(of.issued_on)


@lru_cache(maxsize=4096)
def _attended(sessions: frozenset[SessionId]) -> str:
    return _encoded(sorted(sessions))


@lru_cache(maxsize=64)
def _day(of: date) -> str:
    return of.isoformat()


def keys(claim_kid: str, seal_kid: str, credential_kid: str | None) -> str:
    """Return the kids of the keys that signed a certificate as an entry has them.

    Raises:
        Nothing.
    """
    return f"{claim_kid} {seal_kid} {credential_kid or ''}"


@lru_cache(maxsize=64)
def moment(of: datetime) -> str:
    """Return a moment as an entry has it: `2026-11-22T12:00:00.000000+00:00`.

    Raises:
        Nothing.
    """
    return of.astimezone(UTC).isoformat(timespec="microseconds")


def digest(own: Own) -> bytes:
    """Return what binds all of *own* in an entry.

    Raises:
        ValueError: a text has a zero byte.
    """
    text = _BETWEEN.join(own)
    if text.count(_BETWEEN) != len(own) - 1:
        raise ValueError("a text with a zero byte")
    return hashlib.sha256(text.encode()).digest()


def entry(own: Own) -> bytes:
    """Return the entry of a certificate that states *own*.

    Raises:
        ValueError: a text has a zero byte.
    """
    _, _, *shared, name, person, file = own
    return b"".join((digest(own), *map(_known_hint, shared), _hint(name), _hint(person), _hint(file)))


def _hint(text: str) -> bytes:
    return (crc32(text.encode()) & _HINT_MASK).to_bytes(_HINT_BYTES, "big")


_known_hint = lru_cache(maxsize=1024)(_hint)
"""For texts that many certificates have alike."""


@lru_cache(maxsize=256)
def facts(event: EventFacts) -> str:
    """Return the facts of *event* in their canonical form.

    Raises:
        Nothing.
    """
    return _sorted(_plain(event))


def _plain(value: object) -> object:
    """Return *value* as JSON has it, without what has its default."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        told = {field.name: getattr(value, field.name) for field in fields(value) if not _is_data(value, field)}
        return {name: _plain(one) for name, one in told.items() if one != _defaults(type(value))[name]}
    return value


def _is_data(value: object, field: "Field[object]") -> bool:
    """Say whether *field* holds the bytes of a picture, which its digest stands for."""
    return isinstance(value, PictureFile) and field.name == "data"


def _defaults(kind: Any) -> Mapping[str, object]:
    """Return the default of each field of a dataclass, `MISSING` where it has none."""
    return {field.name: field.default for field in fields(kind)}


def write(signer: Signer, event: EventFacts, owns: Sequence[Own], now: datetime) -> Roll:
    """Return the signed roll of certificates of one event, in their order.

    Raises:
        SigningError: the claim key is out of reach.
        ValueError: a text has a zero byte.
    """
    said, entries = facts(event), b"".join([entry(own) for own in owns])
    return Roll(signer.key.kid, now, said, entries, signer.sign(DOMAIN + _signed(said, entries, now)))


def _signed(said: str, entries: bytes, at: datetime) -> bytes:
    return hashlib.sha256(said.encode()).digest() + hashlib.sha256(entries).digest() + moment(at).encode()


def fits(roll: Roll, key: TrustedKey) -> bool:
    """Say whether the signature of *roll* is that of the claim *key*.

    Raises:
        ValueError: *key* is of another algorithm.
    """
    signed = _signed(roll.facts, roll.entries, roll.signed_at)
    return _VERIFIER.verify_signature(raw_public_key(key), signed, roll.signature)


def holds(roll: Roll, place: int, certificate: Certificate) -> bool:
    """Say whether *certificate* states exactly what stands at *place* of *roll*, whose signature fits.

    Raises:
        Nothing.
    """
    start = place * ENTRY_BYTES
    signed = roll.entries[start : start + _DIGEST_BYTES] if place >= 0 else b""
    try:
        return digest(own_of(certificate)) == signed and facts(certificate.statement.event) == roll.facts
    except ValueError:
        return False


def differences(roll: Roll, place: int, certificate: Certificate) -> list[str]:
    """Return what *certificate* states otherwise than *roll*, in words; empty where it cannot be told, or nothing is.

    Raises:
        Nothing.
    """
    return [*dict.fromkeys((*_shared(roll.facts, certificate.statement.event), *_own(roll, place, certificate)))]


def _shared(signed: str, event: EventFacts) -> Iterator[str]:
    """Yield the facts of the event that differ."""
    try:
        was: Mapping[str, object] = json.loads(signed)
    except ValueError:
        return
    now: Mapping[str, object] = json.loads(facts(event))
    for name in sorted({*was, *now}):
        if was.get(name, MISSING) != now.get(name, MISSING):
            yield say_marked(_FACTS_CALLED[name]) if name in _FACTS_CALLED else name.replace("_", " ")


def _own(roll: Roll, place: int, certificate: Certificate) -> Iterator[str]:
    """Yield what differs of the certificate's own, as far as its hints tell."""
    own, start = own_of(certificate), place * ENTRY_BYTES
    stated = roll.entries[start + _DIGEST_BYTES : start + ENTRY_BYTES]
    for at, name in enumerate(HINTED):
        hint = stated[at * _HINT_BYTES : (at + 1) * _HINT_BYTES]
        if hint and hint != _hint(getattr(own, name)):
            yield say_marked(_CALLED[name])
