"""Every row beside the entry that tells of it: certificates, what was withdrawn, batches.

Trail and rows are read once each, as streams, and memory does not grow with them. What either side says of a number is
an *item*, a tuple of texts:

    I  number, digest of the file, moment, kids of claim and seal      it was issued
    R  number, moment, class of the reason, sentence                   it was withdrawn
    U  number, moment, whether its page tells of it                    that was taken back
    S  number, number                                                  it was replaced, by which

Each item's BLAKE2b, under a key drawn for this run so that nobody can look for others with the same sum, is added to
the sum of its number's part where the trail says it, and subtracted where the rows do. What is not zero in the end is
read again and named.
"""

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from zlib import crc32

from sqlalchemy import ColumnElement, Connection, Dialect, String, TypeDecorator, exists, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, aliased

from certs.db import audit, checkpoints, tables
from certs.ground.number import printed
from certs.model import AuditEntry, CertificateState, Number

Item = tuple[str, ...]
ISSUED, REVOKED, TAKEN_BACK, REPLACED = "I", "R", "U", "S"
_PARTS = 1 << 16
_MODULUS = 1 << 128
PARTS_NAMED = 32
"""So many parts are read again, each of one number in 65,536: enough to name what a person can look at."""
_AT_ONCE = 2_000
_certificate, _issued, _revocation, _batch = tables.Certificate, tables.Issued, tables.Revocation, tables.Batch
_BATCH_ACTS = ("batch.order", "batch.approve", "batch.reject", "batch.cancel")


_newer = aliased(tables.Certificate)
_REPLACED = (
    select(_certificate.number, _newer.number.label("by"))
    .join(_newer, _newer.supersedes_id == _certificate.id)
    .where(_newer.state == CertificateState.ISSUED.value)
    .where(exists().where(tables.Audit.subject == _certificate.number, tables.Audit.act == checkpoints.REPLACE))
)
"""Only what some entry tells of: of before there are none, and what replaces what stands on the roll of the new one."""


class Sums:
    """What the trail says less what the rows say, by part of all numbers."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._sums = [0] * _PARTS

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
    elif entry.act == checkpoints.REPLACE:
        yield (REPLACED, entry.subject, json.loads(entry.new)["by"]), 1
    elif entry.act == checkpoints.ADOPT:
        new = json.loads(entry.new)
        yield from ((tuple(item), 1) for item in new["rows"])
        yield from ((tuple(item), -1) for item in new["acts"])
    elif entry.act in checkpoints.STATUS:
        new = json.loads(entry.new)
        at = new.get("at", entry.at)
        if entry.act == checkpoints.STATUS[0]:
            yield (REVOKED, entry.subject, at, new["reason"], new["detail"]), 1
        else:
            yield (TAKEN_BACK, entry.subject, at, str(entry.act == "certificate.reinstate")), 1


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


def rows(connection: Connection) -> Iterator[Item]:
    """Yield the items that the register's rows say."""
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


def moment(at: datetime) -> str:
    """Return *at* as the trail writes moments."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def uneven(
    connection: Connection, parts: Collection[int], most: int = PARTS_NAMED
) -> tuple[Sequence[Item], Sequence[Item]]:
    """Return what only the rows and what only the trail says in the first *most* of *parts*."""
    wanted = frozenset(sorted(parts)[:most])
    balance: Counter[Item] = Counter()
    acts = (checkpoints.ISSUE, checkpoints.ADOPT, checkpoints.REPLACE, *checkpoints.STATUS)
    for entry in audit.entries_of(connection, acts=acts):
        for item, sign in said_by(entry):
            if part_of(item) in wanted:
                balance[item] -= sign
    for item in rows(connection):
        if part_of(item) in wanted:
            balance[item] += 1
    return [item for item, left in balance.items() if left > 0], [item for item, left in balance.items() if left < 0]


def named(only_rows: Sequence[Item], only_trail: Sequence[Item]) -> Iterator[str]:
    """Say what each item that only one side has means."""
    issued_by_trail = {item[1] for item in only_trail if item[0] == ISSUED}
    issued_by_rows = {item[1] for item in only_rows if item[0] == ISSUED}
    for item in only_rows:
        kind, number = item[0], printed(Number(item[1]))
        if kind == ISSUED and item[1] in issued_by_trail:
            yield f"{number} stands in the register otherwise than the trail says: its file, moment or keys."
        elif kind == ISSUED:
            yield f"{number} is in the register as issued, and no entry of the trail says that it was."
        elif kind == REVOKED:
            yield f"{number} is withdrawn in the register since {item[2][:16]}, and no entry of the trail says so."
        elif kind == REPLACED:
            by = printed(Number(item[2]))
            yield f"{number} is replaced by {by} in the register, and no entry of the trail says so."
        else:
            yield f"{number} counts again in the register since {item[2][:16]}, and no entry of the trail says so."
    for item in only_trail:
        kind, number = item[0], printed(Number(item[1]))
        if kind == ISSUED and item[1] not in issued_by_rows:
            yield f"{number} was issued, as the trail says, and the register does not hold it."
        elif kind == REVOKED:
            yield f"{number} was withdrawn on {item[2][:16]}, as the trail says, and the register has lost that."
        elif kind == REPLACED:
            yield (
                f"{number} was replaced by {printed(Number(item[2]))}, as the trail says, and the register does not "
                "know it."
            )
        elif kind == TAKEN_BACK:
            yield f"{number} counts again since {item[2][:16]}, as the trail says, and the register does not know it."


class BatchActs:
    """Who ordered, approved and ended batches, as the trail says."""

    def __init__(self) -> None:
        self._acts: set[tuple[str, str, str, str]] = set()

    def hear(self, entry: AuditEntry) -> None:
        """Remember *entry* if it is on a batch's life."""
        if entry.act in _BATCH_ACTS:
            self._acts.add((entry.act, entry.subject, entry.at, entry.actor))

    def faults(self, connection: Connection) -> Iterator[str]:
        """Yield which batches stand otherwise in the register."""
        row = _batch
        query = select(*row.__table__.c, tables.Event.slug).join(tables.Event, tables.Event.id == row.event_id)
        for one in connection.execute(query.order_by(row.id)):
            reference = f"{one.slug}/{one.ordinal}"
            told = [("batch.order", "ordered", one.ordered_at, one.ordered_by)]
            if one.approved_at is not None:
                told.append(("batch.approve", "approved", one.approved_at, one.approved_by))
            if one.ended is not None:
                told.append((_ENDED[one.ended], one.ended, one.ended_at, one.ended_by))
            for act, how, at, by in told:
                names = (f"batch {reference}", f"batch {one.id}")  # as trails of before called it
                if not any((act, name, moment(at), by) in self._acts for name in names):
                    yield (
                        f"Batch {reference} was {how} by {by} on {moment(at)[:16]}, the register says, and no entry of "
                        "the trail does."
                    )


_ENDED = {"rejected": "batch.reject", "cancelled": "batch.cancel"}
