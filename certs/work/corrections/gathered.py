"""Corrections that wait to be ordered together, so that the second person approves many at once.

    gather(store, keys, "cgmp-2026", Wanted(number, Changes(name="Zoë"), reason="misspelt"), act)
    for one in waiting(store, "cgmp-2026"): one.wanted, one.fate
    order(store, keys, "cgmp-2026", expected=7, act=act, demo=False)

What waits is judged once more when it is ordered: a certificate may have been withdrawn meanwhile. What was ordered
before a crash is ordered once, and waits no longer.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from certs.errors import ConflictError, InputError, NotFoundError
from certs.ground.number import printed
from certs.model import Act, Batch, Fate, Gathered, Number, SessionId
from certs.ports import Store, Trusted
from certs.wording import say, say_n
from certs.work import reason
from certs.work.corrections.changes import Changes, Wanted
from certs.work.corrections.proposal import Correction, place, propose

_MOST_REASON = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """A correction that is not ordered yet, and the certificate that it is of."""

    gathered: Gathered
    changes: Changes
    fate: Fate


def look(store: Store, keys: Trusted, wanted: Wanted) -> Correction:
    """Say what correcting one certificate would change; change nothing.

    Raises:
        CertsError: as `propose` has it; or just that is ordered already.
    """
    proposal = propose(store, keys, [wanted])
    if not proposal.fresh:
        raise ConflictError(say("This correction of {number} is ordered already.", number=printed(wanted.number)))
    return proposal.fresh[0]


def gather(store: Store, keys: Trusted, slug: str, wanted: Wanted, act: Act) -> None:
    """Keep what is *wanted* of a certificate of the event until it is ordered, in place of what was wanted before.

    Raises:
        InputError: no reason, or it cannot be said.
        CertsError: as `look` has it.
    """
    reason.demand(act)
    look(store, keys, wanted)
    store.gatherings.put(slug, wanted.number, _text(wanted.changes), act)


def waiting(store: Store, slug: str) -> Sequence[Waiting]:
    """Return the corrections of an event that wait to be ordered, in the order in which they were gathered.

    Raises:
        StorageError: the database fails.
    """
    kept = store.gatherings.listed(slug)
    fates = store.revocations.fates([one.number for one in kept]) if kept else {}
    return [Waiting(one, _changes(one.changes), fates[one.number]) for one in kept if one.number in fates]


def take_out(store: Store, slug: str, number: Number) -> None:
    """Let a correction not be made.

    Raises:
        NotFoundError: it does not wait any more, or there is no such event.
        StorageError: the database fails.
    """
    mine = [one for one in store.gatherings.listed(slug) if one.number == number]
    if not mine:
        raise NotFoundError(say("This correction is not waiting any more: somebody ordered it, or took it out."))
    store.gatherings.take(slug, mine)


def order(store: Store, keys: Trusted, slug: str, expected: int, act: Act, *, demo: bool) -> Sequence[Batch]:
    """Order all corrections that wait, if they are as many as somebody saw; return the batches.

    Raises:
        InputError: nothing waits, or something cannot be corrected any more; says all of it.
        ConflictError: by now they are another number.
        DeniedError: the event demands that somebody signed in acts, and nobody is.
        StorageError: the database fails.
    """
    kept = store.gatherings.listed(slug)
    if not kept:
        raise InputError(say("No correction waits to be ordered."))
    if len(kept) != expected:
        raise ConflictError(
            say_n(
                "By now {n:,} correction waits. Nothing was ordered: look again.",
                "By now {n:,} corrections wait. Nothing was ordered: look again.",
                len(kept),
            )
        )
    wanted = [Wanted(one.number, _changes(one.changes), reason=one.reason) for one in kept]
    proposal = propose(store, keys, wanted)
    why = act.reason or "; ".join(dict.fromkeys(one.reason for one in kept))[:_MOST_REASON]
    placed = place(store, proposal, replace(act, reason=why), demo=demo)
    store.gatherings.take(slug, kept)
    return [store.batches.get(one) for one in [*proposal.waiting, *placed]]


def _text(changes: Changes) -> str:
    attended = None if changes.attended is None else sorted(changes.attended)
    said = {"name": changes.name, "language": changes.language, "quarter_hours": changes.quarter_hours}
    return json.dumps({**said, "attended": attended, "insist": changes.insist}, ensure_ascii=False)


def _changes(text: str) -> Changes:
    said = json.loads(text)
    attended = said["attended"]
    return Changes(
        said["name"],
        said["language"],
        said["quarter_hours"],
        None if attended is None else frozenset(map(SessionId, attended)),
        insist=said["insist"],
    )
