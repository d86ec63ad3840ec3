"""Who works on an event, as its organiser says it: people who sign in here already, each with her roles."""

from certs.errors import ConflictError, InputError, NotFoundError
from certs.model import Act, User, UserRole
from certs.ports import Store
from certs.wording import say


def join(store: Store, email: str, slug: str, role: str, act: Act) -> User:
    """Give whoever signs in with the address *email* a role in the event, and return her.

    Raises:
        InputError: there is no such role.
        NotFoundError: nobody signs in with that address, or there is no such event.
        StorageError: the database fails.
    """
    user = _user(store, email)
    store.users.give(user.ref, slug, _role(role), act)
    return user


def leave(store: Store, email: str, slug: str, role: str, act: Act) -> User:
    """Take a role in the event away, and return whose it was.

    Raises:
        ConflictError: it is the last organiser, and nobody could set the event up any more.
        InputError: there is no such role.
        NotFoundError: nobody signs in with that address, or she has no such role.
        StorageError: the database fails.
    """
    user, taken = _user(store, email), _role(role)
    organisers = {one.user.ref for one in store.users.of_event(slug) if one.role is UserRole.ORGANISER}
    if taken is UserRole.ORGANISER and organisers == {user.ref}:
        raise ConflictError(say("{name} is the only organiser. Give somebody else that role first.", name=user.name))
    store.users.take(user.ref, slug, taken, act)
    return user


def _user(store: Store, email: str) -> User:
    user = store.users.by_email(email.strip())
    if user is None:
        raise NotFoundError(say("Nobody signs in here with this address. An administrator invites people."))
    return user


def _role(role: str) -> UserRole:
    if role not in set(UserRole):
        raise InputError(say("Choose a role: organiser, approver or viewer."))
    return UserRole(role)
