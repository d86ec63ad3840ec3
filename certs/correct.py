"""Correct certificates that were issued: a new one supersedes the old, which then reads "replaced".

A correction is a batch like any other: ordered with a reason, approved, issued; by two people where the event demands
that. The old certificate stays as it is and leads to the new one as soon as that is issued.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from certs import importing, names, order, rehearsal
from certs.errors import InputError, NotFoundError
from certs.model import (
    Act,
    Draft,
    Event,
    EventFacts,
    Kid,
    Number,
    Order,
    SessionId,
    Standing,
    Statement,
)
from certs.number import printed
from certs.ports import Store


@dataclass(frozen=True, slots=True)
class Changes:
    """What is wrong on a certificate and how it should read; None leaves a fact as it is.

    With *event_anew* everything about the event is taken from its file as it is now.
    """

    name: str | None = None
    language: str | None = None
    quarter_hours: int | None = None
    attended: frozenset[SessionId] | None = None
    event_anew: bool = False


def correct(store: Store, number: Number, changes: Changes, act: Act, *, demo: bool) -> int:
    """Order the correction of certificate *number*; return its batch. The act's reason is mandatory.

    Raises:
        InputError: no reason, nothing to change, a name with invisible characters, or a session that the event does
            not have.
        NotFoundError: no certificate was issued with that number.
        ConflictError: it is replaced already, or about to be.
        StorageError: the database fails.
    """
    _demand_reason(act)
    if changes.name is not None and changes.name != (names.clean(changes.name) or None):
        raise InputError("The new name has characters that cannot be printed, or needless white space. Type it anew.")
    standing = store.batches.standing(number)
    event = importing.event_of(store, standing.statement.event.slug)
    statement = _changed(standing.statement, changes, event)
    if statement == standing.statement:
        raise InputError(f"{printed(number)} says just that already; there is nothing to correct.")
    return _order(store, event, [replace(standing, statement=statement)], act, demo=demo)


def reissue(store: Store, kid: Kid, act: Act, *, demo: bool, since: datetime | None = None) -> list[int]:
    """Order every certificate anew that key *kid* signed and that is still in force; return the batches.

    With *since*, only those registered at that moment or later: all that a compromise from then on makes doubtful.

    Raises:
        InputError: no reason.
        NotFoundError: that key signed nothing that is in force.
        ConflictError: somebody else replaces one of them at this moment; what was ordered before stays.
        StorageError: the database fails.
    """
    _demand_reason(act)
    signed = store.batches.signed_by(kid, since)
    if not signed:
        registered = "" if since is None else f" and was registered since {since:%Y-%m-%d %H:%M} UTC"
        raise NotFoundError(f"Key {kid} signed no certificate that is in force{registered}.")
    alike = groupby(signed, key=lambda one: (one.statement.event, one.statement.kind))
    groups = [list(members) for _, members in alike]
    events = {slug: importing.event_of(store, slug) for slug in {group[0].statement.event.slug for group in groups}}
    return [_order(store, events[group[0].statement.event.slug], group, act, demo=demo) for group in groups]


def _demand_reason(act: Act) -> None:
    if not act.reason.strip():
        raise InputError("Say why, with --reason: it stays in the audit trail.")


def _changed(statement: Statement, changes: Changes, event: Event) -> Statement:
    if changes.attended is not None and (unknown := changes.attended - {session.id for session in event.sessions}):
        raise InputError(f"The event has no session {', '.join(sorted(unknown))}.")
    facts = statement.event
    if changes.event_anew:
        kind = next((one for one in event.kinds if one.name == statement.kind), event.kinds[0])
        facts = rehearsal.facts_of(event, kind, demo=facts.demo, granted=rehearsal.granted(facts))
    return replace(
        statement,
        event=facts,
        name=statement.name if changes.name is None else changes.name,
        language=statement.language if changes.language is None else changes.language,
        quarter_hours=statement.quarter_hours if changes.quarter_hours is None else changes.quarter_hours,
        attended=statement.attended if changes.attended is None else changes.attended,
    )


def _order(store: Store, event: Event, standing: Sequence[Standing], act: Act, *, demo: bool) -> int:
    """Order new certificates that say what *standing* says and supersede those of the same numbers."""
    first = standing[0].statement
    fresh = order.fresh_numbers(store, len(standing))
    drafts = order.with_plates(list(_drafts(standing, fresh, act.reason)))
    facts: EventFacts = replace(first.event, demo=demo)
    issued_on = act.at.astimezone(ZoneInfo(event.zone)).date()
    return store.batches.order(Order(first.kind, facts, event.approval, issued_on, drafts), act)


def _drafts(standing: Sequence[Standing], fresh: Sequence[Number], reason: str) -> Iterator[Draft]:
    for one, number in zip(standing, fresh, strict=True):
        said = one.statement
        yield Draft(
            person=one.person,
            number=number,
            name=said.name,
            language=said.language,
            attended=said.attended,
            quarter_hours=said.quarter_hours,
            plate="",
            supersedes=said.number,
            reason=f"In place of {printed(said.number)}: {reason}",
        )
