"""Steps 1 to 3 of issuing: decide, order, approve. Nothing is signed here.

1. decide: the event's rule on what was imported says who is eligible, and why
2. order: every eligible person without a certificate gets a number and a frozen statement, in one transaction
3. approve: by somebody other than the orderer where the event demands two people

Each ordered certificate is assigned to a plate of one group of scripts, so that any process can draw that plate again.
Steps 4 to 9 are in `issue`.
"""

import secrets
from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from certs import eligibility
from certs.errors import ConflictError, DeniedError, InputError
from certs.ground import names, number, reference
from certs.model import (
    Act,
    Approval,
    Batch,
    Decision,
    Draft,
    Event,
    NearMiss,
    Number,
    Order,
)
from certs.ports import Store
from certs.wording import hint, say
from certs.work import counts, guards, imports, planning, readiness, rehearsal
from certs.work import questions as asking
from certs.work.planning import NOTHING, NOTHING_LEFT, Plan, kind_of, name_language, plan, survey

__all__ = [
    "NOTHING",
    "NOTHING_LEFT",
    "Drafts",
    "Plan",
    "approve",
    "decide",
    "demand_approvable",
    "demand_approved",
    "demand_none_revoked",
    "demand_not_ended",
    "demand_signed_in",
    "fresh_numbers",
    "kind_of",
    "most_on_a_plate",
    "name_language",
    "place",
    "plan",
    "plates_of",
    "roll_of",
    "same_actor",
    "survey",
    "with_plates",
]

_DRAWN = 10_000
"""Numbers of which one question asks whether they were given before."""
_COMPARED = 100_000
"""Numbers of which a set is held at once."""
MIN_PLATE = 250
"""Certificates on a plate below which one more plate is not worth its drawing."""
MAX_PLATE = 500
"""Certificates on a plate above which a worker needs more memory and is no faster."""
SHARES = 4
"""Into how many plates a big group is split at least, so that several cores have work."""


def decide(
    store: Store, slug: str, near: NearMiss | None = None, files: asking.Files | None = None
) -> tuple[Event, list[Decision]]:
    """Step 1: decide for everybody who joined or registered; *near* says what is close, else the event does.

    With *files*, decide as if they were all that is imported.

    Raises:
        ConflictError: it has too many people to be held at once.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    if near is None and files is None:
        planning.demand_few_enough(store, imports.event_of(store, slug))
        counted = counts.counted(store, slug)
        return counted.event, list(counted)
    settled, roll = roll_of(store, slug, near, files)
    return roll.event, roll.decide(settled.held, settled.rulings)


def roll_of(
    store: Store, slug: str, near: NearMiss | None = None, files: asking.Files | None = None
) -> tuple[asking.Settled, eligibility.Roll]:
    """Return what is known of an event and its people's presence, from which `decide` decides.

    Raises:
        ConflictError: it has too many people to be held at once.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    event = imports.event_of(store, slug)
    if near is not None:
        event = replace(event, near_miss=near)
    planning.demand_few_enough(store, event)
    settled = asking.settled(store, slug, files)
    return settled, eligibility.call_roll(event, settled.records, settled.evidence, settled.names)


def place(store: Store, planned: Plan, act: Act, *, demo: bool, accepted: Collection[str] = ()) -> int:
    """Step 2: reserve numbers and freeze statements; return the batch. *demo* says which keys will sign.

    *accepted* are the keys of findings that would stop the order, each right all the same for the act's reason.

    Raises:
        DeniedError: the event demands that somebody signed in acts, and nobody is.
        InputError: nobody is left to order for, certificates are replaced or something is accepted without a reason, or
            what is accepted may not be.
        ConflictError: the certificates would be untrue, see `readiness`; or the register keeps other decisions than
            those that were worked out; or somebody else ordered for the same people
            meanwhile, or changed what the decisions are based on. Nothing was changed.
        StorageError: the database fails.
    """
    if not planned.decisions:
        raise InputError(NOTHING_LEFT if planned.leaves_out else NOTHING)
    demand_signed_in(planned.event, act)
    guards.demand_clock(act.at, store.newest_moment())
    if planned.apart.replaced and not act.reason.strip():
        raise InputError(
            say(
                "Say why certificates are replaced, with {by}: it stays in the audit trail.",
                by=hint("reason"),
            )
        )
    overridden = readiness.demand_none_stops(planned.findings(act.at), accepted, act, planned.command)
    planning.demand_as_kept(store, planned)
    facts = rehearsal.facts_of(planned.event, planned.kind, demo=demo, granted=planned.granted > 0)
    drafts = Drafts(store, planned.decisions)
    zone = ZoneInfo(planned.event.zone)
    issued_on = act.at.astimezone(zone).date()
    said = tuple(f"{one.key}: {one.text}" for one in overridden)
    terms = (planned.kind.name, facts, planned.event.approval, issued_on, drafts)
    order = Order(*terms, planned.as_of, planned.rivals, said)
    return store.batches.order(order, act)


def approve(store: Store, batch: int, act: Act) -> Batch:
    """Step 3: let the batch be issued.

    Raises:
        DeniedError: the orderer may not approve where the event demands two people.
        ConflictError: it is approved already, was rejected or cancelled, or all of it was given up.
        NotFoundError: no such batch.
        StorageError: the database fails.
    """
    demand_approvable(store, store.batches.get(batch), act)
    store.batches.approve(batch, act)
    return store.batches.get(batch)


def demand_signed_in(event: Event, act: Act) -> None:
    """Refuse an act on the word of whoever is at the shell, where the event wants people who are signed in.

    Raises:
        DeniedError: it is so.
    """
    if event.signed_in and not act.signed_in:
        raise DeniedError(
            say(
                "The event wants orders and approvals from people who are signed in: nothing was done for {actor}. "
                "Use the desk.",
                actor=act.actor,
            )
        )


def demand_approvable(store: Store, batch: Batch, act: Act) -> None:
    """Refuse to approve what is approved or ended, or what is her own who acts where two people are demanded.

    Raises:
        DeniedError, ConflictError: as `approve` has it.
    """
    demand_not_ended(batch)
    demand_signed_in(imports.event_of(store, batch.slug), act)
    guards.demand_clock(act.at, store.newest_moment())
    if batch.approved_at is not None:
        raise ConflictError(
            say(
                "Batch {reference} is approved already, by {approved_by}.",
                reference=batch.reference,
                approved_by=batch.approved_by,
            )
        )
    if batch.approval is Approval.TWO and same_actor(batch.ordered_by, act.actor):
        raise DeniedError(
            say(
                "{actor} ordered batch {reference}; the event wants somebody else to approve it ({by}).",
                actor=act.actor,
                reference=batch.reference,
                by=hint("another"),
            )
        )
    demand_none_revoked(store, batch)
    if not batch.remaining:
        raise ConflictError(
            say(
                "Nothing of batch {reference} is left to issue. Order again: {again}",
                reference=batch.reference,
                again=_again(batch),
            )
        )


def _again(batch: Batch) -> str:
    return reference.ordering(batch.slug, batch.kind)


def demand_as_ordered(store: Store, batch: Batch) -> None:
    """Check that nobody changed what *batch* states since it was ordered, and perhaps approved.

    Raises:
        ConflictError: somebody did.
        StorageError: the database fails.
    """
    if not store.sheets.is_as_ordered(batch.id):
        raise ConflictError(
            say(
                "Batch {batch} is not what was ordered, as the trail says: somebody changed its facts or certificates. "
                "Nothing was issued. Reject or cancel it, and order again.",
                batch=batch.reference,
            )
        )


def demand_not_ended(batch: Batch) -> None:
    """Refuse to go on with a batch that somebody rejected or cancelled.

    Raises:
        ConflictError: somebody did; says who, when and why.
    """
    if (ending := batch.ending) is not None:
        why = f": {ending.reason}" if ending.reason else ""
        raise ConflictError(
            say(
                "Batch {reference} was {how} by {by} on {date}{why}. Order again: {again}",
                reference=batch.reference,
                how=ending.how,
                by=ending.by,
                date=ending.at.date(),
                why=why,
                again=_again(batch),
            )
        )


def demand_approved(batch: Batch) -> None:
    """Refuse a batch that nobody has approved yet.

    Raises:
        ConflictError: it is one.
    """
    if batch.approved_at is None:
        raise ConflictError(
            say(
                "Batch {reference} is not approved yet. Approve it with: {approve}",
                reference=batch.reference,
                approve=hint("approve", batch=batch.reference),
            )
        )


def demand_none_revoked(store: Store, batch: Batch) -> None:
    """Refuse a batch with corrections of certificates that were revoked after it was ordered.

    Raises:
        ConflictError: there are some; says what to do.
        StorageError: the database fails.
    """
    if revoked := store.revocations.revoked_since_order(batch.id):
        listed = ", ".join(map(number.printed, revoked))
        raise ConflictError(
            say(
                "Since batch {reference} was ordered, certificates that it would replace were revoked: {listed}. "
                "Give it up with {cancel}, or first reinstate what was revoked by mistake.",
                reference=batch.reference,
                listed=listed,
                cancel=hint("cancel", batch=batch.reference),
            )
        )


def same_actor(one: str, other: str) -> bool:
    """Say whether two names of those who act are one person's, however she types hers today."""
    return names.fold(names.clean(one)) == names.fold(names.clean(other))


def fresh_numbers(store: Store, count: int) -> list[Number]:
    """Return *count* random numbers that no certificate has ever had.

    Raises:
        StorageError: the database fails.
    """
    return [number.from_bits(bits) for bits in _fresh(store, count)]


def _fresh(store: Store, count: int) -> "array[int]":
    """Return the bits of *count* random numbers that no certificate has ever had: eight bytes each.

    Raises:
        StorageError: the database fails.
    """
    fresh = array("Q")
    while len(fresh) < count:
        wanted = min(count - len(fresh), _DRAWN)
        drawn = {number.from_bits(bits): bits for bits in (secrets.randbits(number.RANDOM_BITS) for _ in range(wanted))}
        for spent in store.batches.spent(list(drawn)):
            del drawn[spent]
        fresh.extend(drawn.values())
    return _fresh(store, count) if _has_twins(fresh) else fresh


def _has_twins(numbers: "array[int]") -> bool:
    """Say whether a number stands there twice; some are compared at a time, a set of all takes 100 bytes of each."""
    parts = 1 + len(numbers) // _COMPARED
    different = (len({one for one in numbers if one % parts == part}) for part in range(parts))
    return sum(different) < len(numbers)


def with_plates(drafts: Sequence[Draft]) -> list[Draft]:
    """Return *drafts* with the label of a plate each."""
    return [replace(draft, plate=label) for draft, label in zip(drafts, plates_of(drafts), strict=True)]


def plates_of(named: "Collection[Draft] | Collection[readiness.Due]") -> list[str]:
    """Return the label of a plate for each of *named*, who are gone through more than once."""
    from certs import pdf  # noqa: PLC0415 -- who only decides or shows needs no fonts

    return pdf.plate_labels(_Names(named), most_on_a_plate(len(named)))


def most_on_a_plate(certificates: int) -> int:
    """Return how many of a batch's *certificates* one plate may have."""
    return min(max(MIN_PLATE, -(-certificates // SHARES)), MAX_PLATE)


class Drafts(Collection[Draft]):
    """What is ordered for whoever is *due*, each with a fresh number and a plate; no more of each is held in memory.

    Gone through again, the same is made anew.
    """

    def __init__(self, store: Store, due: Collection[readiness.Due]) -> None:
        """Draw the numbers.

        Raises:
            StorageError: the database fails.
        """
        self._due, self._numbers = due, _fresh(store, len(due))
        self._plates = plates_of(due)

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, draft: object) -> bool:
        return any(one == draft for one in self)

    def __iter__(self) -> Iterator[Draft]:
        for one, bits, plate in zip(self._due, self._numbers, self._plates, strict=True):
            before = f"In place of {number.printed(one.supersedes)}: " if one.supersedes else ""
            yield Draft(
                person=one.person,
                number=number.from_bits(bits),
                name=one.name,
                language=one.language,
                attended=one.attended,
                quarter_hours=one.quarter_hours,
                plate=plate,
                supersedes=one.supersedes,
                reason=f"{before}{one.reason}",
                evidence=one.evidence,
                ruling=one.ruling,
            )


class _Names(Collection[tuple[str, str]]):
    """Names with their languages."""

    def __init__(self, named: "Collection[Draft] | Collection[readiness.Due]") -> None:
        self._named = named

    def __len__(self) -> int:
        return len(self._named)

    def __contains__(self, name: object) -> bool:
        return any(one == name for one in self)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((one.name, one.language) for one in self._named)
