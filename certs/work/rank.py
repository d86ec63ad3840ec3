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


class Ranks:
    """Who is left out of an order of one kind for the sake of others, found person by person."""

    def __init__(self, store: Store, event: Event, kind: Kind, *, replacing: bool) -> None:
        """Look up who has what; *replacing* says that certificates of lesser kinds are replaced.

        Raises:
            StorageError: the database fails.
        """
        self._above, self._below, self._replacing = event.above(kind.name), event.below(kind.name), replacing
        self._placed: defaultdict[PersonKey, list[Placed]] = defaultdict(list)
        self._given = {one: store.batches.certified(event.slug, one) for one in self._above}
        for one in store.batches.placed(event.slug) if self._above or self._below else ():
            self._placed[one.person].append(one)
        self._better: set[PersonKey] = set()
        self._issued: dict[PersonKey, Number] = {}
        self._ordered: set[PersonKey] = set()
        self._several: set[PersonKey] = set()

    def leaves_out(self, person: PersonKey, decisions: Sequence[Decision]) -> bool:
        """Take note of a *person* who earned the kind and has none; say whether she is left out.

        *decisions* are all there are on her. Where certificates are replaced, whoever has none to replace is left out.
        """
        placed = self._placed.get(person, ())
        lower = [one for one in placed if one.kind in self._below and one.state is not CertificateState.HELD]
        if any(one.kind in self._above for one in placed) or any(map(self._is_better, decisions)):
            self._better.add(person)
        elif len(lower) > 1:
            self._several.add(person)
        elif lower and lower[0].state is CertificateState.ISSUED:
            self._issued[person] = lower[0].number
            return not self._replacing
        elif lower:
            self._ordered.add(person)
        else:
            return self._replacing
        return True

    def _is_better(self, one: Decision) -> bool:
        """Say whether a better kind was earned; one that was revoked counts for nobody."""
        return one.eligible and one.kind in self._given and one.person not in self._given[one.kind]

    def replaced(self, person: PersonKey) -> Number | None:
        """Return which certificate of hers the order replaces, if there is one."""
        return self._issued.get(person) if self._replacing else None

    def apart(self) -> Apart:
        """Return who was left out so far."""
        if not self._above and not self._below:
            return NOBODY
        replaced = self._issued if self._replacing else {}
        return Apart(self._better, self._issued, self._ordered, self._several, replaced)
