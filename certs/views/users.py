"""Users with their roles."""

from collections.abc import Sequence
from typing import TypedDict

from certs.model import Given, User
from certs.views.times import iso


class RoleView(TypedDict):
    """What a user may do in an event."""

    event: str
    role: str


class UserView(TypedDict):
    """Somebody who signs in."""

    email: str
    name: str
    administrator: bool
    suspended_at: str | None
    password: bool
    authenticator_app: bool
    roles: list[RoleView]


def user(one: User, roles: Sequence[Given]) -> UserView:
    """Return a user and what she may do."""
    return {
        "email": one.email,
        "name": one.name,
        "administrator": one.administrator,
        "suspended_at": iso(one.suspended_at),
        "password": one.has_password,
        "authenticator_app": one.has_app,
        "roles": [{"event": given.slug, "role": given.role.value} for given in roles],
    }
