"""Users, their roles and their sign-ins, as signing in and the console need them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from certs.model import Act, Given, Lock, Passkey, SignIn, User, UserRole


class Users(Protocol):
    """Users by reference or address, and their roles; no user is ever deleted, for the trail names them."""

    def add(self, user: User, act: Act) -> None:
        """Keep a new user.

        Raises:
            ConflictError: somebody with that address is there.
        """
        ...

    def all(self) -> Sequence[User]:
        """Return every user, by name."""
        ...

    def find(self, ref: str) -> User | None:
        """Return the user of that reference."""
        ...

    def by_email(self, email: str) -> User | None:
        """Return the user with that address, however it is spelled in capitals."""
        ...

    def change(self, user: User, act: Act, what: str) -> None:
        """Keep name, administration and suspension as *user* says; *what* is the word for the trail.

        Raises:
            ConflictError: the last administrator would be gone.
            NotFoundError: there is no such user.
        """
        ...

    def give(self, ref: str, slug: str, role: UserRole, act: Act) -> None:
        """Give a user a role in an event; one that she has is no fault.

        Raises:
            NotFoundError: no such user or event.
        """
        ...

    def take(self, ref: str, slug: str, role: UserRole, act: Act) -> None:
        """Take a role away.

        Raises:
            NotFoundError: she has no such role.
        """
        ...

    def roles(self, ref: str) -> Sequence[Given]:
        """Return the roles of a user, by event."""
        ...

    def of_event(self, slug: str) -> Sequence[Given]:
        """Return who has which role in an event, by name."""
        ...


class Locks(Protocol):
    """What opens the accounts of users."""

    def lock_of(self, ref: str) -> Lock:
        """Return what opens the account.

        Raises:
            NotFoundError: there is no such user.
        """
        ...

    def set_password(self, ref: str, password_hash: str, act: Act) -> None:
        """Keep a new password; every sign-in of before ends."""
        ...

    def set_app(self, ref: str, secret: bytes, step: int, act: Act) -> None:
        """Keep the sealed secret of an authenticator app, whose code of *step* was shown; empty takes it away."""
        ...

    def use_step(self, ref: str, step: int) -> bool:
        """Note that the code of *step* was used; false if it, or a later one, was used before."""
        ...

    def set_recovery(self, ref: str, digests: Sequence[bytes], act: Act) -> None:
        """Keep recovery codes by their SHA-256, in place of all before."""
        ...

    def recovery_left(self, ref: str) -> int:
        """Return how many recovery codes can still be used."""
        ...

    def use_recovery(self, ref: str, digest: bytes, at: datetime) -> bool:
        """Use up a recovery code; false if there is none such."""
        ...

    def add_passkey(self, ref: str, passkey: Passkey, act: Act) -> None:
        """Keep a passkey.

        Raises:
            ConflictError: it is known already.
        """
        ...

    def passkeys(self, ref: str) -> Sequence[Passkey]:
        """Return the passkeys of a user, oldest first."""
        ...

    def passkey(self, credential_id: bytes) -> tuple[User, Passkey] | None:
        """Return whose passkey that is."""
        ...

    def use_passkey(self, credential_id: bytes, count: int) -> bool:
        """Keep the counter of a passkey that was used; false if it went back, as that of a copied one does."""
        ...

    def drop_passkey(self, ref: str, credential_id: bytes, act: Act) -> None:
        """Take a passkey away.

        Raises:
            NotFoundError: she has none such.
        """
        ...


class SignIns(Protocol):
    """Sign-ins and invitations; the register knows secrets by their SHA-256 alone."""

    def invite(self, ref: str, digest: bytes, until: datetime, act: Act) -> None:
        """Keep an invitation by the SHA-256 of its secret; those of before open nothing any more."""
        ...

    def invited(self, digest: bytes, now: datetime) -> User | None:
        """Return whom an invitation is for, while it can be used."""
        ...

    def accept(self, digest: bytes, now: datetime) -> bool:
        """Use an invitation up; false if it cannot be used any more."""
        ...

    def begin(self, ref: str, sign_in: SignIn, act: Act) -> None:
        """Keep a sign-in."""
        ...

    def signed_in(self, digest: bytes, now: datetime) -> tuple[User, SignIn] | None:
        """Return whose sign-in that is, if it goes on and she is not suspended."""
        ...

    def touch(self, digest: bytes, *, seen_at: datetime, again_at: datetime | None = None) -> None:
        """Note that a sign-in is in use, and that she showed password or passkey again."""
        ...

    def end(self, ref: str, digest: bytes | None, at: datetime) -> None:
        """End one sign-in of a user, or all of them."""
        ...

    def sign_ins(self, ref: str, now: datetime) -> Sequence[SignIn]:
        """Return the sign-ins of a user that go on, newest first."""
        ...
