"""What an order would cover, from the kept decisions: what to check before one orders, and what stands in the way.

The order itself decides from the joins again, see `orders`: nothing here is more than a look.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from certs.eligibility.words import criteria
from certs.model import Approval, Batch, Event, Finding, KeyState, Kind, Purpose, Ruling, Severity, Sought, UserRole
from certs.ports import Store, Trusted
from certs.work import guards, imports, orders, questions

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Due:
    """An order of *kind* as it would be now: *count* certificates, of which *granted* by decisions of people.

    *certified* have one already, *held* wait for an answer. *rulings* are some of those that decide. *wrong* are
    sentences on what stands in the way at this deployment, *doubtful* on what may be meant; *odd* is what was noticed
    about attendance. *is_counted* says whether all this is of now.
    """

    event: Event
    kind: Kind
    count: int
    granted: int
    certified: int
    held: int
    answered: int
    rulings: Sequence[Ruling]
    wrong: Sequence[str]
    doubtful: Sequence[str]
    odd: Sequence[Finding]
    is_counted: bool
    has_keys: bool

    @property
    def demand(self) -> str:
        """The rule, as certificates print it."""
        return criteria(self.event, self.kind)

    @property
    def stops(self) -> Sequence[Finding]:
        """What was noticed that stops the order unless somebody accepts it."""
        return [one for one in self.odd if one.severity is Severity.STOPS]

    @property
    def may_be_ordered(self) -> bool:
        """Whether nothing that is known stands in the way."""
        return self.is_counted and self.has_keys and bool(self.count) and not self.wrong


def look(store: Store, slug: str, kind: str, base_url: str, keys: Trusted, now: datetime) -> Due:
    """Say what an order of *kind* would cover now, the event's first unless given.

    Raises:
        InputError: the event has no such kind.
        NotFoundError: no such event.
        SigningError: the keys cannot be read.
        StorageError: the database fails.
    """
    event = imports.event_of(store, slug)
    chosen = orders.kind_of(event, kind)
    is_counted = store.decisions.kept(slug) == store.decisions.as_of(slug)
    found = guards.findings(base_url, keys, issuer=event.named_issuer, used=store.batches.newest_address())
    by_people = Sought(chosen.name, eligible=True, ruled=True)
    ruled = store.decisions.page(slug, by_people, limit=_SHOWN).items
    certified, standing = store.batches.certified(slug, chosen.name), questions.standing(store, slug)
    return Due(
        event,
        chosen,
        _count(store, slug, chosen, certified),
        store.decisions.count(slug, by_people),
        len(certified),
        len(standing.held),
        standing.answered,
        [one.ruling for one in ruled if one.ruling],
        [one.told for one in found if one.severity is guards.Severity.WRONG],
        [one.told for one in found if one.severity is guards.Severity.DOUBTFUL],
        (store.decisions.odd(slug, now) or ()) if is_counted else (),
        is_counted,
        all(_signs(keys, purpose) for purpose in guards.DEMANDED),
    )


def _count(store: Store, slug: str, kind: Kind, certified: Collection[str]) -> int:
    """Count those eligible who have no certificate."""
    if not certified:
        return store.decisions.count(slug, Sought(kind.name, eligible=True))
    return sum(person not in certified for person in store.decisions.earners(slug, kind.name))


def signs_as_demo(keys: Trusted) -> bool:
    """Say whether certificates ordered now would be signed by a demo key.

    Raises:
        SigningError: the keys cannot be read.
    """
    return any(key.demo for key in keys.trusted(Purpose.CLAIM) if key.state is KeyState.ACTIVE)


def _signs(keys: Trusted, purpose: Purpose) -> bool:
    return any(key.state is KeyState.ACTIVE for key in keys.trusted(purpose))


def may_approve(batch: Batch, roles: Collection[UserRole], name: str) -> bool:
    """Say whether whoever has these *roles* in the event may approve *batch*; see `orders.approve`."""
    if batch.approval is Approval.ONE:
        return bool({UserRole.ORGANISER, UserRole.APPROVER} & set(roles))
    return UserRole.APPROVER in roles and not orders.same_actor(batch.ordered_by, name)


def answers_by(store: Store, slug: str) -> Sequence[tuple[str, int]]:
    """Return who answered how many doubts of an event, most first.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    return Counter(one.answered_by for one in store.questions.all(slug) if one.answer).most_common()
