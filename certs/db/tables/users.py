"""Those who sign in: users, roles, sign-ins, passkeys, codes and invitations. No row goes; what ended says when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from certs.db.tables.base import Model


class User(Model):
    """A user with what opens her account; `app_secret` is sealed under a secret that the register does not hold."""

    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    administrator: Mapped[bool]
    suspended_at: Mapped[datetime | None]
    password_hash: Mapped[str] = mapped_column(server_default="")
    app_secret: Mapped[bytes]
    app_step: Mapped[int] = mapped_column(server_default="0")
    added_at: Mapped[datetime]


class UserRole(Model):
    """A role that a user has in an event until it ends."""

    __tablename__ = "user_role"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    role: Mapped[str]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_user_role_event", "event_id"), Index("ix_user_role_user", "user_id"))


class SignIn(Model):
    """A sign-in by the SHA-256 of the secret in its cookie."""

    __tablename__ = "sign_in"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    way: Mapped[str]
    at: Mapped[datetime]
    seen_at: Mapped[datetime]
    again_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    browser: Mapped[str]
    ended_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_sign_in_user", "user_id"),)


class Passkey(Model):
    """A user's passkey."""

    __tablename__ = "passkey"
    credential_id: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    public_key: Mapped[bytes]
    count: Mapped[int]
    name: Mapped[str]
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_passkey_user", "user_id"),)


class RecoveryCode(Model):
    """A recovery code by its SHA-256; used once."""

    __tablename__ = "recovery_code"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_recovery_code_user", "user_id"),)


class Invitation(Model):
    """An invitation to choose a password, by the SHA-256 of the secret in its link."""

    __tablename__ = "invitation"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_invitation_user", "user_id"),)
