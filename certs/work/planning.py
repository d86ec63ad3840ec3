"""Whom an order would cover, worked out from the joins themselves without ordering: what step 2 of issuing begins with.

    planned = planning.plan(store, "cgmp-2026")
    seen = planning.survey(store, "cgmp-2026")     for all kinds, with every decision

People are gone through a few thousand at a time, by address; who is due is laid down in a file where these are many, so
memory does not grow with an event but for a number or two of each join and each certificate.
"""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from itertools import chain, groupby

from certs import eligibility
from certs.errors import ConflictError, InputError
from certs.ground import reference
from certs.ground.spool import Laid, in_parts
from certs.model import Decision, Entitled, Event, Finding, Join, Kind, PersonKey
from certs.ports import Store
from certs.wording import hint, say
from certs.work import counts, imports, rank, readiness
from certs.work import questions as asking
from certs.work.readiness import Due

MOST_PEOPLE = 2_000_000
"""Of one event: of each of them some numbers are held in memory while it is ordered."""
MOST_ORDERED = 1_000_000
"""Certificates of one batch: what is free of it is counted over all of it."""
_TOGETHER = 2_000
"""People whose countries are looked up at once."""
_LANGUAGES = {
    "japan": "ja",
    "china": "zh-Hans",
    "singapore": "zh-Hans",
    "taiwan": "zh-Hant",
    "hong kong": "zh-Hant",
    "macao": "zh-Hant",
    "macau": "zh-Hant",
    "korea": "ko",
    "south korea": "ko",
}
"""Language of a name in Han characters by the beginning of the country as registrations spell it."""
_FIRST_HAN = "\u2e80"
_KANA_OR_HANGUL = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\uac00-\ud7af]")
_HAN_LANGUAGES = frozenset({"zh", "ja", "ko"})


@dataclass(frozen=True, slots=True)
class Plan:
    """Whom an order would cover: those eligible for *kind* who have no certificate of it.

    *decisions* are gone through again and again, and lie in a file where they are many.
    """

    event: Event
    kind: Kind
    decisions: Collection[Due]
    held: Collection[PersonKey] = ()
    """People with an open question, who are left out until it is answered."""
    as_of: int | None = None
    """The newest entry of the trail that the decisions are based on."""
    apart: rank.Apart = rank.NOBODY
    """Who is left out for the sake of another kind, and which certificates of another kind are replaced."""
    seen: readiness.Seen | None = None
    """What the register knows besides, by which the order is judged before it is placed."""
    beyond: int = 0
    """How many are left for another order, because this one is as large as a batch may be."""
    granted: int = 0
    """How many are eligible by a ruling alone."""
    on_evidence: int = 0
    """How many decisions rest on evidence added by hand."""
    earned: "Earned | None" = None
    """Who earned the kind at all, with a certificate already or without, told apart from others by a number."""
    _found: dict[datetime, Sequence[Finding]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was noticed at a moment: the plan stays as it is, so that is worked out once."""

    def findings(self, now: datetime) -> Sequence[Finding]:
        """Return what is noticed before the order, what stops it first."""
        if now not in self._found:
            self._found[now] = tuple(readiness.findings(self.seen, now)) if self.seen else ()
        return self._found[now]

    @property
    def command(self) -> str:
        """What somebody types to order this."""
        return reference.ordering(self.event.slug, self.kind.name)

    @property
    def has_eligible(self) -> bool:
        """Whether anybody earned this kind, with a certificate already or without."""
        return self.earned is not None and self.earned.people > 0

    @property
    def leaves_out(self) -> bool:
        """Whether anybody who is eligible and has no certificate of this kind is left out for the sake of another."""
        return bool(self.apart.better or self.apart.issued or self.apart.ordered or self.apart.several)

    @property
    def rivals(self) -> Sequence[str]:
        """The kinds that nobody is given beside this one."""
        return *self.event.above(self.kind.name), *self.event.below(self.kind.name)


@dataclass(slots=True)
class Earned:
    """How many people earned a kind, and a sum over what was found of each, whatever their order.

    Two that are equal say the same of the same people; *as_of* is what kept decisions rest on if they are of now.
    """

    as_of: str
    is_compared: bool = True
    """Whether the sum matters: there are kept decisions to compare with."""
    people: int = 0
    sum: int = 0

    def see(self, one: Entitled) -> None:
        """Take note of somebody who earned it."""
        self.people += 1
        if self.is_compared:
            said = repr((one.person, one.name, sorted(one.attended), one.seconds, one.evidence, one.ruling))
            digest = hashlib.blake2b(said.encode(errors="surrogatepass"), digest_size=16).digest()
            self.sum += int.from_bytes(digest)


NOTHING_LEFT = "Everybody else who is eligible has a certificate: there is nothing to order."
"""Said after those who are left out for the sake of another kind."""
NOTHING = "Nobody eligible is without a certificate: there is nothing to order."


def plan(store: Store, slug: str, kind: str = "", *, replacing: bool = False, besides: Sequence[Finding] = ()) -> Plan:
    """Say whom an order would cover, without ordering; *kind* is the event's first unless given.

    With *replacing* it covers just those who have an issued certificate of a kind in whose place this one stands.
    *besides* is what was noticed about this deployment.

    Raises:
        ConflictError: the event has too many people.
        InputError: the event has no such kind.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    as_of = store.events.as_of(slug, besides_orders=True)
    crowded = _Crowded(store, slug)
    chosen = kind_of(crowded.event, kind)
    resting = store.decisions.as_of(slug)
    earned = Earned(resting, is_compared=store.decisions.kept(slug) == resting)
    choice = _Choice(store, crowded.event, chosen, replacing=replacing)
    due, beyond = Laid[Due](), 0
    granted = on_evidence = 0
    for one in _with_languages(store, crowded.event, choice.due(crowded.people(), earned)):
        if len(due) == MOST_ORDERED:
            beyond += 1
            continue
        due.add(one)
        granted += not one.by_rule
        on_evidence += bool(one.evidence)
    return Plan(
        crowded.event,
        chosen,
        due,
        held=crowded.settled.held,
        as_of=as_of,
        apart=choice.ranks.apart(),
        seen=crowded.seen(due, besides),
        beyond=beyond,
        granted=granted,
        on_evidence=on_evidence,
        earned=earned,
    )


def demand_as_kept(store: Store, planned: Plan) -> None:
    """Refuse a plan where the register keeps other decisions than those that were just worked out from the joins.

    What is kept is derived; it is forgotten then, and counted anew for whoever looks next.

    Raises:
        ConflictError: it is so; says what to do.
        StorageError: the database fails.
    """
    slug, earned = planned.event.slug, planned.earned
    if earned is None or not earned.is_compared or store.decisions.kept(slug) != earned.as_of:
        return
    kept = Earned(earned.as_of)
    for one in store.decisions.entitled(slug, planned.kind.name):
        kept.see(one)
    if kept != earned and store.decisions.kept(slug) == earned.as_of:
        store.decisions.forget(slug)
        raise ConflictError(
            say(
                "The decisions that the register kept are not those that follow from what was imported: by what was "
                "kept {kept:,} people earned {kind}, by the exports {found:,}, or something else of theirs differs. "
                "Nothing was ordered, and they are counted anew. Look at them with {decide}, then order again.",
                kept=kept.people,
                found=earned.people,
                kind=planned.kind.name,
                decide=hint("decide", event=slug),
            )
        )


def survey(store: Store, slug: str, kind: str | None = None, besides: Sequence[Finding] = ()) -> readiness.Seen:
    """Return what the register knows before an order of *kind*, or of all kinds if it is None, with all decisions.

    *besides* is what was noticed about this deployment.

    Raises:
        ConflictError: the event has too many people.
        InputError: the event has no such kind.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    crowded = _Crowded(store, slug)
    kinds = crowded.event.kinds if kind is None else (kind_of(crowded.event, kind),)
    decisions = {one.name: Laid[Decision]() for one in crowded.event.kinds}
    choices = {one.name: _Choice(store, crowded.event, one) for one in kinds}
    due = {one.name: Laid[Due]() for one in kinds}
    for person, mine in crowded.people():
        for one in mine:
            decisions[one.kind].add(one)
            if one.kind in choices and choices[one.kind].covers(person, one, mine):
                due[one.kind].add(readiness.due(one))
    return crowded.seen(Laid(chain.from_iterable(due.values())), besides, decisions)


class _Crowded:
    """What is known of an event, whose people are gone through once."""

    def __init__(self, store: Store, slug: str) -> None:
        self.event = imports.event_of(store, slug)
        demand_few_enough(store, self.event)
        self._store = store
        self._questions = asking.unanswered(store, slug)
        self.settled, self._parts = asking.by_people(store, slug)
        self._crowd = readiness.Crowd(self.event, counts.files_of(store, slug))

    def people(self) -> Iterator[tuple[PersonKey, list[Decision]]]:
        """Yield everybody by address, with the decisions on her in the order of the kinds."""
        decided = self._decided()
        apart = next(decided, [])  # who is somebody else by an answer
        ordered = merge(apart, chain.from_iterable(decided), key=_person)
        yield from ((person, list(mine)) for person, mine in groupby(ordered, _person))

    def _decided(self) -> Iterator[list[Decision]]:
        """Yield the decisions on some people at a time, by address."""
        added = eligibility.by_person(self.settled.evidence)
        for records in self._parts:
            roll = eligibility.call_roll(self.event, records, added, self.settled.names)
            decisions = roll.decide(self.settled.held, self.settled.rulings)
            self._crowd.add(roll, decisions)
            yield decisions if len(self.event.kinds) == 1 else sorted(decisions, key=_person)

    def seen(
        self,
        due: Collection[Due],
        besides: Sequence[Finding],
        decisions: Mapping[str, Collection[Decision]] | None = None,
    ) -> readiness.Seen:
        """Return what an order is judged by, once everybody was gone through."""
        slug, asked = self.event.slug, self._questions
        nobodys = [one for _, one in self._store.imports.records(slug, ()) if isinstance(one, Join)] if asked else []
        return readiness.Seen(
            crowd=self._crowd,
            due=due,
            decisions=decisions or {},
            given=self.settled.names,
            questions=asked,
            concerned=self._concerned() if asked else None,
            nobodys=nobodys,
            waiting=self.settled.held,
            besides=besides,
        )

    def _concerned(self) -> readiness.Concerned:
        """Return the people whom open questions name."""
        known = asking.settled_for(self._store, self.event.slug, readiness.concerned(self._questions))
        roll = eligibility.call_roll(self.event, known.records, known.evidence, known.names)
        decisions = roll.decide(known.held, known.rulings)
        return readiness.Concerned(roll, {(one.person, one.kind) for one in decisions if one.eligible})


class _Choice:
    """Who is due for one kind: who earned it, has none of it, and is not left out for the sake of another."""

    def __init__(self, store: Store, event: Event, kind: Kind, *, replacing: bool = False) -> None:
        self._kind = kind.name
        self._have = store.batches.certified(event.slug, kind.name)
        self.ranks = rank.Ranks(store, event, kind, replacing=replacing)

    def covers(self, person: PersonKey, one: Decision, mine: Sequence[Decision]) -> bool:
        """Say whether a certificate would be ordered for a decision on this kind; *mine* are all on the *person*."""
        return one.eligible and person not in self._have and not self.ranks.leaves_out(person, mine)

    def due(self, people: Iterator[tuple[PersonKey, list[Decision]]], earned: Earned) -> Iterator[Due]:
        """Yield who of *people* is due; *earned* takes note of everybody who earned the kind."""
        for person, mine in people:
            one = next(decision for decision in mine if decision.kind == self._kind)
            if one.eligible:
                earned.see(_entitled(one))
            if self.covers(person, one, mine):
                yield readiness.due(one, self.ranks.replaced(person))


def _entitled(one: Decision) -> Entitled:
    seconds = sum(tally.seconds_in_window for tally in one.tallies.values())
    evidence = tuple(piece.id for piece in one.evidence)
    return Entitled(one.person, one.name, one.attended, seconds, evidence, one.ruling.id if one.ruling else 0)


def _person(one: Decision) -> PersonKey:
    return one.person


def _with_languages(store: Store, event: Event, due: Iterator[Due]) -> Iterator[Due]:
    """Yield *due* with the languages that choose the Han forms of their names."""
    for some in in_parts(due, _TOGETHER):
        asked = {one.person for one in some if _may_have_han(one.name)}
        countries = asking.countries(store, event.slug, asked) if asked else {}
        for one in some:
            if one.person in asked:
                language = name_language(one.name, countries.get(one.person, ""), event.language)
                yield one._replace(language=language)
            else:
                yield one


def kind_of(event: Event, name: str) -> Kind:
    """Return the kind of certificate called *name*, the event's first for an empty one.

    Raises:
        InputError: the event has no such kind.
    """
    found = next((one for one in event.kinds if one.name == name), None) if name else event.kinds[0]
    if found is None:
        raise InputError(
            say(
                "The event has no kind {name!r}; it has {kinds}.",
                name=name,
                kinds=", ".join(one.name for one in event.kinds),
            )
        )
    return found


def demand_few_enough(store: Store, event: Event) -> None:
    """Refuse an event whose people are too many to be held at once.

    Raises:
        ConflictError: they are; says what to do.
        StorageError: the database fails.
    """
    if store.imports.has_more_than(event.slug, MOST_PEOPLE):
        raise ConflictError(
            say(
                "More than {most:,} people joined or registered for {title}, and so many are not ordered for at once. "
                "Split it into events of some sessions or groups each, and import there what belongs there.",
                most=MOST_PEOPLE,
                title=event.title,
            )
        )


def name_language(name: str, country: str, event_language: str = "") -> str:
    """Return the language that chooses the Han forms of *name*: its country's, else the event's if that has such forms.

    Empty where the name has no Han characters or nothing tells. Kana and hangul speak for themselves, so the event's
    language is not laid on a name that has them.
    """
    if not _may_have_han(name):
        return ""
    spelled = country.strip().lower()
    stated = next((language for begins, language in _LANGUAGES.items() if spelled.startswith(begins)), "")
    if stated or _KANA_OR_HANGUL.search(name):
        return stated
    return event_language if event_language.lower().partition("-")[0] in _HAN_LANGUAGES else ""


def _may_have_han(name: str) -> bool:
    return not all(character < _FIRST_HAN for character in name)
