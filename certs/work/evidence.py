"""Add evidence by hand that people were present, such as a signed group sheet, and withdraw it.

It says how long somebody was present in a session altogether, and counts where the exports say less. It carries its
author and a note to the end: in the decision, in the reason, and with the certificate that rests on it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from certs.errors import InputError, Problem
from certs.ground import address, names
from certs.model import Act, Event, ExtraEvidence, Number, PersonKey, Role, Session
from certs.ports import Store
from certs.wording import hint, say
from certs.work import imports, reason, whom

MAX_KIND = 60
MAX_NOTE = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a piece of evidence: *minutes* is None for the whole of the session's window."""

    session: str
    minutes: int | None
    kind: str
    note: str
    role: Role = Role.ATTENDEE


def add(store: Store, slug: str, sheet: Sheet, people: Sequence[str], act: Act) -> Sequence[int]:
    """Note that each of *people* was present as *sheet* says; return the ids of the evidence.

    Raises:
        InputError: a person or the session is unknown, the minutes exceed the window, or kind or note is missing; says
            all of it, and nothing was changed.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    event = imports.event_of(store, slug)
    session = next((one for one in event.sessions if one.id == sheet.session), None)
    keys = [address.read(one) for one in dict.fromkeys(people)]
    known = whom.named(store, slug, [PersonKey(one) for one in keys if not isinstance(one, address.BadAddress)])
    problems = [*_of_sheet(event, session, sheet), *_of_people(store, slug, people, known)]
    if session is None or problems:
        raise InputError(*problems)
    seconds = session.window_seconds if sheet.minutes is None else 60 * sheet.minutes
    kind, note = names.clean(sheet.kind), names.clean(sheet.note)
    evidence = [
        ExtraEvidence(session.id, PersonKey(key), seconds, kind, note, act.actor, act.at, sheet.role)
        for key in dict.fromkeys(keys)
    ]
    if twins := _twins(store.evidence.all(slug), evidence):
        raise InputError(
            *(
                Problem(say("{person} has this evidence already, number {id}.", person=one.person, id=one.id))
                for one in twins
            )
        )
    return store.evidence.add(slug, evidence, act)


def withdraw(store: Store, slug: str, ids: Sequence[int], act: Act) -> Sequence[Number]:
    """Let evidence count no more; it stays in the register with the act's reason.

    Certificates that are ordered on it, and not issued, are given up; return their numbers.

    Raises:
        InputError: no reason.
        ConflictError: a certificate was issued on it and holds, or it is withdrawn already; nothing was changed.
        NotFoundError: no such event or evidence.
        StorageError: the database fails.
    """
    reason.demand(act, say("Say why, with {by}: it stays with the evidence.", by=hint("reason")))
    return store.evidence.withdraw(slug, ids, act)


def _of_sheet(event: Event, session: Session | None, sheet: Sheet) -> Iterator[Problem]:
    if session is None:
        known = ", ".join(one.id for one in event.sessions)
        yield Problem(say("The event has no session {session!r}; it has {known}.", session=sheet.session, known=known))
    elif sheet.minutes is not None and not 0 < 60 * sheet.minutes <= session.window_seconds:
        least_most = f"between 1 and {session.window_seconds // 60}, the length of its window"
        yield Problem(
            say(
                "{minutes} minutes in session {id} cannot be: give minutes {least_most}.",
                minutes=sheet.minutes,
                id=session.id,
                least_most=least_most,
            )
        )
    for what, text, most in (
        (hint("evidence_kind"), sheet.kind, MAX_KIND),
        (hint("evidence_note"), sheet.note, MAX_NOTE),
    ):
        if not names.clean(text):
            yield Problem(say("{what} is empty: say what the evidence is, and where it is found.", what=what))
        elif len(text) > most:
            yield Problem(say("{what} has more than {most} characters.", what=what, most=most))


def _of_people(store: Store, slug: str, people: Sequence[str], known: Collection[PersonKey]) -> Iterator[Problem]:
    if not people:
        yield Problem(say("Say whose evidence it is: one or more addresses."))
    unknown: list[PersonKey] = []
    for person in people:
        key = address.read(person)
        if isinstance(key, address.BadAddress):
            yield Problem(say("{person!r} is no e-mail address.", person=person))
        elif key not in known:
            unknown.append(PersonKey(key))
    like = whom.resembling(store, slug, unknown)
    for one in unknown:
        advice = say("Import a list of registrations that names her first.")
        if one in like:
            advice = say("Did you mean {near}?", near=like[one])
        yield Problem(say("No import of the event names {key}. {advice}", key=one, advice=advice))


def _twins(before: Sequence[ExtraEvidence], evidence: Sequence[ExtraEvidence]) -> list[ExtraEvidence]:
    """Return what is in force already and says the same."""
    said = {(one.person, one.session, one.role, one.seconds, one.kind, one.note) for one in evidence}
    return [
        one
        for one in before
        if one.in_force and (one.person, one.session, one.role, one.seconds, one.kind, one.note) in said
    ]
