"""Sign-ins and invitations in the register: it knows their secrets by SHA-256 alone, and keeps when each ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from certs.db import audit, tables
from certs.db.engine import reading, writing
from certs.db.users import SHOWN, identity, user_of
from certs.model import Act, SignIn, User, Way

_row, _invitation, _user = tables.SignIn, tables.Invitation, tables.User
_SHOWN = (_row.digest, _row.way, _row.at, _row.seen_at, _row.again_at, _row.ends_at, _row.browser)


class SignIns:
    """Who is signed in; implements `certs.ports.SignIns`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def invite(self, ref: str, digest: bytes, until: datetime, act: Act) -> None:
        """Keep an invitation; those of before open nothing any more."""
        with writing(self._engine) as connection:
            user_id, email = identity(connection, ref)
            mine = update(_invitation).where(_invitation.user_id == user_id, _invitation.ended_at.is_(None))
            connection.execute(mine.values(ended_at=act.at))
            connection.execute(insert(_invitation).values(digest=digest, user_id=user_id, until=until))
            audit.append(connection, act, audit.Change("user.invite", "", email))

    def invited(self, digest: bytes, now: datetime) -> User | None:
        """Return whom an invitation is for, while it can be used."""
        query = select(*SHOWN).join(_invitation, _invitation.user_id == _user.id).where(*_open(digest, now))
        with reading(self._engine) as connection:
            found = connection.execute(query.where(_user.suspended_at.is_(None))).first()
        return None if found is None else user_of(found)

    def accept(self, digest: bytes, now: datetime) -> bool:
        """Use an invitation up."""
        with writing(self._engine) as connection:
            used = update(_invitation).where(*_open(digest, now)).values(ended_at=now)
            return connection.execute(used).rowcount == 1

    def begin(self, ref: str, sign_in: SignIn, act: Act) -> None:
        """Keep a sign-in."""
        with writing(self._engine) as connection:
            user_id, email = identity(connection, ref)
            fields = {name: getattr(sign_in, name) for name in SignIn.__slots__}
            connection.execute(insert(_row).values(**{**fields, "way": sign_in.way.value, "user_id": user_id}))
            audit.append(connection, act, audit.Change("user.sign_in", "", email, new={"way": sign_in.way.value}))

    def signed_in(self, digest: bytes, now: datetime) -> tuple[User, SignIn] | None:
        """Return whose sign-in that is, if it goes on and she is not suspended."""
        query = (
            select(*SHOWN, *_SHOWN)
            .join(_row, _row.user_id == _user.id)
            .where(_row.digest == digest, _row.ended_at.is_(None), _row.ends_at > now, _user.suspended_at.is_(None))
        )
        with reading(self._engine) as connection:
            found = connection.execute(query).first()
        return None if found is None else (user_of(found), _sign_in(found))

    def touch(self, digest: bytes, *, seen_at: datetime, again_at: datetime | None = None) -> None:
        """Note that a sign-in is in use, and that she showed password or passkey again."""
        again = {} if again_at is None else {"again_at": again_at}
        with writing(self._engine) as connection:
            connection.execute(update(_row).where(_row.digest == digest).values(seen_at=seen_at, **again))

    def end(self, ref: str, digest: bytes | None, at: datetime) -> None:
        """End one sign-in of a user, or all of them."""
        with writing(self._engine) as connection:
            user_id, _ = identity(connection, ref)
            end_all(connection, user_id, at, digest)

    def sign_ins(self, ref: str, now: datetime) -> Sequence[SignIn]:
        """Return the sign-ins of a user that go on, newest first."""
        query = select(*_SHOWN).join(_user, _user.id == _row.user_id)
        mine = query.where(_user.ref == ref, _row.ended_at.is_(None), _row.ends_at > now)
        with reading(self._engine) as connection:
            return [_sign_in(one) for one in connection.execute(mine.order_by(_row.at.desc()))]


def end_all(connection: Connection, user_id: int, at: datetime, digest: bytes | None = None) -> None:
    """End the sign-ins of a user, or the one of *digest*."""
    mine = update(_row).where(_row.user_id == user_id, _row.ended_at.is_(None))
    connection.execute((mine if digest is None else mine.where(_row.digest == digest)).values(ended_at=at))


def _open(digest: bytes, now: datetime) -> tuple[Any, ...]:
    return _invitation.digest == digest, _invitation.ended_at.is_(None), _invitation.until > now


def _sign_in(found: Row[*tuple[Any, ...]]) -> SignIn:
    return SignIn(found.digest, Way(found.way), found.at, found.seen_at, found.again_at, found.ends_at, found.browser)
