"""Replace what a key signed by certificates that say the same under the present keys."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from certs.errors import InputError, NotFoundError
from certs.ground.spool import Laid
from certs.model import Act, Certificate, CertificateState, EventFacts, Kid, Purpose, Standing, TrustedKey
from certs.ports import Keys, Store, Trusted
from certs.wording import hint, say
from certs.work import guards, reason, record
from certs.work.corrections.proposal import anew, order_of, says_the_same
from certs.work.readiness import Due


@dataclass(slots=True)
class Alike:
    """Certificates of one *kind* that say the same *facts* of their event; *due* lie in a file where they are many."""

    facts: EventFacts
    kind: str
    due: Laid[Due] = field(default_factory=Laid)


@dataclass(frozen=True, slots=True)
class Reissue:
    """What a key signed that is still in force, by how far its replacement is.

    *fresh* is to be ordered. In each of the batches *waiting* so many are ordered before and not issued; of those
    *elsewhere* it is a correction of somebody's, which replaces them as well once it is issued.
    """

    fresh: Sequence[Alike]
    waiting: dict[int, int]
    elsewhere: dict[int, int]

    @property
    def count(self) -> int:
        """How many certificates this replaces."""
        return sum(len(one.due) for one in self.fresh) + sum(self.waiting.values())


def to_reissue(store: Store, keys: Trusted, kid: Kid, since: datetime | None = None) -> Reissue:
    """Return what key *kid* signed that is still in force; with *since*, what was registered then or later.

    Raises:
        NotFoundError: that key signed nothing that is in force.
        ConflictError: what the register holds of some is not what we signed; names them.
        SigningError: the key folder cannot be read.
        StorageError: the database fails.
    """
    fresh = _as_signed(store, keys, store.batches.signed_by(kid, since))
    ordered = store.batches.replacing(kid, since)
    waiting = {batch: count for batch, count in ordered.items() if _says_the_same(store, batch)}
    elsewhere = {batch: count for batch, count in ordered.items() if batch not in waiting}
    if not fresh and not ordered:
        registered = "" if since is None else f" and was registered since {since:%Y-%m-%d %H:%M} UTC"
        raise NotFoundError(
            say("Key {kid} signed no certificate that is in force{registered}.", kid=kid, registered=registered)
        )
    return Reissue(fresh, waiting, elsewhere)


def _as_signed(store: Store, keys: Trusted, certificates: Iterable[Certificate]) -> list[Alike]:
    """Return *certificates* in the orders that replace them; each is looked at as it streams by."""
    found: list[Alike] = []

    def noted() -> Iterator[Certificate]:
        for one in certificates:
            facts, kind = one.statement.event, one.statement.kind
            if not found or (found[-1].facts, found[-1].kind) != (facts, kind):
                found.append(Alike(facts, kind))
            found[-1].due.add(anew(Standing(one.person, one.statement)))
            yield one

    record.demand(noted(), store, keys, unsafe_too=True)
    return found


def demand_successor(keys: Keys, ended: TrustedKey) -> None:
    """Check that *ended* is none of the keys that would sign its certificates anew.

    Raises:
        InputError: it is; says what to make first.
        SigningError: a key is missing or cannot be opened.
    """
    if ended in [keys.signer(purpose).key for purpose in (Purpose.CLAIM, Purpose.SEAL, Purpose.CREDENTIAL)]:
        successor = hint("new_key", purpose=ended.purpose)
        raise InputError(
            say(
                "Key {kid} would sign them again. Make its successor first: {successor}",
                kid=ended.kid,
                successor=successor,
            )
        )


def reissue(store: Store, found: Reissue, act: Act, *, demo: bool) -> list[int]:
    """Order what is fresh of *found*, all of it or nothing; return the batches, those that wait before them.

    Raises:
        InputError: no reason.
        ConflictError: somebody else replaces one of them at this moment; nothing was ordered.
        StorageError: the database fails.
    """
    reason.demand(act)
    guards.demand_clock(act.at, store.newest_moment())
    orders = [order_of(store, one.facts, one.kind, one.due, act, demo=demo) for one in found.fresh]
    return [*found.waiting, *(store.batches.order_all(orders, act) if orders else ())]


def _says_the_same(store: Store, batch: int) -> bool:
    """Say whether *batch* only replaces certificates by others that say the same."""
    left = (one for one in store.batches.members(batch) if one.state is CertificateState.ORDERED)
    return all(one.replaced is not None and says_the_same(one.statement, one.replaced) for one in left)
