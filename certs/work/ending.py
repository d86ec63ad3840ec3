"""End a batch before all of it is issued: rejected instead of approved, or cancelled at any time.

What is not issued is given up for ever, and its people can be ordered for again at once; what is issued stays, for that
there is `revoke`. A correction that ends leaves the certificate that it was to replace in force.
"""

from collections.abc import Callable, Sequence

from certs.errors import ConflictError, DeniedError
from certs.model import Act, Approval, Batch, CertificateState, End, Number
from certs.ports import Store
from certs.wording import hint, joined, say
from certs.work import orders, reason

Gone = Callable[[str], bool]
"""Says whether the holder of a lease is dead; see `certs.ports.Queue`."""


def reject(store: Store, batch: int, act: Act, gone: Gone) -> Sequence[Number]:
    """Refuse to approve *batch*; return the numbers given up. The act's reason is mandatory.

    Raises:
        InputError: no reason.
        DeniedError: the orderer may not judge it where the event demands two people.
        ConflictError: it is approved already, or ended, or is being issued.
        NotFoundError: no such batch.
        StorageError: the database fails.
    """
    why = say("Say why, with {by}: whoever ordered it will ask, and it stays in the audit trail.", by=hint("reason"))
    reason.demand(act, why)
    found = store.batches.get(batch)
    orders.demand_not_ended(found)
    if found.approved_at is not None:
        raise ConflictError(
            say(
                "Batch {reference} is approved already, by {approved_by}. Give up what is not issued of it with: "
                "{cancel}",
                reference=found.reference,
                approved_by=found.approved_by,
                cancel=hint("cancel", batch=found.reference),
            )
        )
    if found.approval is Approval.TWO and orders.same_actor(found.ordered_by, act.actor):
        raise DeniedError(
            say(
                "{actor} ordered batch {reference}; somebody else judges it ({by}). To take it back: {cancel}",
                actor=act.actor,
                reference=found.reference,
                by=hint("another"),
                cancel=hint("cancel", batch=found.reference),
            )
        )
    return _end(store, found, End.REJECTED, act, gone)


def cancel(store: Store, batch: int, act: Act, gone: Gone) -> Sequence[Number]:
    """Give up what is not issued of *batch*, approved or not; return the numbers given up.

    Raises:
        ConflictError: it ended already, nothing of it is left to give up, or it is being issued.
        NotFoundError: no such batch.
        StorageError: the database fails.
    """
    found = store.batches.get(batch)
    orders.demand_not_ended(found)
    if not unissued(found):
        issued = found.counts.get(CertificateState.ISSUED, 0)
        nothing = say("Nothing of batch {reference} is left to give up.", reference=found.reference)
        withdraw = hint("revoke_one")
        stay = say(
            "{issued:,} of it are issued and stay; to withdraw one: {withdraw}", issued=issued, withdraw=withdraw
        )
        raise ConflictError(joined([nothing, stay]) if issued else nothing)
    return _end(store, found, End.CANCELLED, act, gone)


def unissued(batch: Batch) -> int:
    """Return how many certificates of *batch* its end would give up: those ordered, and those that a check holds."""
    return batch.remaining + batch.counts.get(CertificateState.HELD, 0)


def _end(store: Store, batch: Batch, how: End, act: Act, gone: Gone) -> Sequence[Number]:
    """End *batch* after giving back what a process held that is dead."""
    for token in store.sheets.leases(batch.id):
        if gone(token):
            store.sheets.release(token)
    return store.batches.end(batch.id, how, act)
