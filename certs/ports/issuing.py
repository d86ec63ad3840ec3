"""Certificates in the register from order to issue, and what becomes of them afterwards."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from certs.model import (
    Act,
    Afterwards,
    Batch,
    Certificate,
    End,
    Fate,
    Finished,
    FrozenDecision,
    Gathered,
    HeldBack,
    Kid,
    Lease,
    Member,
    Number,
    Order,
    PersonalLink,
    PersonKey,
    Placed,
    Revocation,
    Sheet,
    Standing,
    Terms,
)


class Batches(Protocol):
    """Certificates from order to approval."""

    def certified(self, slug: str, kind: str) -> Collection[PersonKey]:
        """Return the people who have an ordered or issued certificate of that kind."""
        ...

    def placed(self, slug: str) -> Sequence[Placed]:
        """Return the certificates of the event that hold or are on their way."""
        ...

    def decisions(self, slug: str, person: PersonKey) -> Sequence[FrozenDecision]:
        """Return what the certificates of *person* were ordered for, oldest first."""
        ...

    def spent(self, numbers: Sequence[Number]) -> Collection[Number]:
        """Return those of *numbers* that any certificate has ever had."""
        ...

    def order(self, order: Order, act: Act) -> int:
        """Store the intent: numbers reserved, statements frozen; return the batch.

        Certificates of the same people that a check had held are cancelled.

        Raises:
            ConflictError: one of the people got a certificate of that kind meanwhile.
        """
        ...

    def order_all(self, asked: Sequence[Order], act: Act) -> Sequence[int]:
        """Store several intents, all of them or none; return the batches. See `order`.

        Raises:
            ConflictError: as `order` has it; nothing was ordered.
        """
        ...

    def standing(self, number: Number) -> Standing:
        """Return the issued certificate *number* with its person.

        Raises:
            NotFoundError: no certificate was issued with that number.
        """
        ...

    def signed_by(self, kid: Kid, since: datetime | None = None) -> Iterator[Certificate]:
        """Yield the certificates that key *kid* signed for any purpose, by batch, if still in force.

        With *since*, only those registered at that moment or later.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def replacing(self, kid: Kid, since: datetime | None = None) -> Mapping[int, int]:
        """Return by batch how many certificates are ordered, and not issued, in place of what key *kid* signed.

        With *since*, of what was registered at that moment or later; what is revoked is left out.
        """
        ...

    def get(self, batch: int) -> Batch:
        """Return the batch.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def members(self, batch: int, skip: int = 0, most: int | None = None) -> Iterator[Member]:
        """Yield the certificates of a batch in their order, without the first *skip* and at most *most*."""
        ...

    def held(self, batch: int) -> Sequence[HeldBack]:
        """Return the certificates that a check holds back, each with whose it is and why."""
        ...

    def by_people(self, batch: int) -> Sequence[FrozenDecision]:
        """Return the decisions of a batch that rest on evidence added by hand, or on what somebody ruled."""
        ...

    def of_event(self, slug: str) -> Sequence[Batch]:
        """Return the batches of an event, oldest first."""
        ...

    def at(self, slug: str, ordinal: int) -> Batch:
        """Return the batch of that number within the event.

        Raises:
            NotFoundError: there is none, or no such event.
        """
        ...

    def numbered(self, number: int) -> Sequence[Batch]:
        """Return the batches that have this number in the register or within their event, oldest first."""
        ...

    def newest_address(self) -> str:
        """Return the address of the site that the newest batch's certificates carry, empty if none was issued."""
        ...

    def approve(self, batch: int, act: Act) -> None:
        """Note that somebody approved the batch.

        Raises:
            ConflictError: it is approved already.
        """
        ...

    def end(self, batch: int, how: End, act: Act) -> Sequence[Number]:
        """Give up what of the batch is not issued, all of it or none, and let it end; return the numbers given up.

        Raises:
            ConflictError: it ended already, was approved and can be rejected no more, or is being issued now.
            NotFoundError: there is none.
        """
        ...

    def begin(self, batch: int, terms: Terms | None) -> None:
        """Note under what the batch is issued from now on, and that nothing keeps it from that; None for by nobody."""
        ...

    def begun(self) -> Sequence[int]:
        """Return the batches that somebody issues or has begun to, with certificates left and no fault noted."""
        ...

    def pause(self, batch: int, error: str) -> None:
        """Note why issuing stopped; an empty *error* clears the note."""
        ...


class Sheets(Protocol):
    """The table as a queue: leases on ordered certificates, and the transaction that makes them public."""

    def now(self) -> datetime:
        """Return the present moment by the database's clock, which leases go by.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def is_as_ordered(self, batch: int) -> bool:
        """Say whether the batch states what was ordered, as the trail says; of before nobody can tell, so it does."""
        ...

    def claim(self, batch: int, token: str, now: datetime, until: datetime, most: int | None = None) -> Sheet | None:
        """Lease ordered certificates of one plate until *until*, at most *most* of them; None if none is free.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def leases(self, batch: int) -> Collection[str]:
        """Return the tokens under which certificates of the batch are leased now."""
        ...

    def extend(self, token: str, until: datetime) -> bool:
        """Let what is leased under *token* stay so until *until*; return False where nothing is, and nothing changes.

        Raises:
            StorageError: the database is out of reach.
        """
        ...

    def held(self, batch: int) -> Sequence[Lease]:
        """Return who is at work on certificates of the batch, on how many and until when at least."""
        ...

    def release(self, token: str) -> None:
        """Give back what is still leased under *token*; it is free at once."""
        ...

    def store(self, sheet: Sheet, finished: Finished, act: Act) -> bool:
        """Store bytes, digests, states and the audit entry in one transaction; only then are they public.

        Return False where the lease was lost meanwhile: nothing was stored, another holder does the same work.

        Raises:
            ConflictError: one of the certificates was issued before; nothing was stored.
        """
        ...


class PersonalLinks(Protocol):
    """The references behind people's links."""

    def of(self, person: PersonKey) -> PersonalLink:
        """Return the link of *person*, withdrawn or not.

        Raises:
            NotFoundError: the register does not know that address.
        """
        ...

    def refs(self, people: Sequence[PersonKey]) -> Mapping[PersonKey, str]:
        """Return the reference behind the link of each of *people* whom the register knows."""

    def person(self, ref: str) -> PersonKey:
        """Return whose link has the reference *ref* now.

        Raises:
            NotFoundError: nobody's.
        """

    def certificates(self, person: PersonKey) -> Sequence[Certificate]:
        """Return the issued certificates of *person*, newest first, whether or not her link is withdrawn."""
        ...

    def withdraw(self, person: PersonKey, act: Act) -> PersonalLink:
        """Let the link of *person* lead nowhere from now on; return it.

        Raises:
            ConflictError: it is withdrawn already.
            NotFoundError: the register does not know that address.
        """
        ...

    def renew(self, person: PersonKey, act: Act) -> PersonalLink:
        """Give *person* a new link; the one before leads nowhere from now on.

        Raises:
            ConflictError: somebody else renewed it at this moment.
            NotFoundError: the register does not know that address.
        """
        ...


class Gatherings(Protocol):
    """Corrections that wait to be ordered together, one for a certificate."""

    def put(self, slug: str, number: Number, changes: str, act: Act) -> None:
        """Keep what is wanted of a certificate, in place of what was wanted before.

        Raises:
            NotFoundError: no such event.
        """
        ...

    def listed(self, slug: str) -> Sequence[Gathered]:
        """Return what waits, in the order in which it was gathered."""
        ...

    def take(self, slug: str, corrections: Sequence[Gathered]) -> None:
        """Take corrections out; those that are not there any more, or say something else by now, are no fault."""
        ...


class Revocations(Protocol):
    """Certificates withdrawn, with a reason, and taken back."""

    def fates(self, numbers: Sequence[Number]) -> Mapping[Number, Fate]:
        """Return what became of the issued ones among *numbers*; others are left out."""
        ...

    def fates_of(self, person: PersonKey) -> Mapping[Number, Fate]:
        """Return what became of the certificates issued to *person*, oldest first."""
        ...

    def afterwards(self, batch: int) -> Afterwards:
        """Count what became of the certificates of *batch*."""
        ...

    def revoked_since_order(self, batch: int) -> Sequence[Number]:
        """Return which certificates that *batch* is still to supersede were revoked after it was ordered."""
        ...

    def add(self, numbers: Sequence[Number], revocation: Revocation, act: Act) -> None:
        """Revoke all of *numbers* or none; corrections of them that are not issued are given up.

        Raises:
            ConflictError: one of them is revoked already, or its correction is being issued at this moment.
            NotFoundError: one of them was never issued.
        """
        ...

    def undo(self, numbers: Sequence[Number], since: datetime, act: Act) -> None:
        """Take the revocations of all of *numbers* back, if made at *since* or later, or of none; no page tells of it.

        Raises:
            ConflictError: one is not revoked, or was so before *since*.
            NotFoundError: one was never issued.
        """
        ...

    def reinstate(self, numbers: Sequence[Number], act: Act) -> None:
        """Let all of *numbers* count again, or none, whenever they were revoked; their pages tell of it.

        Raises:
            ConflictError: one is not revoked.
            NotFoundError: one was never issued.
        """
        ...


class StatusLists(Protocol):
    """The signed lists that tell foreign verifiers which credentials no longer hold."""

    def last_index(self) -> int:
        """Return the highest status index ever given, 0 if none was."""
        ...

    def withdrawn(self, indexes: range) -> Sequence[int]:
        """Return those of *indexes* whose certificates are revoked or superseded.

        Raises:
            StorageError: the database fails.
        """
        ...

    def outdated(self, size: int, terms: str) -> Sequence[int]:
        """Return the numbers of the lists of *size* each that `renew` would make anew, missing ones too.

        None of the others is touched: what this costs grows with what was withdrawn, not with the lists.

        Raises:
            StorageError: the database fails.
        """
        ...

    def stale(self, number: int, indexes: range, terms: str) -> bool:
        """Say whether `renew` would make a new edition of list *number*; one of which nothing was issued is not missed.

        Raises:
            StorageError: the database fails.
        """
        ...

    def renew(self, number: int, indexes: range, terms: str, edition: Callable[[Collection[int]], bytes]) -> bool:
        """Store a new *edition* of list *number* if the old one is out of date; return whether it was.

        The list speaks of certificates with status *indexes*. It is out of date when others of them are revoked or
        superseded now, or when it was made under other *terms* (key and address). No two renew a list at a time.

        Raises:
            SigningError: *edition* cannot sign; the old list stays.
        """
        ...
