"""The audit trail as a whole: is it one chain, does it hold what our checkpoints say, do the rows say what it says?

All of it is read in one transaction that sees one state of the register, as streams.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager

from sqlalchemy import Connection, Engine, select, text

from certs.db import audit, checkpoints, comparison, entered, masked, tables
from certs.db.engine import reading, writing
from certs.errors import ConflictError, InputError
from certs.ground import checkpoint as heads
from certs.model import Act, AuditEntry, Checkpoint
from certs.ports import Voucher
from certs.wording import hint, say, say_n

_AT_ONCE = 500
_NAMED = 20
"""So many differences are named."""
_checkpoint = tables.Checkpoint


class Trail:
    """The trail beside what it tells of; implements `certs.ports.Trail`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def entries(self) -> Iterator[AuditEntry]:
        """Yield all entries, oldest first.

        Raises:
            StorageError: the database fails.
        """
        return masked.entries(self._engine)

    def newest_checkpoint(self) -> str:
        """Return the newest checkpoint, empty if there is none.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            found = checkpoints.newest(connection)
        return found.note if found else ""

    def head(self) -> tuple[int, str]:
        """Return the newest entry and its digest, 0 and nothing where the trail is empty.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return checkpoints.head(connection)

    def contradictions(self, voucher: Voucher, outside: Iterable[Checkpoint] = ()) -> Iterator[str]:
        """Yield what is wrong with the chain itself and with the checkpoints, those *outside* among them.

        Raises:
            SigningError: the key folder cannot be read.
            StorageError: the database fails.
        """
        with _one_state(self._engine) as connection:
            with closing(audit.entries_of(connection)) as entries:
                yield from _of_chain(entries)
            yield from _of_checkpoints(connection, voucher, outside)

    def faults(self, voucher: Voucher, outside: Iterable[Checkpoint] = ()) -> Iterator[str]:
        """Yield what `contradictions` does, what nobody vouched for, and where rows and trail differ.

        Raises:
            SigningError: the key folder cannot be read.
            StorageError: the database fails.
        """
        with _one_state(self._engine) as connection:
            sums, told_of = comparison.Sums(), entered.Told()
            entries = _heard(audit.entries_of(connection), sums, told_of)
            yield from _of_chain(entries)
            for _ in entries:  # the rest of a broken chain says something all the same
                pass
            yield from _of_checkpoints(connection, voucher, outside)
            yield from _unvouched(connection)
            for item in comparison.rows(connection, sums.rolls):
                sums.add(item, -1)
            yield from _differences(connection, sums)
            yield from (one.sentence for one in told_of.faults(connection))

    def unvouched(self) -> Sequence[AuditEntry]:
        """Return the entries after the newest checkpoint that are on acts which certificates rest on.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            last = checkpoints.newest(connection)
            since = last.entries if last else 0
            return [entry for entry in audit.entries_of(connection, since=since) if checkpoints.is_vouched(entry.act)]

    def vouch(self, voucher: Voucher, act: Act, seen: int) -> str | None:
        """Sign the head of the trail, whatever stands in the way, because somebody looked at it up to entry *seen*.

        Raises:
            ConflictError: something was appended since.
            SigningError: no key can sign it.
            StorageError: the database fails.
        """
        voucher.ready()
        with writing(self._engine) as connection:
            audit.lock(connection)
            entries, sha256 = checkpoints.head(connection)
            if entries != seen:
                raise ConflictError(say("Something was entered meanwhile; nothing was signed. Look, then try again."))
            last = checkpoints.newest(connection)
            if last is not None and last.entries == entries and voucher.read(last.note):
                signed: str | None = last.note
            else:
                signed = voucher.sign(entries, sha256, act.at)
                if signed is not None:
                    checkpoints.store(connection, entries, sha256, act.at, signed)
        if signed is not None:
            voucher.keep(signed)
        return signed

    def adopt(self, act: Act, seen: Sequence[str]) -> int:
        """Enter all in which rows and trail differ, as it stands, and what else was *seen*; return how much differed.

        Raises:
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            audit.lock(connection)
            sums, told_of = comparison.Sums(), entered.Told()
            for _ in _heard(audit.entries_of(connection), sums, told_of):
                pass
            settled = [one.state for one in told_of.faults(connection)]
            for item in comparison.rows(connection, sums.rolls):
                sums.add(item, -1)
            parts = sums.uneven()
            rows, acts = comparison.uneven(connection, parts, len(parts)) if parts else ([], [])
            signed = [(item, "rows") for item in rows] + [(item, "acts") for item in acts]
            for start in range(0, max(len(signed), 1), _AT_ONCE):
                part = signed[start : start + _AT_ONCE]
                new: dict[str, object] = {side: [item for item, of in part if of == side] for side in ("rows", "acts")}
                new["told"] = list(seen) if start == 0 else []
                if settled and start == 0:
                    new[entered.SETTLED] = settled
                audit.append(connection, act, audit.Change(checkpoints.ADOPT, "", "register", new=new))
        return len(signed) + len(settled)


def checkpoint_over(engine: Engine, entry: int) -> str:
    """Return the first checkpoint after *entry*, empty if there is none that the entries from there to it lead to.

    Whoever holds the keys says whether it is under our signature.

    Raises:
        StorageError: the database fails.
    """
    with reading(engine) as connection:
        query = select(_checkpoint.entries, _checkpoint.note).where(_checkpoint.entries >= entry)
        found = connection.execute(query.order_by(_checkpoint.entries).limit(1)).first()
        if found is None:
            return ""
        columns = tables.Audit.__table__.c
        mine = select(*columns).where(columns.id.between(entry, found.entries)).order_by(columns.id)
        whole, previous = True, ""
        for row in connection.execute(mine, execution_options={"yield_per": _AT_ONCE}):
            whole = whole and audit.digest(tuple(row)[:-1]) == row.sha256 and previous in ("", row.previous)
            previous = row.sha256
    try:
        said = heads.read(found.note)
    except InputError:
        return ""
    return str(found.note) if whole and (said.entries, said.sha256) == (found.entries, previous) else ""


@contextmanager
def _one_state(engine: Engine) -> Iterator[Connection]:
    """Yield a connection all of whose queries see one state, however long they take."""
    with reading(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        yield connection


def _heard(entries: Iterable[AuditEntry], sums: comparison.Sums, told_of: entered.Told) -> Iterator[AuditEntry]:
    """Yield *entries*, each heard by *sums* and *told_of*."""
    for entry in entries:
        sums.hear(entry)
        told_of.hear(entry)
        yield entry


def _of_chain(entries: Iterator[AuditEntry]) -> Iterator[str]:
    broken = audit.first_broken(entries)
    if broken is not None:
        yield say(
            "The trail is broken, {broken}: somebody wrote to the database by hand. Compare it with a backup.",
            broken=broken[1],
        )


def _of_checkpoints(connection: Connection, voucher: Voucher, outside: Iterable[Checkpoint]) -> Iterator[str]:
    """Yield what the trail lacks of what is under our signature: in the register, in the key folder, and *outside*."""
    row, entry = _checkpoint, tables.Audit
    query = select(row.entries, row.note, entry.sha256.label("found")).outerjoin(entry, entry.id == row.entries)
    last = 0
    for one in connection.execute(query.order_by(row.entries), execution_options={"yield_per": _AT_ONCE}):
        said = voucher.read(one.note)
        if said is None:
            yield say(
                "The checkpoint of entry {entry} is not signed by a credential key that lies here and is safe.",
                entry=one.entries,
            )
        elif said.entries != one.entries:
            yield say(
                "The checkpoint of entry {entry} was signed for entry {other}.", entry=one.entries, other=said.entries
            )
        elif said.sha256 != one.found:
            yield _lacks(said, one.found is not None, say("a checkpoint in the register"))
        last = one.entries
    kept = voucher.kept()
    if kept:
        said = voucher.read(kept)
        if said is None:
            yield say("The checkpoint in the key folder is not signed by a credential key that lies here and is safe.")
        else:
            yield from _of_one(connection, said, say("the checkpoint in the key folder"))
            if said.entries > last and not list(_of_one(connection, said, "")):
                yield say(
                    "The register has lost the checkpoint of entry {entry}, which the key folder keeps.",
                    entry=said.entries,
                )
    for said in outside:
        yield from _of_one(connection, said, say("the checkpoint kept outside"))


def _of_one(connection: Connection, said: Checkpoint, where: str) -> Iterator[str]:
    found = connection.execute(select(tables.Audit.sha256).where(tables.Audit.id == said.entries)).scalar()
    if found != said.sha256:
        yield _lacks(said, found is not None, where)


def _lacks(said: Checkpoint, other: bool, where: str) -> str:
    signed = say("{where} of {at:%Y-%m-%d %H:%M} UTC", where=where, at=said.at)
    if other:
        return say(
            "Entry {entry} of the trail is another one than {signed} says: the trail was written anew.",
            entry=said.entries,
            signed=signed,
        )
    return say(
        "The trail ends before entry {entry}, which {signed} names: it was cut, or an older register was put in place.",
        entry=said.entries,
        signed=signed,
    )


def _unvouched(connection: Connection) -> Iterator[str]:
    """Yield what certificates rest on and nobody who holds our keys has signed."""
    last, (entries, _) = checkpoints.newest(connection), checkpoints.head(connection)
    if not entries and connection.execute(select(tables.Issued.certificate_id).limit(1)).first():
        yield say("The trail is empty, beside certificates that were issued.")
    found = checkpoints.unvouched(connection, last.entries if last else 0, most=_NAMED + 1)
    if found:
        which = ", ".join(map(str, found[:_NAMED]))
        since = say("since the checkpoint of entry {entry}", entry=last.entries) if last else _NEVER
        yield say_n(
            "Entry {which} of the trail: nobody who holds our keys has signed that, {since}. {look}",
            "Entries {which} of the trail: nobody who holds our keys has signed that, {since}. {look}",
            len(found),
            which=say("{some} and more", some=which) if len(found) > _NAMED else which,
            since=since,
            look=say("Look at them, then: {sign}", sign=hint("trail_sign")),
        )


def _differences(connection: Connection, sums: comparison.Sums) -> Iterator[str]:
    parts = sums.uneven()
    if not parts:
        return
    told = list(comparison.named(*comparison.uneven(connection, parts)))
    yield from told[:_NAMED]
    if len(told) > _NAMED or len(parts) > comparison.PARTS_NAMED:
        least = max(len(parts), len(told)) - _NAMED
        yield say_n(
            "At least {n:,} more certificate stands otherwise in the register than in the trail.",
            "At least {n:,} more certificates stand otherwise in the register than in the trail.",
            least,
        )


_NEVER = say("and there is no checkpoint at all")
