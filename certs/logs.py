"""What certs logs: one JSON object a line, to standard error or to a file, without anything about people.

    {"at": "2026-11-22T20:15:04.120Z", "level": "info", "room": "certs.issue", "process": 71, "what": "sheet_stored",
     "batch": "cgmp-2026/3", "made": 311, "held": 0, "seconds": 0.104}

Every room logs by `logging.getLogger("certs.ROOM").info("word", extra={...})`. What is not a word is replaced, fields
that `FIELDS` does not list are left out, and of an exception only its types and places are kept, not what it says: so
no name, address, claim, link or secret gets here, whatever a message or an exception holds. docs/operations.md explains
the words.
"""

import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb

from certs.errors import StorageError
from certs.wording import say

STDERR = "stderr"
FIELDS = (
    "command", "exit", "route", "status", "act", "audit", "event", "batch", "number", "kid", "claim_kid", "seal_kid",
    "credential_kid", "list", "verdict", "count", "files", "joins", "registrations", "unusable", "certificates",
    "spent_numbers", "made", "held", "left", "workers", "issued", "seconds", "milliseconds", "code", "facts",
    "reference", "pack",
)  # fmt: skip
"""Identifiers, counts, durations and words of our own; nothing that was typed in, imported or printed."""
_WORD = re.compile(r"[a-z_]+")
_MAX_CAUSES = 10
_ROOT = Path(__file__).parents[1]


def install(place: str, least: int) -> None:
    """Send what certs logs to *place*: `stderr`, or a file that may be rotated.

    Without a place, standard error gets what has level *least* or more.

    Raises:
        StorageError: the file cannot be opened.
    """
    file = Path(place) if place not in {"", STDERR} else None
    try:
        if file is not None:
            os.close(_opened(file))
    except OSError as error:
        raise StorageError(
            say(
                "The log {file} of CERTS_LOG cannot be written: {why}.",
                file=file,
                why=error.strerror,
            )
        ) from error
    handler = _Lines(file)
    handler.setFormatter(Format())
    log = logging.getLogger("certs")
    log.handlers[:] = [handler]
    log.setLevel(logging.INFO if place else least)


class Format(logging.Formatter):
    """Writes a record as JSON, with the fields of `FIELDS` alone."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "room": record.name,
            "process": record.process,
            "what": record.msg if isinstance(record.msg, str) and _WORD.fullmatch(record.msg) else "unnamed",
        }
        line.update((name, record.__dict__[name]) for name in FIELDS if name in record.__dict__)
        if record.exc_info and record.exc_info[1]:
            line["errors"] = kinds(record.exc_info[1])
            line["trace"] = places(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def kinds(error: BaseException) -> list[str]:
    """Return the types of *error* and of what led to it, without what they say."""
    return [_kind(one) for one in _causes(error)]


def _kind(error: BaseException) -> str:
    """Return its type, of a module that is missing also the name: that is our own, and helps."""
    kind = type(error).__qualname__
    return f"{kind} {error.name}" if isinstance(error, ImportError) and error.name else kind


def places(error: BaseException) -> list[str]:
    """Return where *error* and what led to it passed, as `file:line function`, the first cause first."""
    return [place for one in reversed(_causes(error)) for place in _places(one)]


def _causes(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and len(chain) < _MAX_CAUSES:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain


def _places(error: BaseException) -> Iterator[str]:
    for frame in extract_tb(error.__traceback__):
        path = Path(frame.filename)
        shown = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path.name
        yield f"{shown}:{frame.lineno} {frame.name}"


class _Lines(logging.Handler):
    """Appends each line to a file in one step, wherever that was moved meanwhile, or to standard error."""

    def __init__(self, file: Path | None) -> None:
        super().__init__()
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a full disk stops no work."""
        line = self.format(record) + "\n"
        if self._file is None:
            sys.stderr.write(line)
            return
        try:
            descriptor = _opened(self._file)
            try:
                os.write(descriptor, line.encode())
            finally:
                os.close(descriptor)
        except OSError:
            sys.stderr.write(f"certs: {self._file} cannot be written; a line of level {record.levelname} is lost.\n")


def _opened(file: Path) -> int:
    """Open *file* to append to it; it is made for its owner alone if it is not there."""
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
