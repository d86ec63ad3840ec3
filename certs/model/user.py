"""Those who sign in: users, what each may do in an event, and their sign-ins.

A user is no person of the register: who attended a marathon never signs in, and who organises it needs no certificate.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class UserRole(StrEnum):
    """What a user may do in one event."""

    ORGANISER = "organiser"
    APPROVER = "approver"
    VIEWER = "viewer"


ADMINISTRATOR = "administrator"
"""The role in which a user acts on the installation."""


class Way(StrEnum):
    """How somebody signed in."""

    PASSWORD = "password"  # noqa: S105 -- the word itself
    CODE = "password and code"
    RECOVERY = "password and recovery code"
    PASSKEY = "passkey"
    PROVIDER = "single sign-on"
    FIRST = "first sign-in"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in; *ref* is random and stands for her in addresses."""

    ref: str
    email: str
    """In lower case, as `ground.address` reads it."""
    name: str
    administrator: bool = False
    suspended_at: datetime | None = None
    has_password: bool = False
    has_app: bool = False
    """Whether an authenticator app is set up."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What opens a user's account with a password; never shown."""

    password_hash: str
    """In argon2's own spelling (RFC 9106), empty without a password."""
    app_secret: bytes
    """The authenticator app's secret, sealed; empty without one."""
    app_step: int
    """The newest time step whose code was used (RFC 6238 section 5.2)."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A public key of a user's device (Web Authentication Level 3)."""

    credential_id: bytes
    public_key: bytes
    """COSE (RFC 9052)."""
    count: int
    name: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in of a user; the cookie holds a secret of which the register has the SHA-256 alone."""

    digest: bytes
    way: Way
    at: datetime
    seen_at: datetime
    again_at: datetime
    """When she last showed password or passkey."""
    ends_at: datetime
    browser: str
    """What the browser calls itself, cut."""


@dataclass(frozen=True, slots=True)
class Given:
    """A role that somebody has in an event."""

    user: User
    slug: str
    role: UserRole
