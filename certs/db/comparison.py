"""Every row beside the entry that tells of it: certificates, what was withdrawn or replaced, rolls.

Trail and rows are read once each, as streams, and memory does not grow with them. What either side says of a number is
an *item*, a tuple of texts:

    I  number, digest of the file, moment, kids of claim and seal      it was issued
    R  number, moment, class of the reason, sentence                   it was withdrawn
    U  number, moment, whether its page tells of it                    that was taken back
    S  number, number                                                  it was replaced, by which
    E  number, digest of the roll's signature, place                   it was put on a roll

Each item's BLAKE2b, under a key drawn for this run so that nobody can look for others with the same sum, is added to
the sum of its number's part where the trail says it, and subtracted where the rows do. What is not zero in the end is
read again and named.
"""

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from sqlalchemy import ColumnElement, Connection, Dialect, String, TypeDecorator, exists, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, aliased

from certs.db import audit, checkpoints, tables
from certs.ground.number import printed
from certs.model import AuditEntry, CertificateState, Number, Revocation

Item = tuple[str, ...]
ISSUED, REVOKED, TAKEN_BACK, REPLACED, ON_ROLL = "I", "R", "U", "S", "E"
_PARTS = 1 << 16
_MODULUS = 1 << 128
PARTS_NAMED = 32
"""So many parts are read again, each of one number in 65,536: enough to name what a person can look at."""
_AT_ONCE = 2_000
_certificate, _issued, _revocation = tables.Certificate, tables.Issued, tables.Revocation


_newer = aliased(tables.Certificate)
_REPLACED = (
    select(_certificate.number, _newer.number.label("by"))
    .join(_newer, _newer.supersedes_id == _certificate.id)
    .where(_newer.state == CertificateState.ISSUED.value)
    .where(exists().where(tables.Audit.subject == _certificate.number, tables.Audit.act == checkpoints.REPLACE))
)
"""Only what some entry tells of: of before there are none, and what replaces what stands on the roll of the new one."""


class Sums:
    """What the trail says less what the rows say, by part of all numbers; and which *rolls* the trail tells of."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._sums = [0] * _PARTS
        self.rolls: set[str] = set()

    def hear(self, entry: AuditEntry) -> None:
        """Add what *entry* says."""
        for item, sign in said_by(entry):
            if item[0] == ON_ROLL:
                self.rolls.add(item[2])
            self.add(item, sign)

    def add(self, item: Item, sign: int) -> None:
        """Add *item*, or take it away by the *sign* -1."""
        digest = hashlib.blake2b("\0".join(item).encode(), digest_size=16, key=self._key).digest()
        part = part_of(item)
        self._sums[part] = (self._sums[part] + sign * int.from_bytes(digest)) % _MODULUS

    def uneven(self) -> Collection[int]:
        """Return the parts in which trail and rows say different things."""
        return [part for part, total in enumerate(self._sums) if total]


def part_of(item: Item) -> int:
    """Return the part that the number of *item* falls into."""
    return crc32(item[1].encode()) % _PARTS


def said_by(entry: AuditEntry) -> Iterator[tuple[Item, int]]:
    """Yield the items that *entry* says, each with 1; with -1 what a person took for lost."""
    if entry.act == checkpoints.ISSUE:
        new = json.loads(entry.new)
        for number, sha256 in new["issued"].items():
            yield (ISSUED, number, sha256, entry.at, new["claim_kid"], new["seal_kid"]), 1
        yield from _on_roll(new, new["issued"])
    elif entry.act == checkpoints.ENROL:
        new = json.loads(entry.new)
        yield from _on_roll(new, new["numbers"])
    elif entry.act == checkpoints.REPLACE:
        yield (REPLACED, entry.subject, json.loads(entry.new)["by"]), 1
    elif entry.act == checkpoints.ADOPT:
        new = json.loads(entry.new)
        yield from ((tuple(item), 1) for item in new["rows"])
        yield from ((tuple(item), -1) for item in new["acts"])
    elif entry.act in checkpoints.STATUS:
        yield status_of(entry.subject, entry.act, entry.at, entry.new), 1


def status_of(number: str, act: str, entered_at: str, new: str) -> Item:
    """Return what an entry on the status of *number* says.

    Raises:
        ValueError, LookupError: it is garbled.
    """
    said = json.loads(new)
    at = said.get("at", entered_at)
    if act == checkpoints.STATUS[0]:
        return REVOKED, number, at, said["reason"], said["detail"]
    return TAKEN_BACK, number, at, str(act == "certificate.reinstate")


def withdrawal(number: Number, row: Revocation) -> Item:
    """Return what the *row* of a revocation says."""
    return REVOKED, number, moment(row.at), row.reason.value, row.detail


def is_adopted(connection: Connection, item: Item) -> bool:
    """Say whether a person entered *item*, which rows say, as it stands."""
    entry = tables.Audit
    query = select(entry.new).where(entry.subject == "register", entry.act == checkpoints.ADOPT)
    return any(list(item) in json.loads(new)["rows"] for new in connection.execute(query).scalars())


def _on_roll(new: Mapping[str, Any], numbers: Iterable[str]) -> Iterator[tuple[Item, int]]:
    """Yield that *numbers* stand on a roll, in their order; nothing where the entry is of before and names none."""
    if digest := new.get("roll"):
        yield from (((ON_ROLL, number, digest, str(place)), 1) for place, number in enumerate(numbers))


class _Moment(TypeDecorator[str]):
    """A moment as the trail writes it, whatever stands in the column: what is no moment is like none of the trail's."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: object, dialect: Dialect) -> str | None:
        """Return what the column says; garbled, its bytes in words."""
        if value is None:
            return None
        try:
            at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            return f"no moment: {value!r}"
        return moment(at if at.tzinfo else at.replace(tzinfo=UTC))


def _said(column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]) -> ColumnElement[str]:
    """Return *column* read so that one garbled row does not end the comparison."""
    return type_coerce(column, _Moment)


def rows(connection: Connection, rolls: Collection[str]) -> Iterator[Item]:
    """Yield the items that the register's rows say; of *rolls* those that the trail tells of, by their digests."""
    stream = {"yield_per": _AT_ONCE}
    issued = (
        select(
            _certificate.number, _issued.pdf_sha256, _said(_issued.registered_at), _issued.claim_kid, _issued.seal_kid
        )
        .join(_issued, _issued.certificate_id == _certificate.id)
        .where(_certificate.state == CertificateState.ISSUED.value)
    )
    for number, sha256, at, claim_kid, seal_kid in connection.execute(issued, execution_options=stream):
        yield ISSUED, number, sha256, at, claim_kid, seal_kid
    row = _revocation
    withdrawn = select(_certificate.number, _said(row.at), row.reason, row.detail, _said(row.undone_at), row.reinstated)
    withdrawn = withdrawn.join(_certificate, _certificate.id == row.certificate_id)
    for number, at, reason, detail, undone_at, told in connection.execute(withdrawn, execution_options=stream):
        yield REVOKED, number, at, reason, detail
        if undone_at is not None:
            yield TAKEN_BACK, number, undone_at, str(bool(told))
    for number, by in connection.execute(_REPLACED, execution_options=stream):
        yield REPLACED, number, by
    yield from _enrolled(connection, rolls)


def _enrolled(connection: Connection, told: Collection[str]) -> Iterator[Item]:
    """Yield who stands where on the rolls *told* of."""
    if not told:
        return
    row, stream = tables.Roll, {"yield_per": _AT_ONCE}
    signatures = connection.execute(select(row.id, row.signature), execution_options=stream)
    digests = {id_: digest for id_, signature in signatures if (digest := roll_digest(bytes(signature))) in told}
    place = tables.Enrolled
    query = select(_certificate.number, place.roll_id, place.place)
    query = query.join(place, place.certificate_id == _certificate.id)
    for number, roll, at in connection.execute(query, execution_options=stream):
        if roll in digests:
            yield ON_ROLL, number, digests[roll], str(at)


def roll_digest(signature: bytes) -> str:
    """Return by what the trail names a roll: the SHA-256 of its signature, in hex."""
    return hashlib.sha256(signature).hexdigest()


def moment(at: datetime) -> str:
    """Return *at* as the trail writes moments."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def uneven(
    connection: Connection, parts: Collection[int], most: int = PARTS_NAMED
) -> tuple[Sequence[Item], Sequence[Item]]:
    """Return what only the rows and what only the trail says in the first *most* of *parts*."""
    wanted = frozenset(sorted(parts)[:most])
    balance: Counter[Item] = Counter()
    rolls: set[str] = set()
    for entry in audit.entries_of(connection, acts=checkpoints.COMPARED):
        for item, sign in said_by(entry):
            if item[0] == ON_ROLL:
                rolls.add(item[2])
            if part_of(item) in wanted:
                balance[item] -= sign
    for item in rows(connection, rolls):
        if part_of(item) in wanted:
            balance[item] += 1
    return [item for item, left in balance.items() if left > 0], [item for item, left in balance.items() if left < 0]


_ONLY_ROWS = {
    ISSUED: "{number} is in the register as issued, and no entry of the trail says that it was.",
    REVOKED: "{number} is withdrawn in the register since {said:.16}, and no entry of the trail says so.",
    TAKEN_BACK: "{number} counts again in the register since {said:.16}, and no entry of the trail says so.",
    REPLACED: "{number} is replaced by {said} in the register, and no entry of the trail says so.",
    ON_ROLL: "{number} stands on a roll otherwise than the trail says.",
}
_ONLY_TRAIL = {
    ISSUED: "{number} was issued, as the trail says, and the register does not hold it.",
    REVOKED: "{number} was withdrawn on {said:.16}, as the trail says, and the register has lost that.",
    TAKEN_BACK: "{number} counts again since {said:.16}, as the trail says, and the register does not know it.",
    REPLACED: "{number} was replaced by {said}, as the trail says, and the register does not know it.",
    ON_ROLL: "{number} was put on a roll, as the trail says, and the register has lost that.",
}
_OTHERWISE = "{number} stands in the register otherwise than the trail says: its file, moment or keys."
_ONE_OF = frozenset({ISSUED, ON_ROLL})
"""What there is one of for a certificate: what both sides have of it, and differently, is said once."""


def named(only_rows: Sequence[Item], only_trail: Sequence[Item]) -> Iterator[str]:
    """Say what each item that only one side has means."""
    by_rows, by_trail = ({item[:2] for item in side if item[0] in _ONE_OF} for side in (only_rows, only_trail))
    for item in only_rows:
        differs = item[0] == ISSUED and item[:2] in by_trail
        yield _told_of(_OTHERWISE if differs else _ONLY_ROWS[item[0]], item)
    for item in only_trail:
        if item[:2] not in by_rows:
            yield _told_of(_ONLY_TRAIL[item[0]], item)


def _told_of(text: str, item: Item) -> str:
    said = printed(Number(item[2])) if item[0] == REPLACED else item[2]
    return text.format(number=printed(Number(item[1])), said=said)
