"""Judge what somebody types: the path of a file, an address of ours, the bare text of a code, or a number."""

import re
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from certs.errors import InputError, NotFoundError
from certs.ground import number as numbers
from certs.model import Verdict
from certs.ports import Keys, Register
from certs.wording import say
from certs.work.verify.codes import verify_claim, verify_number
from certs.work.verify.files import verify_pdf

_MAX_FILE_BYTES = 200_000_000
_BARE_CODE = re.compile(r"[A-Z2-7]{40,}\.[A-Z2-7]{100,}")


def verify_typed(what: str, register: Register, keys: Keys, now: datetime) -> Verdict:
    """Return the verdict on *what*.

    Raises:
        InputError: a number with a typing mistake, or a file too large to be read.
        NotFoundError: it looks like a file that is not there.
        StorageError: the register cannot be read.
    """
    if _is_file(what):
        return verify_pdf(_read(Path(what)), register, keys, now)
    path = _path(what)
    if "/V/" in path or _BARE_CODE.fullmatch(path):
        return verify_claim(path.rpartition("/V/")[2], register, keys, now)
    if "/c/" in path:
        return verify_number(numbers.parse(path.rpartition("/c/")[2]), register, keys, now)
    if "/" in what or what.lower().endswith(".pdf"):
        raise NotFoundError(say("There is no file {file}.", file=what))
    return verify_number(numbers.parse(what), register, keys, now)


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
