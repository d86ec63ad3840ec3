"""What opens the accounts of users: password, authenticator app, recovery codes and passkeys.

A code works once, also where two requests bring it at the same moment: whoever changes the row has used it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, func, insert, select, update

from certs.db import audit, tables
from certs.db.engine import reading, writing
from certs.db.signins import end_all
from certs.db.users import SHOWN, identity, user_of
from certs.errors import NotFoundError
from certs.model import Act, Lock, Passkey, User
from certs.wording import say

_row, _code, _key = tables.User, tables.RecoveryCode, tables.Passkey
_OF_KEY = (_key.credential_id, _key.public_key, _key.count.label("used"), _key.name.label("key_name"), _key.added_at)


class Locks:
    """What opens accounts; implements `certs.ports.Locks`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def lock_of(self, ref: str) -> Lock:
        """Return what opens the account."""
        with reading(self._engine) as connection:
            query = select(_row.password_hash, _row.app_secret, _row.app_step).where(_row.ref == ref)
            found = connection.execute(query).first()
        if found is None:
            raise NotFoundError(say("There is no such user."))
        return Lock(found.password_hash, found.app_secret, found.app_step)

    def set_password(self, ref: str, password_hash: str, act: Act) -> None:
        """Keep a new password; every sign-in of before ends."""
        with writing(self._engine) as connection:
            user_id, email = identity(connection, ref)
            connection.execute(update(_row).where(_row.id == user_id).values(password_hash=password_hash))
            end_all(connection, user_id, act.at)
            audit.append(connection, act, audit.Change("user.password", "", email))

    def set_app(self, ref: str, secret: bytes, step: int, act: Act) -> None:
        """Keep the sealed secret of an authenticator app; empty takes it away."""
        with writing(self._engine) as connection:
            user_id, email = identity(connection, ref)
            connection.execute(update(_row).where(_row.id == user_id).values(app_secret=secret, app_step=step))
            new = {"app": bool(secret)}
            audit.append(connection, act, audit.Change("user.app", "", email, new=new))

    def use_step(self, ref: str, step: int) -> bool:
        """Note that the code of *step* was used."""
        with writing(self._engine) as connection:
            newer = update(_row).where(_row.ref == ref, _row.app_step < step).values(app_step=step)
            return connection.execute(newer).rowcount == 1

    def set_recovery(self, ref: str, digests: Sequence[bytes], act: Act) -> None:
        """Keep recovery codes in place of all before."""
        with writing(self._engine) as connection:
            user_id, email = identity(connection, ref)
            mine = update(_code).where(_code.user_id == user_id, _code.ended_at.is_(None))
            connection.execute(mine.values(ended_at=act.at))
            connection.execute(insert(_code), [{"digest": one, "user_id": user_id} for one in digests])
            audit.append(connection, act, audit.Change("user.recovery", "", email, new={"count": len(digests)}))

    def recovery_left(self, ref: str) -> int:
        """Return how many recovery codes can still be used."""
        query = select(func.count()).select_from(_code).join(_row, _row.id == _code.user_id)
        with reading(self._engine) as connection:
            return connection.execute(query.where(_row.ref == ref, _code.ended_at.is_(None))).scalar_one()

    def use_recovery(self, ref: str, digest: bytes, at: datetime) -> bool:
        """Use up a recovery code."""
        with writing(self._engine) as connection:
            user_id, _ = identity(connection, ref)
            mine = update(_code).where(_code.digest == digest, _code.user_id == user_id, _code.ended_at.is_(None))
            return connection.execute(mine.values(ended_at=at)).rowcount == 1

    def add_passkey(self, ref: str, passkey: Passkey, act: Act) -> None:
        """Keep a passkey."""
        with writing(self._engine, "This passkey is known already.") as connection:
            user_id, email = identity(connection, ref)
            fields = {
                "credential_id": passkey.credential_id,
                "user_id": user_id,
                "public_key": passkey.public_key,
                "count": passkey.count,
                "name": passkey.name,
                "added_at": passkey.added_at,
            }
            connection.execute(insert(_key).values(**fields))
            audit.append(connection, act, audit.Change("user.passkey", "", email, new={"name": passkey.name}))

    def passkeys(self, ref: str) -> Sequence[Passkey]:
        """Return the passkeys of a user, oldest first."""
        query = select(*_OF_KEY).join(_row, _row.id == _key.user_id).where(_row.ref == ref, _key.ended_at.is_(None))
        with reading(self._engine) as connection:
            return [_passkey(one) for one in connection.execute(query.order_by(_key.added_at))]

    def passkey(self, credential_id: bytes) -> tuple[User, Passkey] | None:
        """Return whose passkey that is."""
        query = select(*SHOWN, *_OF_KEY).join(_key, _key.user_id == _row.id)
        with reading(self._engine) as connection:
            found = connection.execute(
                query.where(_key.credential_id == credential_id, _key.ended_at.is_(None))
            ).first()
        return None if found is None else (user_of(found), _passkey(found))

    def use_passkey(self, credential_id: bytes, count: int) -> bool:
        """Keep the counter of a passkey; many devices always say 0, and no copy of those can be told."""
        with writing(self._engine) as connection:
            onwards = (_key.count < count) if count else (_key.count == 0)
            mine = update(_key).where(_key.credential_id == credential_id, _key.ended_at.is_(None), onwards)
            return connection.execute(mine.values(count=count)).rowcount == 1

    def drop_passkey(self, ref: str, credential_id: bytes, act: Act) -> None:
        """Take a passkey away."""
        with writing(self._engine) as connection:
            user_id, email = identity(connection, ref)
            mine = update(_key).where(
                _key.credential_id == credential_id, _key.user_id == user_id, _key.ended_at.is_(None)
            )
            if connection.execute(mine.values(ended_at=act.at)).rowcount != 1:
                raise NotFoundError(say("There is no such passkey."))
            audit.append(connection, act, audit.Change("user.passkey.drop", "", email))


def _passkey(found: Row[*tuple[Any, ...]]) -> Passkey:
    return Passkey(found.credential_id, found.public_key, found.used, found.key_name, found.added_at)
