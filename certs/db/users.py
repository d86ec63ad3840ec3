"""Users and their roles in the register; every change is in the trail, under no event where it concerns none."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, func, insert, select, update

from certs.db import audit, tables
from certs.db.engine import reading, writing
from certs.db.events import id_of
from certs.errors import ConflictError, NotFoundError
from certs.model import Act, Given, User, UserRole
from certs.wording import say

row, _role = tables.User, tables.UserRole
SHOWN = (
    row.ref,
    row.email,
    row.name,
    row.administrator,
    row.suspended_at,
    (row.password_hash != "").label("has_password"),
    (func.length(row.app_secret) > 0).label("has_app"),
)
"""What `user_of` reads."""


class Users:
    """Those who sign in; implements `certs.ports.Users`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, user: User, act: Act) -> None:
        """Keep a new user."""
        new = {"name": user.name, "administrator": user.administrator}
        with writing(self._engine, f"{user.email} is a user already.") as connection:
            fields = {"ref": user.ref, "email": user.email, "app_secret": b"", "added_at": act.at, **new}
            connection.execute(insert(row).values(**fields))
            audit.append(connection, act, audit.Change("user.add", "", user.email, new=new))

    def all(self) -> Sequence[User]:
        """Return every user, by name."""
        with reading(self._engine) as connection:
            return [user_of(one) for one in connection.execute(select(*SHOWN).order_by(row.name, row.email))]

    def find(self, ref: str) -> User | None:
        """Return the user of that reference."""
        return self._one(select(*SHOWN).where(row.ref == ref))

    def by_email(self, email: str) -> User | None:
        """Return the user with that address."""
        return self._one(select(*SHOWN).where(row.email == email.strip().lower()))

    def change(self, user: User, act: Act, what: str) -> None:
        """Keep name, administration and suspension as *user* says."""
        with writing(self._engine) as connection:
            before = connection.execute(select(*SHOWN).where(row.ref == user.ref).with_for_update()).first()
            if before is None:
                raise NotFoundError(say("There is no such user."))
            fields = {"name": user.name, "administrator": user.administrator, "suspended_at": user.suspended_at}
            connection.execute(update(row).where(row.ref == user.ref).values(**fields))
            _demand_administrator(connection, was=before)
            old = {name: _said(getattr(before, name)) for name in fields if getattr(before, name) != fields[name]}
            new = {name: _said(fields[name]) for name in old}
            audit.append(connection, act, audit.Change(what, "", user.email, old=old, new=new))

    def give(self, ref: str, slug: str, role: UserRole, act: Act) -> None:
        """Give a user a role in an event."""
        with writing(self._engine) as connection:
            event_id, user_id, email = id_of(connection, slug), *identity(connection, ref)
            has = select(_role.id).where(*_current(user_id, event_id, role))
            if connection.execute(has).first() is not None:
                return
            fields = {"user_id": user_id, "event_id": event_id, "role": role.value, "at": act.at}
            connection.execute(insert(_role).values(**fields))
            audit.append(connection, act, audit.Change("user.give", slug, email, new={"role": role.value}))

    def take(self, ref: str, slug: str, role: UserRole, act: Act) -> None:
        """Take a role away."""
        with writing(self._engine) as connection:
            event_id, user_id, email = id_of(connection, slug), *identity(connection, ref)
            ended = update(_role).where(*_current(user_id, event_id, role)).values(ended_at=act.at)
            if connection.execute(ended).rowcount == 0:
                raise NotFoundError(say("{email} is no {value} of {slug}.", email=email, value=role.value, slug=slug))
            audit.append(connection, act, audit.Change("user.take", slug, email, old={"role": role.value}))

    def roles(self, ref: str) -> Sequence[Given]:
        """Return the roles of a user, by event."""
        return self._given(row.ref == ref)

    def of_event(self, slug: str) -> Sequence[Given]:
        """Return who has which role in an event, by name."""
        return self._given(tables.Event.slug == slug)

    def _given(self, whose: Any) -> Sequence[Given]:
        query = (
            select(*SHOWN, tables.Event.slug, _role.role)
            .join(_role, _role.user_id == row.id)
            .join(tables.Event, tables.Event.id == _role.event_id)
            .where(_role.ended_at.is_(None), whose)
            .order_by(tables.Event.slug, row.name, row.email, _role.role)
        )
        with reading(self._engine) as connection:
            return [Given(user_of(one), one.slug, UserRole(one.role)) for one in connection.execute(query)]

    def _one(self, query: Select[*tuple[Any, ...]]) -> User | None:
        with reading(self._engine) as connection:
            found = connection.execute(query).first()
        return None if found is None else user_of(found)


def user_of(found: Row[*tuple[Any, ...]]) -> User:
    """Return the user in a row with the columns `SHOWN`."""
    return User(
        ref=found.ref,
        email=found.email,
        name=found.name,
        administrator=found.administrator,
        suspended_at=found.suspended_at,
        has_password=bool(found.has_password),
        has_app=bool(found.has_app),
    )


def identity(connection: Connection, ref: str) -> tuple[int, str]:
    """Return row id and address of the user *ref*.

    Raises:
        NotFoundError: there is none.
    """
    found = connection.execute(select(row.id, row.email).where(row.ref == ref)).first()
    if found is None:
        raise NotFoundError(say("There is no such user."))
    return found.id, found.email


def _current(user_id: int, event_id: int, role: UserRole) -> tuple[Any, ...]:
    return _role.user_id == user_id, _role.event_id == event_id, _role.role == role.value, _role.ended_at.is_(None)


def _demand_administrator(connection: Connection, was: Row[*tuple[Any, ...]]) -> None:
    """Refuse to lose the last administrator, who alone could make another."""
    if not was.administrator or was.suspended_at is not None:
        return
    left = select(func.count()).select_from(row).where(row.administrator.is_(True), row.suspended_at.is_(None))
    if connection.execute(left).scalar_one() == 0:
        raise ConflictError(say("{name} is the last administrator: make somebody else one first.", name=was.name))


def _said(value: object) -> object:
    return value if isinstance(value, bool | str) or value is None else str(value)
