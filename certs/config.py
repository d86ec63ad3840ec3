"""The settings of a deployment: read once from the environment, all problems reported at once.

This is the only place that reads `CERTS_` variables. Each setting is one field of `Settings` and one row in
`docs/operations.md`. A secret may be given as a value or, with `_FILE` at the end of its name, as a file; secrets never
show in `repr`, logs or tracebacks.
"""

import getpass
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from certs.errors import InputError, Problem, SigningError
from certs.model import SealLevel

INSTANCE = Path("instance")
DEFAULT_BASE_URL = "http://127.0.0.1:8000"
_PREFIX = "CERTS_"
_NAMES = frozenset(
    {
        "CERTS_DATABASE_URL",
        "CERTS_BASE_URL",
        "CERTS_SIGNING_KEYS",
        "CERTS_KEY_PASSPHRASE",
        "CERTS_KEY_PASSPHRASE_FILE",
        "CERTS_PKCS11_PIN",
        "CERTS_PKCS11_PIN_FILE",
        "CERTS_SECRET_KEY",
        "CERTS_SECRET_KEY_FILE",
        "CERTS_ACTOR",
        "CERTS_LOG",
        "CERTS_PROXIES",
        "CERTS_CREDENTIAL_ADDRESS",
        "CERTS_SEAL_LEVEL",
        "CERTS_TIMESTAMP_URL",
    }
)
_SQLITE_FILE = "sqlite:///"
_DATABASES = ("sqlite://", "postgresql://", "postgresql+psycopg://", "postgres://")


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
            raise SigningError(f"The secret file {self.file} cannot be read: {error.strerror}.") from error
        if mode & 0o077:
            raise SigningError(f"The secret file {self.file} is open to others: run chmod 600 {self.file}.")
        if not content:
            raise SigningError(f"The secret file {self.file} is empty.")
        return content

    def ensure(self) -> bytes:
        """Return the secret; where its file is absent, make one with 256 random bits and mode 0600.

        Raises:
            SigningError: the file cannot be made or read.
        """
        if self.file is not None and not self.file.exists():
            _generate(self.file)
        return self.reveal()


class CredentialAddress(StrEnum):
    """How a credential names its person's e-mail address."""

    NONE = "none"
    HASHED = "hashed"
    """By the SHA-256 of address and certificate number: who knows the address can confirm it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment chose."""

    database_url: str
    base_url: str
    """Scheme, host and path without a slash at the end; every link and QR code begins with it."""
    signing_keys: Path
    key_passphrase: Secret
    secret_key: Secret
    actor: str
    """Who acts, unless a command says `--as NAME`."""
    pkcs11_pin: Secret = Secret(file=INSTANCE / "pkcs11_pin")
    """Opens the tokens that hold keys, if any; never generated."""
    proxies: int = 0
    """Reverse proxies in front whose X-Forwarded-For is believed."""
    seal_level: SealLevel = SealLevel.B_B
    timestamp_url: str = ""
    """The time-stamp authority (RFC 3161) that seal levels B-T and B-LT ask."""
    credential_address: CredentialAddress = CredentialAddress.NONE
    log: str = ""
    """Where one line for each thing done goes: `stderr` or a file; without it, only what an operator must see."""
    instance: Path = INSTANCE

    @property
    def sqlite_file(self) -> Path | None:
        """Where the register is, if it is a SQLite file."""
        path = self.database_url.removeprefix(_SQLITE_FILE).partition("?")[0]
        named = self.database_url.startswith(_SQLITE_FILE) and not path.startswith((":memory:", "file:"))
        return Path(path) if named else None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Return the settings that *environ* gives, with a default for each.

        Raises:
            InputError: unknown `CERTS_` names and bad values, all of them.
        """
        problems: list[Problem] = [
            Problem(f"{name} is not a setting of certs; see docs/operations.md.")
            for name in sorted(environ)
            if name.startswith(_PREFIX) and name not in _NAMES
        ]
        settings = cls(
            database_url=_database_url(environ, problems),
            base_url=_base_url(environ, problems),
            signing_keys=Path(environ.get("CERTS_SIGNING_KEYS") or "signing_keys"),
            key_passphrase=_secret(environ, "CERTS_KEY_PASSPHRASE", INSTANCE / "key_passphrase", problems),
            secret_key=_secret(environ, "CERTS_SECRET_KEY", INSTANCE / "secret_key", problems),
            actor=_actor(environ),
            pkcs11_pin=_secret(environ, "CERTS_PKCS11_PIN", INSTANCE / "pkcs11_pin", problems),
            proxies=_proxies(environ, problems),
            seal_level=_seal_level(environ, problems),
            timestamp_url=_timestamp_url(environ, problems),
            credential_address=_credential_address(environ, problems),
            log=environ.get("CERTS_LOG", "").strip(),
        )
        if problems:
            raise InputError(*problems)
        return settings


def _database_url(environ: Mapping[str, str], problems: list[Problem]) -> str:
    url = environ.get("CERTS_DATABASE_URL") or f"sqlite:///{(INSTANCE / 'certs.db').resolve()}"
    if not url.startswith(_DATABASES):
        problems.append(Problem("CERTS_DATABASE_URL must begin with sqlite:// or postgresql://."))
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return _sqlite_url(url) if url.startswith(_SQLITE_FILE) else url


def _sqlite_url(url: str) -> str:
    """Return *url* with its path counted from the working folder, as other settings are; the driver's way differs."""
    path, mark, query = url.removeprefix(_SQLITE_FILE).partition("?")
    return url if path.startswith((":memory:", "file:")) else f"{_SQLITE_FILE}{Path(path).resolve()}{mark}{query}"


def _base_url(environ: Mapping[str, str], problems: list[Problem]) -> str:
    url = (environ.get("CERTS_BASE_URL") or DEFAULT_BASE_URL).rstrip("/")
    if not _is_base(url):
        problems.append(Problem(f"CERTS_BASE_URL must look like https://certs.example.org, not {url!r}."))
    return url


def _is_base(url: str) -> bool:
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


def _secret(environ: Mapping[str, str], name: str, default: Path, problems: list[Problem]) -> Secret:
    value, file = environ.get(name), environ.get(f"{name}_FILE")
    if value and file:
        problems.append(Problem(f"Set either {name} or {name}_FILE, not both."))
    if value:
        return Secret(value.encode())
    if file and not Path(file).is_file():
        problems.append(Problem(f"{name}_FILE names {file}, which is no file."))
    return Secret(file=Path(file) if file else default)


def _proxies(environ: Mapping[str, str], problems: list[Problem]) -> int:
    given = environ.get("CERTS_PROXIES") or "0"
    if given not in {"0", "1", "2", "3"}:
        problems.append(Problem(f"CERTS_PROXIES must count the reverse proxies in front, 0 to 3, not {given!r}."))
        return 0
    return int(given)


def _seal_level(environ: Mapping[str, str], problems: list[Problem]) -> SealLevel:
    given = environ.get("CERTS_SEAL_LEVEL") or SealLevel.B_B.value
    if given not in set(SealLevel):
        problems.append(Problem(f"CERTS_SEAL_LEVEL must be one of {', '.join(SealLevel)}, not {given!r}."))
        return SealLevel.B_B
    if given != SealLevel.B_B and not environ.get("CERTS_TIMESTAMP_URL"):
        problems.append(Problem(f"CERTS_SEAL_LEVEL={given} needs a time-stamp authority in CERTS_TIMESTAMP_URL."))
    return SealLevel(given)


def _timestamp_url(environ: Mapping[str, str], problems: list[Problem]) -> str:
    url = environ.get("CERTS_TIMESTAMP_URL", "").strip()
    if url and urlsplit(url).scheme not in {"http", "https"}:
        problems.append(Problem(f"CERTS_TIMESTAMP_URL must be a web address, not {url!r}."))
    return url


def _credential_address(environ: Mapping[str, str], problems: list[Problem]) -> CredentialAddress:
    given = environ.get("CERTS_CREDENTIAL_ADDRESS") or CredentialAddress.NONE.value
    if given not in set(CredentialAddress):
        choices = " or ".join(CredentialAddress)
        problems.append(Problem(f"CERTS_CREDENTIAL_ADDRESS must be {choices}, not {given!r}."))
        return CredentialAddress.NONE
    return CredentialAddress(given)


def _actor(environ: Mapping[str, str]) -> str:
    if actor := environ.get("CERTS_ACTOR", "").strip():
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
        raise SigningError(f"The secret file {path} cannot be made: {error.strerror}.") from error
