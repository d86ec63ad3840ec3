"""Personal links in the register: the reference behind a person's link, and those that were withdrawn for ever."""

import secrets
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, insert, select, update

from certs.db import audit, bulk, tables
from certs.db.certificates import Certificates
from certs.db.engine import reading, writing
from certs.errors import ConflictError, NotFoundError
from certs.model import Act, Certificate, PersonalLink, PersonKey
from certs.wording import say

_row, _person = tables.WithdrawnLink, tables.Person


class PersonalLinks:
    """Personal links; implements `certs.ports.PersonalLinks`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, person: PersonKey) -> PersonalLink:
        """Return the link of *person*, withdrawn or not.

        Raises:
            NotFoundError: the register does not know that address.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return _of(connection, person)[1]

    def refs(self, people: Sequence[PersonKey]) -> Mapping[PersonKey, str]:
        """Return the reference behind the link of each of *people* whom the register knows.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            query = select(_person.key, _person.ref).where(bulk.among(connection, _person.key, people))
            return {PersonKey(key): ref for key, ref in connection.execute(query)}

    def person(self, ref: str) -> PersonKey:
        """Return whose link has the reference *ref* now.

        Raises:
            NotFoundError: nobody's.
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            key = connection.execute(select(_person.key).where(_person.ref == ref)).scalar()
        if key is None:
            raise NotFoundError(say("The register knows nobody with this reference."))
        return PersonKey(key)

    def withdraw(self, person: PersonKey, act: Act) -> PersonalLink:
        """Let the link of *person* lead nowhere from now on; return it.

        Raises:
            ConflictError: it is withdrawn already.
            NotFoundError: the register does not know that address.
            StorageError: the database fails.
        """
        with writing(self._engine, "Somebody else withdrew this link a moment ago; nothing was changed.") as connection:
            person_id, link = _of(connection, person)
            if link.withdrawn_at is not None:
                raise ConflictError(
                    say(
                        "The link of {person} was withdrawn on {date} already.",
                        person=person,
                        date=link.withdrawn_at.date(),
                    )
                )
            _end(connection, person_id, link, act)
            audit.append(connection, act, audit.Change("link.withdraw", "", person))
            return _of(connection, person)[1]

    def renew(self, person: PersonKey, act: Act) -> PersonalLink:
        """Give *person* a new link; the one before leads nowhere from now on.

        Raises:
            ConflictError: somebody else renewed it at this moment.
            NotFoundError: the register does not know that address.
            StorageError: the database fails.
        """
        with writing(self._engine, "Somebody else renewed this link a moment ago; nothing was changed.") as connection:
            person_id, link = _of(connection, person)
            if link.withdrawn_at is None:
                _end(connection, person_id, link, act)
            mine = update(_person).where(_person.id == person_id, _person.ref == link.ref)
            if connection.execute(mine.values(ref=secrets.token_hex(16))).rowcount != 1:
                raise ConflictError(say("Somebody else renewed this link a moment ago; nothing was changed."))
            audit.append(connection, act, audit.Change("link.renew", "", person))
            return _of(connection, person)[1]

    def certificates(self, person: PersonKey) -> Sequence[Certificate]:
        """Return the issued certificates of *person*, newest first, whether or not her link is withdrawn.

        Raises:
            StorageError: the database fails.
        """
        return Certificates(self._engine).of_person(person)

    def is_withdrawn(self, ref: str) -> bool:
        """Say whether *ref* was behind a link that was withdrawn.

        Raises:
            StorageError: the database fails.
        """
        with reading(self._engine) as connection:
            return connection.execute(select(_row.ref).where(_row.ref == ref)).first() is not None


def _of(connection: Connection, person: PersonKey) -> tuple[int, PersonalLink]:
    query = select(_person.id, _person.ref, _row.at).outerjoin(_row, _row.ref == _person.ref)
    found = connection.execute(query.where(_person.key == person)).first()
    if found is None:
        raise NotFoundError(say("The register knows nobody with the address {person}.", person=person))
    return found.id, PersonalLink(person, found.ref, found.at)


def _end(connection: Connection, person_id: int, link: PersonalLink, act: Act) -> None:
    ended = {"ref": link.ref, "person_id": person_id, "at": act.at, "by": act.actor, "reason": act.reason}
    connection.execute(insert(_row).values(**ended))
