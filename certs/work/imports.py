"""Import exports into the register: read them all, say everything that is wrong, store all or nothing."""

import hashlib
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from certs import attendance, eventfile
from certs.errors import InputError, Problem
from certs.model import Act, Amendment, Event, Imported, PersonKey, Received, SessionId
from certs.ports import Store
from certs.wording import hint, listing, say, say_n
from certs.work import questions, rehearsal, versions

_log = logging.getLogger("certs.importing")
_COUNTED = ("joins", "registrations", "unusable")


@dataclass(frozen=True, slots=True)
class Upload:
    """An export as somebody gave it; *name* is its base name."""

    name: str
    data: bytes | Path
    """The bytes, or where they lie if they are too many to hold."""


@dataclass(frozen=True, slots=True)
class Again:
    """A file that is here already, byte for byte: as the import *held*, or as that given *beside* it."""

    name: str
    held: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Sifted:
    """Files that were given: what is new, and what is here already and changes nothing."""

    new: Sequence[Upload]
    again: Sequence[Again]

    def answers(self, given: attendance.Answers) -> attendance.Answers:
        """Return what of the answers *given* is about the new files."""
        old = {one.name for one in self.again} - {one.name for one in self.new}
        return replace(given, sessions={name: id_ for name, id_ in given.sessions.items() if name not in old})


def sift(
    store: Store,
    slug: str,
    uploads: Sequence[Upload],
    sessions: Mapping[str, SessionId],
    replaced: Collection[Imported] = (),
) -> Sifted:
    """Part *uploads* by their bytes into what is new and what is not; *sessions* is what somebody says of some.

    Raises:
        InputError: one is not new and is said to be of another session now, or is to stand in place of *replaced*.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    event_of(store, slug)
    gone = {one.sha256 for one in replaced}
    held = {one.sha256: one for one in store.imports.listed(slug) if one.counts and one.sha256 not in gone}
    new: dict[str, Upload] = {}
    again: list[Again] = []
    problems: list[Problem] = []
    for upload in uploads:
        digest, said = _sha256(upload.data), sessions.get(upload.name)
        if (here := held.get(digest)) is not None:
            problems += _held_otherwise(slug, upload.name, here, said, replaced)
            again.append(Again(upload.name, held=here.name))
        elif (first := new.get(digest)) is not None:
            if said != sessions.get(first.name):
                problems.append(
                    Problem(
                        say("This is the same file as {name}, said to be of another session.", name=first.name),
                        upload.name,
                    )
                )
            again.append(Again(upload.name, beside=first.name))
        else:
            new[digest] = upload
    if problems:
        raise InputError(*problems)
    return Sifted(list(new.values()), again)


def _held_otherwise(
    slug: str, name: str, here: Imported, said: SessionId | None, replaced: Collection[Imported]
) -> list[Problem]:
    """Say what is wrong with giving a file again that is *here*: only the same again changes nothing."""
    again = hint("import_anew", event=slug, file=name, old=here.name)
    anew = say("To read it anew, say: {again}", again=again)
    if said is not None and said != here.session:
        of = f"session {here.session}" if here.session else "no single session"
        return [
            Problem(
                say(
                    "This file is in the register already, as {name}, of {of}. {anew}", name=here.name, of=of, anew=anew
                ),
                name,
            )
        ]
    if replaced:
        names = listing(one.name for one in replaced)
        unimport = hint("unimport", event=slug, files=names)
        back = say("To take {old} back, say: {unimport}", old=" ".join(one.name for one in replaced), unimport=unimport)
        return [
            Problem(
                say("This file is in the register already, as {name}, and counts. {back}", name=here.name, back=back),
                name,
            )
        ]
    return []


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


@dataclass(frozen=True, slots=True)
class Staff:
    """Hosts and panelists who count because nobody said whose presence does: *kinds* have rules that are silent."""

    people: Sequence[tuple[PersonKey, str]]
    """Addresses and names."""
    kinds: Sequence[str]

    @property
    def tables(self) -> Sequence[str]:
        """Where the event file would say it."""
        return ["[rule]" if kind == eventfile.ATTENDANCE else f"the rule of [kinds.{kind}]" for kind in self.kinds]


def counted_staff(store: Store, slug: str) -> Staff | None:
    """Return whose presence counts by default alone; None where there is nobody, or the event file says whose does.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    silent = [kind.name for kind in event_of(store, slug).kinds if not kind.names_roles]
    people = store.imports.staff(slug) if silent else ()
    return Staff(people, silent) if people else None


def beside(
    store: Store, slug: str, readings: Sequence[attendance.Reading], undone: Collection[Imported]
) -> Mapping[str, Sequence[str]]:
    """Return by name of a new file which earlier imports are of its session and count as well.

    Raises:
        StorageError: the database fails.
    """
    gone = {reading.sha256 for reading in readings} | {one.sha256 for one in undone}
    listed = [one for one in store.imports.listed(slug) if one.counts and one.session]
    others = [one for one in listed if one.sha256 not in gone]
    found = {one.name: [other.name for other in others if other.session == one.session] for one in readings}
    return {name: names for name, names in found.items() if names}


def event_of(store: Store, slug: str) -> Event:
    """Return the event *slug*.

    Raises:
        NotFoundError: there is none.
        StorageError: the database fails.
    """
    event = eventfile.stored(store.events.definition(slug), slug)
    return event.with_pictures(store.events.pictures(slug)) if event.picture_names else event


def add_files(
    store: Store, slug: str, uploads: Sequence[Upload], answers: attendance.Answers, act: Act
) -> list[attendance.Reading]:
    """Read and store what is new of *uploads*, all or none, with *answers* to what they leave open; return that.

    Raises:
        InputError: every file that cannot be used, and why; nothing was changed.
        NotFoundError: no such event.
        ConflictError: somebody imported one of the files meanwhile.
        StorageError: the database fails.
    """
    sifted = sift(store, slug, uploads, answers.sessions)
    readings = read_files(store, slug, sifted.new, sifted.answers(answers))
    if readings:
        store_files(store, slug, sifted.new, readings, act)
    return readings


def read_files(
    store: Store,
    slug: str,
    uploads: Sequence[Upload],
    answers: attendance.Answers,
    replaced: Collection[Imported] = (),
    watch: Callable[[int], None] | None = None,
    *,
    beside: bool = False,
) -> list[attendance.Reading]:
    """Read *uploads* with *answers* to what they leave open, to be stored in place of *replaced*; change nothing.

    A changed file of an earlier one's name and session is refused, unless it may count *beside* it.

    *watch* is told how many bytes were gone through: all once now, and once more whenever the rows of a long file are.

    Raises:
        InputError: every file that cannot be used, and why.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    event = event_of(store, slug)
    if problems := _unknown_names(event, uploads, answers.sessions):
        raise InputError(*problems)
    readings: list[attendance.Reading] = []
    gone = {one.sha256 for one in replaced}
    held = [one for one in store.imports.listed(slug) if one.counts and one.sha256 not in gone]
    for upload in uploads:
        try:
            reading = attendance.read(upload.name, upload.data, event.sessions, answers, watch)
            reading.require_answers()
        except InputError as error:
            problems.extend(error.problems)
            continue
        if not beside:
            problems.extend(versions.refusals(reading, held, readings))
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
    questions.ask(store, slug)
    counts = {name: sum(reading.counts[name] for reading in readings) for name in _COUNTED}
    took = round(time.monotonic() - began, 3)
    _log.info("imported", extra={"event": slug, "files": len(readings), **counts, "seconds": took})


def assumed(readings: Sequence[attendance.Reading]) -> list[str]:
    """Return in a sentence each what was assumed in reading: zone, order of dates, session, and when it ended."""
    taken: defaultdict[tuple[attendance.QuestionKind, str], list[str]] = defaultdict(list)
    for reading in readings:
        for one in reading.questions:
            if one.kind.of_file and one.assumed:
                taken[one.kind, one.assumed].append(reading.name)
    found: list[str] = [_taken(kind, names, it) for (kind, it), names in taken.items() if kind in _ASSUMED]
    if dates := next((reading.dates for reading in readings if reading.dates), ""):
        order = hint("date_order")
        found.append(say("Dates with two meanings are read so: {dates}. Else: {order}.", dates=dates, order=order))
    return found


_ASSUMED = frozenset(
    {
        attendance.QuestionKind.TIMEZONE,
        attendance.QuestionKind.SESSION,
        attendance.QuestionKind.SESSION_DATE,
        attendance.QuestionKind.SESSION_END,
    }
)
"""What is told of an assumption; the others show in the questions."""


def _taken(kind: attendance.QuestionKind, names: Sequence[str], it: str) -> str:
    """Say what was assumed of the files called *names*."""
    files = _files(names)
    if kind is attendance.QuestionKind.TIMEZONE:
        zone = hint("zone")
        return say(
            "The times of {files} are taken for {it}, for they say no zone. Else: {zone}.",
            files=files,
            it=it,
            zone=zone,
        )
    if kind is attendance.QuestionKind.SESSION_END:
        return say("{files}: who has no time of leaving stayed until the session's window ended.", files=files)
    which = hint("session_of")
    return say("{files}: taken for session {it}, the only one. Else: {which}.", files=files, it=it, which=which)


def _files(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else say_n("{n:,} file", "{n:,} files", len(names))


def _sha256(data: bytes | Path) -> str:
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    with data.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _unknown_names(event: Event, uploads: Sequence[Upload], sessions: Mapping[str, SessionId]) -> list[Problem]:
    names, ids = {upload.name for upload in uploads}, {session.id for session in event.sessions}
    problems = [
        Problem(say("{session} names {name}, which is not among the files.", name=name, session=hint("session")))
        for name in sessions
        if name not in names
    ]
    known = ", ".join(session.id for session in event.sessions)
    problems += [
        Problem(say("The event has no session {id_!r}; it has {known}.", id_=id_, known=known), name)
        for name, id_ in sessions.items()
        if id_ not in ids
    ]
    return problems


def _received(reading: attendance.Reading, upload: Upload) -> Received:
    about = (reading.name, reading.sha256, reading.format, reading.session, upload.data)
    return Received(*about, (), (), (), portions=reading.records.portions())
