"""Decide on people in place of the rule: grant a near miss, withhold, or let the rule decide again.

One decision with its reason covers one person or many. It is recorded with the rule and what that found at the time,
shows in the sentence of each decision that it makes, and changes nothing about certificates that are issued.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from certs import eligibility
from certs.errors import InputError, Problem
from certs.ground import address, names
from certs.model import (
    Act,
    Amendment,
    By,
    CertificateState,
    Decision,
    Event,
    Kind,
    NearMiss,
    PersonKey,
    Ruled,
    Ruling,
    Sought,
)
from certs.ports import Store
from certs.wording import hint, mark, say, say_marked
from certs.work import imports, orders, questions, whom
from certs.work.reason import demand

MAX_REASON = 200
WORDS = {Ruled.GRANTED: mark("granted"), Ruled.WITHHELD: mark("withheld"), Ruled.LIFTED: mark("lifted")}
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Reach:
    """How close is near: so many sessions short, or so many percent of a threshold; None is as the event says."""

    sessions: int | None = None
    percent: int | None = None

    def of(self, event: Event) -> NearMiss:
        """Return what is close in *event*."""
        own = event.near_miss
        share = own.share if self.percent is None else Fraction(self.percent, 100)
        return NearMiss(own.sessions if self.sessions is None else self.sessions, share)


AS_THE_EVENT_SAYS = Reach()


@dataclass(frozen=True, slots=True)
class NearMisses:
    """The decisions on *kind*: *near* are the near misses that nobody has ruled on, *ruled* those somebody has."""

    event: Event
    kind: Kind
    decisions: Sequence[Decision]

    @property
    def near(self) -> Sequence[Decision]:
        """Who misses the rule by little, and waits for a person or stays out."""
        return [one for one in self.decisions if one.near_miss and one.ruling is None]

    @property
    def ruled(self) -> Sequence[Decision]:
        """On whom somebody decided in place of the rule."""
        return [one for one in self.decisions if one.ruling is not None]


@dataclass(frozen=True, slots=True)
class Plan:
    """On whom a ruling would decide, and the state of the register that it is planned on.

    *certified* are those with an issued certificate, to which nothing happens; certificates that are only ordered, and
    would not be earned any more, are given up with the *amendment*.
    """

    event: Event
    kinds: Sequence[Kind]
    """What is ruled on: one kind, or every kind of the event."""
    ruled: Ruled
    decisions: Sequence[Decision]
    certified: Collection[PersonKey]
    amendment: Amendment

    @property
    def people(self) -> Collection[PersonKey]:
        """On whom it decides."""
        return {one.person for one in self.decisions}


def near_misses(store: Store, slug: str, kind: str = "", reach: Reach = AS_THE_EVENT_SAYS) -> NearMisses:
    """Decide *kind*, the event's first unless given, with near misses as far as *reach*.

    Raises:
        InputError: the event has no such kind.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    near = reach.of(imports.event_of(store, slug))
    event, decisions = orders.decide(store, slug, near)
    chosen = orders.kind_of(event, kind)
    return NearMisses(event, chosen, [one for one in decisions if one.kind == chosen.name])


def plan(
    store: Store,
    slug: str,
    ruled: Ruled,
    people: Sequence[str],
    kind: str = "",
    reach: Reach = AS_THE_EVENT_SAYS,
) -> Plan:
    """Say on whom a ruling would decide, without deciding; no *people* means every near miss nobody has ruled on.

    Without a *kind*, the event's first is granted; every kind is withheld or lifted.

    Raises:
        InputError: the event has no such kind, nobody is near, or somebody cannot be ruled on so; names all of them.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    as_of = store.events.as_of(slug)
    event = imports.event_of(store, slug)
    kinds = [orders.kind_of(event, kind)] if kind or ruled is Ruled.GRANTED else event.kinds
    near = replace(event, near_miss=reach.of(event))
    chosen = _named(store, near, kinds, people, ruled) if people else _near(store, near, kinds, reach)
    if not chosen:
        raise InputError(say("There is no near miss that nobody has ruled on. Widen with {by}.", by=hint("near")))
    ruled_on = {(one.person, one.kind) for one in chosen}
    placed = [one for one in store.batches.placed(slug) if (one.person, one.kind) in ruled_on]
    certified = {one.person for one in placed if one.state is CertificateState.ISSUED}
    losing = {(one.person, one.kind) for one in chosen if one.eligible and not _eligible_under(one, ruled)}
    ordered = [one for one in placed if one.state is not CertificateState.ISSUED]
    given_up = [one.number for one in ordered if (one.person, one.kind) in losing]
    return Plan(event, kinds, ruled, chosen, certified, Amendment(as_of, (), given_up))


def plan_to_lift(store: Store, slug: str, at: datetime) -> Plan:
    """Return what takes back all that was ruled in one act, at the moment *at*, and still counts.

    Raises:
        InputError: nothing of it counts any more.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    newest = {(one.person, one.kind): one for one in store.rulings.all(slug)}
    made = [one for one in newest.values() if one.at == at and one.ruled is not Ruled.LIFTED]
    if not made:
        raise InputError(say("Nothing that was decided then counts any more."))
    kinds = {one.kind for one in made}
    people = list(dict.fromkeys(one.person for one in made))
    return plan(store, slug, Ruled.LIFTED, people, kinds.pop() if len(kinds) == 1 else "")


def _eligible_under(decision: Decision, ruled: Ruled) -> bool:
    """Say whether the person would be eligible if somebody *ruled* so."""
    return ruled is Ruled.GRANTED or (ruled is Ruled.LIFTED and decision.by_rule)


def rule(store: Store, planned: Plan, act: Act) -> None:
    """Decide as *planned*; the act's reason stands in each decision.

    Raises:
        InputError: no reason, or too long a one.
        ConflictError: somebody else changed the event meanwhile; nothing was changed.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    reason = names.clean(act.reason)
    stands = say("Say why, with {by}: it stands in each of these decisions.", by=hint("reason"))
    demand(replace(act, reason=reason), stands)
    if len(act.reason) > MAX_REASON:
        raise InputError(
            say("{reason} has more than {max_reason} characters.", max_reason=MAX_REASON, reason=hint("the_reason"))
        )
    criteria = {kind.name: eligibility.criteria(planned.event, kind) for kind in planned.kinds}
    canonical = {kind.name: eligibility.canonical(planned.event, kind) for kind in planned.kinds}
    rulings = [
        Ruling(
            person=one.person,
            kind=one.kind,
            ruled=planned.ruled,
            reason=reason,
            author=act.actor,
            at=act.at,
            rule=canonical[one.kind],
            criteria=criteria[one.kind],
            found=one.found or one.reason,
        )
        for one in planned.decisions
    ]
    store.rulings.add(planned.event.slug, rulings, act, planned.amendment)


def _near(store: Store, event: Event, kinds: Sequence[Kind], reach: Reach) -> list[Decision]:
    """Return the near misses nobody has ruled on: as they are kept, or decided anew where that is not of now."""
    slug = event.slug
    if reach == AS_THE_EVENT_SAYS and store.decisions.kept(slug) == store.decisions.as_of(slug):
        return [one for kind in kinds for one in _kept_near(store, slug, kind)]
    settled, roll = orders.roll_of(store, slug, event.near_miss)
    every = roll.decide(settled.held, settled.rulings)
    return [one for kind in kinds for one in NearMisses(event, kind, [d for d in every if d.kind == kind.name]).near]


def _kept_near(store: Store, slug: str, kind: Kind) -> Iterator[Decision]:
    after, more = "", True
    while more:
        page = store.decisions.page(
            slug, Sought(kind.name, near_miss=True, ruled=False, by=By.ADDRESS), after, _AT_ONCE
        )
        yield from page.items
        after, more = page.after, bool(page.after)


def _named(store: Store, event: Event, kinds: Sequence[Kind], people: Sequence[str], ruled: Ruled) -> list[Decision]:
    """Return the decisions on *people*, each once; of several kinds, those on which somebody can be ruled on so.

    Raises:
        InputError: somebody is unknown, waits for an answer, or cannot be ruled on so.
    """
    keys = [PersonKey(address.read(one)) for one in people]
    settled = questions.settled_for(store, event.slug, keys)
    roll = eligibility.call_roll(event, settled.records, settled.evidence, settled.names)
    held, names_of_kinds = settled.held, {one.name for one in kinds}
    known: defaultdict[PersonKey, list[Decision]] = defaultdict(list)
    for decision in roll.decide(held, settled.rulings):
        if decision.kind in names_of_kinds:
            known[decision.person].append(decision)
    like = whom.resembling(store, event.slug, [one for one in keys if one not in known])
    problems: list[Problem] = []
    found: dict[PersonKey, list[Decision]] = {}
    for person, key in zip(people, keys, strict=True):
        if key not in known:
            said = _unknown(like.get(key, ""))
        elif key in held:
            place = hint("questions_any")
            said = say("a question about this person waits for an answer or for evidence ({place}).", place=place)
        else:
            found[key] = [one for one in known[key] if not _refusal(one, ruled)]
            said = "" if found[key] else _refusal(known[key][0], ruled)
        if said:
            problems.append(Problem(say("{person}: {said}", person=person, said=said)))
    if problems:
        raise InputError(*problems)
    return [one for some in found.values() for one in some]


def _unknown(near: str) -> str:
    if near:
        return say("no import of the event names this person. Did you mean {near}?", near=near)
    return say("no import of the event names this person.")


def _refusal(decision: Decision, ruled: Ruled) -> str:
    """Say why nobody may rule so on the person, empty if somebody may."""
    ruling = decision.ruling
    if ruling is not None and ruling.ruled is ruled:
        return say("{ruled} already, by {author}.", ruled=say_marked(WORDS[ruled]), author=ruling.author)
    if ruled is Ruled.LIFTED and ruling is None:
        return say("nobody granted or withheld anything that counts.")
    if ruled is Ruled.GRANTED and decision.by_rule and ruling is None:
        return say("eligible by the rule, there is nothing to grant. {reason}", reason=decision.reason)
    if ruled is Ruled.GRANTED and not decision.by_rule and not decision.near_miss:
        return say("no near miss: {reason} Widen with {by}.", reason=decision.reason, by=hint("near"))
    return ""
