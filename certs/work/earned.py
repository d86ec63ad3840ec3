"""Who earned a certificate and why, from the kept decisions: a page of people, counts for every filter, other rules.

    found = earned.look(store, "cgmp-2026", Wanted(Which.NEAR, search="souza"))

Nothing is counted from the joins here; where the kept decisions are not those of now, `is_old` says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from certs import eligibility
from certs.eligibility.rules import Ruler, attended_share
from certs.model import By, Decision, Event, Kind, Page, PersonKey, SessionId, SessionsRule, Sought
from certs.ports import Store
from certs.work import imports, orders, questions
from certs.work.deliver.spreadsheet import Cell, as_csv

PAGE = 50
_AT_ONCE = 1000
SHARES = tuple(Fraction(percent, 100) for percent in (30, 40, 45, 50, 55, 60, 70, 80))
"""At which shares other rules are counted."""
_ROWS = 4
"""How many numbers of sessions, too."""
COLUMNS = ("email", "name", "kind", "sessions_attended", "hours", "eligible", "near_miss", "reason", "ruled")


class Which(StrEnum):
    """A filter of people; whom somebody ruled on is in `RULED`, whatever else she is in."""

    ALL = "all"
    EARNED = "earned"
    NEAR = "near"
    """Who misses the rule by little, and nobody has ruled on."""
    NOT = "not"
    NEVER = "never"
    """Who registered and never came."""
    RULED = "decided"
    """On whom somebody decided in place of the rule."""


_ANY = Sought("")
_SOUGHT: Mapping[Which, Sought] = {
    Which.ALL: _ANY,
    Which.EARNED: replace(_ANY, eligible=True),
    Which.NEAR: replace(_ANY, eligible=False, near_miss=True, ruled=False),
    Which.NOT: replace(_ANY, eligible=False, near_miss=False, came=True),
    Which.NEVER: replace(_ANY, eligible=False, near_miss=False, came=False),
    Which.RULED: replace(_ANY, ruled=True),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see; *kind* is the event's first unless given, *after* where the page begins."""

    which: Which = Which.ALL
    kind: str = ""
    search: str = ""
    by: By = By.NAME
    after: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that a sentence with two fields says: at least so many sessions, each for at least a share of it."""

    sessions: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class Glance:
    """What other rules would give: *people* by share, for each number of sessions in *rows*."""

    rows: Sequence[int]
    shares: Sequence[Fraction]
    people: Mapping[tuple[int, Fraction], int]


@dataclass(frozen=True, slots=True)
class Earned:
    """A page of an event's people as they are decided on; *refs* stand for them in addresses.

    *counts* are those of the filters, for everybody; *found* of just this filter and search. *attended* says of how
    many people how many sessions count. *held* wait for an answer, whatever the decision is.
    """

    event: Event
    kind: Kind
    wanted: Wanted
    counts: Mapping[Which, int]
    found: int
    page: Page[Decision]
    refs: Mapping[PersonKey, str]
    attended: Mapping[int, int]
    held: frozenset[PersonKey]
    is_old: bool
    as_of: str
    """What the decisions rest on."""
    least: Mapping[SessionId, int] = field(default_factory=dict)
    """Seconds of each session from which on it counts."""

    @property
    def rule(self) -> Rule | None:
        """The event's rule, where two numbers say it."""
        return rule_of(self.kind)


def rule_of(kind: Kind) -> Rule | None:
    """Return the rule of *kind* where two numbers say it."""
    return Rule(kind.rule.least, kind.rule.share) if isinstance(kind.rule, SessionsRule) else None


def is_counted(store: Store, slug: str) -> bool:
    """Say whether decisions are kept, those of now or older ones.

    Raises:
        StorageError: the database fails.
    """
    return bool(store.decisions.kept(slug))


def look(store: Store, slug: str, wanted: Wanted) -> Earned:
    """Return the people *wanted* as the kept decisions have them, with what stands around them.

    Raises:
        InputError: the event has no such kind, or *wanted* begins nowhere in that list.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    event = imports.event_of(store, slug)
    kind = orders.kind_of(event, wanted.kind)
    decisions = store.decisions
    page = _page(store, slug, kind, wanted, PAGE)
    return Earned(
        event,
        kind,
        wanted,
        _counts(store, slug, kind),
        _count(store, slug, kind, wanted),
        page,
        store.links.refs([one.person for one in page.items]),
        decisions.attended(slug, kind.name),
        frozenset(questions.standing(store, slug).held),
        (as_of := decisions.kept(slug)) != decisions.as_of(slug),
        as_of,
        Ruler(event).thresholds(attended_share(kind.rule)),
    )


def shares(store: Store, found: Earned) -> eligibility.Shares:
    """Return what any other rule is counted from; worth keeping while `Earned.as_of` stays.

    Raises:
        StorageError: the database fails.
    """
    return eligibility.Shares(found.event.sessions, store.decisions.tallies(found.event.slug, found.kind.name))


def glance(shares: eligibility.Shares, found: Earned, also: Rule | None = None) -> tuple[Glance, int]:
    """Return what other rules would give, and what *also* would.

    Raises:
        InputError: *also* is no rule.
    """
    rule, in_all = found.rule, len(found.event.sessions)
    least = rule.sessions if rule else in_all
    rows = range(max(1, min(least - 1, in_all - _ROWS + 1)), in_all + 1)[:_ROWS]
    columns = sorted({*SHARES, *([rule.share] if rule else [])})
    people = {(row, share): shares.people(row, share) for row in rows for share in columns}
    return Glance(rows, columns, people), shares.people(also.sessions, also.share) if also else 0


def table_of(shares: eligibility.Shares, in_all: int) -> Sequence[Sequence[int]]:
    """Return how many people each number of sessions up to *in_all* would leave, at each whole percent."""
    return [[shares.people(n, Fraction(percent, 100)) for percent in range(101)] for n in range(1, in_all + 1)]


def everybody(store: Store, slug: str, wanted: Wanted) -> Iterator[Decision]:
    """Yield all decisions *wanted*, from page to page.

    Raises:
        InputError: the event has no such kind.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    kind = orders.kind_of(imports.event_of(store, slug), wanted.kind)
    after, more = wanted.after, True
    while more:
        page = _page(store, slug, kind, replace(wanted, after=after), _AT_ONCE)
        yield from page.items
        after, more = page.after, bool(page.after)


def table(store: Store, slug: str, wanted: Wanted) -> bytes:
    """Return all *wanted* as CSV.

    Raises:
        InputError: the event has no such kind.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    return as_csv(COLUMNS, (_row(one) for one in everybody(store, slug, wanted)))


def _row(one: Decision) -> Sequence[Cell]:
    marks = ["yes" if said else "no" for said in (one.eligible, one.near_miss)]
    ruled = f"{one.ruling.ruled} by {one.ruling.author}: {one.ruling.reason}" if one.ruling else ""
    attended, hours = len(one.attended), one.quarter_hours / 4
    return [one.person, one.name, one.kind, attended, hours, *marks, one.reason, ruled]


def _page(store: Store, slug: str, kind: Kind, wanted: Wanted, limit: int) -> Page[Decision]:
    sought = replace(_sought(kind, wanted.which), search=wanted.search, by=wanted.by)
    return store.decisions.page(slug, sought, wanted.after, limit)


def _counts(store: Store, slug: str, kind: Kind) -> dict[Which, int]:
    return {which: store.decisions.count(slug, _sought(kind, which)) for which in Which}


def _count(store: Store, slug: str, kind: Kind, wanted: Wanted) -> int:
    return store.decisions.count(slug, replace(_sought(kind, wanted.which), search=wanted.search))


def _sought(kind: Kind, which: Which) -> Sought:
    return replace(_SOUGHT[which], kind=kind.name)
