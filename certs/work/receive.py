"""Receive exports as people drop them: every file is kept first, and each is read all or nothing, for itself.

    again = keep(store, "cgmp-2026", uploads, act)            what is new waits in the tray
    outcome = read_kept(store, "cgmp-2026", act)              a worker
    outcome.readings, outcome.left

What cannot be read waits in the tray with the reason, or with the questions that `answer` answers; the others count.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from certs import attendance
from certs.attendance import Answers, DateOrder, QuestionKind
from certs.errors import InputError, NotFoundError
from certs.ground import names
from certs.model import Act, FileQuestion, Imported, Session, SessionId, TrayFile
from certs.ports import Store
from certs.wording import say
from certs.work import amend, imports, versions

CHANGED = "changed"
"""The question of a file that looks like another version of one that counts: `beside` it, or that one's digest."""
BESIDE = "beside"
EFFECT = "effect"
"""The question of a file that comes when certificates are ordered: is what it changes right? `confirm` answers it."""
YES = "yes"
REGISTERED = "registered"
"""The only answer about a list that lets it be read: of who came, the register needs to know when."""
_MOST_CHARACTERS = 150


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of files that were given."""

    readings: Sequence[attendance.Reading]
    """Files that count now."""
    left: Sequence[TrayFile] = ()
    """Files that wait in the tray, each with what is wrong or asked."""


def keep(store: Store, slug: str, uploads: Sequence[imports.Upload], act: Act) -> Sequence[imports.Again]:
    """Keep what is new of *uploads* in the tray, to be read; return what is here already.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    sifted = imports.sift(store, slug, uploads, {})
    for one in sifted.new:
        store.tray.put(slug, one.name, _content(one), act)
    return sifted.again


def read_kept(store: Store, slug: str, act: Act, tell: Callable[[int, int], None] = lambda done, of: None) -> Outcome:
    """Read the files of the tray that nobody read yet, and let count what can be read; *tell* hears how far that is.

    Raises:
        NotFoundError: no such event.
        ConflictError: somebody imports one of the files at this moment; all of them wait.
        StorageError: the database fails; what arrived waits.
    """
    return _read(store, slug, [one for one in store.tray.listed(slug) if one.is_unread], act, tell)


def answer(store: Store, slug: str, file: int, given: Mapping[str, str]) -> None:
    """Keep answers to what a file of the tray asked, by kind of question; it is to be read once more with them.

    Raises:
        InputError: an answer is missing, or is none.
        NotFoundError: the file does not wait any more.
        StorageError: the database fails.
    """
    waiting = in_tray(store, slug, file)
    for one in waiting.asked:
        word = given.get(one.kind, "").strip()
        if not word or (word not in one.candidates and one.candidates and one.kind != QuestionKind.TIMEZONE):
            raise InputError(say("Choose an answer for {file}.", file=waiting.name))
    told = dict(waiting.given) | {one.kind: given[one.kind].strip() for one in waiting.asked}
    _answers(replace(waiting, given=tuple(told.items())))
    store.tray.note(file, (), (), told)


def put_in_place(store: Store, slug: str, upload: imports.Upload, old: Imported, act: Act) -> int:
    """Keep a file that shall count in place of *old* once somebody has seen what that changes; return its id.

    Raises:
        InputError: it is the same file, byte for byte.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    data = _content(upload)
    if hashlib.sha256(data).hexdigest() == old.sha256:
        raise InputError(say("This is the same file as {old}, byte for byte: nothing would change.", old=old.name))
    file = store.tray.put(slug, upload.name, data, act, old.sha256)
    waits = say("It waits to count in place of {old}.", old=old.name)
    store.tray.note(file, (), [FileQuestion(EFFECT, waits)], {})
    return file


def foresee(store: Store, slug: str, waiting: TrayFile) -> tuple[attendance.Reading, amend.Foresight]:
    """Say what would change if a file of the tray counted, in place of another where it shall; change nothing.

    Raises:
        InputError: it cannot be read, or what it shall replace counts no longer.
        StorageError: the database fails.
    """
    upload = imports.Upload(waiting.name, store.tray.content(slug, waiting.id))
    old = [one for one in store.imports.listed(slug) if one.counts and one.sha256 == waiting.replaces]
    if waiting.replaces and not old:
        raise InputError(say("What {file} shall replace counts no longer.", file=waiting.name))
    (reading,) = imports.read_files(store, slug, [upload], _answers(waiting), old, beside=True)
    return reading, amend.foresee(store, slug, old, [reading])


def confirm(store: Store, slug: str, waiting: TrayFile, as_of: int, act: Act) -> attendance.Reading:
    """Let a file of the tray count as it was foreseen when the event stood at entry *as_of* of the trail.

    Raises:
        InputError: it cannot be read.
        ConflictError: the event was changed meanwhile.
        StorageError: the database fails.
    """
    reading, foresight = foresee(store, slug, waiting)
    amend.demand_as_shown(foresight, as_of)
    upload = imports.Upload(waiting.name, store.tray.content(slug, waiting.id))
    imports.store_files(store, slug, [upload], [reading], act, foresight.amendment)
    store.tray.take(slug, [waiting.id])
    return reading


def in_tray(store: Store, slug: str, file: int) -> TrayFile:
    """Return a file of the tray.

    Raises:
        NotFoundError: it does not wait any more.
        StorageError: the database fails.
    """
    found = next((one for one in store.tray.listed(slug) if one.id == file), None)
    if found is None:
        raise NotFoundError(say("This file is not waiting any more: somebody read it, or put it away."))
    return found


def base_name(given: str) -> str:
    """Return the name of a file as it is kept: without folders and without what no name of a file has."""
    name = names.clean(PurePosixPath(given.replace("\\", "/")).name)[:_MOST_CHARACTERS]
    return name if name.strip(". ") else "export"


def _read(store: Store, slug: str, waiting: Sequence[TrayFile], act: Act, tell: Callable[[int, int], None]) -> Outcome:
    """Read files of the tray, each for itself, and let count what can be read; note of the others why not."""
    sessions = imports.event_of(store, slug).sessions
    held = [one for one in store.imports.listed(slug) if one.counts]
    waiting = _not_here(store, slug, waiting, held)
    is_ordered = bool(store.batches.placed(slug))
    good: list[tuple[imports.Upload, attendance.Reading]] = []
    left: list[int] = []
    for place, one in enumerate(waiting):
        tell(place, len(waiting))
        upload = imports.Upload(one.name, store.tray.content(slug, one.id))
        said, asked, reading = _try(upload, sessions, _answers(one))
        if reading is not None and not asked:
            asked = _asked_last(one, reading, held, [earlier for _, earlier in good], is_ordered=is_ordered)
        if reading is None or asked:
            store.tray.note(one.id, said, asked, dict(one.given))
            left.append(one.id)
        else:
            good.append((upload, reading))
    tell(len(waiting), len(waiting))
    if good:
        imports.store_files(store, slug, [upload for upload, _ in good], [reading for _, reading in good], act)
        store.tray.take(slug, [one.id for one in waiting if one.id not in left])
    return Outcome([reading for _, reading in good], left=[one for one in store.tray.listed(slug) if one.id in left])


def _not_here(store: Store, slug: str, waiting: Sequence[TrayFile], held: Sequence[Imported]) -> Sequence[TrayFile]:
    """Return which of *waiting* do not count yet; others, of a worker that died before it could, are taken out."""
    here = {one.sha256 for one in held}
    again = [one.id for one in waiting if one.sha256 in here]
    store.tray.take(slug, again)
    return [one for one in waiting if one.id not in again]


def _try(
    upload: imports.Upload, sessions: Sequence[Session], answers: Answers
) -> tuple[list[str], list[FileQuestion], attendance.Reading | None]:
    """Read a file; return what is wrong with it, what must be answered first, and what it says."""
    try:
        reading = attendance.read(upload.name, upload.data, sessions, answers)
        asked = reading.unanswered
        if not asked:
            reading.counts  # noqa: B018 -- goes through every row, so that nothing goes wrong while it is stored
    except InputError as error:
        return [one.message for one in error.problems], [], None
    if unanswerable := [one.text for one in asked if one.kind == QuestionKind.PEOPLE]:
        return unanswerable, [], None
    return [], [FileQuestion(one.kind.value, one.text, one.candidates) for one in asked], reading


def _asked_last(
    waiting: TrayFile,
    reading: attendance.Reading,
    held: Sequence[Imported],
    others: Sequence[attendance.Reading],
    *,
    is_ordered: bool,
) -> list[FileQuestion]:
    """Return what is asked of a file that can be read: is it another version of one, and is what it changes right?"""
    old = versions.version_of(reading, held, others)
    if old is not None and dict(waiting.given).get(CHANGED) != BESIDE:
        text = say("{old} counts already, with other contents. Is this a corrected version of it?", old=old.name)
        return [FileQuestion(CHANGED, text, (BESIDE, old.sha256)[: 2 if isinstance(old, Imported) else 1])]
    if is_ordered:
        return [FileQuestion(EFFECT, say("Certificates are ordered already: look at what this file changes."))]
    return []


def _content(upload: imports.Upload) -> bytes:
    return upload.data if isinstance(upload.data, bytes) else upload.data.read_bytes()


def _answers(waiting: TrayFile) -> Answers:
    """Return the answers given so far to what *waiting* asked.

    Raises:
        InputError: there is no such time zone.
    """
    given = dict(waiting.given)
    zone, order = given.get(QuestionKind.TIMEZONE, ""), given.get(QuestionKind.DATE_ORDER, "")
    session = given.get(QuestionKind.SESSION) or given.get(QuestionKind.SESSION_DATE) or ""
    return Answers(
        zone=_zone(zone),
        date_order=DateOrder(order) if order in set(DateOrder) else None,
        accept_complete_rows=given.get(QuestionKind.TRUNCATED_FILE) == YES,
        unit=given.get(QuestionKind.UNIT, ""),
        registered=frozenset({waiting.name} if given.get(QuestionKind.LIST) == REGISTERED else ()),
        sessions={waiting.name: SessionId(session)} if session else {},
    )


def _zone(given: str) -> str:
    try:
        return str(ZoneInfo(given)) if given else ""
    except (ValueError, OSError, KeyError):
        raise InputError(say("“{given}” is no time zone; write one like Europe/Zurich.", given=given)) from None
