"""Batches, evidence and rulings beside the entries of the trail that tell of them.

Who ordered, approved and ended a batch, and what was ordered: an entry on an order has the digest of all that the
certificates of the batch will state, so nothing can be changed between approval and issue. Evidence and rulings are
what people said in place of exports and rule; their entries hold all of them.

There are few of these beside certificates: what entries say of them is kept in memory while the trail is read.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import NamedTuple

from sqlalchemy import Connection, Row, select
from sqlalchemy.orm import aliased

from certs import roll
from certs.db import checkpoints, facts, tables
from certs.db.comparison import moment
from certs.db.people import KNOWN_AS, OF_ERASED, PRESENT
from certs.ground import names
from certs.model import AuditEntry
from certs.wording import say

_batch, _row, _before = tables.Batch, tables.Certificate, aliased(tables.Certificate)
_ENDED = {"rejected": "batch.reject", "cancelled": "batch.cancel"}
ORDER = "batch.order"
_BATCH_ACTS = (ORDER, "batch.approve", *_ENDED.values())
STATED = "stated"
"""The fact of an order's entry that holds the digest of what was ordered."""
SETTLED = "settled"
"""The fact of an entry that adopts: how what differs of batches, evidence and rulings stood then, as digests."""
_RULED = {"ruling.grant": "granted", "ruling.withhold": "withheld", "ruling.lift": "lifted"}
_AT_ONCE = 2_000
_BATCHES = select(*_batch.__table__.c, tables.Event.slug).join(tables.Event, tables.Event.id == _batch.event_id)
_STATED = (
    select(_row.number, KNOWN_AS, _row.kind, _row.name, _row.language, _row.attended, _row.quarter_hours)
    .add_columns(_before.number.label("before"))
    .join(tables.Person, tables.Person.id == _row.person_id)
    .outerjoin(tables.Erased, OF_ERASED)
    .outerjoin(_before, _before.id == _row.supersedes_id)
)


def digest_of(connection: Connection, batch: int) -> str:
    """Return the SHA-256 of all that the certificates of *batch* state or will state, in hex; empty if it is garbled.

    Over texts with a zero byte after each: the facts of the event as rolls have them, the day of issue, and for each in
    the order of numbers number, person, kind, name, language, sessions, quarters of an hour and what is replaced.
    """
    query = select(_batch.facts, _batch.issued_on).where(_batch.id == batch)
    text, day = connection.execute(query).one()
    try:
        shared = roll.facts(facts.load(text))
    except (ValueError, LookupError, TypeError):
        return ""
    digest = hashlib.sha256(_texts(shared, day.isoformat() if isinstance(day, date) else day))
    mine = _STATED.where(_row.batch_id == batch).order_by(_row.number)
    for one in connection.execute(mine, execution_options={"yield_per": _AT_ONCE}):
        digest.update(_texts(*one))
    return digest.hexdigest()


def _texts(*values: object) -> bytes:
    return "".join(f"{'' if one is None else one}\0" for one in values).encode()


def is_as_ordered(connection: Connection, batch: int) -> bool:
    """Say whether *batch* states what the entry on its order says; of before, and restored since, nobody can tell."""
    one = connection.execute(_BATCHES.where(_batch.id == batch)).one()
    entry = tables.Audit
    told = select(entry.id, entry.new).where(entry.act == ORDER, entry.subject.in_(_called(one)))
    found = connection.execute(told.order_by(entry.id.desc()).limit(1)).first()
    if found is None:
        return False
    stated = json.loads(found.new).get(STATED)
    if not stated or digest_of(connection, batch) == stated:
        return True
    restored = select(entry.id).where(entry.act == checkpoints.RESTORE, entry.id > found.id).limit(1)
    return connection.execute(restored).first() is not None


def _called(batch: Row[*tuple[object, ...]]) -> tuple[str, str]:
    """Return what entries call a batch; those of before by its row."""
    return f"batch {batch.slug}/{batch.ordinal}", f"batch {batch.id}"


class Odd(NamedTuple):
    """What stands otherwise in the register than the trail says: a *sentence*, and a digest of just how it stands."""

    sentence: str
    state: str


class Told:
    """What the trail says of batches, evidence and rulings."""

    def __init__(self) -> None:
        self._acts: set[tuple[str, str, str, str]] = set()
        self._evidence: dict[int, tuple[str, str]] = {}
        self._withdrawn: dict[int, tuple[str, str]] = {}
        self._rulings: set[tuple[str, ...]] = set()
        self._settled: set[str] = set()

    def hear(self, entry: AuditEntry) -> None:
        """Remember *entry* if it is on one of them."""
        if entry.act in _BATCH_ACTS:
            self._acts.add((entry.act, entry.subject, entry.at, entry.actor))
        elif entry.act == "evidence.add":
            self._evidence[json.loads(entry.new)["id"]] = (entry.subject, entry.new)
        elif entry.act == "evidence.withdraw":
            self._withdrawn[json.loads(entry.old)["id"]] = (entry.at, entry.actor)
        elif entry.act in _RULED:
            new = json.loads(entry.new)
            ruled = _RULED[entry.act], new["kind"], new["criteria"], names.clean(entry.reason), entry.actor, entry.at
            self._rulings.update((entry.event, person, found, *ruled) for person, found in new["found"].items())
        elif entry.act == checkpoints.ADOPT:
            self._settled.update(json.loads(entry.new).get(SETTLED, ()))

    def faults(self, connection: Connection) -> Iterator[Odd]:
        """Yield what stands otherwise in the register, but what a person entered just as it stands."""
        found = chain(self._of_batches(connection), self._of_evidence(connection), self._of_rulings(connection))
        return (one for one in found if one.state not in self._settled)

    def _of_batches(self, connection: Connection) -> Iterator[Odd]:
        for one in connection.execute(_BATCHES.order_by(_batch.id)).all():
            reference = f"{one.slug}/{one.ordinal}"
            told = [(ORDER, "ordered", one.ordered_at, one.ordered_by)]
            if one.approved_at is not None:
                told.append(("batch.approve", "approved", one.approved_at, one.approved_by))
            if one.ended is not None:
                told.append((_ENDED[one.ended], one.ended, one.ended_at, one.ended_by))
            for act, how, at, by in told:
                if not any((act, name, moment(at), by) in self._acts for name in _called(one)):
                    yield Odd(
                        f"Batch {reference} was {how} by {by} on {moment(at)[:16]}, the register says, and no entry of "
                        "the trail does.",
                        _state(reference, act, moment(at), by),
                    )
            if not is_as_ordered(connection, one.id):
                yield Odd(
                    say(
                        "Batch {batch} is not what was ordered, as the trail says: somebody changed its facts or "
                        "certificates.",
                        batch=reference,
                    ),
                    _state(reference, STATED, digest_of(connection, one.id)),
                )

    def _of_evidence(self, connection: Connection) -> Iterator[Odd]:
        row, missing = tables.Evidence, set(self._evidence)
        query = select(*row.__table__.c, tables.Person.key).join(tables.Person, tables.Person.id == row.person_id)
        missing.difference_update(connection.execute(query.with_only_columns(row.id).where(~PRESENT)).scalars())
        for one in connection.execute(query.where(PRESENT).order_by(row.id)):
            missing.discard(one.id)
            person, new = self._evidence.get(one.id, ("", "{}"))
            mark = (moment(one.withdrawn_at), one.withdrawn_by) if one.withdrawn_at is not None else None
            said = {name: getattr(one, name) == value for name, value in json.loads(new).items()}
            if person != one.key or not all(said.values()) or mark != self._withdrawn.get(one.id):
                sentence = say(
                    "Evidence {id} on {person} stands otherwise in the register than the trail says.",
                    id=one.id,
                    person=one.key,
                )
                yield Odd(sentence, _state("evidence", *one))
        for id_ in sorted(missing):
            person = self._evidence[id_][0]
            sentence = say(
                "Evidence {id} on {person} was added, as the trail says, and the register has lost it.",
                id=id_,
                person=person,
            )
            yield Odd(sentence, _state("no evidence", id_, person))

    def _of_rulings(self, connection: Connection) -> Iterator[Odd]:
        gone = {one for one in connection.execute(select(tables.Erased.address)).scalars() if one}
        row, missing = tables.Ruling, {one for one in self._rulings if one[1] not in gone}
        query = (
            select(*row.__table__.c, tables.Person.key, tables.Event.slug)
            .join(tables.Person, tables.Person.id == row.person_id)
            .join(tables.Event, tables.Event.id == row.event_id)
        ).where(PRESENT)
        for one in connection.execute(query.order_by(row.id)):
            ruled = one.ruled, one.kind, one.criteria, one.reason, one.author, moment(one.at)
            said = (one.slug, one.key, one.found, *ruled)
            if said not in self._rulings:
                sentence = say(
                    "What was decided on {person} in {event} stands otherwise in the register than the trail says.",
                    person=one.key,
                    event=one.slug,
                )
                yield Odd(sentence, _state("ruling", one.id, *said))
            missing.discard(said)
        for lost in sorted(missing):
            event, person, *_ = lost
            sentence = say(
                "Something was decided on {person} in {event}, as the trail says, and the register does not hold that.",
                person=person,
                event=event,
            )
            yield Odd(sentence, _state("no ruling", *lost))


def _state(*values: object) -> str:
    """Return the SHA-256 of how something stands, in hex."""
    return hashlib.sha256(_texts(*values)).hexdigest()
