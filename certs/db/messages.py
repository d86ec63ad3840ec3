"""Mails in the register: a table as a queue, of which each row is sent once.

A worker takes a message by a conditional UPDATE that puts its token on the row, commits, sends, and notes what came of
it while the row still bears the token. What a worker leaves behind in between is `unknown`: nobody can say whether
the mail server has it. One letter is meant once: a unique constraint over event, person, kind and occasion holds that.

`put` is for whoever means letters within a transaction of her own.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, and_, func, insert, or_, select, update

from certs.db import audit, bulk, cursors, leases, tables
from certs.db.engine import reading, writing
from certs.db.events import id_of
from certs.errors import NotFoundError
from certs.model import Act, Letter, Message, MessageKind, MessageState, Page, PersonKey, Reply
from certs.wording import say, written

_row, _pause, _declined = tables.Message, tables.MailPause, tables.MailDeclined
_MINUTE = timedelta(minutes=1)
_FREED: dict[str, None] = {"lease": None, "lease_until": None}
_SENDING = _row.state == MessageState.SENDING.value
_DONE = [one.value for one in MessageState if not one.is_open]
_COLUMNS = (
    "kind", "event_id", "slug", "person", "occasion", "address", "language", "facts", "link", "page",
    "state", "token", "bulk", "queued_at", "queued_by", "said",
)  # fmt: skip


class Messages:
    """Mails that are meant, under way or done with; implements `certs.ports.Messages`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def queue(self, letters: Sequence[Letter], act: Act) -> int:
        """Keep *letters* to be sent, those alone that were never meant before; return how many these are.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails; nothing was kept.
        """
        with writing(self._engine) as connection:
            fresh = _put(connection, letters, act)
            for (slug, kind), count in Counter((one.slug, one.kind.value) for one in fresh).items():
                audit.append(connection, act, audit.Change("message.queue", slug, kind, new={"count": count}))
            return len(fresh)

    def get(self, message: int) -> Message:
        """Return the message.

        Raises:
            NotFoundError: there is none.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            found = connection.execute(_query().where(_row.id == message)).first()
        if found is None:
            raise NotFoundError(say("There is no message {message}.", message=message))
        return _message(found)

    def known(self, slug: str, kind: MessageKind) -> Collection[tuple[PersonKey, str]]:
        """Return to whom, and on which occasions, letters of *kind* were meant of an event.

        Raises:
            StorageError: the database fails.
        """
        query = select(_row.person, _row.occasion).where(_row.slug == slug, _row.kind == kind.value)
        with reading(self._engine) as connection:
            return {(PersonKey(person), occasion) for person, occasion in connection.execute(query)}

    def claim(self, token: str, lease: timedelta, per_minute: int) -> Message | None:
        """Take the next message that is due; None where none is, or so many were begun within a minute.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:  # a look disturbs no writer
            if _first_due(connection, leases.now(connection)) is None:
                return None
        with writing(self._engine) as connection:
            now = leases.now(connection)
            begun = select(func.count()).select_from(_row).where(_row.begun_at > now - _MINUTE)
            if connection.execute(begun).scalar_one() >= per_minute:
                return None
            if (message := _first_due(connection, now, lock=True)) is None:
                return None
            taken = {"state": MessageState.SENDING.value, "lease": token, "lease_until": now + lease, "begun_at": now}
            mine = update(_row).where(_row.id == message, _due(now)).values(**taken)
            if connection.execute(mine).rowcount != 1:
                return None
            return _message(connection.execute(_query().where(_row.id == message)).one())

    def settle(self, token: str, reply: Reply, next_at: datetime | None = None) -> bool:
        """Note what came of the message held under *token*.

        Raises:
            StorageError: the database fails.
        """
        put_off = reply.state is MessageState.DEFERRED and not reply.away
        values = {
            **_FREED,
            "state": reply.state.value,
            "said": reply.said,
            "next_at": next_at,
            "tries": _row.tries + (1 if put_off else 0),
        }
        if reply.state is MessageState.SENT:
            values["link"] = ""  # whoever reads the register later does not find it there
        with writing(self._engine) as connection:
            changed = {"changed_at": leases.now(connection)}
            held = update(_row).where(_row.lease == token, _SENDING)
            return connection.execute(held.values(**values, **changed)).rowcount == 1

    def strand(self, gone: Callable[[str], bool]) -> int:
        """Let the fate be unknown of what is held by holders that are *gone*, or for too long.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            now = leases.now(connection)
            held = connection.execute(select(_row.lease, _row.lease_until).where(_SENDING)).all()
        stranded = [one.lease for one in held if one.lease_until < now or gone(one.lease)]
        if not stranded:
            return 0
        with writing(self._engine) as connection:
            lost = update(_row).where(_SENDING, bulk.among(connection, _lease(), stranded))
            values = {**_FREED, "state": MessageState.UNKNOWN.value, "said": _stranded(), "changed_at": now}
            return connection.execute(lost.values(**values)).rowcount

    def counts(self, slug: str) -> Mapping[MessageKind, Mapping[MessageState, int]]:
        """Count the messages of an event by kind and state.

        Raises:
            StorageError: the database fails.
        """
        query = select(_row.kind, _row.state, func.count()).where(_row.slug == slug).group_by(_row.kind, _row.state)
        found: dict[MessageKind, dict[MessageState, int]] = {}
        with reading(self._engine) as connection:
            for kind, state, count in connection.execute(query):
                found.setdefault(MessageKind(kind), {})[MessageState(state)] = count
        return found

    def listed(
        self, slug: str, kind: MessageKind | None, state: MessageState | None, after: str = "", limit: int = 50
    ) -> Page[Message]:
        """Return messages of an event, newest first.

        Raises:
            InputError: *after* is no place in that list.
            StorageError: the database fails.
        """
        query = _query().where(_row.slug == slug)
        query = query if kind is None else query.where(_row.kind == kind.value)
        query = query if state is None else query.where(_row.state == state.value)
        if after:
            query = query.where(_row.id < cursors.read(after, [int])[0])
        with reading(self._engine) as connection:
            found = connection.execute(query.order_by(_row.id.desc()).limit(limit + 1)).all()
        more = cursors.written([found[limit - 1].id]) if len(found) > limit else ""
        return Page([_message(one) for one in found[:limit]], more)

    def of_person(self, person: PersonKey) -> Sequence[Message]:
        """Return every message to *person*, oldest first.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return [
                _message(one) for one in connection.execute(_query().where(_row.person == person).order_by(_row.id))
            ]

    def again(self, slug: str, messages: Collection[int], act: Act) -> int:
        """Let messages of an event be sent again whose fate is settled or unknown; return how many.

        Raises:
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            mine = and_(_row.slug == slug, bulk.among(connection, _id(), list(messages)), _row.state.in_(_DONE))
            found = connection.execute(_query().where(mine)).all()
            for one in found:
                # A receiver drops what it has under the same Message-ID: right where we do not know whether it has it.
                edition = one.edition if one.state == MessageState.UNKNOWN.value else one.edition + 1
                fresh = {"token": _letter(one).token(edition), "edition": edition, "tries": 0, "said": ""}
                queued = {"state": MessageState.QUEUED.value, "next_at": None}
                connection.execute(update(_row).where(_row.id == one.id).values(**fresh, **queued))
            if found:
                audit.append(connection, act, audit.Change("message.again", slug, "", new={"count": len(found)}))
            return len(found)

    def bounce(self, token: str, said: str, act: Act) -> Message | None:
        """Note that the mail whose `Message-ID` begins with *token* was returned; None if we sent none such.

        Raises:
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            found = connection.execute(_query().where(_row.token == token)).first()
            if found is None:
                return None
            if found.state in {MessageState.SENT.value, MessageState.UNKNOWN.value}:
                values = {"state": MessageState.BOUNCED.value, "said": said, "changed_at": act.at}
                connection.execute(update(_row).where(_row.id == found.id).values(**values))
                audit.append(connection, act, audit.Change("message.bounce", found.slug, f"message {found.id}"))
            return _message(connection.execute(_query().where(_row.id == found.id)).one())

    def paused(self, slug: str) -> bool:
        """Say whether the mails of an event wait until somebody lets them go on.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return bool(connection.execute(select(_pause.paused).where(_pause.slug == slug)).scalar())

    def pause(self, slug: str, act: Act, *, paused: bool) -> None:
        """Let the mails of an event wait, or go on.

        Raises:
            NotFoundError: no such event.
            StorageError: the database fails.
        """
        values = {"paused": paused, "at": act.at, "by": act.actor}
        with writing(self._engine) as connection:
            id_of(connection, slug)
            if connection.execute(update(_pause).where(_pause.slug == slug).values(**values)).rowcount == 0:
                connection.execute(insert(_pause).values(slug=slug, **values))
            what = "message.pause" if paused else "message.resume"
            audit.append(connection, act, audit.Change(what, slug, ""))

    def decline(self, person: PersonKey, act: Act) -> None:
        """Note that *person* wants no mail but what she asks for.

        Raises:
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            noted = bulk.insert_missing(connection, _declined).values(person=person, at=act.at)
            if connection.execute(noted.returning(_declined.person)).first() is None:
                return  # she said so before
            waiting = _row.state.in_([MessageState.QUEUED.value, MessageState.DEFERRED.value])
            hers = update(_row).where(_row.person == person, waiting, _row.kind.in_(_DECLINABLE))
            values = {"state": MessageState.NOT_TO_BE_MAILED.value, "said": _wants_none(), "changed_at": act.at}
            connection.execute(hers.values(**values))
            audit.append(connection, act, audit.Change("message.decline", "", ""))

    def forget(self, person: PersonKey) -> int:
        """Forget everything in messages to *person* but that there were some; return how many.

        Raises:
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            return forget(connection, person)


_DECLINABLE = [one.value for one in MessageKind if one.may_be_declined]


def put(connection: Connection, letters: Sequence[Letter], act: Act) -> int:
    """Keep *letters* to be sent, within the caller's transaction, those alone that were never meant before.

    Nothing is entered in the trail: the caller's own act tells what they are about. Returns how many are new.

    Raises:
        NotFoundError: no such event.
    """
    return len(_put(connection, letters, act))


def _put(connection: Connection, letters: Sequence[Letter], act: Act) -> Sequence[Letter]:
    """Keep *letters*; return those that are new."""
    events = {slug: id_of(connection, slug) if slug else None for slug in {one.slug for one in letters}}
    people = {one.person for one in letters if one.kind.may_be_declined}
    wanted = select(_declined.person).where(bulk.among(connection, _declined.person, people))
    unwanted = set(connection.execute(wanted).scalars()) if people else set[str]()
    fresh: list[Letter] = []
    for one in letters:
        declined = one.kind.may_be_declined and one.person in unwanted
        values = dict(zip(_COLUMNS, _values(one, events[one.slug], act, declined=declined), strict=True))
        stored = bulk.insert_missing(connection, _row).values(**values).returning(_row.id)
        if connection.execute(stored).first() is not None:
            fresh.append(one)
    return fresh


def _values(letter: Letter, event: int | None, act: Act, *, declined: bool) -> tuple[object, ...]:
    """Return what is kept of *letter*, in the order of the columns."""
    facts = json.dumps(dict(letter.facts), ensure_ascii=False, sort_keys=True)
    whom = letter.kind.value, event, letter.slug, letter.person, letter.occasion, letter.to, letter.language
    state = MessageState.NOT_TO_BE_MAILED if declined else MessageState.QUEUED
    what = facts, "" if declined else letter.link, letter.page, state.value, letter.token(), letter.kind.is_bulk
    return (*whom, *what, act.at, act.actor, _wants_none() if declined else "")


def forget(connection: Connection, person: PersonKey) -> int:
    """Forget everything in messages to *person*, within the caller's transaction; return how many there were.

    What waits is not sent. Each row keeps its event, kind, state and moments.
    """
    found = connection.execute(select(_row.id, _row.state).where(_row.person == person)).all()
    for one in found:
        empty = dict.fromkeys(("person", "occasion", "address", "link", "page", "said"), "")
        state = MessageState.NOT_TO_BE_MAILED.value if MessageState(one.state).is_open else one.state
        values = {**empty, "person": f"forgotten {one.id}", "facts": "{}", "token": f"forgotten {one.id}"}
        connection.execute(update(_row).where(_row.id == one.id).values(**values, **_FREED, state=state))
    return len(found)


def _query() -> Select[*tuple[Any, ...]]:
    return select(*_row.__table__.c)


def _id() -> Any:
    return _row.id


def _lease() -> Any:
    return _row.lease


def _due(now: datetime) -> ColumnElement[bool]:
    put_off = and_(_row.state == MessageState.DEFERRED.value, _row.next_at <= now)
    return or_(_row.state == MessageState.QUEUED.value, put_off)


def _first_due(connection: Connection, now: datetime, *, lock: bool = False) -> int | None:
    """Return the message that is sent next: what somebody waits for before what goes to everybody, oldest first."""
    paused = select(_pause.slug).where(_pause.paused.is_(True))
    for of_many in (False, True):
        for due in (_row.state == MessageState.QUEUED.value, _due(now)):
            query = select(_row.id).where(due, _row.bulk.is_(of_many), _row.slug.not_in(paused))
            query = query.order_by(_row.id).limit(1)
            found = connection.execute(query.with_for_update(skip_locked=True) if lock else query).scalar()
            if found is not None:
                return int(found)
    return None


def _letter(row: Row[*tuple[Any, ...]]) -> Letter:
    return Letter(
        kind=MessageKind(row.kind),
        person=PersonKey(row.person),
        occasion=row.occasion,
        slug=row.slug,
        language=row.language,
        facts=json.loads(row.facts),
        link=row.link,
        page=row.page,
        address="" if row.address == row.person else row.address,
    )


def _message(row: Row[*tuple[Any, ...]]) -> Message:
    return Message(
        id=row.id,
        letter=_letter(row),
        state=MessageState(row.state),
        queued_at=row.queued_at,
        queued_by=row.queued_by,
        tries=row.tries,
        edition=row.edition,
        next_at=row.next_at,
        changed_at=row.changed_at,
        said=row.said,
    )


def _wants_none() -> str:
    return written(say("The person wants no mail."))


def _stranded() -> str:
    return written(say("Whoever was sending it was interrupted: perhaps the mail server has it."))
