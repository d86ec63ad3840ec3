"""Who is not ordered for, because one kind of certificate stands in place of another (`instead_of`).

Whoever earns the better kind, or has it, is not given the other besides. Where the other was issued before she earned
the better one, nothing is ordered twice: an order that says so replaces it, as a correction does. A kind that stands in
place of one that stands in place of a third stands in place of that, too.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from certs.model import CertificateState, Decision, Event, Kind, Number, PersonKey, Placed
from certs.ports import Store


@dataclass(frozen=True, slots=True)
class Apart:
    """Eligible people who are left out for the sake of another kind."""

    better: Collection[PersonKey] = ()
    """Who earned a kind that stands in place of this one, or has a certificate of it."""
    issued: Collection[PersonKey] = ()
    """Who has a certificate of a kind in whose place this one stands, and is left out unless the order replaces it."""
    ordered: Collection[PersonKey] = ()
    """For whom one of such a kind is ordered and not issued yet."""
    several: Collection[PersonKey] = ()
    """Who has more than one of them, from before one stood in place of the other."""
    replaced: Mapping[PersonKey, Number] = field(default_factory=dict)
    """The certificates of other kinds that the order replaces."""

    def leaves_out(self, person: PersonKey) -> bool:
        """Say whether nothing is ordered for *person*."""
        others = (self.better, self.ordered, self.several)
        return any(person in some for some in others) or (person in self.issued and person not in self.replaced)


NOBODY = Apart()


def apart(
    store: Store,
    event: Event,
    kind: Kind,
    decisions: Sequence[Decision],
    wanted: Collection[PersonKey],
    *,
    replacing: bool,
) -> Apart:
    """Return who of *wanted*, for whom *kind* would be ordered, is left out; *replacing* says that others are replaced.

    Raises:
        StorageError: the database fails.
    """
    above, below = event.above(kind.name), event.below(kind.name)
    if not above and not below:
        return NOBODY
    placed = [one for one in store.batches.placed(event.slug) if one.person in wanted]
    better = _earned(store, event.slug, above, decisions) | {one.person for one in placed if one.kind in above}
    lower: defaultdict[PersonKey, list[Placed]] = defaultdict(list)
    for one in placed:
        if one.kind in below and one.person not in better and one.state is not CertificateState.HELD:
            lower[one.person].append(one)
    several = {person for person, some in lower.items() if len(some) > 1}
    single = {person: some[0] for person, some in lower.items() if len(some) == 1}
    issued = {person: one.number for person, one in single.items() if one.state is CertificateState.ISSUED}
    return Apart(better & set(wanted), issued, single.keys() - issued, several, issued if replacing else {})


def _earned(store: Store, slug: str, kinds: Sequence[str], decisions: Sequence[Decision]) -> set[PersonKey]:
    """Return who earned one of *kinds*; one that was revoked counts for nobody."""
    given = {kind: set(store.batches.certified(slug, kind)) for kind in kinds}
    return {one.person for one in decisions if one.eligible and one.kind in given and one.person not in given[one.kind]}
