"""What a newer register knows and the backup does not, carried over: certificates issued since, what became of them.

Both are histories of one register: the newer one's audit trail begins with the backup's, so it is taken over whole.
Rows are found by what names them (slug, address, reference of a batch, number), for ids may differ. A certificate
alone keeps its id, which is its place in the status lists. What was imported, answered or ordered since is not carried
over: to be rid of some of that is why a backup is restored.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, exists, func, insert, select, update

from certs.db import audit, bulk, tables
from certs.db.restore import again
from certs.db.restore.backups import wholeness
from certs.errors import StorageError
from certs.ground.number import printed
from certs.model import CertificateState
from certs.model.restored import Carried, Named
from certs.wording import say

_AT_ONCE = 500
_ISSUED = CertificateState.ISSUED.value
_WAITING = (CertificateState.ORDERED.value, CertificateState.HELD.value)
_BATCH = ("base_url", "approved_at", "approved_by", "error", "ended", "ended_at", "ended_by", "ended_reason")
"""What changes in a batch after it was ordered."""
Values = Mapping[Any, Any]


def descends(newer: Connection, backup: Connection) -> bool:
    """Say whether the trail of *newer* is whole and begins with that of *backup*."""
    row = tables.Audit
    last = backup.execute(select(row.id, row.sha256).order_by(row.id.desc()).limit(1)).first()
    if last is None or newer.execute(select(row.sha256).where(row.id == last.id)).scalar() != last.sha256:
        return False
    return audit.first_broken(audit.entries_of(newer)) is None


def carry(newer: Connection, target: Connection) -> Carried:
    """Bring into *target*, a copy of the backup, what *newer*, which descends from it, knows beyond it.

    Raises:
        StorageError: *newer* cannot be read, or is no history of the same register.
    """
    return _Carrying(newer, target).all()


class _Carrying:
    """Carries over from one connection to another, remembering which row became which."""

    def __init__(self, newer: Connection, target: Connection) -> None:
        self._from, self._to = newer, target
        self._slugs: dict[int, str] = {}
        self._events: dict[int, int] = {}
        self._people: dict[int, int] = {}
        self._batches: dict[int, int] = {}
        self._rolls: dict[int, int] = {}
        self._packs: dict[int, int] = {}
        self._done = Carried()

    def all(self) -> Carried:
        self._to.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        self._copy_missing(tables.Picture.__table__, "sha256")
        self._carry_events()
        self._carry_certificates()
        self._carry_enrolments()
        self._carry_states()
        self._carry_revocations()
        self._carry_links()
        self._done.evidence = self._carry_acts(tables.Evidence.__table__)
        self._carry_withdrawn_evidence()
        self._done.rulings = self._carry_acts(tables.Ruling.__table__)
        self._done.erased = again.carry(self._from, self._to)
        self._carry_lists()
        self._carry_trail()
        self._count_lost()
        return self._done

    def _copy_missing(self, table: Any, key: str) -> None:
        """Copy the rows of *table* whose *key* is unknown, as they are."""
        there = set(self._to.execute(select(table.c[key])).scalars())
        for value in self._from.execute(select(table.c[key])).scalars().all():
            if value not in there:
                row = self._from.execute(select(table).where(table.c[key] == value)).mappings().one()
                self._to.execute(insert(table), dict(row))

    def _carry_events(self) -> None:
        row = tables.Event
        known = {one.slug: one.id for one in self._to.execute(select(row.slug, row.id))}
        for event in self._from.execute(select(row.__table__)).mappings().all():
            self._slugs[event["id"]] = event["slug"]
            if event["slug"] not in known:
                known[event["slug"]] = self._inserted(row.__table__, event)
                sessions = select(tables.Session.__table__).where(tables.Session.event_id == event["id"])
                for session in self._from.execute(sessions).mappings().all():
                    self._to.execute(insert(tables.Session), {**session, "event_id": known[event["slug"]]})
            self._events[event["id"]] = known[event["slug"]]

    def _inserted(self, table: Any, row: Values) -> int:
        """Insert *row* under a fresh id and return that."""
        fresh = {str(name): value for name, value in row.items() if name != "id"}
        return int(self._to.execute(insert(table).values(**fresh).returning(table.c.id)).scalar_one())

    # ------------------------------------------------------------ certificates

    def _carry_certificates(self) -> None:
        row = tables.Certificate
        there = set(self._to.execute(select(row.number).where(row.state == _ISSUED)).scalars())
        wanted = select(row.id, row.number).where(row.state == _ISSUED).order_by(row.id)
        missing = [id_ for id_, number in self._from.execute(wanted) if number not in there]
        for ids in _parts(missing):
            self._carry_some(ids)

    def _carry_some(self, ids: Sequence[int]) -> None:
        row = tables.Certificate
        issued: Any = tables.Issued.__table__
        tail: Any = tables.Tail.__table__
        damaged = {number for number, whole in wholeness(self._from, ids) if not whole}
        query = select(row.__table__).where(row.id.in_(ids)).order_by(row.id)
        found = [one for one in self._from.execute(query).mappings() if one["number"] not in damaged]
        self._done.damaged.extend(sorted(damaged))
        ids = [one["id"] for one in found]
        superseded = self._numbers([one["supersedes_id"] for one in found if one["supersedes_id"]])
        for one in found:
            self._carry_certificate(one)
            self._done.issued.append(self._named(one))
            if one["supersedes_id"]:
                by = f"by {printed(one['number'])}"
                self._done.replaced.append(Named(superseded[one["supersedes_id"]], one["name"], self._slug(one), by))
        for table in (issued, tail):
            of = select(table).where(table.c.certificate_id.in_(ids)).order_by(table.c.certificate_id)
            rows = [dict(one) for one in self._from.execute(of).mappings()]
            if table is issued:
                self._carry_plates({one["plate_sha256"] for one in rows})
            else:
                self._carry_packs(rows)
            if rows:
                self._to.execute(insert(table), rows)
        self._carry_rolls(ids)

    def _carry_rolls(self, ids: Sequence[int]) -> None:
        """Put the certificates *ids* on the rolls that they stand on there; ids of rolls may differ."""
        place: Any = tables.Enrolled.__table__
        query = select(place).where(place.c.certificate_id.in_(ids)).order_by(place.c.certificate_id)
        rows = [dict(one) for one in self._from.execute(query).mappings()]
        for id_ in {one["roll_id"] for one in rows} - self._rolls.keys():
            roll: Any = tables.Roll.__table__
            self._rolls[id_] = self._inserted(
                roll, self._from.execute(select(roll).where(roll.c.id == id_)).mappings().one()
            )
        if rows:
            self._to.execute(insert(place), [{**one, "roll_id": self._rolls[one["roll_id"]]} for one in rows])

    def _carry_enrolments(self) -> None:
        """Put on their rolls who was enrolled after the backup was made."""
        row, place = tables.Certificate, tables.Enrolled
        on_none = select(row.id).where(row.state == _ISSUED, ~exists().where(place.certificate_id == row.id))
        for ids in _parts(self._to.execute(on_none.order_by(row.id)).scalars().all()):
            self._carry_rolls(ids)

    def _numbers(self, ids: Sequence[int]) -> dict[int, str]:
        row = tables.Certificate
        query = select(row.id, row.number).where(row.id.in_(ids))
        return {one.id: one.number for one in self._from.execute(query)}

    def _carry_plates(self, digests: set[str]) -> None:
        row = tables.Plate
        there = set(self._to.execute(select(row.sha256).where(row.sha256.in_(digests))).scalars())
        for plate in self._from.execute(select(row.__table__).where(row.sha256.in_(digests - there))).mappings():
            self._to.execute(insert(row), dict(plate))

    def _carry_packs(self, tails: Sequence[dict[str, Any]]) -> None:
        """Let *tails* say in which pack they lie by the ids that packs have here."""
        row: Any = tables.Pack.__table__
        for id_ in {one["pack_id"] for one in tails} - {None, *self._packs}:
            pack = self._from.execute(select(row).where(row.c.id == id_)).mappings().one()
            known = self._to.execute(select(row.c.id).where(row.c.sha256 == pack["sha256"])).scalar()
            self._packs[id_] = known or self._inserted(row, pack)
        for one in tails:
            one["pack_id"] = one["pack_id"] and self._packs[one["pack_id"]]

    def _carry_certificate(self, one: Values) -> None:
        """Let the row be issued: the one that the backup holds as ordered, or a new one at the same place."""
        row = tables.Certificate
        same = self._to.execute(select(row.id, row.number).where((row.id == one["id"]) | (row.number == one["number"])))
        known = same.all()
        if any((found.id, found.number) != (one["id"], one["number"]) for found in known):
            raise StorageError(
                say(
                    "Certificate {one} of the newer register stands in the place of another one of the backup: they "
                    "are not of one history.",
                    one=printed(one["number"]),
                )
            )
        issued = {"state": _ISSUED, "plate": one["plate"], "lease": None, "lease_until": None, "error": ""}
        self._carry_batch(one["batch_id"])
        if known:
            self._to.execute(update(row).where(row.id == one["id"]).values(**issued))
            return
        event, person = self._events[one["event_id"]], self._person(one["person_id"])
        placed = {"event_id": event, "person_id": person, "batch_id": self._batches[one["batch_id"]]}
        version = self._version(event, person, one)
        before = select(row.id).where(row.id == one["supersedes_id"])
        supersedes = self._to.execute(before).scalar()
        self._to.execute(insert(row), {**one, **placed, **issued, "version": version, "supersedes_id": supersedes})

    def _version(self, event: int, person: int, one: Values) -> int:
        """Return its version, or the next where another history has taken that."""
        row = tables.Certificate
        mine = select(row.version).where(row.event_id == event, row.person_id == person, row.kind == one["kind"])
        taken = set(self._to.execute(mine).scalars())
        return int(one["version"]) if one["version"] not in taken else max(taken) + 1

    def _person(self, id_: int) -> int:
        """Return the id of a person in the target, who is made known if need be."""
        if id_ not in self._people:
            row = tables.Person
            one = self._from.execute(select(row.__table__).where(row.id == id_)).mappings().one()
            known = self._to.execute(select(row.id).where(row.key == one["key"])).scalar()
            if known is None and one["erased_at"] is not None:
                known = again.same_person(self._from, self._to, one)
            self._people[id_] = known or self._inserted(row.__table__, {"key": one["key"], "ref": one["ref"]})
        return self._people[id_]

    def _carry_batch(self, id_: int) -> None:
        """Bring a batch to where it stands in the newer register."""
        if id_ in self._batches:
            return
        row = tables.Batch
        one = self._from.execute(select(row.__table__).where(row.id == id_)).mappings().one()
        event = self._events[one["event_id"]]
        known = self._to.execute(select(row.id).where(row.event_id == event, row.ordinal == one["ordinal"])).scalar()
        if known is None:
            self._batches[id_] = self._inserted(row.__table__, {**one, "event_id": event})
        else:
            self._to.execute(update(row).where(row.id == known).values({name: one[name] for name in _BATCH}))
            self._batches[id_] = int(known)

    def _carry_states(self) -> None:
        """Let what is not issued stand as the newer register has it: ordered, held or given up."""
        row = tables.Certificate
        waiting = select(row.number, row.state, row.plate, row.error).where(row.state.in_(_WAITING))
        for mine in self._to.execute(waiting).all():
            query = select(row.state, row.plate, row.error, row.batch_id).where(row.number == mine.number)
            theirs = self._from.execute(query).first()
            if theirs is not None and theirs.state != _ISSUED:
                self._carry_batch(theirs.batch_id)
                now = {"state": theirs.state, "plate": theirs.plate, "error": theirs.error}
                self._to.execute(
                    update(row).where(row.number == mine.number).values(lease=None, lease_until=None, **now)
                )

    # ------------------------------------------------------------ afterwards

    def _carry_revocations(self) -> None:
        row = tables.Revocation
        held = {
            (one["certificate_id"], one["at"]): one
            for one in self._to.execute(select(row.__table__).order_by(row.id)).mappings()
        }
        for one in self._from.execute(select(row.__table__).order_by(row.id)).mappings().all():
            mine = held.get((one["certificate_id"], one["at"]))
            ended = {"undone_at": one["undone_at"], "reinstated": one["reinstated"]}
            if mine is None:
                self._inserted(row.__table__, one)
                self._say(self._done.revoked, one["certificate_id"], one["reason"])
            elif (mine["undone_at"], mine["reinstated"]) != (one["undone_at"], one["reinstated"]):
                self._to.execute(update(row).where(row.id == mine["id"]).values(**ended))
            if one["undone_at"] is not None and (mine is None or mine["undone_at"] is None):
                self._say(self._done.reinstated, one["certificate_id"], "")

    def _say(self, where: list[Named], certificate: int, said: str) -> None:
        query = select(tables.Certificate.__table__).where(tables.Certificate.id == certificate)
        one = self._from.execute(query).mappings().one()
        where.append(self._named(one, said))

    def _carry_links(self) -> None:
        """Let no withdrawn link come back, and let the one that was given instead lead where it did."""
        row, person = tables.WithdrawnLink, tables.Person
        there = set(self._to.execute(select(row.ref)).scalars())
        for link in self._from.execute(select(row.__table__)).mappings().all():
            if link["ref"] not in there:
                mine = self._person(link["person_id"])
                self._to.execute(insert(row), {**link, "person_id": mine})
                self._done.links += 1
            ref = self._from.execute(select(person.ref).where(person.id == link["person_id"])).scalar_one()
            self._to.execute(update(person).where(person.id == self._person(link["person_id"])).values(ref=ref))

    def _carry_acts(self, table: Any) -> int:
        """Carry over what people said by hand and the backup does not know, under the same ids; count it."""
        there = set(self._to.execute(select(table.c.id)).scalars())
        fresh = [
            one for one in self._from.execute(select(table).order_by(table.c.id)).mappings() if one["id"] not in there
        ]
        for one in fresh:
            mine = {"event_id": self._events[one["event_id"]], "person_id": self._person(one["person_id"])}
            self._to.execute(insert(table), {**one, **mine})
        return len(fresh)

    def _carry_withdrawn_evidence(self) -> None:
        """Let no evidence count again that was withdrawn since."""
        row = tables.Evidence
        marks = ("withdrawn_at", "withdrawn_by", "withdrawn_reason")
        for one in self._from.execute(select(row.__table__).where(row.withdrawn_at.is_not(None))).mappings().all():
            mine = update(row).where(row.id == one["id"], row.withdrawn_at.is_(None))
            self._to.execute(mine.values({name: one[name] for name in marks}))

    def _carry_lists(self) -> None:
        """Take the status lists as they were published last."""
        row = tables.StatusList
        for one in self._from.execute(select(row.__table__)).mappings().all():
            changed = self._to.execute(update(row).where(row.number == one["number"]).values(**one))
            if not changed.rowcount:
                self._to.execute(insert(row), dict(one))

    def _carry_trail(self) -> None:
        row = tables.Audit
        columns = tuple(row.__table__.c.keys())
        last = self._to.execute(select(func.coalesce(func.max(row.id), 0))).scalar_one()
        since = select(*row.__table__.c).where(row.id > last).order_by(row.id)
        for part in self._from.execute(since).partitions(_AT_ONCE):
            bulk.insert(self._to, row, columns, part)
        self._copy_missing(tables.Checkpoint.__table__, "entries")
        self._copy_missing(tables.Receipt.__table__, "number")

    def _count_lost(self) -> None:
        file, event = tables.ImportFile, tables.Event
        files = select(event.slug, file.sha256, file.name).join(event, event.id == file.event_id)
        mine = {(slug, digest) for slug, digest, _ in self._to.execute(files)}
        lost = (f"{name} ({slug})" for slug, digest, name in self._from.execute(files) if (slug, digest) not in mine)
        self._done.imports_lost.extend(lost)
        row = tables.Certificate
        numbers = set(self._to.execute(select(row.number)).scalars())
        ordered = self._from.execute(select(row.number).where(row.state.in_(_WAITING))).scalars()
        self._done.orders_lost = sum(number not in numbers for number in ordered)

    def _named(self, one: Values, said: str = "") -> Named:
        return Named(one["number"], one["name"], self._slug(one), said)

    def _slug(self, one: Values) -> str:
        return self._slugs[one["event_id"]]


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
