"""The audit trail: its entries, and whether it is whole."""

from collections.abc import Iterable, Sequence
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


class WholeView(TypedDict):
    """Whether trail, register, keys and published lists say the same, what does not, and the trail's last digest."""

    entries: int
    sha256: str
    whole: bool
    faults: list[str]


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


def whole(entries: int, sha256: str, faults: Sequence[str]) -> WholeView:
    """Return whether the trail of so many *entries*, the last with that digest, is whole, and what is wrong."""
    return {"entries": entries, "sha256": sha256, "whole": not faults, "faults": list(faults)}
