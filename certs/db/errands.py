"""Errands in the register: a table as a queue, under leases as certificates are.

A worker takes an errand by a conditional UPDATE that puts its token on a row which nobody holds; whatever it says of
the errand afterwards changes a row only while that still bears the token. One errand is open for one wish: a unique
index over those that have not ended holds that, so whoever asks twice, or at the same moment, gets the same one.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, case, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from certs.db import leases, tables
from certs.db.engine import reading, writing
from certs.errors import NotFoundError
from certs.model import Act, Errand, ErrandFile, ErrandKind, Wish
from certs.wording import read_again, say, written_or_plain

_row, _file, _worker = tables.Errand, tables.ErrandFile, tables.Worker
_OPEN = _row.ended_at.is_(None)
_FREED: dict[str, None] = {"lease": None, "lease_until": None}


class Errands:
    """Long work that was asked for; implements `certs.ports.Errands`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, wish: Wish, act: Act, files: Sequence[ErrandFile] = ()) -> Errand:
        """Keep *wish* with *files* for a worker, or find the errand of before.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails; nothing was kept.
        """
        with writing(self._engine) as connection:
            event_id = _event(connection, wish.slug)
            while (errand := _asked_before(connection, wish) or _new(connection, wish, act, event_id, files)) is None:
                pass  # somebody asked for the same at this moment
            return _one(connection, errand)

    def get(self, errand: int) -> Errand:
        """Return the errand.

        Raises:
            NotFoundError: there is none.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return _one(connection, errand)

    def of_event(self, slug: str, most: int = 20) -> Sequence[Errand]:
        """Return the errands of an event, newest first.

        Raises:
            StorageError: the database fails.
        """
        query = _query().join(tables.Event, tables.Event.id == _row.event_id).where(tables.Event.slug == slug)
        with reading(self._engine) as connection:
            return [_errand(one) for one in connection.execute(query.order_by(_row.id.desc()).limit(most))]

    def newest(self, kind: ErrandKind, slug: str = "", *, found: bool = False) -> Errand | None:
        """Return the errand of *kind* that was asked for last; with *found*, the last that left an outcome.

        Raises:
            StorageError: the database fails.
        """
        query = _query().where(_row.kind == kind.value, _row.slug == slug)
        if found:
            query = query.where(_row.outcome != "")
        with reading(self._engine) as connection:
            newest = connection.execute(query.order_by(_row.id.desc()).limit(1)).first()
        return None if newest is None else _errand(newest)

    def waiting(self) -> int:
        """Count the errands that have not ended.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return connection.execute(select(func.count()).select_from(_row).where(_OPEN)).scalar_one()

    def files(self, errand: int) -> Sequence[ErrandFile]:
        """Return the files of an errand, in their order.

        Raises:
            StorageError: the database fails.
        """
        query = select(_file.name, _file.data).where(_file.errand_id == errand).order_by(_file.place)
        with reading(self._engine) as connection:
            return [ErrandFile(name, data) for name, data in connection.execute(query)]

    def claim(self, token: str, lease: timedelta) -> Errand | None:
        """Take the oldest errand that nobody holds.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:  # a look disturbs no writer
            if _first_free(connection) is None:
                return None
        with writing(self._engine) as connection:
            if (errand := _first_free(connection, lock=True)) is None:
                return None
            now = leases.now(connection)
            begun = {"begun_at": func.coalesce(_row.begun_at, now), "tries": _row.tries + 1}
            mine = update(_row).where(_row.id == errand, _OPEN, leases.free_errand(now))
            claimed = connection.execute(mine.values(lease=token, lease_until=now + lease, **begun))
            return _one(connection, errand) if claimed.rowcount == 1 else None

    def leases(self) -> Collection[str]:
        """Return the tokens under which errands are held now.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return [
                token
                for token in connection.execute(select(_row.lease).where(_OPEN, _row.lease.is_not(None))).scalars()
                if token
            ]

    def extend(self, token: str, lease: timedelta) -> bool:
        """Let the errand held under *token* stay so.

        Raises:
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            return _change(connection, token, lease_until=leases.now(connection) + lease)

    def tell(self, token: str, done: int, total: int) -> bool:
        """Note how far the errand held under *token* is.

        Raises:
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            return _change(connection, token, done=done, total=total)

    def give_back(self, token: str, *, died: bool = False) -> None:
        """Let others have the errand held under *token* at once.

        Raises:
            StorageError: the database fails.
        """
        tries = _row.tries if died else _row.tries - 1
        with writing(self._engine) as connection:
            _change(connection, token, **_FREED, tries=tries)

    def end(self, token: str, sentence: str, code: str = "", outcome: str = "") -> bool:
        """Note how the errand held under *token* ended, or let it wait again.

        Raises:
            StorageError: the database fails.
        """
        once_more = _row.again.is_(True)
        with writing(self._engine) as connection:
            now = leases.now(connection)
            if outcome:
                _forget_outcomes(connection, token)
            ended = _change(
                connection,
                token,
                **_FREED,
                again=False,
                tries=case((once_more, 0), else_=_row.tries),
                begun_at=case((once_more, None), else_=_row.begun_at),
                ended_at=case((once_more, None), else_=now),
                sentence=written_or_plain(sentence),
                code=code,
                outcome=outcome,
            )
            if ended:
                gone = select(_row.id).where(_row.ended_at.is_not(None))
                connection.execute(delete(_file).where(_file.errand_id.in_(gone)))
            return ended

    def beat(self, holder: str) -> None:
        """Note that the worker *holder* is there.

        Raises:
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            now = leases.now(connection)
            known = connection.execute(update(_worker).where(_worker.holder == holder).values(seen_at=now))
            if known.rowcount == 0:
                connection.execute(insert(_worker).values(holder=holder, seen_at=now))

    def silence(self) -> timedelta | None:
        """Return how long ago a worker was last heard of.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            seen = connection.execute(select(func.max(_worker.seen_at, type_=tables.UtcTime()))).scalar()
            return None if seen is None else max(leases.now(connection) - seen, timedelta())


def _query() -> Select[*tuple[Any, ...]]:
    return select(*_row.__table__.c)


def _one(connection: Connection, errand: int) -> Errand:
    found = connection.execute(_query().where(_row.id == errand)).first()
    if found is None:
        raise NotFoundError(say("There is no errand {errand}.", errand=errand))
    return _errand(found)


def _errand(row: Row[*tuple[Any, ...]]) -> Errand:
    return Errand(
        id=row.id,
        wish=Wish(ErrandKind(row.kind), row.slug, row.what, row.options),
        asked_by=row.asked_by,
        role=row.role,
        reason=row.reason,
        asked_at=row.asked_at,
        begun_at=row.begun_at,
        done=row.done,
        total=row.total,
        tries=row.tries,
        ended_at=row.ended_at,
        sentence=read_again(row.sentence),
        code=row.code,
        outcome=row.outcome,
    )


def _forget_outcomes(connection: Connection, token: str) -> None:
    """Let the outcomes go of errands that ended, of the kind and event of the one held under *token*."""
    held = connection.execute(select(_row.kind, _row.slug).where(_row.lease == token)).first()
    if held is not None:
        alike = (_row.kind == held.kind, _row.slug == held.slug, _row.outcome != "")
        connection.execute(update(_row).where(*alike).values(outcome=""))


def _event(connection: Connection, slug: str) -> int | None:
    if not slug:
        return None
    found = connection.execute(select(tables.Event.id).where(tables.Event.slug == slug)).scalar()
    if found is None:
        raise NotFoundError(say("There is no event {slug}.", slug=slug))
    return found


def _asked_before(connection: Connection, wish: Wish) -> int | None:
    """Return the open errand of the same wish; one that catches up and is begun already is to be done once more."""
    same = (_row.kind == wish.kind.value, _row.slug == wish.slug, _row.what == wish.what, _OPEN)
    if wish.kind.catches_up:
        connection.execute(update(_row).where(*same, _row.begun_at.is_not(None)).values(again=True))
    return connection.execute(select(_row.id).where(*same)).scalar()


def _new(connection: Connection, wish: Wish, act: Act, event_id: int | None, files: Sequence[ErrandFile]) -> int | None:
    """Store the errand and its files; None where somebody else stored the same at this moment."""
    fields = {"kind": wish.kind.value, "event_id": event_id, "slug": wish.slug, "what": wish.what}
    asked = {"asked_by": act.actor, "role": act.role, "reason": act.reason, "asked_at": act.at}
    stored = insert(_row).values(**fields, **asked, options=wish.options).returning(_row.id)
    try:
        with connection.begin_nested():
            errand = connection.execute(stored).scalar_one()
    except IntegrityError:
        return None
    for place, file in enumerate(files):
        values = {"errand_id": errand, "place": place, "name": file.name, "data": file.data}
        connection.execute(insert(_file).values(**values))
    return errand


def _first_free(connection: Connection, *, lock: bool = False) -> int | None:
    """Return the oldest errand that nobody holds; with *lock*, pass over those that another worker takes just now."""
    free = select(_row.id).where(_OPEN, leases.free_errand(leases.now(connection))).order_by(_row.id).limit(1)
    return connection.execute(free.with_for_update(skip_locked=True) if lock else free).scalar()


def _change(connection: Connection, token: str, **values: object) -> bool:
    """Change the errand held under *token*; say whether there is one."""
    return connection.execute(update(_row).where(_row.lease == token, _OPEN).values(**values)).rowcount == 1
