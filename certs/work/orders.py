"""Steps 1 to 3 of issuing: decide, order, approve. Nothing is signed here.

1. decide: the event's rule on what was imported says who is eligible, and why
2. order: every eligible person without a certificate gets a number and a frozen statement, in one transaction
3. approve: by somebody other than the orderer where the event demands two people

Each ordered certificate is assigned to a plate of one group of scripts, so that any process can draw that plate again.
Steps 4 to 9 are in `issue`.
"""

import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from certs import eligibility
from certs.errors import ConflictError, DeniedError, InputError
from certs.ground import names, number, reference
from certs.model import (
    Act,
    Approval,
    Batch,
    Decision,
    Draft,
    Event,
    Finding,
    Join,
    Kind,
    NearMiss,
    Number,
    Order,
    PersonKey,
)
from certs.ports import Store
from certs.wording import hint, say
from certs.work import counts, guards, imports, rank, readiness, rehearsal
from certs.work import questions as asking

MOST_PEOPLE = 2_000_000
"""Of one event: all of them are held in memory while it is ordered, 1.2 kB each."""
MOST_ORDERED = 1_000_000
"""Certificates of one batch: what is free of it is counted over all of it."""
MIN_PLATE = 250
"""Certificates on a plate below which one more plate is not worth its drawing."""
MAX_PLATE = 500
"""Certificates on a plate above which a worker needs more memory and is no faster."""
SHARES = 4
"""Into how many plates a big group is split at least, so that several cores have work."""
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
    """Whom an order would cover: those eligible for *kind* who have no certificate of it."""

    event: Event
    kind: Kind
    decisions: Sequence[Decision]
    languages: Mapping[PersonKey, str]
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
        return self.seen is not None and any(one.eligible and one.kind == self.kind.name for one in self.seen.decisions)

    @property
    def granted(self) -> int:
        """How many are eligible by a ruling alone."""
        return sum(not one.by_rule for one in self.decisions)

    @property
    def on_evidence(self) -> int:
        """How many decisions rest on evidence added by hand."""
        return sum(bool(one.evidence) for one in self.decisions)

    @property
    def leaves_out(self) -> bool:
        """Whether anybody who is eligible and has no certificate of this kind is left out for the sake of another."""
        return bool(self.apart.better or self.apart.issued or self.apart.ordered or self.apart.several)

    @property
    def rivals(self) -> Sequence[str]:
        """The kinds that nobody is given beside this one."""
        return *self.event.above(self.kind.name), *self.event.below(self.kind.name)


NOTHING_LEFT = "Everybody else who is eligible has a certificate: there is nothing to order."
"""Said after those who are left out for the sake of another kind."""
NOTHING = "Nobody eligible is without a certificate: there is nothing to order."


def decide(
    store: Store, slug: str, near: NearMiss | None = None, files: asking.Files | None = None
) -> tuple[Event, list[Decision]]:
    """Step 1: decide for everybody who joined or registered; *near* says what is close, else the event does.

    With *files*, decide as if they were all that is imported.

    Raises:
        ConflictError: it has too many people to be held at once.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    if near is None and files is None:
        _demand_few_enough(store, imports.event_of(store, slug))
        counted = counts.counted(store, slug)
        return counted.event, list(counted)
    settled, roll = roll_of(store, slug, near, files)
    return roll.event, roll.decide(settled.held, settled.rulings)


def roll_of(
    store: Store, slug: str, near: NearMiss | None = None, files: asking.Files | None = None
) -> tuple[asking.Settled, eligibility.Roll]:
    """Return what is known of an event and its people's presence, from which `decide` decides.

    Raises:
        ConflictError: it has too many people to be held at once.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    event = imports.event_of(store, slug)
    if near is not None:
        event = replace(event, near_miss=near)
    _demand_few_enough(store, event)
    settled = asking.settled(store, slug, files)
    return settled, eligibility.call_roll(event, settled.records, settled.evidence, settled.names)


def _demand_few_enough(store: Store, event: Event) -> None:
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


def plan(store: Store, slug: str, kind: str = "", *, replacing: bool = False, besides: Sequence[Finding] = ()) -> Plan:
    """Say whom an order would cover, without ordering; *kind* is the event's first unless given.

    With *replacing* it covers just those who have an issued certificate of a kind in whose place this one stands.
    *besides* is what was noticed about this deployment.

    Raises:
        InputError: the event has no such kind.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    as_of = store.events.as_of(slug, besides_orders=True)
    event, known = _known(store, slug, besides)
    chosen = kind_of(event, kind)
    due, apart = _due(store, known, chosen, replacing=replacing)
    eligible, beyond = due[:MOST_ORDERED], len(due[MOST_ORDERED:])
    countries = asking.countries(store, slug)
    languages = {one.person: name_language(one.name, countries.get(one.person, ""), event.language) for one in eligible}
    seen = replace(known, due=eligible)
    return Plan(event, chosen, eligible, languages, known.waiting, as_of, apart, seen, beyond)


def survey(store: Store, slug: str, kind: str | None = None, besides: Sequence[Finding] = ()) -> readiness.Seen:
    """Return what the register knows before an order of *kind*, or of all kinds if it is None.

    *besides* is what was noticed about this deployment.

    Raises:
        InputError: the event has no such kind.
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    event, known = _known(store, slug, besides)
    kinds = event.kinds if kind is None else (kind_of(event, kind),)
    return replace(known, due=[person for one in kinds for person in _due(store, known, one)[0]])


def _known(store: Store, slug: str, besides: Sequence[Finding]) -> tuple[Event, readiness.Seen]:
    """Return the event and what is known of it, with nobody to order for yet."""
    settled, roll = roll_of(store, slug)
    decisions = roll.decide(settled.held, settled.rulings)
    questions = asking.unanswered(store, slug)
    nobodys = [one for _, one in store.imports.records(slug, ()) if isinstance(one, Join)] if questions else []
    files = counts.files_of(store, slug)
    seen = readiness.Seen(roll.event, roll, decisions, (), questions, nobodys, settled.held, files, besides)
    return roll.event, seen


def _due(
    store: Store, known: readiness.Seen, kind: Kind, *, replacing: bool = False
) -> tuple[list[Decision], rank.Apart]:
    """Return those eligible for *kind* who have none, and who is left out for the sake of another kind."""
    have = store.batches.certified(known.event.slug, kind.name)
    eligible = [one for one in known.decisions if one.eligible and one.kind == kind.name and one.person not in have]
    wanted = {one.person for one in eligible}
    apart = rank.apart(store, known.event, kind, known.decisions, wanted, replacing=replacing)
    eligible = [one for one in eligible if not apart.leaves_out(one.person)]
    return [one for one in eligible if not replacing or one.person in apart.replaced], apart


def place(store: Store, planned: Plan, act: Act, *, demo: bool, accepted: Collection[str] = ()) -> int:
    """Step 2: reserve numbers and freeze statements; return the batch. *demo* says which keys will sign.

    *accepted* are the keys of findings that would stop the order, each right all the same for the act's reason.

    Raises:
        DeniedError: the event demands that somebody signed in acts, and nobody is.
        InputError: nobody is left to order for, certificates are replaced or something is accepted without a reason, or
            what is accepted may not be.
        ConflictError: the certificates would be untrue, see `readiness`; or somebody else ordered for the same people
            meanwhile, or changed what the decisions are based on. Nothing was changed.
        StorageError: the database fails.
    """
    if not planned.decisions:
        raise InputError(NOTHING_LEFT if planned.leaves_out else NOTHING)
    demand_signed_in(planned.event, act)
    guards.demand_clock(act.at, store.newest_moment())
    if planned.apart.replaced and not act.reason.strip():
        raise InputError(
            say(
                "Say why certificates are replaced, with {by}: it stays in the audit trail.",
                by=hint("reason"),
            )
        )
    overridden = readiness.demand_none_stops(planned.findings(act.at), accepted, act, planned.command)
    facts = rehearsal.facts_of(planned.event, planned.kind, demo=demo, granted=planned.granted > 0)
    drafts = list(_drafts(planned, fresh_numbers(store, len(planned.decisions))))
    zone = ZoneInfo(planned.event.zone)
    issued_on = act.at.astimezone(zone).date()
    plates = with_plates(drafts)
    said = tuple(f"{one.key}: {one.text}" for one in overridden)
    terms = (planned.kind.name, facts, planned.event.approval, issued_on, plates)
    order = Order(*terms, planned.as_of, planned.rivals, said)
    return store.batches.order(order, act)


def approve(store: Store, batch: int, act: Act) -> Batch:
    """Step 3: let the batch be issued.

    Raises:
        DeniedError: the orderer may not approve where the event demands two people.
        ConflictError: it is approved already, was rejected or cancelled, or all of it was given up.
        NotFoundError: no such batch.
        StorageError: the database fails.
    """
    demand_approvable(store, store.batches.get(batch), act)
    store.batches.approve(batch, act)
    return store.batches.get(batch)


def demand_signed_in(event: Event, act: Act) -> None:
    """Refuse an act on the word of whoever is at the shell, where the event wants people who are signed in.

    Raises:
        DeniedError: it is so.
    """
    if event.signed_in and not act.signed_in:
        raise DeniedError(
            say(
                "The event wants orders and approvals from people who are signed in: nothing was done for {actor}. "
                "Use the desk.",
                actor=act.actor,
            )
        )


def demand_approvable(store: Store, batch: Batch, act: Act) -> None:
    """Refuse to approve what is approved or ended, or what is her own who acts where two people are demanded.

    Raises:
        DeniedError, ConflictError: as `approve` has it.
    """
    demand_not_ended(batch)
    demand_signed_in(imports.event_of(store, batch.slug), act)
    guards.demand_clock(act.at, store.newest_moment())
    if batch.approved_at is not None:
        raise ConflictError(
            say(
                "Batch {reference} is approved already, by {approved_by}.",
                reference=batch.reference,
                approved_by=batch.approved_by,
            )
        )
    if batch.approval is Approval.TWO and same_actor(batch.ordered_by, act.actor):
        raise DeniedError(
            say(
                "{actor} ordered batch {reference}; the event wants somebody else to approve it ({by}).",
                actor=act.actor,
                reference=batch.reference,
                by=hint("another"),
            )
        )
    demand_none_revoked(store, batch)
    if not batch.remaining:
        raise ConflictError(
            say(
                "Nothing of batch {reference} is left to issue. Order again: {again}",
                reference=batch.reference,
                again=_again(batch),
            )
        )


def _again(batch: Batch) -> str:
    return reference.ordering(batch.slug, batch.kind)


def demand_not_ended(batch: Batch) -> None:
    """Refuse to go on with a batch that somebody rejected or cancelled.

    Raises:
        ConflictError: somebody did; says who, when and why.
    """
    if (ending := batch.ending) is not None:
        why = f": {ending.reason}" if ending.reason else ""
        raise ConflictError(
            say(
                "Batch {reference} was {how} by {by} on {date}{why}. Order again: {again}",
                reference=batch.reference,
                how=ending.how,
                by=ending.by,
                date=ending.at.date(),
                why=why,
                again=_again(batch),
            )
        )


def demand_approved(batch: Batch) -> None:
    """Refuse a batch that nobody has approved yet.

    Raises:
        ConflictError: it is one.
    """
    if batch.approved_at is None:
        raise ConflictError(
            say(
                "Batch {reference} is not approved yet. Approve it with: {approve}",
                reference=batch.reference,
                approve=hint("approve", batch=batch.reference),
            )
        )


def demand_none_revoked(store: Store, batch: Batch) -> None:
    """Refuse a batch with corrections of certificates that were revoked after it was ordered.

    Raises:
        ConflictError: there are some; says what to do.
        StorageError: the database fails.
    """
    if revoked := store.revocations.revoked_since_order(batch.id):
        listed = ", ".join(map(number.printed, revoked))
        raise ConflictError(
            say(
                "Since batch {reference} was ordered, certificates that it would replace were revoked: {listed}. "
                "Give it up with {cancel}, or first reinstate what was revoked by mistake.",
                reference=batch.reference,
                listed=listed,
                cancel=hint("cancel", batch=batch.reference),
            )
        )


def same_actor(one: str, other: str) -> bool:
    """Say whether two names of those who act are one person's, however she types hers today."""
    return names.fold(names.clean(one)) == names.fold(names.clean(other))


def fresh_numbers(store: Store, count: int) -> list[Number]:
    """Return *count* random numbers that no certificate has ever had.

    Raises:
        StorageError: the database fails.
    """
    fresh: set[Number] = set()
    while len(fresh) < count:
        drawn = [number.from_bits(secrets.randbits(number.RANDOM_BITS)) for _ in range(count - len(fresh))]
        fresh |= set(drawn) - set(store.batches.spent(drawn))
    return list(fresh)


def name_language(name: str, country: str, event_language: str = "") -> str:
    """Return the language that chooses the Han forms of *name*: its country's, else the event's if that has such forms.

    Empty where the name has no Han characters or nothing tells. Kana and hangul speak for themselves, so the event's
    language is not laid on a name that has them.
    """
    if all(character < _FIRST_HAN for character in name):
        return ""
    spelled = country.strip().lower()
    stated = next((language for begins, language in _LANGUAGES.items() if spelled.startswith(begins)), "")
    if stated or _KANA_OR_HANGUL.search(name):
        return stated
    return event_language if event_language.lower().partition("-")[0] in _HAN_LANGUAGES else ""


def with_plates(drafts: Sequence[Draft]) -> list[Draft]:
    """Return *drafts* with the label of a plate each."""
    from certs import pdf  # noqa: PLC0415 -- who only decides or shows needs no fonts

    labels = pdf.plate_labels([(draft.name, draft.language) for draft in drafts], most_on_a_plate(len(drafts)))
    return [replace(draft, plate=label) for draft, label in zip(drafts, labels, strict=True)]


def most_on_a_plate(certificates: int) -> int:
    """Return how many of a batch's *certificates* one plate may have."""
    return min(max(MIN_PLATE, -(-certificates // SHARES)), MAX_PLATE)


def _drafts(planned: Plan, numbers: Iterable[Number]) -> Iterator[Draft]:
    for decision, fresh in zip(planned.decisions, numbers, strict=True):
        yield Draft(
            person=decision.person,
            number=fresh,
            name=decision.name,
            language=planned.languages.get(decision.person, ""),
            attended=decision.attended,
            quarter_hours=decision.quarter_hours,
            plate="",
            supersedes=(before := planned.apart.replaced.get(decision.person)),
            reason=f"In place of {number.printed(before)}: {decision.reason}" if before else decision.reason,
            evidence=tuple(one.id for one in decision.evidence),
            ruling=decision.ruling.id if decision.ruling else 0,
        )
