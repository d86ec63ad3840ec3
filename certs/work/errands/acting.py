"""What a worker does in place of a page that would keep a reader waiting: look ahead, let files count or not, order.

Each is done by the use case that the command of the same name calls, and decides anew from the register: what was shown
before it was asked for is compared there. One whose worker died after it was done is found done.
"""

from collections.abc import Callable
from dataclasses import replace

from certs.errors import ConflictError
from certs.model import Act, Errand, Imported
from certs.ports import Store
from certs.wording import say, say_n
from certs.work import amend, imports, orders, receive
from certs.work.errands.how import Agreed, Ordering
from certs.work.errands.outcomes import Foreseen

OUT, TRAY = "out", "tray"
"""What is looked at: that a file counts no longer, by its digest; that one of the tray counts, by its id there."""


def foresee(store: Store, errand: Errand) -> Foreseen:
    """Say what would change if a file counted no longer, or one of the tray did.

    Raises:
        InputError: it cannot be read, or counts no longer.
        NotFoundError: there is no such event or file.
        StorageError: the database fails.
    """
    slug, (what, _, which) = errand.wish.slug, errand.wish.what.partition(" ")
    if what == TRAY:
        waiting = receive.in_tray(store, slug, int(which))
        return Foreseen.of_foresight(waiting.name, receive.foresee(store, slug, waiting)[1])
    (file,) = amend.chosen(store, slug, [which])
    return Foreseen.of_foresight(file.name, amend.foresee(store, slug, [file]))


def change(store: Store, errand: Errand, act: Act) -> str:
    """Let a file count no longer, or one of the tray count, as it was foreseen; return what is said of it.

    Raises:
        InputError: it cannot be read, counts no longer, or a reason is missing.
        ConflictError: the event was changed since it was foreseen, or certificates were issued from it.
        NotFoundError: there is no such event or file.
        StorageError: the database fails.
    """
    slug, (what, _, which) = errand.wish.slug, errand.wish.what.partition(" ")
    agreed = Agreed.of(errand.wish.options)
    if what == TRAY:
        said = say("{file} counts now.", file=agreed.name)
        if _is_done(store, errand, agreed, lambda one: one.counts and one.received_at >= errand.asked_at):
            return said
        receive.confirm(store, slug, receive.in_tray(store, slug, int(which)), agreed.as_of, act)
        return said
    said = say("{file} counts no longer.", file=agreed.name)
    if not _is_done(store, errand, agreed, lambda one: (one.undone_at or errand.asked_at) > errand.asked_at):
        foresight = amend.foresee(store, slug, amend.chosen(store, slug, [which]))
        amend.demand_as_shown(foresight, agreed.as_of)
        amend.undo(store, slug, foresight.amendment, act)
    return said


def _is_done(store: Store, errand: Errand, agreed: Agreed, so: Callable[[Imported], bool]) -> bool:
    """Say whether an earlier worker did it and died; then the file of that digest is so."""
    if errand.tries <= 1:
        return False
    return any(one.sha256 == agreed.sha256 and so(one) for one in store.imports.listed(errand.wish.slug))


def order(store: Store, errand: Errand, act: Act) -> tuple[str, int]:
    """Order what is due, in the number that was shown; return what is said of it, and the batch's number in its event.

    Raises:
        ConflictError: it is another number by now, or as `orders.place` has it.
        DeniedError, InputError, NotFoundError: as `orders.place` has it.
        StorageError: the database fails.
    """
    slug, kind, how = errand.wish.slug, errand.wish.what, Ordering.of(errand.wish.options)
    chosen = orders.kind_of(imports.event_of(store, slug), kind).name
    before = [one for one in store.batches.of_event(slug) if one.kind == chosen and one.ordered_at >= errand.asked_at]
    mine = [one for one in before if one.ordered_by == errand.asked_by]
    if errand.tries > 1 and mine:
        return _ordered(mine[-1].count), mine[-1].ordinal
    planned = orders.plan(store, slug, kind)
    if how.expected != len(planned.decisions):
        raise ConflictError(
            say_n(
                "By now it would be {n:,} certificate. Nothing was ordered: look again.",
                "By now it would be {n:,} certificates. Nothing was ordered: look again.",
                len(planned.decisions),
            )
        )
    doing = replace(act, signed_in=how.signed_in)
    placed = orders.place(store, planned, doing, demo=how.demo, accepted=how.accepted)
    return _ordered(len(planned.decisions)), store.batches.get(placed).ordinal


def _ordered(count: int) -> str:
    return say_n(
        "{n:,} certificate is ordered. Nothing is signed yet.",
        "{n:,} certificates are ordered. Nothing is signed yet.",
        count,
    )
