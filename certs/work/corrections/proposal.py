"""Corrections before they are ordered: what would change, what is ordered already, what is done."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from certs.errors import CertsError, ConflictError, InputError, NotFoundError, Problem
from certs.ground.number import printed
from certs.model import Act, Approval, Batch, CertificateState, EventFacts, Fate, Number, Order, Standing, Statement
from certs.ports import Store, Trusted
from certs.wording import hint, joined, say
from certs.work import guards, imports, reason, record
from certs.work import orders as order
from certs.work.corrections.changes import Wanted, changed
from certs.work.corrections.counted import Count
from certs.work.readiness import Due


@dataclass(frozen=True, slots=True)
class Correction:
    """A certificate, what it says, and *statement*, what it would say instead; *as_of* as `Order` has it."""

    standing: Standing
    statement: Statement
    as_of: int | None = None
    reason: str = ""
    """Why just this one, where the act's reason is not enough."""

    @property
    def number(self) -> Number:
        """The number of the certificate that is corrected."""
        return self.standing.statement.number


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was asked for, by how far it is.

    *fresh* is to be ordered. *waiting* are the batches in which the rest was ordered before, *done* says which
    certificate stands in the place of which, or is itself the corrected one, and says just that already.
    """

    fresh: Sequence[Correction]
    waiting: Sequence[int]
    done: Mapping[Number, Number]
    although_revoked: bool = False


@dataclass(frozen=True, slots=True)
class _Desk:
    """What judging needs: the register, the fates of what is asked for, and what each event counts."""

    store: Store
    keys: Trusted
    fates: Mapping[Number, Fate]
    counts: dict[str, Count]
    although_revoked: bool

    def count(self, slug: str) -> Count:
        if slug not in self.counts:
            self.counts[slug] = Count(self.store, slug)
        return self.counts[slug]

    def after(self, number: Number, wanted: Wanted) -> Correction:
        """Return the correction of *number* by what is wanted.

        Raises:
            ConflictError: what the register holds of it is not what we signed.
            CertsError: it cannot be done.
        """
        certificate = self.store.certificate(number)
        record.demand([certificate] if certificate else [], self.store, self.keys, unsafe_too=True)
        standing = self.store.batches.standing(number)
        count = self.count(standing.statement.event.slug)
        statement = changed(standing.statement, wanted.changes, count.known(standing))
        return Correction(standing, statement, count.as_of if wanted.changes.of_register else None, wanted.reason)


def propose(store: Store, keys: Trusted, wanted: Sequence[Wanted], *, although_revoked: bool = False) -> Proposal:
    """Say what correcting what is *wanted* would change; change nothing.

    A certificate that is revoked is corrected only where that is asked for, *although_revoked*; one that the register
    does not hold as we signed it is not corrected at all.

    Raises:
        InputError: something of it cannot be done; says all of it, each with its line.
        NotFoundError, ConflictError: the same, of a single certificate.
        SigningError: the key folder cannot be read.
        StorageError: the database fails.
    """
    desk = _Desk(store, keys, store.revocations.fates([one.number for one in wanted]), {}, although_revoked)
    fresh: list[Correction] = []
    waiting: dict[int, set[Number]] = {}
    done: dict[Number, Number] = {}
    problems: list[Problem] = []
    seen: set[Number] = set()
    for one in wanted:
        try:
            if one.number in seen:
                raise InputError(say("{number} is corrected twice.", number=printed(one.number)))
            seen.add(one.number)
            _judge(desk, one, fresh, waiting, done)
        except CertsError as error:
            if len(wanted) == 1 and not one.file:
                raise
            problems.append(_problem(one, error))
    problems += [Problem(_others(store, batch)) for batch, mine in waiting.items() if _has_others(store, batch, mine)]
    if problems:
        raise InputError(*problems, say("Nothing was ordered."))
    return Proposal(fresh, list(waiting), done, although_revoked)


def place(store: Store, proposal: Proposal, act: Act, *, demo: bool) -> list[int]:
    """Order what is fresh, all of it or nothing; return the batches: one where the certificates' events say the same.

    Raises:
        DeniedError: the event demands that somebody signed in acts, and nobody is.
        InputError: no reason.
        ConflictError: somebody replaced or revoked one of them meanwhile, or changed what the register counts.
        StorageError: the database fails.
    """
    reason.demand(act)
    if not proposal.fresh:
        return []
    guards.demand_clock(act.at, store.newest_moment())
    ordered = sorted(proposal.fresh, key=_facts_and_kind)
    orders = []
    for _, alike in groupby(ordered, key=_facts_and_kind):
        group = list(alike)
        order.demand_signed_in(imports.event_of(store, group[0].statement.event.slug), act)
        said = [replace(one.standing, statement=one.statement) for one in group]
        as_of = max((one.as_of for one in group if one.as_of is not None), default=None)
        facts, kind = said[0].statement.event, said[0].statement.kind
        why = {one.number: one.reason for one in group}
        due = [anew(one, why[one.statement.number]) for one in said]
        orders.append(replace(order_of(store, facts, kind, due, act, demo=demo), as_of=as_of))
    allowed = [replace(one, although_revoked=proposal.although_revoked) for one in orders]
    return list(store.batches.order_all(allowed, act))


def go_on(store: Store, batch: int, act: Act) -> Batch:
    """Take *batch* as far as its orderer may before it is issued: approve it where one person is enough.

    Raises:
        CertsError: as `orders.approve` has it.
    """
    found = store.batches.get(batch)
    if found.approved_at is None and found.approval is not Approval.TWO:
        return order.approve(store, batch, act)
    return found


def order_of(store: Store, facts: EventFacts, kind: str, due: Collection[Due], act: Act, *, demo: bool) -> Order:
    """Return the order of new certificates of *kind* that say of the event *facts*, in place of what *due* supersede.

    The act's reason stands in each, but for those that have another.

    Raises:
        StorageError: the database fails.
    """
    event = Count(store, facts.slug).event
    because = _Because(due, act.reason)
    issued_on: date = act.at.astimezone(ZoneInfo(event.zone)).date()
    return Order(kind, replace(facts, demo=demo), event.approval, issued_on, order.Drafts(store, because))


def anew(one: Standing, reason: str = "") -> Due:
    """Return what is due to somebody whose certificate is replaced by one that says what *one* says, for a *reason*."""
    said = one.statement
    return Due(
        person=one.person,
        kind=said.kind,
        name=said.name,
        name_certain=True,
        roles=frozenset(),
        attended=said.attended,
        quarter_hours=said.quarter_hours,
        reason=reason,
        by_rule=True,
        language=said.language,
        supersedes=said.number,
    )


class _Because(Collection[Due]):
    """The same people, each for the reason of the act where there is none of hers."""

    def __init__(self, due: Collection[Due], reason: str) -> None:
        self._due, self._reason = due, reason

    def __len__(self) -> int:
        return len(self._due)

    def __iter__(self) -> Iterator[Due]:
        return (one if one.reason else one._replace(reason=self._reason) for one in self._due)

    def __contains__(self, one: object) -> bool:
        return any(each == one for each in self)


def _judge(
    desk: _Desk, wanted: Wanted, fresh: list[Correction], waiting: dict[int, set[Number]], done: dict[Number, Number]
) -> None:
    """Put what is wanted of one certificate where it belongs.

    Raises:
        CertsError: it cannot be done.
    """
    fate = desk.fates.get(wanted.number)
    if fate is None:
        raise NotFoundError(say("No certificate was issued with the number {number}.", number=printed(wanted.number)))
    if fate.superseded_by is not None:
        newest = _newest(desk.store, fate)
        if desk.after(newest, wanted).statement != desk.after(newest, wanted).standing.statement:
            raise ConflictError(
                say(
                    "{number} was replaced already. Correct the newest in its place: {newest}.",
                    number=printed(fate.number),
                    newest=printed(newest),
                )
            )
        done[fate.number] = newest
        return
    correction = desk.after(wanted.number, wanted)
    if fate.correction is not None and not fate.is_correction_held:
        _demand_the_same(desk.store, fate, correction)
        waiting.setdefault(fate.correction_batch, set()).add(fate.correction)
        return
    if fate.revocation is not None and not desk.although_revoked:
        raise ConflictError(
            say(
                "{number} was withdrawn on {at:%Y-%m-%d} ({value}), and its correction would be valid. If it was "
                "withdrawn by mistake, reinstate it first: {reinstate}. To correct it all the same, say "
                "{although}.",
                number=printed(fate.number),
                at=fate.revocation.at,
                value=fate.revocation.reason.value,
                reinstate=hint("reinstate", number=printed(fate.number)),
                although=hint("although_revoked"),
            )
        )
    if correction.statement == correction.standing.statement:
        if wanted.by_person and _replaced_another(desk.store, fate.number):
            done[fate.number] = fate.number
            return
        raise InputError(
            say("{number} says just that already; there is nothing to correct.", number=printed(fate.number))
        )
    fresh.append(correction)


def _replaced_another(store: Store, number: Number) -> bool:
    certificate = store.certificate(number)
    return certificate is not None and certificate.supersedes is not None


def _newest(store: Store, fate: Fate) -> Number:
    """Follow corrections to the newest issued certificate."""
    while fate.superseded_by is not None:
        fate = store.revocations.fates([fate.superseded_by])[fate.superseded_by]
    return fate.number


def _demand_the_same(store: Store, fate: Fate, correction: Correction) -> None:
    """Check that the correction that is ordered already says what is wanted.

    Raises:
        ConflictError: it says something else.
    """
    wanted = correction.statement
    for member in store.batches.members(fate.correction_batch):
        if member.statement.number == fate.correction and not says_the_same(member.statement, wanted):
            reference = fate.correction_reference
            raise ConflictError(
                say(
                    "Another correction of {number} is ordered already, in batch {reference}: finish it with "
                    "{approve} and {issue}, or give it up with {cancel}.",
                    number=printed(fate.number),
                    reference=reference,
                    approve=hint("approve", batch=reference),
                    issue=hint("issue", batch=reference),
                    cancel=hint("cancel", batch=reference),
                )
            )


def says_the_same(one: Statement, other: Statement) -> bool:
    """Say whether two statements differ only in number, day of issue, and whether demo keys sign."""
    facts = replace(one.event, demo=other.event.demo)
    return replace(one, event=facts, number=other.number, issued_on=other.issued_on) == other


def _has_others(store: Store, batch: int, mine: set[Number]) -> bool:
    """Say whether certificates that nobody asked for now wait in *batch* as well."""
    left = (one for one in store.batches.members(batch) if one.state is CertificateState.ORDERED)
    return any(one.statement.number not in mine for one in left)


def _others(store: Store, batch: int) -> str:
    reference = store.batches.get(batch).reference
    return say(
        "Batch {reference} was ordered for others as well: finish it with {approve} and {issue}, or give it up with "
        "{cancel}.",
        reference=reference,
        approve=hint("approve", batch=reference),
        issue=hint("issue", batch=reference),
        cancel=hint("cancel", batch=reference),
    )


def _problem(wanted: Wanted, error: CertsError) -> Problem:
    message = joined(error.sentences, "\n")
    if printed(wanted.number) not in message:
        message = joined([f"{printed(wanted.number)}:", message])
    return Problem(message, wanted.file, wanted.line)


def _facts_and_kind(correction: Correction) -> tuple[str, str, str]:
    return correction.statement.event.slug, correction.statement.kind, repr(correction.statement.event)
