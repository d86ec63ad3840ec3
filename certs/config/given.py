"""What was given for each setting: by the environment or, where that is silent, by the settings file.

The file is what `CERTS_CONFIG` names, else `certs.toml` in the working folder. Its keys are the variables' names in
lower case without `CERTS_`. No secret stands in it, only files that hold one; so it may be shown, copied and kept under
version control. A relative path in it counts from the file's own folder, whatever the working folder is.
"""

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from certs.errors import InputError, Problem
from certs.wording import hint, say

PREFIX = "CERTS_"
CONFIG = "CERTS_CONFIG"
FILE = Path("certs.toml")
SECRETS = ("key_passphrase", "pkcs11_pin", "secret_key", "database_password", "oidc_client_secret")
"""Given as a value by the environment alone, or by either as a file."""
_COUNTS = ("proxies", "page_seconds", "wait_seconds", "mail_per_minute")
KEYS = (
    "base_url",
    "desk_url",
    "organisation",
    "database_url",
    "database_read_url",
    "signing_keys",
    *(f"{name}_file" for name in SECRETS),
    "actor",
    "log",
    "migration_backups",
    "designs",
    *_COUNTS,
    "credential_address",
    "seal_level",
    "timestamp_url",
    "broker_url",
    "limits_url",
    "tails_url",
    "tails_endpoint",
    "tails_region",
    "rate_limits",
    "oidc_issuer",
    "oidc_client_id",
    "password_sign_in",
    "smtp_url",
    "mail_from",
    "mail_reply_to",
)
"""What the settings file may say."""
NAMES = frozenset({CONFIG, *(PREFIX + key.upper() for key in (*KEYS, *SECRETS))})
"""What the environment may say."""


def file_of(environ: Mapping[str, str]) -> Path | None:
    """Return the settings file: the one that `CERTS_CONFIG` names, there or not, else `certs.toml` if that is there."""
    if named := environ.get(CONFIG):
        return Path(named)
    return FILE if FILE.exists() or FILE.is_symlink() else None


def without_password(url: str) -> str:
    """Return the database's address *url* with nothing in it that opens the database."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=user.partition(":")[0] + at + host).geturl() if at else url


def password_of(url: str) -> str:
    """Return the password that the database's address *url* holds, empty if it holds none."""
    parts = urlsplit(url)
    return unquote(parts.password or "") or next(iter(parse_qs(parts.query).get("password", ())), "")


class Given:
    """Every setting as it was given, with the name that says where; collects what is wrong with any of them."""

    def __init__(
        self, environ: Mapping[str, str], file: Path | None = None, values: Mapping[str, str] | None = None
    ) -> None:
        """Read the settings file, or take *values* for what *file* will say."""
        self.problems: list[Problem] = [
            Problem(say("{name} is not a setting of certs; see docs/operations.md.", name=name))
            for name in sorted(environ)
            if name.startswith(PREFIX) and name not in NAMES
        ]
        self._environ = environ
        self.file = file or file_of(environ)
        self.folder = self.file.parent if self.file else Path()
        """Where what a deployment keeps lies, unless told otherwise."""
        self._values = dict(values) if values is not None else self._read() if self.file else {}

    def text(self, key: str) -> str:
        """Return what was given for *key*, empty if nothing."""
        return self._environ.get(variable(key)) or self._values.get(key, "")

    def other(self, name: str) -> str:
        """Return what the environment says under a *name* that is not ours."""
        return self._environ.get(name, "").strip()

    def by_environ(self, key: str) -> bool:
        """Say whether *key* was given by the environment."""
        return bool(self._environ.get(variable(key)))

    def path(self, key: str) -> Path | None:
        """Return the path that was given for *key*: from the working folder, in the file from the file's."""
        text = self.text(key)
        if not text:
            return None
        return Path(text) if self.by_environ(key) else self.folder / Path(text).expanduser()

    def refuse(self, key: str, says: str) -> None:
        """Note what is wrong with what was given for *key*; *says* goes on after its name."""
        self.problems.append(self._problem(key, f"{self.called(key)} {says}"))

    def called(self, key: str) -> str:
        """Return how whoever gave *key* calls it: by the key of the file, or by the variable."""
        return key if key in self._values and not self.by_environ(key) else variable(key)

    def _problem(self, key: str, message: str) -> Problem:
        by_file = key in self._values and not self.by_environ(key)
        return Problem(message, str(self.file)) if by_file else Problem(message)

    def _read(self) -> dict[str, str]:
        """Return what the file says, as text; whatever is no setting or of another type is a problem."""
        found: dict[str, str] = {}
        for key, value in self._table().items():
            if wrong := _wrong(key, value):
                self.problems.append(Problem(wrong, str(self.file)))
            else:
                found[key] = str(value)
        return found

    def _table(self) -> dict[str, object]:
        file = self.file or FILE
        try:
            return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
        except FileNotFoundError:
            self.problems.append(
                Problem(
                    say(
                        "{config} names {file}, which is not there: {init} makes it.",
                        config=CONFIG,
                        file=file,
                        init=hint("init"),
                    )
                )
            )
        except OSError as error:
            self.problems.append(Problem(say("{file} cannot be read: {why}.", file=file, why=error.strerror)))
        except UnicodeDecodeError:
            self.problems.append(Problem(say("is not in UTF-8."), str(file)))
        except tomllib.TOMLDecodeError as error:
            self.problems.append(Problem(say("is no TOML: {error}.", error=error), str(file)))
        return {}


def table_of(file: Path) -> dict[str, str]:
    """Return what the settings file *file* says, as text.

    Raises:
        InputError: something in it is no setting, or cannot be read; all of it.
    """
    given = Given({CONFIG: str(file)})
    if given.problems:
        raise InputError(*given.problems)
    return dict(given._values)


def variable(key: str) -> str:
    """Return the variable of the setting *key*."""
    return PREFIX + key.upper()


def _wrong(key: str, value: object) -> str:
    """Say what is wrong with *value* for *key* whatever it means, empty if nothing."""
    if key not in KEYS:
        return _unknown(key)
    if key in _COUNTS:
        return "" if isinstance(value, int) and not isinstance(value, bool) else f"{key} must be a number, like 1."
    if not isinstance(value, str):
        return f'{key} must be text in quotes, like {key} = "…".'
    if not value.strip():
        return f"{key} is empty: leave the line out."
    if key in {"database_url", "database_read_url"} and password_of(value):
        return (
            f"{key} holds a password, and no secret stands in this file: write it to a file of mode 0600 "
            "and name that with database_password_file."
        )
    return ""


def _unknown(key: str) -> str:
    if key in SECRETS:
        return f"no secret stands in this file: write it to a file of mode 0600 and name that with {key}_file."
    plain = key.lower().replace("-", "_").removeprefix(PREFIX.lower())
    close = difflib.get_close_matches(plain, KEYS, n=1)
    advice = f"did you mean {close[0]}?" if close else "see docs/operations.md."
    return f"{key} is not a setting of certs; {advice}"
