"""Batch references as people read and type them: `cgmp-2026/3` is the third batch of that event, without a gap.

A bare number is taken as well, the register's own or that within an event, as long as it can mean one batch only.
"""

import re
from collections.abc import Iterable

from certs.errors import ConflictError, InputError, NotFoundError
from certs.model import Batch
from certs.ports import Batches
from certs.wording import Hint, hint, say

_MOST_NAMED = 5
_FIRST = "attendance"
"""The kind of an event's own rule, which is ordered unless another is named."""
_REFERENCE = re.compile(r"(?P<slug>[^/\s]+)\s*/\s*(?P<ordinal>[0-9]{1,9})")
_NUMBER = re.compile(r"[0-9]{1,9}")


def looks_like_one(typed: str) -> bool:
    """Say whether *typed* has the form of a reference with its event, which no slug has."""
    return _REFERENCE.fullmatch(typed.strip()) is not None


def batch(batches: Batches, typed: str) -> Batch:
    """Return the batch that *typed* means.

    Raises:
        InputError: it is no reference.
        NotFoundError: there is no such batch.
        ConflictError: it is a bare number that several batches have.
        StorageError: the database fails.
    """
    word = typed.strip()
    if named := _REFERENCE.fullmatch(word):
        return batches.at(named["slug"], int(named["ordinal"]))
    if not _NUMBER.fullmatch(word):
        raise InputError(say("{typed!r} is no batch: write its event and its number, like cgmp-2026/1.", typed=typed))
    found = batches.numbered(int(word))
    if not found:
        raise NotFoundError(
            say("There is no batch {int}. See them with: {place}", int=int(word), place=hint("status_any"))
        )
    if len(found) > 1:
        named_all = [one.reference for one in found[:_MOST_NAMED]]
        listed = ", ".join(named_all[:-1]) + f" or {named_all[-1]}"
        more = f", or {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        raise ConflictError(
            say("Several batches are called {int}. Say which: {listed}{more}.", int=int(word), listed=listed, more=more)
        )
    return found[0]


def of_event(batches: Batches, slug: str, typed: Iterable[str]) -> list[str]:
    """Return the references of the batches that *typed* means, all of the event *slug*.

    Raises:
        InputError: one is no reference, or of another event.
        NotFoundError: one is not there.
        ConflictError: one is a bare number that several batches have.
        StorageError: the database fails.
    """
    found = [batch(batches, word) for word in typed]
    if others := [one.reference for one in found if one.slug != slug]:
        raise InputError(say("Batch {batches} is not of event {event}.", batches=", ".join(others), event=slug))
    return [one.reference for one in found]


def ordering(slug: str, kind: str = "") -> Hint:
    """Return how certificates of *kind* are ordered for the event *slug*; the event's first needs no name."""
    return hint("order", event=slug) if kind in ("", _FIRST) else hint("order_kind", event=slug, kind=kind)
