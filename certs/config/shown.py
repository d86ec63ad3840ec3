"""The settings as they are in force, each with what says so; of secrets only that they are set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from certs.config import Secret, Settings
from certs.config.given import KEYS, SECRETS, Given, variable, without_password

_ADDRESSES = ("database_url", "database_read_url", "broker_url", "limits_url", "smtp_url")
"""Which may hold what opens what they lead to."""
_TAILS = "tails_"


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting: its *value* as a person may see it, and its *source*: a variable, the settings file, or neither."""

    name: str
    value: str
    source: str = ""


def shown(settings: Settings, environ: Mapping[str, str]) -> Sequence[Shown]:
    """Return every setting of *settings*, which *environ* and the settings file gave."""
    given = Given(environ)
    plain = [_plain(settings, given, key) for key in KEYS if not key.endswith("_file")]
    return [*plain, *(_secret(settings, given, name) for name in SECRETS)]


def _plain(settings: Settings, given: Given, key: str) -> Shown:
    value = _tails(settings, key) if key.startswith(_TAILS) else getattr(settings, key)
    text = without_password(value) if key in _ADDRESSES else _said(value)
    return Shown(variable(key), text, _source(given, key))


def _tails(settings: Settings, key: str) -> str:
    """Return what is in force of the place of tails outside the register, nothing where there is none."""
    return "" if settings.tails is None else str(getattr(settings.tails, key.removeprefix(_TAILS)))


def _secret(settings: Settings, given: Given, name: str) -> Shown:
    """Say whether a secret is there, and where, but nothing of it."""
    secret: Secret = getattr(settings, name)
    key = f"{name}_file" if given.text(f"{name}_file") else name
    if secret.file is None:
        return Shown(variable(name), "set" if secret.value else "not set", _source(given, key))
    return Shown(
        variable(name),
        f"not set, for {secret.file} is not there" if secret.is_lost else "set",
        _source(given, key) or str(secret.file),
    )


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else str(value) if not isinstance(value, Path) else str(value.absolute())


def _source(given: Given, key: str) -> str:
    if given.by_environ(key):
        return variable(key)
    return str(given.file) if given.text(key) else ""
