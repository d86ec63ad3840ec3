"""Users are made by an administrator, choose their password themselves, and get roles event by event."""

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from certs.errors import ConflictError, InputError, NotFoundError
from certs.ground import address, names
from certs.model import Act, User, UserRole
from certs.ports import Store
from certs.wording import say
from certs.work.users.secret import digest, token

INVITED_FOR = timedelta(hours=24)


def add(register: Store, email: str, name: str, act: Act, *, administrator: bool = False) -> User:
    """Make a user; she can do nothing before she is invited and has a role.

    Raises:
        InputError: this is no address, or no name.
        ConflictError: somebody with that address is a user.
    """
    key = address.read(email)
    if isinstance(key, address.BadAddress):
        raise InputError(say("{email!r} is no e-mail address of one person.", email=email))
    called = names.clean(name)
    if not called:
        raise InputError(say("A user needs a name, for the trail says who did what."))
    user = User(secrets.token_hex(8), str(key), called, administrator=administrator)
    register.users.add(user, act)
    return user


def find(register: Store, email: str) -> User:
    """Return the user with that address.

    Raises:
        NotFoundError: there is none.
    """
    user = register.users.by_email(email)
    if user is None:
        raise NotFoundError(say("There is no user with the address {email}.", email=email))
    return user


def invite(register: Store, user: User, act: Act) -> str:
    """Return the secret of a link that lets *user* choose a password within a day; earlier ones open nothing any more.

    Raises:
        ConflictError: she is suspended.
    """
    if user.suspended_at is not None:
        raise ConflictError(say("{name} is suspended: end that first.", name=user.name))
    secret = token()
    register.sign_ins.invite(user.ref, digest(secret), act.at + INVITED_FOR, act)
    return secret


def change(
    register: Store, user: User, act: Act, *, administrator: bool | None = None, suspended: bool | None = None
) -> User:
    """Make *user* an administrator or not, suspend her or let her in again; whoever is suspended is signed out.

    Raises:
        ConflictError: she is the last administrator.
    """
    changed = user
    if administrator is not None:
        changed = replace(changed, administrator=administrator)
    if suspended is not None:
        changed = replace(changed, suspended_at=(user.suspended_at or act.at) if suspended else None)
    if changed != user:
        what = (
            "user.change"
            if changed.suspended_at == user.suspended_at
            else f"user.{'suspend' if suspended else 'resume'}"
        )
        register.users.change(changed, act, what)
    if changed.suspended_at is not None:
        register.sign_ins.end(user.ref, None, act.at)
    return changed


def _word(old: User, new: User) -> str:
    """Return what the trail calls the change."""
    if old.suspended_at == new.suspended_at:
        return "user.change"
    return "user.suspend" if new.suspended_at else "user.resume"


def roles_in(register: Store, user: User, slug: str) -> Collection[UserRole]:
    """Return what *user* may do in the event *slug*."""
    return {one.role for one in register.users.roles(user.ref) if one.slug == slug}
