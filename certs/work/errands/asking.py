"""Ask for errands, and say whether anybody is there to do them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

from certs.errors import InputError
from certs.model import Act, Batch, Errand, ErrandFile, ErrandKind, Wish
from certs.ports import Store
from certs.wording import hint, say
from certs.work import orders
from certs.work.errands.how import Agreed, Ordering, Reading
from certs.work.errands.outcomes import Foreseen
from certs.work.reason import demand

AWAY = timedelta(seconds=30)
"""How long nothing is heard of any worker before that is said."""


def nobody_works() -> str:
    """Return what is said where `worker_away` and something waits."""
    return say("Nothing is working on this. Ask the administrator to look at {doctor}.", doctor=hint("doctor"))


def worker_away(store: Store) -> bool:
    """Say whether no worker was heard of for `AWAY`, or ever; then pages say `nobody_works`.

    Raises:
        StorageError: the database fails.
    """
    silence = store.errands.silence()
    return silence is None or silence > AWAY


def read(store: Store, slug: str, files: Sequence[ErrandFile], how: Reading, act: Act) -> Errand:
    """Keep *files* to be read into the event, each all or nothing.

    Raises:
        InputError: there is no file, or two have one name.
        NotFoundError: no such event.
        StorageError: the database fails; nothing was kept.
    """
    names = [one.name for one in files]
    if not names:
        raise InputError(say("Choose one file at least."))
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(say("Two files are called {name}: give them different names.", name=twice[0]))
    options = how.as_text()
    digests = sorted(hashlib.sha256(one.data).hexdigest() for one in files)
    what = hashlib.sha256("\n".join([options, *digests]).encode()).hexdigest()
    return store.errands.ask(Wish(ErrandKind.READ, slug, what, options), act, files)


def read_tray(store: Store, slug: str, act: Act) -> Errand:
    """Ask that the files which wait in the tray of an event be read, each all or nothing.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    return store.errands.ask(Wish(ErrandKind.TRAY, slug), act)


def under_way(store: Store, slug: str) -> Mapping[ErrandKind, Errand]:
    """Return what a worker is asked for about an event and has not ended, one of each kind.

    Raises:
        StorageError: the database fails.
    """
    return {one.wish.kind: one for one in store.errands.of_event(slug) if one.ended_at is None}


def foresee(store: Store, slug: str, what: str, which: str | int, act: Act) -> Errand:
    """Ask what would change if a file counted no longer, or one of the tray did; see `acting` for *what* and *which*.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    return store.errands.ask(Wish(ErrandKind.FORESEE, slug, f"{what} {which}"), act)


def foreseen(store: Store, slug: str, what: str, which: str | int) -> Foreseen | None:
    """Return what was foreseen of that, None where something else was looked at since, or the event was changed.

    Raises:
        StorageError: the database fails.
    """
    errand = store.errands.newest(ErrandKind.FORESEE, slug, found=True)
    if errand is None or errand.wish.what != f"{what} {which}":
        return None
    found = Foreseen.of(errand.outcome)
    return found if found.as_of == store.events.as_of(slug) else None


def weights(store: Store, slug: str) -> Mapping[str, str]:
    """Return what hangs on each doubt, by question, as the last count found that had many.

    Raises:
        StorageError: the database fails.
    """
    errand = store.errands.newest(ErrandKind.COUNT, slug, found=True)
    found: dict[str, str] = json.loads(errand.outcome) if errand else {}
    return found


def change(store: Store, slug: str, file: tuple[str, str | int], agreed: Agreed, act: Act) -> Errand:
    """Ask that a file count no longer, or one of the tray count, as *agreed*; the act's reason is mandatory.

    Raises:
        InputError: no reason.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    demand(act)
    return store.errands.ask(Wish(ErrandKind.CHANGE, slug, " ".join(map(str, file)), agreed.as_text()), act)


def order(store: Store, slug: str, kind: str, how: Ordering, act: Act) -> Errand:
    """Ask that what is due of *kind* be ordered, in the number that was shown.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    return store.errands.ask(Wish(ErrandKind.ORDER, slug, kind, how.as_text()), act)


def count(store: Store, slug: str, act: Act) -> Errand:
    """Ask that the counts of an event be brought up to date.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    return store.errands.ask(Wish(ErrandKind.COUNT, slug), act)


def rehearse(store: Store, slug: str, act: Act, kind: str = "") -> Errand:
    """Ask for a look at what an order would print, of *kind* where the event has several.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    return store.errands.ask(Wish(ErrandKind.REHEARSE, slug, kind), act)


def issue(store: Store, batch: Batch, act: Act) -> Errand:
    """Ask that an approved batch be issued.

    Raises:
        ConflictError: it ended, or is not approved.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    orders.demand_not_ended(batch)
    orders.demand_approved(batch)
    return store.errands.ask(Wish(ErrandKind.ISSUE, batch.slug, batch.reference), act)


def examine(store: Store, act: Act) -> Errand:
    """Ask for a look at everything that the deployment rests on.

    Raises:
        StorageError: the database fails.
    """
    return store.errands.ask(Wish(ErrandKind.EXAMINE), act)


def back_up(store: Store, act: Act) -> Errand:
    """Ask for a backup of the register.

    Raises:
        StorageError: the database fails.
    """
    return store.errands.ask(Wish(ErrandKind.BACK_UP), act)


def publish(store: Store, act: Act) -> Errand:
    """Ask that the status lists be brought up to date.

    Raises:
        StorageError: the database fails.
    """
    return store.errands.ask(Wish(ErrandKind.PUBLISH), act)


def enrol(store: Store, act: Act) -> Errand | None:
    """Ask that certificates of before be put under our signature, where there are any, as after an upgrade.

    Raises:
        StorageError: the database fails.
    """
    return store.errands.ask(Wish(ErrandKind.ENROL), act) if store.rolls.missing() else None
