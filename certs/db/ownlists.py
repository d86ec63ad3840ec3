"""Who asked for her own list, and the links that were mailed for it.

A page only writes down the address that was typed, which takes the same time whoever's it is. A worker looks whose it
is. A link is used up by a conditional UPDATE, so that of two who open it at a time one does.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from certs.db import messages, tables
from certs.db.engine import reading, writing
from certs.db.people import PRESENT
from certs.model import Act, Letter, PersonKey
from certs.model.ownlist import ListLink, Opened

DAY = timedelta(hours=24)
MOST_A_DAY = 5
"""Mails of this kind that one person gets within a day, whoever asks."""
_asked, _link, _person = tables.ListAsked, tables.ListLink, tables.Person


class OwnLists:
    """Lists of one's own certificates; implements `certs.ports.OwnLists`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, address: PersonKey, language: str, at: datetime) -> None:
        """Keep that somebody typed *address*.

        Raises:
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            connection.execute(insert(_asked).values(address=address, language=language, at=at))

    def waits(self) -> bool:
        """Say whether anybody asked and was not answered.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return connection.execute(select(_asked.id).limit(1)).first() is not None

    def answer(self, letter: Callable[[PersonKey, str], tuple[bytes, Letter]], act: Act) -> int:
        """Queue a *letter* to everybody who asked and is known; return how many.

        Raises:
            StorageError: the database fails; who asked waits as before.
        """
        with writing(self._engine) as connection:
            connection.execute(delete(_link).where(_link.until < act.at - DAY))
            taken = connection.execute(delete(_asked).returning(_asked.address, _asked.language)).all()
            asked = {PersonKey(address): language for address, language in taken}
            return sum(_answered(connection, one, letter, asked[one], act) for one in sorted(asked))

    def stands(self, digest: bytes, now: datetime) -> ListLink:
        """Return how the link of that digest stands.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return _stands(connection, digest, now)

    def open(self, digest: bytes, now: datetime) -> Opened | ListLink:
        """Use the link up and return whose list it opens; how it stands, where it opens none.

        Raises:
            StorageError: the database fails.
        """
        with writing(self._engine) as connection:
            mine = update(_link).where(_link.digest == digest, _link.used_at.is_(None), _link.until > now)
            if connection.execute(mine.values(used_at=now)).rowcount != 1:
                return _stands(connection, digest, now)
            query = select(_person.key, _person.ref).join(_link, _link.person_id == _person.id)
            key, ref = connection.execute(query.where(_link.digest == digest)).one()
            return Opened(PersonKey(key), ref)


def _answered(
    connection: Connection,
    address: PersonKey,
    letter: Callable[[PersonKey, str], tuple[bytes, Letter]],
    language: str,
    act: Act,
) -> bool:
    """Queue a letter, if that address is somebody's and she had not too many."""
    id_ = connection.execute(select(_person.id).where(_person.key == address, PRESENT)).scalar()
    if id_ is None:
        return False
    today = select(func.count()).select_from(_link).where(_link.person_id == id_, _link.until > act.at)
    if connection.execute(today).scalar_one() >= MOST_A_DAY:
        return False
    digest, written = letter(address, language)
    connection.execute(insert(_link).values(digest=digest, person_id=id_, until=act.at + DAY, used_at=None))
    return messages.put(connection, [written], act) == 1


def _stands(connection: Connection, digest: bytes, now: datetime) -> ListLink:
    found = connection.execute(select(_link.until, _link.used_at).where(_link.digest == digest)).first()
    if found is None:
        return ListLink.NONE
    if found.used_at is not None:
        return ListLink.USED
    return ListLink.GOOD if found.until > now else ListLink.ENDED
