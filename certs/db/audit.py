"""The audit trail: who changed what, when and why; every entry chained to the one before by SHA-256.

An entry is appended in the transaction of the change that it describes. Triggers keep anybody from changing or deleting
one through the database; who drops them or rewrites the file itself breaks the chain:
`sha256` is the SHA-256 of the UTF-8 JSON array of all other fields in the order of the columns, without spaces, and
`previous` is the `sha256` of the entry before, 64 zeros in the first. The ids count from 1 without a gap.
"""

import hashlib
import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, func, insert, select, text

from certs import __version__
from certs.db import checkpoints, tables
from certs.db.engine import log_when_committed, reading, writing
from certs.errors import ConflictError
from certs.model import Act, AuditEntry
from certs.wording import say

_OF_ORDERS = ("batch", "certificate")
"""Acts that change no decision."""
_ASKED = "request"
"""What participants ask for: it changes nothing of the event by itself, and stands in nobody's way who does."""
_LOCK = 0x61756474
"""Key of the PostgreSQL advisory lock under which one process appends: `audt` in ASCII. To lock the table itself takes
more than the right to append."""
CLOCK = "clock.settle"
GENESIS = "0" * 64
_LONG = 1_000_000
"""Characters of a field from which an entry is digested a field at a time."""
SOFTWARE = f"certs {__version__}"
_COUNTS = ("count", "joins", "registrations", "unusable", "certificates", "spent_numbers")
Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of very many numbers in a fact, as the JSON of its *parts*: a million texts take four times as much.

    With *pairs*, what is told of each: the JSON of an object's members.
    """

    parts: Sequence[str]
    pairs: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to what: *what* is a stable word such as `batch.issue`, *event* the slug or empty."""

    what: str
    event: str
    subject: str
    old: Facts | None = None
    new: Facts | None = None


def append(connection: Connection, act: Act, change: Change) -> int:
    """Append that *act* made *change*, inside the caller's transaction; return the entry's id.

    Raises:
        SQLAlchemyError: as the database has it.
    """
    return append_all(connection, act, [change])


def append_all(connection: Connection, act: Act, changes: Sequence[Change]) -> int:
    """Append that *act* made all of *changes*, in their order, as `append` does; return the id of the last, 0 of none.

    Raises:
        SQLAlchemyError: as the database has it.
    """
    if not changes:
        return 0
    lock(connection)
    newest = select(tables.Audit.id, tables.Audit.sha256).order_by(tables.Audit.id.desc()).limit(1)
    last, previous = connection.execute(newest).one_or_none() or (0, GENESIS)
    columns = tuple(tables.Audit.__table__.c.keys())
    rows: list[tuple[object, ...]] = []
    for entry, change in enumerate(changes, last + 1):
        fields = (entry, *_fields(act, change), previous)
        previous = digest(fields)
        rows.append((*fields, previous))
        checkpoints.note(connection, entry, change.what, act.at)
        about = {"act": change.what, "audit": entry, "event": change.event, **_logged(change)}
        log_when_committed(connection, about)
    connection.execute(insert(tables.Audit), [dict(zip(columns, row, strict=True)) for row in rows])
    return last + len(rows)


def _fields(act: Act, change: Change) -> tuple[str, ...]:
    """Return what an entry says, in the order of its columns."""
    who = moment(act.at), act.actor, act.role
    what = change.what, change.event, change.subject, _json(change.old), _json(change.new)
    return (*who, *what, act.reason, SOFTWARE)


def _logged(change: Change) -> Facts:
    """Return what the log may say of *change*: identifiers and counts, nothing that a person typed or is called."""
    kind, _, rest = change.subject.partition(" ")
    subject: Facts = {"batch": rest} if kind == "batch" else {"kid": rest} if kind == "key" else {}
    if change.what.startswith("certificate."):
        subject = {"number": change.subject}
    new = change.new or {}
    counts = {name: new[name] for name in _COUNTS if name in new}
    kids = {name: new[name] for name in ("claim_kid", "seal_kid") if name in new}
    lists = {"made": new.get("issued"), "held": new.get("held")}
    made = {name: len(listed) for name, listed in lists.items() if isinstance(listed, dict)}
    return {**subject, **counts, **kids, **made}


def demand_newest(connection: Connection, event: str, seen: int, *, besides_orders: bool = False) -> None:
    """Let *seen* be the newest entry about *event* until the transaction ends; see `last_id`.

    Raises:
        ConflictError: there is a newer one.
        SQLAlchemyError: as the database has it.
    """
    lock(connection)
    if last_id(connection, event, besides_orders=besides_orders) != seen:
        raise ConflictError(
            say("Somebody else changed {event} meanwhile; nothing was changed. Look, then try again.", event=event)
        )


def last_id(connection: Connection, event: str, *, besides_orders: bool = False) -> int:
    """Return the id of the newest entry about *event*, 0 if there is none; what is only asked for does not count.

    With *besides_orders*, of those that decisions are based on: imports, answers, rules, what people said.
    """
    row = tables.Audit
    query = select(func.max(row.id)).where(row.event == event, row.act.not_like(f"{_ASKED}.%"))
    if besides_orders:
        query = query.where(*(row.act.not_like(f"{kind}.%") for kind in _OF_ORDERS))
    return connection.execute(query).scalar() or 0


def moment(at: datetime) -> str:
    """Return a moment as the trail has it: in UTC, so that texts are in the order of moments."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def lock(connection: Connection) -> None:
    """Let nobody else append until the transaction ends; SQLite has one writer anyway.

    Raises:
        SQLAlchemyError: as the database has it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def digest(fields: tuple[object, ...]) -> str:
    """Return the SHA-256 of an entry's *fields*, all but the last column, in hex."""
    if max(len(one) for one in fields if isinstance(one, str)) < _LONG:
        return hashlib.sha256(json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
    sha256 = hashlib.sha256()  # the same some characters at a time: of an order of a million, one field is 15 MB
    for place, one in enumerate(fields):
        sha256.update(b"," if place else b"[")
        for part in _json_parts(one):
            sha256.update(part.encode())
    sha256.update(b"]")
    return sha256.hexdigest()


def _json_parts(field: object) -> Iterator[str]:
    """Yield the JSON of *field*, of a long text in parts: each character is written without regard to others."""
    if not isinstance(field, str):
        yield json.dumps(field)
        return
    yield '"'
    yield from (json.dumps(field[at : at + _LONG], ensure_ascii=False)[1:-1] for at in range(0, len(field), _LONG))
    yield '"'


def entries(engine: Engine, event: str | None = None) -> Iterator[AuditEntry]:
    """Yield the trail, oldest first; of one *event* if given.

    Raises:
        StorageError: the database is out of reach.
    """
    with reading(engine) as connection:
        yield from entries_of(connection, event)


def entries_of(
    connection: Connection, event: str | None = None, *, acts: Sequence[str] | None = None, since: int = 0
) -> Generator[AuditEntry, None, None]:
    """Yield the trail as `entries` does, inside the caller's transaction; only *acts*, and what is after *since*."""
    query = select(*tables.Audit.__table__.c).where(tables.Audit.id > since).order_by(tables.Audit.id)
    if event is not None:
        query = query.where(tables.Audit.event == event)
    if acts is not None:
        query = query.where(tables.Audit.act.in_(acts))
    with connection.execute(query, execution_options={"yield_per": 500}) as found:
        for row in found:
            yield AuditEntry(*row)


def newest_moment(engine: Engine) -> datetime | None:
    """Return the latest moment of the whole trail since somebody entered that the clock was wrong before.

    Raises:
        StorageError: the database is out of reach.
    """
    row = tables.Audit
    settled = select(func.coalesce(func.max(row.id), 0)).where(row.act == CLOCK, row.event == "")
    with reading(engine) as connection:
        latest = connection.execute(select(func.max(row.at)).where(row.id >= settled.scalar_subquery())).scalar()
    return datetime.fromisoformat(latest) if latest else None


def settle_clock(engine: Engine, act: Act) -> None:
    """Enter that the clock is right now, whatever moments stand in the trail.

    Raises:
        StorageError: the database is out of reach.
    """
    with writing(engine) as connection:
        append(connection, act, Change(CLOCK, "", "clock"))


def first_broken(trail: Iterator[AuditEntry]) -> tuple[int, str] | None:
    """Return the id of the first entry of the whole *trail* that breaks the chain and what is wrong with it."""
    expected, previous = 1, GENESIS
    for entry in trail:
        if entry.id != expected:
            return expected, f"entry {expected} is missing"
        if entry.previous != previous:
            return entry.id, f"entry {entry.id} does not follow the entry before it"
        if entry.sha256 != digest(astuple(entry)[:-1]):
            return entry.id, f"entry {entry.id} was changed after it was written"
        expected, previous = entry.id + 1, entry.sha256
    return None


def _json(facts: Facts | None) -> str:
    if facts is None:
        return ""
    many = {name: fact for name, fact in facts.items() if isinstance(fact, Many)}
    empty: Facts = {name: {} if fact.pairs else [] for name, fact in many.items()}
    said = {**facts, **empty}
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=str)
    for name, fact in many.items():
        before, key, after = text.partition(f'"{name}":{"{" if fact.pairs else "["}')
        text = ",".join(_between(f"{before}{key}", fact.parts, after))
    return text


def _between(before: str, parts: Sequence[str], after: str) -> Iterator[str]:
    """Yield *parts*, with *before* in front of the first and *after* behind the last."""
    last = len(parts) - 1
    for place, part in enumerate(parts or ("",)):
        yield f"{'' if place else before}{part}{'' if place < last else after}"
