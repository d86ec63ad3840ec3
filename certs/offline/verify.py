#!/usr/bin/env python3
"""Judge a certificate without its issuer: by the files that lie beside this program, or in a folder given by --archive.

    python3 verify.py certificate.pdf
    python3 verify.py "https://certs.example.org/V/RQAUL….ATUWY…"
    python3 verify.py --json --archive FOLDER CODE-OR-PDF…

It needs Python 3.10 or newer and the package `cryptography`, asks nobody and writes nothing. It takes these steps, and
the first that fails ends the way:

    a code  1. form       it has the one form in which the issuer writes codes
            2. key        it names one of the keys in jwks.json
            3. signature  that key's signature fits
            4. list       list.txt, under the issuer's signature, has the code
            5. status     the list, or a newer list of those in status/, does not say that it was withdrawn or replaced
    a file  1. list       list.txt has a file of that SHA-256, and it was not withdrawn; otherwise
            2. code       a code is read from the file and goes the way of codes: at best the file is an altered copy

The outcome is one of: valid (as of the list's day), replaced, revoked, expired, altered, not_issued, unknown. Exit code
0 if everything that was asked about is valid, 1 if not, 2 if the archive is damaged or nothing could be asked.

The formats are described in docs/formats.md of the program that issued the certificates. Whether the keys here are the
issuer's own is for you to say: compare the SHA-256 of jwks.json and did.json with what the issuer told you another way.
"""

from __future__ import annotations

import argparse
import base64
import datetime
import hashlib
import json
import re
import sys
import time
import zlib
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
KINDS = ("attendance",)
LONGEST_CODE = 3000
LONGEST_FILE = 100_000_000
LIST_BITS = 131_072
OLD_DAYS = 90
EPOCH = datetime.date(2020, 1, 1).toordinal()
LAST_DAY = datetime.date.max.toordinal()
UNSIGNED, NEGATIVE, BYTES, TEXT = range(4)
LINE = re.compile(
    r"([0-9a-f]{64}) ([0-9a-f]{64}) (valid|replaced|revoked|unknown) (\d{4}-\d\d-\d\d|-) (0|[1-9]\d{0,11}|-)"
)
CODE_IN_FILE = re.compile(rb"/V/([A-Z2-7]{20,2900}\.[A-Z2-7]{103})")
HEADLINES = {
    "valid": "VALID as of {day}",
    "replaced": "REPLACED by a corrected certificate",
    "revoked": "WITHDRAWN by the issuer",
    "expired": "EXPIRED: genuine, but its time has run out",
    "altered": "ALTERED: this is not what the issuer made",
    "not_issued": "NOT ISSUED",
    "unknown": "COULD NOT BE TOLD",
}


class DamagedError(Exception):
    """The archive is not what the issuer signed."""


class NotACodeError(Exception):
    """A text is no code that the issuer writes."""


class Entry(NamedTuple):
    """A line of the list."""

    claim: str
    file: str
    state: str
    until: str
    place: str


class Archive(NamedTuple):
    """What lies beside this program, its signatures checked."""

    keys: dict[str, dict[str, Any]]
    name: str
    at: str
    by_claim: dict[str, Entry]
    by_file: dict[str, Entry]
    withdrawn: dict[int, tuple[str, bytes]]
    """Of each status list its moment and its bits."""


class Answer(NamedTuple):
    """An outcome, its steps, and what the code states if it is worth being read."""

    summary: str
    steps: list[tuple[str, str, str]]
    facts: dict[str, Any] | None = None


# --- the archive ------------------------------------------------------------------------------------------------------


def open_archive(folder: Path) -> Archive:
    """Read the archive in *folder* and check every signature in it."""
    jwks, did = _json(folder / "jwks.json"), _json(folder / "did.json")
    issuer = str(did.get("id"))
    issuing = keys_of(did)
    name, at, entries = read_list(_text(folder / "list.txt"), issuing)
    if issuer.split(":")[2:3] != [name.partition("/")[0].lower().replace(":", "%3A")]:
        raise DamagedError("list.txt is of another issuer than did.json.")
    withdrawn = {}
    for file in sorted((folder / "status").glob("*")) if (folder / "status").is_dir() else []:
        number, since, bits = read_status(_json(file), issuer, issuing)
        withdrawn[number] = (since, bits)
    return Archive(
        {str(key.get("kid")): key for key in jwks.get("keys", []) if key.get("purpose", "claim") == "claim"},
        name,
        at,
        {entry.claim: entry for entry in entries},
        {entry.file: entry for entry in entries},
        withdrawn,
    )


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedError(f"{file.name} cannot be read: {error}.") from None


def _json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(_text(file))
    except ValueError:
        raise DamagedError(f"{file.name} is no JSON.") from None
    if not isinstance(found, dict):
        raise DamagedError(f"{file.name} is not what the issuer publishes.")
    return found


def keys_of(did: dict[str, Any]) -> dict[str, bytes]:
    """Return the raw keys of a DID document by their kid."""
    keys = {}
    for method in did.get("verificationMethod", []):
        raw = base58(str(method["publicKeyMultibase"]))
        if raw[:2] == b"\xed\x01" and len(raw) == 34:
            keys[str(method["id"]).partition("#")[2]] = raw[2:]
    return keys


def read_list(note: str, keys: dict[str, bytes]) -> tuple[str, str, list[Entry]]:
    """Return name, moment and lines of a list that one of *keys* signed."""
    text, _, last = note.partition("\n\n")
    lines, words = text.split("\n"), last.rstrip("\n").split(" ")
    found = [LINE.fullmatch(line) for line in lines[3:]]
    if len(words) != 3 or words[0] != "—" or words[1] != lines[0] or not all(found) or lines[2:3] != [str(len(found))]:
        raise DamagedError("list.txt is not in the form that the issuer writes.")
    try:
        signed = base64.b64decode(words[2], validate=True)
        if base64.b64encode(signed).decode() != words[2]:
            raise ValueError
    except ValueError:
        raise DamagedError("list.txt bears no signature.") from None
    for key in keys.values():
        identity = hashlib.sha256(lines[0].encode() + b"\n\x01" + key).digest()[:4]
        if signed[:4] == identity and fits(key, signed[4:], f"{text}\n".encode()):
            return lines[0], lines[1], [Entry(*one.groups()) for one in found if one]
    raise DamagedError("list.txt is not as the issuer signed it, or signed by a key that did.json does not have.")


def read_status(document: dict[str, Any], issuer: str, keys: dict[str, bytes]) -> tuple[int, str, bytes]:
    """Return number, moment and bits of a status list that one of *keys* signed.

    What is signed are its canonical quads (RDFC-1.0). A list has no blank nodes, so they are the same lines each time.
    """
    try:
        (proof,) = document["proof"]
        address, since, packed = document["id"], document["validFrom"], document["credentialSubject"]["encodedList"]
        number = int(re.fullmatch(r"https?://[!-;=?-~]+/status/([1-9]\d{0,5})", address)[1])  # type: ignore[index]
        moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
        plain = re.fullmatch(r"u[A-Za-z0-9_-]+", packed) and re.fullmatch(moment, since)
        method, created = proof["verificationMethod"], proof["created"]
        if not plain or not re.fullmatch(moment, created) or method.partition("#")[0] != issuer:
            raise ValueError
        options, quads = _quads(address, since, packed, issuer, method, created)
        signed = hashlib.sha256(options.encode()).digest() + hashlib.sha256(quads.encode()).digest()
        key = keys[method.partition("#")[2]]
        raw = base64.urlsafe_b64decode(packed[1:] + "=" * (-(len(packed) - 1) % 4))
        bits = zlib.decompressobj(wbits=31).decompress(raw, LIST_BITS // 8 + 1)
        if not fits(key, base58(proof["proofValue"]), signed) or len(bits) != LIST_BITS // 8:
            raise ValueError
    except (KeyError, TypeError, ValueError, AttributeError, zlib.error):
        raise DamagedError("A status list is not as the issuer signed it.") from None
    return number, since, bits


def _quads(address: str, since: str, packed: str, issuer: str, method: str, created: str) -> tuple[str, str]:
    """Return the canonical quads of the proof's options and of the list."""
    rdf, vc = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "https://www.w3.org/2018/credentials#"
    status, sec = "https://www.w3.org/ns/credentials/status#", "https://w3id.org/security#"
    time_type = "http://www.w3.org/2001/XMLSchema#dateTime"
    options = [
        f'_:c14n0 <http://purl.org/dc/terms/created> "{created}"^^<{time_type}> .',
        f"_:c14n0 <{rdf}> <{sec}DataIntegrityProof> .",
        f'_:c14n0 <{sec}cryptosuite> "eddsa-rdfc-2022"^^<{sec}cryptosuiteString> .',
        f"_:c14n0 <{sec}proofPurpose> <{sec}assertionMethod> .",
        f"_:c14n0 <{sec}verificationMethod> <{method}> .",
    ]
    subject = f"{address}#list"
    quads = [
        f"<{subject}> <{rdf}> <{status}BitstringStatusList> .",
        f'<{subject}> <{status}encodedList> "{packed}"^^<{sec}multibase> .',
        f'<{subject}> <{status}statusPurpose> "revocation" .',
        f"<{address}> <{rdf}> <{vc}VerifiableCredential> .",
        f"<{address}> <{rdf}> <{status}BitstringStatusListCredential> .",
        f"<{address}> <{vc}credentialSubject> <{subject}> .",
        f"<{address}> <{vc}issuer> <{issuer}> .",
        f'<{address}> <{vc}validFrom> "{since}"^^<{time_type}> .',
    ]
    return "".join(f"{line}\n" for line in options), "".join(f"{line}\n" for line in quads)


# --- codes ------------------------------------------------------------------------------------------------------------


def read_code(code: str) -> tuple[str, bytes, dict[str, Any]]:
    """Return the text of a code, its signature and what it states, or refuse it."""
    text = re.sub(r"^.*/[Vv]/", "", code.strip(), flags=re.DOTALL)
    payload, dot, signature = text.partition(".")
    if len(text) > LONGEST_CODE or not dot:
        raise NotACodeError("It is not PAYLOAD.SIGNATURE.")
    raw = base32(signature)
    if len(raw) != 64:
        raise NotACodeError("A signature has 64 bytes.")
    return text, raw, facts_of(base32(payload))


class Items:
    """Takes the items of a claim off its payload, each in its shortest form."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._at = 0

    def taken(self, count: int) -> bytes:
        """Take so many bytes."""
        found = self._payload[self._at : self._at + count]
        self._at += count
        if len(found) != count:
            raise NotACodeError("It ends too early.")
        return found

    def _head(self) -> tuple[int, int]:
        """Take a head; return its type and argument."""
        initial = self.taken(1)[0]
        major, short = initial >> 5, initial & 31
        if short < 24:
            return major, short
        if short > 26:
            raise NotACodeError("It has an item that claims do not use.")
        argument = int.from_bytes(self.taken(1 << (short - 24)), "big")
        if argument < (24, 1 << 8, 1 << 16)[short - 24]:
            raise NotACodeError("One of its items is longer than it must be.")
        return major, argument

    def integer(self) -> int:
        """Take an integer."""
        major, argument = self._head()
        if major > NEGATIVE:
            raise NotACodeError("An integer is missing.")
        return argument if major == UNSIGNED else -1 - argument

    def count(self) -> int:
        """Take an integer that is not negative."""
        found = self.integer()
        if found < 0:
            raise NotACodeError("A count is below zero.")
        return found

    def octets(self, length: int) -> bytes:
        """Take a byte string of that length."""
        if self._head() != (BYTES, length):
            raise NotACodeError(f"A string of {length} bytes is missing.")
        return self.taken(length)

    def text(self) -> str:
        """Take a text."""
        major, length = self._head()
        if major != TEXT:
            raise NotACodeError("A text is missing.")
        try:
            return self.taken(length).decode("utf-8")
        except UnicodeDecodeError:
            raise NotACodeError("A text in it is no UTF-8.") from None

    def kind(self) -> str:
        """Take a kind: an index into the list of kinds, or the name of another one."""
        if self._payload[self._at : self._at + 1] >= bytes((TEXT << 5,)):
            name = self.text()
            if name not in KINDS:
                return name
        elif (index := self.count()) < len(KINDS):
            return KINDS[index]
        raise NotACodeError("There is no such kind.")

    def end(self) -> None:
        """See that nothing is left."""
        if self._at != len(self._payload):
            raise NotACodeError("Something stands behind it.")


def facts_of(payload: bytes) -> dict[str, Any]:
    """Return what the twelve items of *payload* say."""
    items = Items(payload)
    if items.taken(2) != b"\x8c\x01":
        raise NotACodeError("It is another version, or no claim.")
    kid, number = items.octets(5), items.octets(7)
    if number[0] > 127:
        raise NotACodeError("There is no such number.")
    facts = {
        "kid": crockford(kid, 8).lower(),
        "number": printed(number),
        "kind": items.kind(),
        "name": items.text(),
        "event": items.text(),
        "first_day": day(items.integer()),
        "last_day": day(items.integer()),
        "hours": items.count() / 4,
        "sessions_attended": items.count(),
        "sessions_in_all": items.count(),
        "issued_on": day(items.integer()),
    }
    items.end()
    return facts


def base32(text: str) -> bytes:
    """Return the bytes that *text* spells, if it is their one spelling."""
    if not re.fullmatch("[A-Z2-7]*", text) or len(text) % 8 in (1, 3, 6):
        raise NotACodeError("It has letters that a code has not.")
    raw = base64.b32decode(text + "=" * (-len(text) % 8))
    if base64.b32encode(raw).decode().rstrip("=") != text:
        raise NotACodeError("Its last letter says more than it may.")
    return raw


def base58(text: str) -> bytes:
    """Return the bytes that a base58btc *text* with its prefix spells."""
    if not re.fullmatch(f"z[{BASE58}]{{1,128}}", text):
        raise ValueError("not base58btc")
    number = 0
    for digit in text[1:]:
        number = number * 58 + BASE58.index(digit)
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def crockford(raw: bytes, digits: int) -> str:
    """Return the last bits of *raw* in so many digits of Crockford's base32."""
    bits = int.from_bytes(raw, "big")
    return "".join(CROCKFORD[bits >> 5 * place & 31] for place in reversed(range(digits)))


def printed(seven: bytes) -> str:
    """Return a certificate's number with its check digit (Luhn mod 32) as the paper has it."""
    digits = crockford(seven, 11)
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = CROCKFORD.index(digit) * (1 if place % 2 else 2)
        total += value // 32 + value % 32
    whole = digits + CROCKFORD[-total % 32]
    return f"{whole[:4]}-{whole[4:8]}-{whole[8:]}"


def day(count: int) -> str:
    """Return the day that is so many after 2020-01-01."""
    if not 1 <= EPOCH + count <= LAST_DAY:
        raise NotACodeError("A day in it lies outside the calendar.")
    return datetime.date.fromordinal(EPOCH + count).isoformat()


def fits(key: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether *signature* is that of *message* under the raw Ed25519 *key*."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- judging ----------------------------------------------------------------------------------------------------------


def judge(asked: str, archive: Archive, today: str) -> Answer:
    """Judge what was *asked* about: a file if there is one of that name, else a code."""
    if "/V/" not in asked.upper() and Path(asked).is_file():
        with Path(asked).open("rb") as file:
            return judge_file(file.read(LONGEST_FILE), archive, today)
    return judge_code(asked, archive, today)


def judge_code(code: str, archive: Archive, today: str) -> Answer:
    """Judge a code."""
    if re.sub(r"^.*/[Vv]/", "", code.strip()).upper().startswith("SPECIMEN."):
        return Answer("not_issued", [("form", "failed", "It is a specimen and certifies nothing.")])
    try:
        text, signature, facts = read_code(code)
    except NotACodeError as error:
        return Answer("altered", [("form", "failed", f"It is no code as the issuer writes it. {error}")])
    steps = [("form", "passed", "The code has the form that the issuer writes.")]
    key = archive.keys.get(facts["kid"])
    if key is None:
        missing = f"It names the key {facts['kid']}, which is not here: another's, or newer than this archive."
        return Answer("unknown", [*steps, ("key", "unknown", missing)])
    raw = base64.urlsafe_b64decode(str(key.get("x")) + "=")
    steps.append(("key", "passed", f"It names the issuer's key {facts['kid']}."))
    if not fits(raw, signature, b"certs claim v1\0" + text.partition(".")[0].encode()):
        return Answer("altered", [*steps, ("signature", "failed", "Its signature does not fit.")])
    steps.append(("signature", "passed", "Its signature fits: nothing in it was changed."))
    entry = archive.by_claim.get(hashlib.sha256(text.encode()).hexdigest())
    if entry is not None:
        return _standing(entry, archive, steps, today, facts)
    if key.get("state") == "compromised":
        unsafe = "Its key is not safe any more, and the list does not have it: somebody else may have signed it."
        return Answer("unknown", [*steps, ("list", "unknown", unsafe)])
    newer = f"The list of {archive.at[:10]} does not have it: issued later or for another event, or never registered."
    return Answer("unknown", [*steps, ("list", "unknown", newer)], facts)


def judge_file(data: bytes, archive: Archive, today: str) -> Answer:
    """Judge a PDF."""
    entry = archive.by_file.get(hashlib.sha256(data).hexdigest())
    codes = [code.decode() for code in CODE_IN_FILE.findall(data)]
    if entry is not None:
        own = [code for code in codes if hashlib.sha256(code.encode()).hexdigest() == entry.claim]
        steps = [("file", "passed", "Byte for byte a file that the issuer made.")]
        return _standing(entry, archive, steps, today, read_code(own[0])[2] if own else None)
    other = ("file", "failed", f"The list of {archive.at[:10]} has no such file.")
    if not codes:
        nothing = ("code", "unknown", "No code could be read from it. Scan the one on the page.")
        return Answer("unknown", [other, nothing])
    judged = [judge_code(code, archive, today) for code in codes]
    found = next((one for one in judged if _is_listed(one)), judged[0])
    steps = [other, *found.steps]
    if _is_listed(found):
        copy = "It states a certificate of the list, but is another file than the one that was issued: compare facts."
        return Answer("altered", [*steps, ("difference", "failed", copy)], found.facts)
    return Answer(found.summary, steps, found.facts)


def _is_listed(answer: Answer) -> bool:
    return any(name == "list" and outcome == "passed" for name, outcome, _ in answer.steps)


def _standing(
    entry: Entry, archive: Archive, steps: list[tuple[str, str, str]], today: str, facts: dict[str, Any] | None
) -> Answer:
    """Say how a certificate of the list stands."""
    steps = [*steps, ("list", "passed", f"The issuer's list of {archive.at[:10]} has it.")]
    if entry.state == "unknown":
        why = "The issuer could not vouch for it on that day."
        return Answer("unknown", [*steps, ("status", "unknown", why)])
    if entry.state != "valid":
        return Answer(entry.state, [*steps, ("status", "failed", f"The list says: {entry.state}.")], facts)
    if since := _withdrawn_since(entry, archive):
        later = f"The status list of {since[:10]} says that it was withdrawn or replaced."
        return Answer("revoked", [*steps, ("status", "failed", later)], facts)
    if entry.until != "-" and entry.until < today:
        return Answer("expired", [*steps, ("status", "failed", f"It was valid until {entry.until}.")], facts)
    steps.append(("status", "passed", "It was neither withdrawn nor replaced by then."))
    return Answer("valid", steps, facts)


def _withdrawn_since(entry: Entry, archive: Archive) -> str:
    """Return the moment of a status list, not older than the list, that has *entry* as withdrawn; empty if none has."""
    if entry.place == "-":
        return ""
    number, position = divmod(int(entry.place), LIST_BITS)
    since, bits = archive.withdrawn.get(number + 1, ("", bytes(LIST_BITS // 8)))
    return since if bits[position // 8] & 0x80 >> position % 8 and since >= archive.at else ""


def main(arguments: list[str] | None = None) -> int:
    """Judge everything in *arguments*; return the exit code."""
    parser = argparse.ArgumentParser(description="Judge certificates without their issuer.")
    parser.add_argument("--archive", type=Path, default=Path(__file__).resolve().parent, metavar="FOLDER")
    parser.add_argument("--json", action="store_true", help="print JSON, one line for each")
    parser.add_argument("asked", nargs="+", metavar="CODE-OR-PDF")
    options = parser.parse_args(arguments)
    today = time.strftime("%Y-%m-%d", time.gmtime())
    try:
        archive = open_archive(options.archive)
    except DamagedError as error:
        print(f"verify.py: nothing can be told by this archive: {error}", file=sys.stderr)
        return 2
    age = datetime.date.fromisoformat(today) - datetime.date.fromisoformat(archive.at[:10])
    if age.days > OLD_DAYS:
        print(f"The list is {age.days} days old: what was withdrawn since, it does not know.", file=sys.stderr)
    answers = [judge(asked, archive, today) for asked in options.asked]
    for asked, answer in zip(options.asked, answers, strict=True):
        _tell(asked, answer, archive, as_json=options.json)
    return 0 if all(answer.summary == "valid" for answer in answers) else 1


def _tell(asked: str, answer: Answer, archive: Archive, *, as_json: bool) -> None:
    """Print an answer."""
    if as_json:
        steps = [dict(zip(("name", "outcome", "text"), step, strict=True)) for step in answer.steps]
        told = {"summary": answer.summary, "as_of": archive.at, "steps": steps, "statement": answer.facts}
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"{HEADLINES[answer.summary].format(day=archive.at[:10])}  ({asked[:60]})")
    for name, outcome, text in answer.steps:
        print(f"  {outcome:<8}{name:<11}{text}")
    for name, value in (answer.facts or {}).items():
        print(f"  {name.replace('_', ' '):<19}{value}")
    if answer.facts:
        print("  Compare these facts with the paper, word by word.")


if __name__ == "__main__":
    sys.exit(main())
