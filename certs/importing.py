"""Import exports into the register: read them all, say everything that is wrong, store all or nothing."""

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from certs import attendance, doubts, eventfile, rehearsal
from certs.errors import InputError, Problem
from certs.model import Act, Amendment, Event, Imported, Received, SessionId
from certs.ports import Store

_log = logging.getLogger("certs.importing")
_COUNTED = ("joins", "registrations", "unusable")


@dataclass(frozen=True, slots=True)
class Upload:
    """An export as somebody gave it; *name* is its base name."""

    name: str
    data: bytes | Path
    """The bytes, or where they lie if they are too many to hold."""


def add_event(store: Store, text: str, name: str, act: Act, base_url: str = "") -> tuple[Event, bool]:
    """Store the event file *text*; return the event and whether that changed the register.

    Certificates are tried beforehand for a site at *base_url*, whose address stands on them.

    Raises:
        InputError: the file is wrong, names a design, language or logo that is not there, or says what certificates
            have no room for; says where.
        ConflictError: a session that has imports would vanish.
        StorageError: the database fails.
    """
    event = eventfile.parse(text, name)
    rehearsal.check(event, base_url, name)
    return event, store.events.add(event, text, act)


def event_of(store: Store, slug: str) -> Event:
    """Return the event *slug*.

    Raises:
        NotFoundError: there is none.
        StorageError: the database fails.
    """
    return eventfile.parse(store.events.definition(slug), slug)


def add_files(
    store: Store, slug: str, uploads: Sequence[Upload], answers: attendance.Answers, act: Act
) -> list[attendance.Reading]:
    """Read and store *uploads*, all or none, with *answers* to what they leave open.

    Raises:
        InputError: every file that cannot be used, and why; nothing was changed.
        NotFoundError: no such event.
        ConflictError: somebody imported one of the files meanwhile.
        StorageError: the database fails.
    """
    readings = read_files(store, slug, uploads, answers)
    store_files(store, slug, uploads, readings, act)
    return readings


def read_files(
    store: Store,
    slug: str,
    uploads: Sequence[Upload],
    answers: attendance.Answers,
    replaced: Collection[Imported] = (),
    watch: Callable[[int], None] | None = None,
) -> list[attendance.Reading]:
    """Read *uploads* with *answers* to what they leave open, to be stored in place of *replaced*; change nothing.

    *watch* is told how many bytes were gone through: all once now, and once more whenever the rows of a long file are.

    Raises:
        InputError: every file that cannot be used, and why.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    event = event_of(store, slug)
    problems = _unknown_names(event, uploads, answers.sessions)
    readings: list[attendance.Reading] = []
    gone = {one.sha256 for one in replaced}
    known = {sha256: name for sha256, name in store.imports.known(slug).items() if sha256 not in gone}
    seen: dict[str, str] = {}
    for upload in uploads:
        try:
            reading = attendance.read(upload.name, upload.data, event.sessions, answers, watch)
            reading.require_answers()
        except InputError as error:
            problems.extend(error.problems)
            continue
        problems.extend(_again(upload.name, known.get(reading.sha256, ""), seen.get(reading.sha256, "")))
        seen[reading.sha256] = upload.name
        readings.append(reading)
    if problems:
        _log.warning("import_refused", extra={"event": slug, "files": len(uploads), "count": len(problems)})
        raise InputError(*problems)
    return readings


def store_files(
    store: Store,
    slug: str,
    uploads: Sequence[Upload],
    readings: Sequence[attendance.Reading],
    act: Act,
    amendment: Amendment | None = None,
) -> None:
    """Store *uploads* as *readings* have them, and make *amendment*: all of it or nothing; then ask what is in doubt.

    Raises:
        NotFoundError: no such event.
        ConflictError: somebody imported one of the files meanwhile, or changed what the amendment is based on.
        StorageError: the database fails.
    """
    began = time.monotonic()
    received = [_received(*pair) for pair in zip(readings, uploads, strict=True)]
    store.imports.add(slug, received, act, amendment)
    doubts.ask(store, slug)
    counts = {name: sum(reading.counts[name] for reading in readings) for name in _COUNTED}
    took = round(time.monotonic() - began, 3)
    _log.info("imported", extra={"event": slug, "files": len(readings), **counts, "seconds": took})


def _again(name: str, known: str, seen: str) -> list[Problem]:
    """Refuse a file that the register holds as *known*, or that was given beside it as *seen*."""
    if known:
        return [Problem(f"This file is in the register already, as {known}.", name)]
    return [Problem(f"This is the same file as {seen}: give it once.", name)] if seen else []


def _unknown_names(event: Event, uploads: Sequence[Upload], sessions: Mapping[str, SessionId]) -> list[Problem]:
    names, ids = {upload.name for upload in uploads}, {session.id for session in event.sessions}
    problems = [
        Problem(f"--session names {name}, which is not among the files.") for name in sessions if name not in names
    ]
    known = ", ".join(session.id for session in event.sessions)
    problems += [
        Problem(f"The event has no session {id_!r}; it has {known}.", name)
        for name, id_ in sessions.items()
        if id_ not in ids
    ]
    return problems


def _received(reading: attendance.Reading, upload: Upload) -> Received:
    about = (reading.name, reading.sha256, reading.format, reading.session, upload.data)
    return Received(*about, (), (), (), portions=reading.records.portions())
