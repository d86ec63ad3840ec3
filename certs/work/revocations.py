"""Withdraw certificates for a reason, and take a mistake back. Nothing is ever deleted.

Why a certificate was withdrawn is said twice. Everybody who checks it reads the class of the reason and, if there is
one, a sentence. The note, which is the reason of the act, stays in the audit trail and goes nowhere else.

Within ten minutes a mistake is undone as if it had not been. Later it is reinstated, and its page tells of it. Doing
any of these again does no harm: where all is done already, nothing is left to do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from certs.errors import ConflictError, InputError, NotFoundError, Problem
from certs.ground import names
from certs.ground.number import parse, printed
from certs.model import Act, CertificatesSought, Fate, Number, Revocation, RevocationReason, Stands
from certs.ports import Store
from certs.wording import hint, joined, say
from certs.work.publishing import Lists
from certs.work.reason import demand

UNDO_WINDOW = timedelta(minutes=10)
MAX_SAID = 200
_AT_ONCE = 1000
_SHOWN = 40
"""Characters of a wrong number that a refusal repeats."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A number as somebody gave it: typed, or in *line* of a *file*."""

    text: str
    file: str = ""
    line: int = 0


def entries(typed: Iterable[str], listed: str = "", file: str = "") -> list[Entry]:
    """Return what was *typed*, and the first cell of each line *listed* in *file*, its heading left out."""
    found = [Entry(text) for text in typed]
    for line, content in enumerate(listed.splitlines(), 1):
        cell = content.replace(";", ",").replace("\t", ",").split(",")[0].strip().strip('"')
        if cell and not (line == 1 and not any(character.isdigit() for character in cell)):
            found.append(Entry(cell, file, line))
    return found


def chosen(store: Store, entries: Sequence[Entry]) -> list[Fate]:
    """Return the issued certificates that *entries* name, each once.

    Raises:
        InputError: nothing is named, or some entries are no numbers or those of no issued certificate; says which.
        StorageError: the database fails.
    """
    if not entries:
        raise InputError(
            say("Say which certificates: give their numbers, or {file} with a list.", file=hint("list_file"))
        )
    read = [_read(place, entry) for place, entry in enumerate(entries, 1)]
    found = store.revocations.fates(list(dict.fromkeys(one for one in read if not isinstance(one, Problem))))
    problems = [
        one if isinstance(one, Problem) else _problem(place, entry, say("No certificate was issued with this number."))
        for place, (entry, one) in enumerate(zip(entries, read, strict=True), 1)
        if isinstance(one, Problem) or one not in found
    ]
    if problems:
        raise InputError(
            *problems, Problem(say("{so_many} wrong, so nothing was changed.", so_many=_so_many(problems)))
        )
    return list(found.values())


def of_event(store: Store, slug: str, numbers: Iterable[str]) -> list[Fate]:
    """Return the issued certificates of an event that *numbers* name, each once.

    Raises:
        InputError: nothing is named, or some are not of issued certificates of the event; says which.
        StorageError: the database fails.
    """
    named = entries(numbers)
    found = chosen(store, named)
    if strange := [one for one in found if one.slug != slug]:
        listed = ", ".join(printed(one.number) for one in strange)
        raise InputError(say("No certificate of this event has the number {listed}.", listed=listed))
    return found


def in_force(store: Store, slug: str, sought: CertificatesSought) -> list[Fate]:
    """Return the certificates *sought* of an event that are issued and not withdrawn.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    numbers, after, more = list[Number](), "", True
    while more:
        page = store.lists.certificates(slug, sought, after, _AT_ONCE)
        numbers += [one.number for one in page.items if one.issued_at is not None and one.stands is not Stands.REVOKED]
        after, more = page.after, bool(page.after)
    return list(store.revocations.fates(numbers).values()) if numbers else []


def revoked_at(store: Store, slug: str, at: datetime) -> list[Fate]:
    """Return the certificates of an event that were withdrawn in the act of that moment, and are so still.

    Raises:
        NotFoundError: none is, or there is no such event.
        StorageError: the database fails.
    """
    found, after, more = list[Fate](), "", True
    while more:
        page = store.lists.certificates(slug, CertificatesSought(stands=Stands.REVOKED), after, _AT_ONCE)
        fates = store.revocations.fates([one.number for one in page.items]) if page.items else {}
        found += [one for one in fates.values() if one.revocation is not None and one.revocation.at == at]
        after, more = page.after, bool(page.after)
    if not found:
        raise NotFoundError(say("Nothing that was withdrawn then is withdrawn still."))
    return found


def to_revoke(fates: Sequence[Fate], reason: RevocationReason, said: str) -> Sequence[Fate]:
    """Return *fates*, or nothing where all of them are revoked already in just these words.

    Raises:
        InputError: *said* is nothing that can be shown to everybody.
        ConflictError: some are revoked already; says which, since when and why.
    """
    if said != names.clean(said):
        raise InputError(
            say(
                "{said} has characters that cannot be shown, needless white space, or more than a line.",
                said=hint("public_text"),
            )
        )
    if len(said) > MAX_SAID:
        raise InputError(
            say(
                "{said} has more than {max_said} characters: say it in one sentence.",
                max_said=MAX_SAID,
                said=hint("public_text"),
            )
        )
    revoked = [one for one in fates if one.revocation]
    if not revoked:
        return fates
    if len(revoked) == len(fates) and all(_says(one.revocation, reason, said) for one in revoked):
        return ()
    listed = "\n".join(f"{printed(one.number)} {one.name}{_since(one.revocation)}" for one in revoked)
    raise ConflictError(
        say(
            "Revoked already:\n{listed}\nNothing was changed. To say something else of one, reinstate it "
            "first: {reinstate}",
            listed=listed,
            reinstate=hint("reinstate_one"),
        )
    )


def revoke(store: Store, numbers: Sequence[Number], reason: RevocationReason, act: Act, *, said: str = "") -> int:
    """Withdraw all of *numbers* or none; return how many. Everybody reads *reason* and *said*, nobody the act's reason.

    Raises:
        InputError: no number, or no note.
        NotFoundError: one of them was never issued.
        ConflictError: one of them is revoked already, or its correction is being issued at this moment.
        StorageError: the database fails.
    """
    unique = list(dict.fromkeys(numbers))
    if not unique:
        raise InputError(say("Say which certificates to revoke."))
    demand(act, say("Say why, with {by}: it stays in the audit trail, and nobody else reads it.", by=hint("note")))
    store.revocations.add(unique, Revocation(act.at, reason, said), act)
    return len(unique)


def withdraw(lists: Lists, fates: Sequence[Fate], reason: RevocationReason, act: Act, *, said: str = "") -> None:
    """Revoke *fates*, none where that is done already, and tell foreign verifiers.

    Raises:
        As `revoke`; SigningError: the lists cannot be signed, and the certificates are revoked.
    """
    if fates:
        revoke(lists.store, [one.number for one in fates], reason, act, said=said)
    lists.publish()


def take_back(lists: Lists, fates: Sequence[Fate], act: Act, *, in_silence: bool) -> None:
    """Undo the revocation of *fates* or, not *in_silence*, reinstate them; none where that is done. Tell verifiers.

    Raises:
        As `undo` and `reinstate`; SigningError: the lists cannot be signed, and it is taken back.
    """
    if fates:
        (undo if in_silence else reinstate)(lists.store, [one.number for one in fates], act)
    lists.publish()


def to_take_back(fates: Sequence[Fate]) -> Sequence[Fate]:
    """Return *fates*, or nothing where all of them were revoked, and taken back already.

    Raises:
        ConflictError: some are not revoked; says which.
    """
    standing = [one for one in fates if one.revocation is None]
    if standing and len(standing) == len(fates) and all(one.lifted_at for one in standing):
        return ()
    if standing:
        listed = "\n".join(f"{printed(one.number)} {one.name}{_taken_back(one)}" for one in standing)
        raise ConflictError(say("Not revoked:\n{listed}\nNothing was changed.", listed=listed))
    return fates


def undo(store: Store, numbers: Sequence[Number], act: Act) -> None:
    """Take the revocation of all of *numbers* back, within ten minutes, or of none.

    Raises:
        InputError: no reason.
        NotFoundError: one of them was never issued.
        ConflictError: one of them is not revoked, or was so longer ago.
        StorageError: the database fails.
    """
    demand(act)
    store.revocations.undo(numbers, act.at - UNDO_WINDOW, act)


def reinstate(store: Store, numbers: Sequence[Number], act: Act) -> None:
    """Let all of *numbers* count again, or none, whenever they were revoked; their pages tell of it.

    Raises:
        InputError: no reason.
        NotFoundError: one of them was never issued.
        ConflictError: one of them is not revoked.
        StorageError: the database fails.
    """
    demand(act)
    store.revocations.reinstate(numbers, act)


def _read(place: int, entry: Entry) -> Number | Problem:
    try:
        return parse(entry.text)
    except InputError as error:
        return _problem(place, entry, joined(error.sentences, "\n"))


def _problem(place: int, entry: Entry, message: str) -> Problem:
    """Say what is wrong with *entry*, the *place*th of all; a typed one has no line but that place."""
    shown = entry.text if len(entry.text) <= _SHOWN else f"{entry.text[:_SHOWN]}…"
    if entry.file:
        return Problem(say("{shown}: {message}", shown=shown, message=message), entry.file, entry.line)
    return Problem(say("number {place}, {shown}: {message}", place=place, shown=shown, message=message))


def _so_many(problems: Sequence[Problem]) -> str:
    return "This is" if len(problems) == 1 else f"These {len(problems):,} are"


def _says(revocation: Revocation | None, reason: RevocationReason, said: str) -> bool:
    return revocation is not None and (revocation.reason, revocation.detail) == (reason, said)


def _since(revocation: Revocation | None) -> str:
    return f": since {revocation.at:%Y-%m-%d %H:%M} UTC, {revocation.reason.value}" if revocation else ""


def _taken_back(fate: Fate) -> str:
    return f": taken back on {fate.lifted_at:%Y-%m-%d %H:%M} UTC" if fate.lifted_at else ""
