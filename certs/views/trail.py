"""The audit trail: its entries, and whether it is whole."""

from collections.abc import Iterable
from typing import TypedDict

from certs.model import AuditEntry


class EntryView(TypedDict):
    """An entry of the trail; *old* and *new* are JSON in a text, as the digest covers them."""

    id: int
    at: str
    actor: str
    role: str
    act: str
    event: str
    subject: str
    old: str
    new: str
    reason: str
    software: str
    previous: str
    sha256: str


class TrailView(TypedDict):
    """The entries about an event."""

    event: str
    entries: list[EntryView]


class BreakView(TypedDict):
    """The first entry that is not what it was."""

    id: int
    problem: str


class WholeView(TypedDict):
    """Whether the whole trail is as it was written, and its last digest."""

    entries: int
    sha256: str
    whole: bool
    broken: BreakView | None


def trail(slug: str, entries: Iterable[AuditEntry]) -> TrailView:
    """Return the entries about an event."""
    return {"event": slug, "entries": [entry(one) for one in entries]}


def entry(one: AuditEntry) -> EntryView:
    """Return an entry, every field of it."""
    return {
        "id": one.id,
        "at": one.at,
        "actor": one.actor,
        "role": one.role,
        "act": one.act,
        "event": one.event,
        "subject": one.subject,
        "old": one.old,
        "new": one.new,
        "reason": one.reason,
        "software": one.software,
        "previous": one.previous,
        "sha256": one.sha256,
    }


def whole(last: AuditEntry | None, broken: tuple[int, str] | None) -> WholeView:
    """Return whether the trail is whole: its *last* entry, and the first that is *broken*."""
    return {
        "entries": last.id if last else 0,
        "sha256": last.sha256 if last else "",
        "whole": broken is None,
        "broken": {"id": broken[0], "problem": broken[1]} if broken else None,
    }
