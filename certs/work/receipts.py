"""Receipts: what we answered about certificates, signed, for whoever must show later that she asked.

A receipt is kept by number, moment, key and digest before anybody gets it, so one that cannot be found was not given.
The register does not hold what it says; whoever brings it is told whether it is ours and what its certificates are now.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import randbits

from certs import __version__
from certs import receipt as receipts
from certs.errors import ConflictError, InputError
from certs.ground import number as numbers
from certs.ground.number import RANDOM_BITS, from_bits
from certs.model import KeptReceipt, KeyState, Number, Outcome, Purpose, Summary, Verdict
from certs.ports import Keys, Receipts, Register, Trusted
from certs.receipt import Asked, Item, Receipt
from certs.wording import Day, say
from certs.work.verify import headline, verify_number

MOST_ITEMS = 1_000
UNREAD = "unread"
_JWS = re.compile(rb"eyJ[\w-]{20,400}\.[\w-]{20,8000000}\.[\w-]{86}(?![\w-])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Given:
    """A receipt as it was given: what it says, and its JWS."""

    receipt: Receipt
    jws: str


@dataclass(frozen=True, slots=True)
class Now:
    """What one certificate of a receipt is now, *item* as the receipt has it; *summary* is empty where none is told."""

    item: Item
    summary: str

    @property
    def changed(self) -> bool:
        """Whether it was answered otherwise then."""
        return bool(self.summary) and self.summary != self.item["summary"]


def can_give(keys: Trusted) -> bool:
    """Say whether a key for receipts is active, and one that seals them."""
    needed = (keys.trusted(purpose) for purpose in (Purpose.RECEIPT, Purpose.SEAL))
    return all(any(key.state is KeyState.ACTIVE for key in found) for found in needed)


def give(items: Sequence[Item], issuer: str, kept: Receipts, keys: Keys, now: datetime) -> Given:
    """Sign a receipt of *items*, keep it, and return it.

    Raises:
        InputError: there are none, or too many.
        ConflictError: there is no key for receipts.
        SigningError: the key cannot be opened.
        StorageError: it cannot be kept; then it was not given.
    """
    if not 1 <= len(items) <= MOST_ITEMS:
        raise InputError(say("A receipt is of 1 to {most:,} certificates.", most=MOST_ITEMS))
    if not can_give(keys):
        raise ConflictError(say("No receipts are given here: whoever runs this site made no key for them."))
    signer, at = keys.signer(Purpose.RECEIPT), now.replace(microsecond=0)
    number = from_bits(randbits(RANDOM_BITS))
    receipt = Receipt(number, issuer, at, f"certs {__version__}", items, signer.key.kid)
    jws = receipts.sign(receipt, signer)
    counts = Counter(item["summary"] for item in items)
    kept.keep(KeptReceipt(number, at, signer.key.kid, _sha256(jws), counts))
    return Given(receipt, jws)


def as_pdf(given: Given, keys: Keys) -> bytes:
    """Return a receipt as a sealed PDF that encloses its JWS.

    Raises:
        SigningError: the key of the seal cannot be opened.
    """
    from certs.pdf.receipt import Sheet, print_receipt  # noqa: PLC0415 -- fonts, only where one is given
    from certs.pdf.seal import Sealer  # noqa: PLC0415

    receipt = given.receipt
    at, host, number = receipt.issued_at, receipt.issuer.split("/")[2], receipts.printed(receipt.number)
    lines = (
        f"What {host} answered on {Day.of(at.date())}, {at:%H:%M:%S} UTC. {len(receipt.items):,} in all.",
        f"Whether we gave this, and what its certificates are today: {receipt.issuer}/r/{number}",
        f"The same stands in the enclosed file {receipts.FILE}, signed with our key {receipt.kid}.",
    )
    rows = [_row(place, one) for place, one in enumerate(receipt.items, 1)]
    sheet = Sheet(f"Receipt {number}", host, lines, ("Line", "Asked", "Answer", "Registered", "Note"), rows)
    sealer = Sealer(keys.signer(Purpose.SEAL), at)
    return print_receipt(sheet, receipt.number, (receipts.FILE, given.jws.encode("ascii")), sealer)


def _row(place: int, item: Item) -> tuple[str, ...]:
    """Return one answer as the page has it."""
    asked, summary = item["asked"], item["summary"]
    digest = asked.get("claim_sha256") or asked.get("text_sha256") or ""
    shown = item.get("number") or f"SHA-256 {digest[:16]}…"
    word = "Not read" if summary == UNREAD else str(headline(Verdict(Summary(summary)))[0])
    notes = (
        ("DEMO: no certificate", item.get("demo", False)),
        (f"replaced by {item.get('replaced_by')}", "replaced_by" in item),
        (f"withdrawn {item.get('revoked_at', '')[:10]}", "revoked_at" in item),
        (f"file {item.get('file')}", "file" in item),
    )
    note = ", ".join(text for text, is_so in notes if is_so)
    return str(place), shown, word, item.get("registered_at", "")[:10], note


def found_in(data: bytes) -> str:
    """Return the JWS of a receipt that *data* is, or that a file of ours encloses.

    Raises:
        InputError: there is none.
    """
    found = _JWS.search(data)
    if found is None:
        raise InputError(say("There is no receipt in this file."))
    return found[0].decode("ascii")


def confirmed(jws: str, number: Number, kept: Receipts, keys: Trusted) -> Receipt:
    """Return what the receipt *jws* says, which is the one that we gave under *number*.

    Raises:
        InputError: we did not give it, or somebody changed it.
        StorageError: the register is out of reach.
        SigningError: the key folder cannot be read.
    """
    receipt = receipts.read(jws, keys)
    if receipt.number != number:
        raise InputError(say("This is receipt {number}, another one.", number=receipts.printed(receipt.number)))
    ours = kept.find(number)
    if ours is None or ours.sha256 != _sha256(jws):
        raise InputError(say("Our key signed this, but our register holds no such receipt: it proves nothing."))
    return receipt


def is_safe(kept: KeptReceipt, keys: Trusted) -> bool:
    """Say whether the key of a receipt was safe when it was given."""
    key = keys.find(Purpose.RECEIPT, kept.kid)
    return key is not None and (key.compromised_since is None or kept.at < key.compromised_since)


def today(receipt: Receipt, register: Register, keys: Keys, now: datetime) -> list[Now]:
    """Return what the certificates of *receipt* are at this moment.

    Raises:
        StorageError: the register is out of reach.
        SigningError: the key folder cannot be read.
    """
    return [Now(item, _summary(item, register, keys, now)) for item in receipt.items]


def _summary(item: Item, register: Register, keys: Keys, now: datetime) -> str:
    """Return today's summary by number; a code that was not ours is none, for a number alone says less."""
    number = item.get("number")
    if number is None or item["summary"] in {UNREAD, "altered"}:
        return ""
    return verify_number(numbers.parse(number), register, keys, now).summary.value


def item(asked: Asked, verdict: Verdict, same_file: bool | None = None) -> Item:
    """Return a verdict as a receipt says it."""
    held = verdict.certificate
    found: Item = {"asked": asked, "summary": verdict.summary.value}
    number = held.number if held else verdict.claim and verdict.claim.number
    if number or "number" in asked:
        found["number"] = numbers.printed(number) if number else asked["number"]
    if same_file is not None:
        found["file"] = "identical" if same_file else "different"
    open_steps = [step for step in verdict.steps if step.outcome is not Outcome.PASSED]
    if open_steps:
        found["steps"] = [{"name": step.name, "outcome": step.outcome.value} for step in open_steps]
    if held:
        found["registered_at"] = held.registered_at.isoformat()
        if held.revocation:
            found["revoked_at"] = held.revocation.at.isoformat()
        if held.statement.event.demo:
            found["demo"] = True
        if held.superseded_by:
            found["replaced_by"] = numbers.printed(held.superseded_by)
    return found


def unread(asked: Asked, code: str) -> Item:
    """Return what could not be answered, as a receipt says it."""
    return {"asked": asked, "summary": UNREAD, "code": code}


def _sha256(jws: str) -> str:
    return hashlib.sha256(jws.encode("ascii")).hexdigest()
