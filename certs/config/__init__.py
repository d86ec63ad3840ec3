"""The settings of a deployment: read once from the environment and its settings file, all problems at once.

This is the only place that reads `CERTS_` variables. Each setting is one field of `Settings` and one row in
`docs/operations.md`. A secret may be given as a value or, with `_FILE` at the end of its name, as a file; secrets never
show in `repr`, logs or tracebacks. `given` has where each comes from.
"""

import getpass
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from certs.config.given import (
    CONFIG,
    FILE,
    KEYS,
    NAMES,
    Given,
    file_of,
    password_of,
    table_of,
    variable,
    without_password,
)
from certs.config.mail import USUAL_PER_MINUTE, MailPlace, mail_place, per_minute
from certs.config.tails import TailsPlace, tails_place
from certs.errors import InputError, Problem, SigningError
from certs.model import SealLevel
from certs.wording import say

__all__ = [
    "CONFIG",
    "DEFAULT_BASE_URL",
    "FILE",
    "INSTANCE",
    "KEYS",
    "LEAST_CHARACTERS",
    "NAMES",
    "CredentialAddress",
    "MailPlace",
    "Secret",
    "Settings",
    "TailsPlace",
    "file_of",
    "is_base_url",
    "is_easily_guessed",
    "password_of",
    "table_of",
    "without_password",
]

INSTANCE = Path("instance")
_DESIGNS = "designs"
"""Where a deployment's own designs lie unless told otherwise."""
DEFAULT_BASE_URL = "http://127.0.0.1:8000"
_SECRET_FILES = {name: INSTANCE / name for name in ("key_passphrase", "pkcs11_pin", "secret_key")}
"""Where secrets lie unless told otherwise."""
_SQLITE_FILE = "sqlite:///"
_REDIS = ("redis://", "rediss://")
_BROKERS = ("amqp://", "amqps://", *_REDIS)
_POSTGRESQL = ("postgresql://", "postgresql+psycopg://", "postgres://")
_DATABASES = ("sqlite://", *_POSTGRESQL)


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret given as a value, or kept in a file that is generated when first needed."""

    value: bytes = field(default=b"", repr=False)
    file: Path | None = None

    def reveal(self) -> bytes:
        """Return the secret; a file is read anew, one trailing line break dropped.

        Raises:
            SigningError: the file is absent, empty, unreadable or open to others.
        """
        if self.file is None:
            return self.value
        try:
            mode = self.file.stat().st_mode
            content = self.file.read_bytes().removesuffix(b"\n").removesuffix(b"\r")
        except OSError as error:
            says = f"The secret file {self.file} cannot be read: {error.strerror}. Put it back from its backup."
            raise SigningError(says) from error
        if mode & 0o077:
            raise SigningError(say("The secret file {file} is open to others: run chmod 600 {file}.", file=self.file))
        if not content:
            raise SigningError(say("The secret file {file} is empty. Put it back from its backup.", file=self.file))
        return content

    @property
    def is_lost(self) -> bool:
        """Say whether it is to be in a file, and that is not there."""
        return self.file is not None and not self.file.exists()

    def ensure(self) -> bytes:
        """Return the secret; where its file is absent, make one with 256 random bits and mode 0600.

        Whoever calls this has seen that nothing depends on a secret that was there before.

        Raises:
            SigningError: the file cannot be made or read.
        """
        if self.file is not None and self.is_lost:
            _generate(self.file)
        return self.reveal()


LEAST_CHARACTERS = 16
"""Of a passphrase: 64 bits even where each is but one of sixteen."""
_LEAST_DIFFERENT = 8


def is_easily_guessed(passphrase: bytes) -> bool:
    """Say whether *passphrase* is too short, or says the same few characters over and over."""
    text = passphrase.decode(errors="replace")
    return len(text) < LEAST_CHARACTERS or len(set(text)) < _LEAST_DIFFERENT


class CredentialAddress(StrEnum):
    """How a credential names its person's e-mail address."""

    NONE = "none"
    HASHED = "hashed"
    """By the SHA-256 of address and certificate number: who knows the address can confirm it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment chose."""

    database_url: str = field(repr=False)
    """Where the register is; may hold a password where the environment gives it."""
    base_url: str
    """Scheme, host and path without a slash at the end; every link and QR code begins with it."""
    signing_keys: Path
    key_passphrase: Secret
    secret_key: Secret
    actor: str
    """Who acts, unless a command says `--as NAME`."""
    desk_url: str = ""
    """Where the second server is reached, which takes bodies and cookies; empty for the default."""
    organisation: str = ""
    """Who stands behind new seals, unless a command says otherwise."""
    database_password: Secret = Secret()
    """Opens the database, where its address does not; nothing if its value is empty and it has no file."""
    database_read_url: str = field(default="", repr=False)
    """Where a copy of the register is that follows it, for pages to read from; empty where there is none."""
    pkcs11_pin: Secret = Secret(file=INSTANCE / "pkcs11_pin")
    """Opens the tokens that hold keys, if any; never generated."""
    proxies: int = 0
    """Reverse proxies in front whose X-Forwarded-For is believed."""
    page_seconds: int = 3
    """How long a page waits for an answer of PostgreSQL, before it says that it could not check."""
    wait_seconds: int = 300
    """How long a command waits for another one that writes."""
    seal_level: SealLevel = SealLevel.B_B
    timestamp_url: str = ""
    """The time-stamp authority (RFC 3161) that seal levels B-T and B-LT ask."""
    broker_url: str = field(default="", repr=False)
    """The broker that asks other machines to help to issue; empty where one machine does everything."""
    tails: TailsPlace | None = None
    """Where the bytes of certificates are kept; None: in the register."""
    limits_url: str = field(default="", repr=False)
    """The Redis where questions and tries are counted for all processes and machines; empty: in each process."""
    rate_limits: bool = True
    """Whether visitors who try numbers out are slowed down; without, for tests and to measure the load."""
    credential_address: CredentialAddress = CredentialAddress.NONE
    log: str = ""
    """Where one line for each thing done goes: `stderr` or a file; without it, only what an operator must see."""
    migration_backups: Path | None = INSTANCE
    """Where the register is backed up to before it moves to a newer version of the program; None for nowhere."""
    designs: Path | None = None
    """The folder of the deployment's own designs, if it has any."""
    oidc_issuer: str = ""
    """The identity provider by which people sign in, as its tokens name it (OpenID Connect Core 1.0); empty: none."""
    oidc_client_id: str = ""
    oidc_client_secret: Secret = Secret()
    password_sign_in: bool = True
    """Whether people may sign in with password or passkey; without, the provider alone lets them in."""
    smtp_url: str = field(default="", repr=False)
    """The server by which mails go out; may hold a password. Empty: no mail is sent."""
    mail_from: str = ""
    mail_reply_to: str = ""
    mail: MailPlace | None = None
    """What these three say, None where no mail is sent."""
    mail_per_minute: int = USUAL_PER_MINUTE
    """How many mails go out within a minute, from all machines together."""
    instance: Path = INSTANCE
    file: Path | None = None
    """The settings file, if there is one."""
    database_said_by: str = field(default="", compare=False)
    """What says where the register is: a variable, or a key of the settings file; empty for the default."""

    @property
    def sqlite_file(self) -> Path | None:
        """Where the register is, if it is a SQLite file."""
        path = self.database_url.removeprefix(_SQLITE_FILE).partition("?")[0]
        named = self.database_url.startswith(_SQLITE_FILE) and not path.startswith((":memory:", "file:"))
        return Path(path) if named else None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Return the settings that *environ* and the settings file give, with a default for each.

        Raises:
            InputError: unknown names, wrong types and bad values, all of them.
        """
        return cls._of(Given(environ))

    @classmethod
    def planned(cls, environ: Mapping[str, str], file: Path, values: Mapping[str, str]) -> "Settings":
        """Return the settings as they will be once *file* says *values*.

        Raises:
            InputError: unknown names and bad values, all of them.
        """
        return cls._of(Given(environ, file, values))

    @classmethod
    def _of(cls, given: Given) -> "Settings":
        url = _database_url(given)
        settings = cls(
            database_url=url,
            base_url=_base_url(given),
            signing_keys=given.path("signing_keys") or given.folder / "signing_keys",
            key_passphrase=_secret(given, "key_passphrase"),
            secret_key=_secret(given, "secret_key"),
            actor=_actor(given),
            desk_url=_desk_url(given),
            organisation=given.text("organisation").strip(),
            database_password=_database_password(given),
            database_read_url=_database_read_url(given, url),
            pkcs11_pin=_secret(given, "pkcs11_pin"),
            proxies=_proxies(given),
            page_seconds=_seconds(given, "page_seconds", 3, most=60),
            wait_seconds=_seconds(given, "wait_seconds", 300, most=86_400),
            seal_level=_seal_level(given),
            timestamp_url=_timestamp_url(given),
            broker_url=_server_url(given, "broker_url", _BROKERS),
            tails=tails_place(given),
            limits_url=_server_url(given, "limits_url", _REDIS),
            rate_limits=_switch(given, "rate_limits"),
            credential_address=_credential_address(given),
            log=_log(given),
            migration_backups=_migration_backups(given, url),
            designs=_designs(given),
            oidc_issuer=_oidc_issuer(given),
            oidc_client_id=given.text("oidc_client_id").strip(),
            oidc_client_secret=_secret(given, "oidc_client_secret"),
            password_sign_in=_password_sign_in(given),
            smtp_url=given.text("smtp_url").strip(),
            mail_from=given.text("mail_from").strip(),
            mail_reply_to=given.text("mail_reply_to").strip(),
            mail=mail_place(given),
            mail_per_minute=per_minute(given),
            instance=given.folder / INSTANCE,
            file=given.file,
            database_said_by=given.called("database_url") if given.text("database_url") else "",
        )
        if given.problems:
            raise InputError(*given.problems)
        return settings


def _database_url(given: Given) -> str:
    url = given.text("database_url") or f"sqlite:///{(given.folder / INSTANCE / 'certs.db').resolve()}"
    if not url.startswith(_DATABASES):
        given.refuse("database_url", "must begin with sqlite:// or postgresql://.")
    if url.startswith(_POSTGRESQL):
        return _with_driver(url)
    folder = Path() if given.by_environ("database_url") else given.folder
    return _sqlite_url(url, folder) if url.startswith(_SQLITE_FILE) else url


def _database_read_url(given: Given, database_url: str) -> str:
    url = given.text("database_read_url").strip()
    if url and not (url.startswith(_POSTGRESQL) and database_url.startswith(_POSTGRESQL)):
        given.refuse("database_read_url", "is a replica of PostgreSQL: both addresses must begin with postgresql://.")
    elif url and given.by_environ("database_read_url") != given.by_environ("database_url"):
        given.refuse("database_read_url", "must stand where database_url does: one password opens both.")
    return url and _with_driver(url)


def _with_driver(url: str) -> str:
    """Return an address of PostgreSQL as the library wants it."""
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def _sqlite_url(url: str, folder: Path) -> str:
    """Return *url* with its path counted from *folder*, as other settings are; the driver's way differs."""
    path, mark, query = url.removeprefix(_SQLITE_FILE).partition("?")
    inside = path.startswith((":memory:", "file:"))
    return url if inside else f"{_SQLITE_FILE}{(folder / path).resolve()}{mark}{query}"


def _database_password(given: Given) -> Secret:
    """Return what opens the database; a password of the file is never sent to a database of the environment."""
    elsewhere = given.by_environ("database_url") and not (
        given.by_environ("database_password") or given.by_environ("database_password_file")
    )
    if elsewhere:
        return Secret()
    secret = _secret(given, "database_password")
    if secret != Secret() and password_of(given.text("database_url")):
        given.refuse("database_url", "holds a password, and another one is given: leave one of them out.")
    return secret


def _base_url(given: Given) -> str:
    url = (given.text("base_url") or DEFAULT_BASE_URL).rstrip("/")
    if not is_base_url(url):
        given.refuse("base_url", f"must look like https://certs.example.org, not {url!r}.")
    return url


def _desk_url(given: Given) -> str:
    url = given.text("desk_url").rstrip("/")
    if url and not is_base_url(url):
        given.refuse("desk_url", f"must look like https://certs.example.org, not {url!r}.")
    return url


def is_base_url(url: str) -> bool:
    """Say whether *url* is scheme, host and at most a port and a path."""
    if not url.isascii() or any(character <= " " for character in url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    extra = parts.query or parts.fragment or parts.username is not None
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not extra and port != 0


def _secret(given: Given, name: str) -> Secret:
    """Return the secret *name* as the environment gives it, else as the settings file does, else where it lies.

    Machines that only serve pages may share a settings file that names files of private parts: those are missed when
    they are needed.
    """
    value, file = given.text(name), given.path(f"{name}_file")
    if value and given.by_environ(f"{name}_file"):
        given.problems.append(
            Problem(
                say(
                    "Set either {called} or {called_2}, not both.",
                    called=given.called(name),
                    called_2=given.called(f"{name}_file"),
                )
            )
        )
    if value:
        return Secret(value.encode())
    if file and not file.is_file() and (given.by_environ(f"{name}_file") or name == "database_password"):
        given.refuse(f"{name}_file", f"names {file}, which is no file.")
    default = _SECRET_FILES.get(name)
    return Secret(file=file or (given.folder / default if default else None))


def _proxies(given: Given) -> int:
    count = given.text("proxies") or "0"
    if count not in {"0", "1", "2", "3"}:
        given.refuse("proxies", f"must count the reverse proxies in front, 0 to 3, not {count!r}.")
        return 0
    return int(count)


def _seconds(given: Given, key: str, usual: int, *, most: int) -> int:
    text = given.text(key).strip() or str(usual)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        given.refuse(key, f"must be a number of seconds, 1 to {most}, not {text!r}.")
        return usual
    return int(text)


def _seal_level(given: Given) -> SealLevel:
    level = given.text("seal_level") or SealLevel.B_B.value
    if level not in set(SealLevel):
        given.refuse("seal_level", f"must be one of {', '.join(SealLevel)}, not {level!r}.")
        return SealLevel.B_B
    if level != SealLevel.B_B and not given.text("timestamp_url"):
        given.refuse("seal_level", f"{level} needs a time-stamp authority in {given.called('timestamp_url')}.")
    return SealLevel(level)


def _timestamp_url(given: Given) -> str:
    url = given.text("timestamp_url").strip()
    if url and urlsplit(url).scheme not in {"http", "https"}:
        given.refuse("timestamp_url", f"must be a web address, not {url!r}.")
    return url


def _server_url(given: Given, key: str, schemes: tuple[str, ...]) -> str:
    """Return the address of a server beside the database, which has one of those *schemes*."""
    url = given.text(key).strip()
    if url and not url.startswith(schemes):
        given.refuse(key, f"must begin with one of {' '.join(schemes)}, not {url.partition(':')[0]!r}.")
    elif password_of(url) and not given.by_environ(key):
        given.refuse(key, f"holds a password: set {variable(key)} instead, which stands in no file.")
    return url


def _credential_address(given: Given) -> CredentialAddress:
    wish = given.text("credential_address") or CredentialAddress.NONE.value
    if wish not in set(CredentialAddress):
        given.refuse("credential_address", f"must be {' or '.join(CredentialAddress)}, not {wish!r}.")
        return CredentialAddress.NONE
    return CredentialAddress(wish)


def _log(given: Given) -> str:
    wish = given.text("log").strip()
    return wish if wish in {"", "stderr"} else str(given.path("log"))


def _migration_backups(given: Given, url: str) -> Path | None:
    """Return the folder: beside a SQLite file unless told otherwise, else among what the deployment keeps."""
    if given.text("migration_backups").strip() == "off":
        return None
    if folder := given.path("migration_backups"):
        return folder
    path = url.removeprefix(_SQLITE_FILE).partition("?")[0]
    return Path(path).parent if path.startswith("/") else given.folder / INSTANCE


def _designs(given: Given) -> Path | None:
    """Return where own designs lie; a machine that only serves pages may share a settings file that names a folder."""
    named, usual = given.path("designs"), given.folder / _DESIGNS
    if named and not named.is_dir() and given.by_environ("designs"):
        given.refuse("designs", f"names {named}, which is no folder.")
    return named or (usual if usual.is_dir() else None)


def _actor(given: Given) -> str:
    if actor := given.text("actor").strip():
        return actor
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def _generate(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_hex(32) + "\n")
    except FileExistsError:
        return
    except OSError as error:
        raise SigningError(
            say("The secret file {path} cannot be made: {why}.", path=path, why=error.strerror)
        ) from error


def _oidc_issuer(given: Given) -> str:
    url = given.text("oidc_issuer").strip()
    if not url:
        return ""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
        given.refuse("oidc_issuer", "must be a web address that begins with https.")
    elif not given.text("oidc_client_id").strip() or _secret(given, "oidc_client_secret") == Secret():
        needed = f"{given.called('oidc_client_id')} and {given.called('oidc_client_secret')}"
        given.refuse("oidc_issuer", f"needs {needed}: what the provider calls this site, and its secret.")
    return url


def _password_sign_in(given: Given) -> bool:
    wish = _switch(given, "password_sign_in")
    if not wish and not given.text("oidc_issuer").strip():
        given.refuse("password_sign_in", f"off needs {given.called('oidc_issuer')}, or nobody could sign in.")
    return wish


def _switch(given: Given, key: str) -> bool:
    wish = given.text(key).strip() or "on"
    if wish not in {"on", "off"}:
        given.refuse(key, f"must be on or off, not {wish!r}.")
    return wish != "off"
