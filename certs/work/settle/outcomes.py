"""What follows from each answer about rows without an address: how many sessions then count, and what that earns."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from certs.attendance import QuestionKind, rows_keys
from certs.eligibility.words import count
from certs.model import AskedQuestion, Join
from certs.ports import Store
from certs.work import orders


@dataclass(frozen=True, slots=True)
class Outcome:
    """Sessions that would count for somebody, out of how many, and the kinds of certificate that she would earn."""

    sessions: int
    of: int
    earned: Sequence[str]

    @property
    def said(self) -> str:
        """Return it in words."""
        earned = f"earns {' and '.join(self.earned)}" if self.earned else "earns no certificate"
        return f"then {self.sessions} of {count(self.of, 'session')} count: {earned}"


def outcomes(store: Store, slug: str, asked: Sequence[AskedQuestion]) -> Mapping[tuple[str, str], Outcome]:
    """Return what would follow by question and candidate, each answer for itself.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    mine = {
        (one.session, one.subject, one.rows): one for one in asked if one.kind == QuestionKind.NO_EMAIL and one.whom
    }
    if not mine:
        return {}
    joins: defaultdict[str, list[Join]] = defaultdict(list)
    for _, join in store.imports.records(slug, ()):
        if isinstance(join, Join) and (about := next((mine[key] for key in rows_keys(join) if key in mine), None)):
            joins[about.id].append(join)
    _, roll = orders.roll_of(store, slug)
    found = {}
    for one in mine.values():
        for who in one.whom:
            sessions, earned = roll.outlook([who.person], joins[one.id])
            found[one.id, str(who.person)] = Outcome(sessions, len(roll.event.sessions), earned)
    return found
