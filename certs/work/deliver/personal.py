"""One person's link: where it leads, what stands behind it, and its end.

A person has one link for all her certificates, of whichever event. Withdrawn, it leads nowhere, for ever; a new one can
be made at any time. What others verify is not touched by that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from certs.errors import InputError, NotFoundError
from certs.ground import address
from certs.model import Act, Certificate, Number, PersonalLink, PersonKey
from certs.ports import Store, Trusted
from certs.wording import say
from certs.work import reason, record, whom
from certs.work.deliver.links import Links


@dataclass(frozen=True, slots=True)
class Personal:
    """A person's link and her certificates, newest first; and why others could not be checked, by their numbers."""

    link: PersonalLink
    certificates: Sequence[Certificate]
    unchecked: Mapping[Number, str] = field(default_factory=dict)


def find(store: Store, keys: Trusted, typed: str, slug: str = "") -> Personal:
    """Return the link of the person with that address, with her certificates, or those of one event; there may be none.

    Raises:
        InputError: it is no address.
        NotFoundError: nobody has that address, or nobody in the event, or no such event.
        SigningError: the key folder cannot be read.
        StorageError: the database fails.
    """
    link = store.links.of(_person(typed))
    if slug:
        store.events.definition(slug)
    everything = store.links.certificates(link.person)
    found = [one for one in everything if not slug or one.statement.event.slug == slug]
    if slug and not found and link.person not in whom.named(store, slug, [link.person]):
        raise NotFoundError(say("{slug} knows nobody with the address {person}.", slug=slug, person=link.person))
    why = {one.number: record.why_unchecked(one, store, keys) for one in found}
    return Personal(
        link, [one for one in found if not why[one.number]], {number: text for number, text in why.items() if text}
    )


def url(link: PersonalLink, links: Links, base_url: str) -> str:
    """Return the address of the personal page, empty where the link is withdrawn.

    Raises:
        SigningError: the link key is out of reach.
    """
    return "" if link.withdrawn_at is not None else f"{base_url}/me/{links.token(link.ref)}"


def withdraw(store: Store, typed: str, act: Act) -> PersonalLink:
    """Let the link of the person with that address lead nowhere.

    Raises:
        InputError: it is no address, or no reason.
        ConflictError: it is withdrawn already.
        NotFoundError: nobody has that address.
        StorageError: the database fails.
    """
    reason.demand(act)
    return store.links.withdraw(_person(typed), act)


def renew(store: Store, typed: str, act: Act) -> PersonalLink:
    """Give the person with that address a new link in place of the one before.

    Raises:
        InputError: it is no address, or no reason.
        ConflictError: somebody else renewed it at this moment.
        NotFoundError: nobody has that address.
        StorageError: the database fails.
    """
    reason.demand(act)
    return store.links.renew(_person(typed), act)


def _person(typed: str) -> PersonKey:
    found = address.read(typed)
    if isinstance(found, address.BadAddress):
        raise InputError(say("{typed!r} is no e-mail address.", typed=typed))
    return found
