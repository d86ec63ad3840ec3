"""What stands behind a personal link beside certificates: what was counted for its person, event by event.

Read from the kept decisions alone, so looking changes nothing. Before certificates of an event are issued nothing of it
is told: until then organisers may still add evidence and decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from certs import eligibility
from certs.errors import NotFoundError
from certs.model import CertificatesSought, Event, PersonKey, Stands
from certs.ports import Store
from certs.work import imports

_ISSUED = (Stands.VALID, Stands.REPLACED, Stands.REVOKED)


@dataclass(frozen=True, slots=True)
class Taken:
    """An event in which somebody took part; *account* is None before certificates of it are issued."""

    event: Event
    account: eligibility.Account | None
    is_old: bool
    """Whether something changed since it was counted, and it is counted anew when somebody looks next."""


def person(store: Store, ref: str) -> PersonKey | None:
    """Return whose link has the reference *ref* and leads somewhere; None if nobody's.

    Raises:
        StorageError: the database fails.
    """
    try:
        return None if store.link_withdrawn(ref) else store.links.person(ref)
    except NotFoundError:
        return None


def taken(store: Store, person: PersonKey, kinds: Mapping[str, str]) -> Sequence[Taken]:
    """Return the events in which decisions on *person* are kept, the newest first.

    *kinds* says by event which kind of certificate she has; else the event's first kind is shown.

    Raises:
        StorageError: the database fails.
    """
    found = [_taken(store, slug, person, kinds.get(slug, "")) for slug in store.decisions.where(person)]
    return sorted(found, key=lambda one: one.event.sessions[0].window.start, reverse=True)


def _taken(store: Store, slug: str, person: PersonKey, kind: str) -> Taken:
    event = imports.event_of(store, slug)
    if not kind and not is_issued(store, slug):
        return Taken(event, None, is_old=False)
    decisions = {one.kind: one for one in store.decisions.one(slug, person)}
    shown = decisions.get(kind) or decisions.get(event.kinds[0].name)
    account = None if shown is None else eligibility.account(event, shown, (), ())
    return Taken(event, account, is_old=store.decisions.kept(slug) != store.decisions.as_of(slug))


def is_issued(store: Store, slug: str) -> bool:
    """Say whether any certificate of the event was issued.

    Raises:
        StorageError: the database fails.
    """
    return any(store.lists.count(slug, CertificatesSought(stands=one)) for one in _ISSUED)
