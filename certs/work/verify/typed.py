"""Judge what somebody types: the path of a file, an address of ours, the bare text of a code, or a number."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from certs.errors import InputError, NotFoundError
from certs.ground import number as numbers
from certs.model import Number, Verdict
from certs.ports import Keys, Register
from certs.wording import say
from certs.work.verify.brought import verify_file
from certs.work.verify.codes import verify_claim, verify_number

_MAX_FILE_BYTES = 200_000_000
_BARE_CODE = re.compile(r"[A-Z2-7]{40,}\.[A-Z2-7]{100,}")


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names: the *claim* of a code or, where that is empty, a *number*."""

    number: Number | None = None
    claim: str = ""


def verify_typed(what: str, register: Register, keys: Keys, now: datetime) -> Verdict:
    """Return the verdict on *what*.

    Raises:
        InputError: a number with a typing mistake, or a file too large to be read.
        NotFoundError: it looks like a file that is not there.
        StorageError: the register cannot be read.
    """
    if _is_file(what):
        return verify_file(_read(Path(what)), register, keys, now)
    if ("/" in what or what.lower().endswith(".pdf")) and not _is_address(_path(what)):
        raise NotFoundError(say("There is no file {file}.", file=what))
    return verify_named(named(what), register, keys, now)


def verify_named(asked: Named, register: Register, keys: Keys, now: datetime) -> Verdict:
    """Return the verdict on what a text named.

    Raises:
        StorageError: the register cannot be read.
        SigningError: the key folder cannot be read.
    """
    if asked.number is not None:
        return verify_number(asked.number, register, keys, now)
    return verify_claim(asked.claim, register, keys, now)


def named(text: str) -> Named:
    """Return what *text* names: an address of ours on any host, the bare text of a code, or a number; never a file.

    Raises:
        InputError: it is none of these, or a number with a typing mistake.
    """
    path = _path(text)
    if "/V/" in path or _BARE_CODE.fullmatch(path):
        return Named(claim=path.rpartition("/V/")[2])
    return Named(numbers.parse(path.rpartition("/c/")[2] if "/c/" in path else text))


def _is_address(path: str) -> bool:
    return "/V/" in path or "/c/" in path or _BARE_CODE.fullmatch(path) is not None


def _is_file(what: str) -> bool:
    """Say whether there is such a file; an address may be longer than any file's name."""
    try:
        return Path(what).is_file()
    except OSError:
        return False


def _path(what: str) -> str:
    try:
        return unquote(urlsplit(what).path)
    except ValueError:
        raise InputError(say("{what} is neither a file, nor an address, nor a number.", what=what)) from None


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise InputError(say("{file} is too large to be a certificate.", file=path))
        return path.read_bytes()
    except OSError as error:
        raise InputError(say("{file} cannot be read: {why}.", file=path, why=error.strerror)) from error
