"""One person erased at her request: what goes, what stays and why, said before; see ADR 44.

What a signature or the chain of the trail rests on stays and is shown to nobody; everything else goes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from certs.errors import ConflictError, InputError
from certs.ground.number import printed
from certs.model import Act
from certs.model.herself import Erasable
from certs.ports import Store
from certs.wording import hint, listing, mark, say, say_marked, say_n
from certs.work import reason
from certs.work.herself.held import person

_REMOVED = {
    "joins": mark("joins"),
    "registrations": mark("registrations"),
    "marks": mark("marks of attendance"),
    "unmatched": mark("rows without an address that were answered to be hers"),
    "evidence": mark("pieces of evidence"),
    "rulings": mark("rulings"),
    "links": mark("withdrawn links"),
    "requests": mark("requests"),
    "questions": mark("questions"),
    "messages": mark("mails"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What erasing somebody would do, and the sentences that say so before it is agreed to."""

    erasable: Erasable

    @property
    def removed(self) -> list[str]:
        """What goes."""
        return list(_removed(self.erasable))

    @property
    def kept(self) -> list[str]:
        """What stays, why, and for how long."""
        return list(_kept(self.erasable))


def plan(store: Store, typed: str) -> Plan:
    """Return what erasing the person with the address *typed* would do; nothing is changed.

    Raises:
        InputError: it is no address.
        ConflictError: a certificate for her is ordered and not issued.
        NotFoundError: nobody has that address.
        StorageError: the database fails.
    """
    found = store.people.erasable(person(typed))
    if found.underway:
        numbers = listing(printed(one) for one in found.underway)
        raise ConflictError(
            say(
                "{numbers} of hers is ordered and not issued. Issue or cancel it first, then erase her.",
                numbers=numbers,
            )
        )
    return Plan(found)


def erase(store: Store, planned: Plan, act: Act) -> Erasable:
    """Erase her as *planned*, all of it or nothing.

    Raises:
        InputError: no reason, or one that would keep what is to be erased.
        ConflictError: what is held about her changed since.
        NotFoundError: she is erased already.
        StorageError: the database fails.
    """
    reason.demand(act)
    said = act.reason.casefold()
    if any(word.casefold() in said for word in (planned.erasable.person, *planned.erasable.names)):
        raise InputError(
            say("The reason stays in the audit trail for ever: give {reason} without her name.", reason=hint("reason"))
        )
    return store.people.erase(planned.erasable, act)


def _removed(of: Erasable) -> Iterator[str]:
    counted = [
        say("{what} ({n:,})", what=say_marked(word), n=of.removed[kind])
        for kind, word in _REMOVED.items()
        if of.removed.get(kind)
    ]
    if counted:
        yield say("Emptied: {what}. They count no longer.", what=listing(counted))
    if of.files:
        yield say_n(
            "The bytes of {n:,} export as received go, because it cannot be kept without her: {files}. What was read "
            "from it about others stays.",
            "The bytes of {n:,} exports as received go, because they cannot be kept without her: {files}. What was "
            "read from them about others stays.",
            len(of.files),
            files=listing(of.files),
        )
    yield say("Her personal link leads nowhere, and no list, export, preview or mail has her any more.")
    yield say("Whoever imports a file that names her again brings her back as somebody new: take her out of it first.")


def _kept(of: Erasable) -> Iterator[str]:
    if of.certificates:
        yield say_n(
            "{n:,} certificate stays, withheld: {numbers}. Who holds the paper can still have it checked; the page "
            "says that it is genuine and shows no name. Name, address, claim and file stay for that, under our "
            "signature, as long as the register is kept.",
            "{n:,} certificates stay, withheld: {numbers}. Who holds the paper can still have them checked; the page "
            "says that they are genuine and shows no name. Name, address, claim and file stay for that, under our "
            "signature, as long as the register is kept.",
            len(of.certificates),
            numbers=listing(printed(one) for one in of.certificates),
        )
    if of.in_trail:
        yield say_n(
            "{n:,} entry of the audit trail names her. It is chained and signed, so it stays as long as the register "
            "is kept; it is shown without her name and address.",
            "{n:,} entries of the audit trail name her. They are chained and signed, so they stay as long as the "
            "register is kept; they are shown without her name and address.",
            of.in_trail,
        )
    yield say("Backups made before this hold her until they are deleted; restored, they are made to forget her again.")
    yield say("Files, mails and prints outside this register are not touched: delete your copies of exports and lists.")
