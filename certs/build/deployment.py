"""How a deployment comes into being: its settings file, its register, its keys; each once, and never anew.

What was settled stays: by the settings file, by a variable, by a register or keys that are there. `begun` says what is
left to ask, `planned` looks at the places without changing anything and refuses what does not fit together, `write`
keeps the answers. Whoever is interrupted runs the same command again.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from certs.build import App, build
from certs.config import (
    FILE,
    INSTANCE,
    Secret,
    Settings,
    file_of,
    is_base_url,
    password_of,
    table_of,
    without_password,
)
from certs.errors import ConflictError, InputError, Problem, StorageError
from certs.keyring import KeyFolder
from certs.model import Act, KeyState, Kid, Purpose
from certs.wording import hint, say
from certs.work import guards, keys

ASKED = ("base_url", "organisation", "database_url", "signing_keys", "key_passphrase_file")
"""What a deployment must settle."""
_DATABASE, _PASSPHRASE = INSTANCE / "certs.db", INSTANCE / "key_passphrase"
PASSWORD_FILE = INSTANCE / "database_password"
_MEANS = {
    "base_url": "Public address of the site; every QR code and link begins with it, for decades.",
    "organisation": "Who stands behind the seals of the PDFs: the issuer as the events name it.",
    "database_url": "The register; back it up every day.",
    "database_password_file": "Opens the register.",
    "signing_keys": "The keys; back them up, all of the folder.",
    "key_passphrase_file": "Opens the private keys; back it up apart from them.",
}
_HEAD = """\
# Settings of certs. docs/operations.md explains every key; a variable such as CERTS_BASE_URL wins.
# Relative paths count from this file's folder. No secret stands here.
"""
_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Begun:
    """What is settled already, by key, and the file that keeps it."""

    file: Path
    kept: Mapping[str, str]
    """By the file."""
    settled: Mapping[str, str]
    """By the file, a variable or an option; as the file would say it."""
    password: str = ""
    """Of the database, given inside its address; goes into a file of its own."""

    @property
    def open(self) -> dict[str, str]:
        """What must still be asked, with what serves most, as one would type it; nothing where nobody else can know."""
        home = self.file.parent
        offered = {
            "database_url": f"{_SQLITE}{home / _DATABASE}",
            "signing_keys": str(home / "signing_keys"),
            "key_passphrase_file": str(home / _PASSPHRASE),
        }
        return {key: offered.get(key, "") for key in ASKED if key not in self.settled}


@dataclass(frozen=True, slots=True)
class Plan:
    """A deployment as it will be, with what is missing."""

    begun: Begun
    settings: Settings
    table: Mapping[str, str]
    """What the file will say."""
    missing: tuple[Purpose, ...]
    """Purposes that have no key yet."""
    register_is_there: bool
    remarks: tuple[str, ...]
    """What a person should know before she says yes."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to do."""
        return not self.missing and self.register_is_there and self.begun.kept.keys() >= self.table.keys()


def begun(environ: Mapping[str, str], options: Mapping[str, str]) -> Begun:
    """Return what file, variables and *options* settle.

    Raises:
        InputError: the file is wrong, or something given cannot be used; all of it.
        ConflictError: they contradict one another; nothing is overwritten.
    """
    file = file_of(environ) or FILE
    kept = table_of(file) if file.exists() else {}
    settled: dict[str, str] = dict(kept)
    password, problems, clashes = "", list[Problem](), list[str]()
    for key in ASKED:
        for name, text in ((_variable(key), environ.get(_variable(key), "")), (_option(key), options.get(key, ""))):
            if not text:
                continue
            if wrong := unusable(key, text):
                problems.append(Problem(say("{name}: {wrong}", name=name, wrong=wrong)))
                continue
            if key == "database_url":
                password = password_of(text) or password
            value = as_kept(key, text, file.parent)
            if settled.setdefault(key, value) != value:
                said = f"{file} says" if key in kept else f"{_variable(key)} says"
                clashes.append(f"{said} {key} = {json.dumps(settled[key], ensure_ascii=False)}, and {name} {value!r}.")
    if problems:
        raise InputError(*problems)
    if clashes:
        raise ConflictError("\n".join([*clashes, f"Nothing was changed. To change a setting, edit {file}."]))
    if environ.get("CERTS_KEY_PASSPHRASE"):
        settled.setdefault("key_passphrase_file", "")
    return Begun(file, kept, settled, password)


def unusable(key: str, text: str) -> str:
    """Say why *text* cannot be what *key* says, empty if it can."""
    if any(ord(character) < ord(" ") or character == "\x7f" for character in text):
        return "It has characters that cannot be printed."
    if not text.strip():
        return "It is empty."
    if key == "base_url" and not is_base_url(text.strip().rstrip("/")):
        hint = f"https://{text.strip()}" if is_base_url(f"https://{text.strip()}") else "https://certs.example.org"
        return f"{text!r} is no address of a site: write it like {hint}"
    if key == "database_url":
        return _unusable_database(text.strip())
    return ""


def _unusable_database(url: str) -> str:
    if url == "sqlite://" or url.startswith("sqlite://?"):
        url = _SQLITE
    if url.startswith(_SQLITE):
        path = url.removeprefix(_SQLITE).partition("?")[0]
        inside = not path or path.startswith((":memory:", "file:"))
        return "It keeps nothing: name a file, like sqlite:///instance/certs.db" if inside else ""
    if url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        return ""
    return f"{without_password(url)!r} is no register: write sqlite:///instance/certs.db or postgresql://user@host/name"


def as_kept(key: str, text: str, folder: Path) -> str:
    """Return *text* as the settings file in *folder* says it: paths from there, an address without its last slash."""
    text = text.strip()
    if key == "base_url":
        return text.rstrip("/")
    if key == "organisation":
        return " ".join(text.split())
    if key == "database_url":
        if not text.startswith(_SQLITE):
            return without_password(text)
        path, mark, query = text.removeprefix(_SQLITE).partition("?")
        return f"{_SQLITE}{_from(folder, path)}{mark}{query}"
    return _from(folder, text)


def _from(folder: Path, text: str) -> str:
    """Return the path *text* as seen from *folder* if it lies in it, else whole."""
    path, home = Path(text).expanduser().absolute(), folder.absolute()
    return str(path.relative_to(home)) if path.is_relative_to(home) else str(path)


def planned(begun: Begun, answers: Mapping[str, str], environ: Mapping[str, str]) -> Plan:
    """Return what is to be made with *answers* as they were typed, having looked at every place; nothing is changed.

    Raises:
        InputError: an answer cannot be used.
        ConflictError: the places hold what does not fit together, or belongs to a demonstration.
        SigningError: keys that are there cannot be read.
        StorageError: the register is out of reach, or cannot be made there.
    """
    begun = _answered(begun, answers)
    table = _table(begun)
    settings = Settings.planned(environ, begun.file, _without_new_password(begun, table))
    if begun.password:
        settings = replace(settings, database_password=Secret(begun.password.encode()))
    there = _register_is_there(settings)
    keys = KeyFolder(settings.signing_keys, settings.key_passphrase.reveal)
    known = {purpose: keys.trusted(purpose) for purpose in Purpose}
    if any(key.demo for purpose in guards.SIGNING for key in known[purpose]):
        raise ConflictError(
            say(
                "{signing_keys} holds the keys of a demonstration. Give the real deployment places of its own: "
                "run {init} in another folder, or name them with {places}.",
                signing_keys=settings.signing_keys,
                init=hint("init"),
                places=hint("places"),
            )
        )
    if any(known.values()) and not there:
        raise ConflictError(
            say(
                "{signing_keys} holds keys, and there is no register at {shown}. If there was one, name it or "
                "bring it back with {restore}; otherwise name another folder for the keys.",
                signing_keys=settings.signing_keys,
                shown=_shown(table["database_url"]),
                restore=hint("restore"),
            )
        )
    active = {purpose for purpose, all_ in known.items() if any(key.state is KeyState.ACTIVE for key in all_)}
    missing = tuple(purpose for purpose in guards.SIGNING if purpose not in active)
    if missing:
        _demand_passphrase(settings, keys)
    remarks = guards.findings(settings.base_url, keys, issuer=table["organisation"])
    return Plan(begun, settings, table, missing, there, (*(one.told for one in remarks), *_cut(table["organisation"])))


def _answered(begun: Begun, answers: Mapping[str, str]) -> Begun:
    """Return *begun* with *answers* settled."""
    typed = {key: as_kept(key, text, begun.file.parent) for key, text in answers.items()}
    password = begun.password or password_of(answers.get("database_url", ""))
    return replace(begun, settled={**begun.settled, **typed}, password=password)


def _table(begun: Begun) -> dict[str, str]:
    """Return what the file will say, in the order in which it is asked."""
    said = dict(begun.settled)
    if begun.password:
        said.setdefault("database_password_file", str(PASSWORD_FILE))
    return {key: said[key] for key in dict.fromkeys((*_MEANS, *said)) if said.get(key)}


def _without_new_password(begun: Begun, table: Mapping[str, str]) -> dict[str, str]:
    """Return *table* without the file of the database's password, where that is still to be written."""
    fresh = begun.password and "database_password_file" not in begun.kept
    return {key: value for key, value in table.items() if not (fresh and key == "database_password_file")}


def _cut(organisation: str) -> Iterator[str]:
    room = guards.X509_NAME_CHARACTERS
    if len(organisation) > room:
        yield f"A seal has room for {room} characters: it will name “{organisation[:room]}”."


def _register_is_there(settings: Settings) -> bool:
    """Say whether a register is at its place; what is no register there is an error.

    Raises:
        StorageError: the place is out of reach, cannot be written, or holds something else.
    """
    from certs.db.migrate import missing  # noqa: PLC0415 -- the database, which help does not need

    file = settings.sqlite_file
    if file is not None and not file.exists():
        home = next(folder for folder in file.parents if folder.exists())
        if not home.is_dir() or not os.access(home, os.W_OK | os.X_OK):
            raise StorageError(
                say("{file} cannot be made: {home} is no folder that you may write to.", file=file, home=home)
            )
        return False
    app = build(settings)
    try:
        return not missing(app.engine)
    finally:
        app.engine.dispose()


def _demand_passphrase(settings: Settings, keys: KeyFolder) -> None:
    """Check that private keys that are there can still be opened, before others are made beside them."""
    file = settings.key_passphrase.file
    if not settings.key_passphrase.is_lost or not keys.locked():
        return
    raise ConflictError(
        say(
            "{signing_keys} holds private keys, and the passphrase that opens them is not at {file}. Bring "
            "it back, or say where it is with {passphrase}.",
            signing_keys=settings.signing_keys,
            file=file,
            passphrase=hint("passphrase_file"),
        )
    )


def write(plan: Plan) -> None:
    """Keep the answers: the settings file, and the database's password in a file of its own.

    Raises:
        StorageError: a file cannot be written.
    """
    file = plan.begun.file
    fresh = {key: value for key, value in plan.table.items() if key not in plan.begun.kept}
    try:
        if plan.begun.password:
            _keep_secret(file.parent / PASSWORD_FILE, plan.begun.password)
        if not plan.begun.kept and not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8") as out:
                out.write(_HEAD + "".join(_lines(fresh)))
        elif fresh:
            with file.open("a", encoding="utf-8") as out:
                out.write("".join(_lines(fresh)))
    except OSError as error:
        raise StorageError(
            say("{file} cannot be written: {why}.", file=error.filename or file, why=error.strerror)
        ) from error


def make(app: App, plan: Plan, act: Act, *, insist: bool = False) -> list[str]:
    """Begin the register and make what keys are missing; return what was made.

    Raises:
        InputError: the passphrase is easily guessed, and they do not *insist*.
        ConflictError: a key would be made in place of one that the register knows and the folder has lost; says which.
        SigningError: a key cannot be made.
        StorageError: the register cannot be made.
    """
    app.begin()
    lost = [(one, keys.lost(app.store.key_trail, app.keys, one)) for one in plan.missing]
    if gone := [f"{one} key {kid}" for one, kid in lost if kid]:
        raise ConflictError(
            say(
                "The register knows {gone}, and {folder} has lost it: bring the folder back from its backup, or "
                "name it in the settings. If it is lost for good: {new}",
                gone=", ".join(gone),
                folder=app.settings.signing_keys,
                new=hint("key_again"),
            )
        )
    return [f"{purpose} key {_key(app, purpose, act, insist=insist)}" for purpose in plan.missing]


def _key(app: App, purpose: Purpose, act: Act, *, insist: bool) -> Kid:
    return app.make_key(purpose, act, organisation=app.settings.organisation, insist=insist).kid


def _keep_secret(file: Path, secret: str) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(secret + "\n")


def _lines(table: Mapping[str, str]) -> Iterator[str]:
    for key, value in table.items():
        yield f"\n# {_MEANS[key]}\n{key} = {json.dumps(value, ensure_ascii=False)}\n"


def _variable(key: str) -> str:
    return f"CERTS_{key.upper()}"


def _option(key: str) -> str:
    return f"--{key.replace('_', '-')}"


def _shown(url: str) -> str:
    return url.removeprefix(_SQLITE)
