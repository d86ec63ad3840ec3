"""Whether a person earned a certificate, and why: joins and a rule in, a decision with its reason out.

Exact arithmetic on whole seconds: exactly half a window is half a window, one second less is not. Shares are shown
rounded down, so that 49.99 % never reads as 50 %.
"""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from types import MappingProxyType

from certs.eligibility import evidenced, ruled
from certs.eligibility.account import Account, Demand, Row, Sitting, account, lines
from certs.eligibility.again import again
from certs.eligibility.canonical import canonical
from certs.eligibility.changes import Changes, changes
from certs.eligibility.people import Person, named, seen
from certs.eligibility.pick import Pick, Sort, picked, sifted, totals
from certs.eligibility.rules import Attendance, Finding, Ruler, attended_share, examine
from certs.eligibility.shares import Shares
from certs.eligibility.words import BY_GRANT, Phrases, criteria
from certs.ground import presence
from certs.model import (
    ALL_ROLES,
    Decision,
    Event,
    ExtraEvidence,
    Join,
    Kind,
    Mark,
    PersonKey,
    Registration,
    Role,
    Ruling,
    SessionId,
    Tally,
)
from certs.wording import say

__all__ = [
    "BY_GRANT",
    "Account",
    "Changes",
    "Demand",
    "Person",
    "Phrases",
    "Pick",
    "Roll",
    "Row",
    "Rulings",
    "Shares",
    "Sitting",
    "Sort",
    "account",
    "again",
    "by_person",
    "call_roll",
    "canonical",
    "changes",
    "criteria",
    "decide",
    "lines",
    "named",
    "picked",
    "sifted",
    "totals",
]

Evidence = Mapping[PersonKey, Sequence[ExtraEvidence]]
Rulings = Mapping[tuple[PersonKey, str], Ruling]
_NOTHING: Mapping[SessionId, Tally] = MappingProxyType({})
_NONE: Rulings = MappingProxyType({})
_UNNAMED: Mapping[PersonKey, str] = MappingProxyType({})
_HELD = say("Held: a question about this person waits for an answer or for evidence.")


def decide(
    event: Event,
    joins: Iterable[Join],
    registrations: Iterable[Registration] = (),
    held: Collection[PersonKey] = (),
    marks: Iterable[Mark] = (),
) -> list[Decision]:
    """Decide every kind of *event* for everyone who joined a session or registered, by kind, then by address.

    *held* are people with an open question: they are not eligible until it is answered, and the reason says so.
    *joins* and the others are gone through once.

    Raises:
        ValueError: a join names a session that the event does not have.
    """
    return call_roll(event, chain(joins, registrations, marks)).decide(held)


@dataclass(frozen=True, slots=True)
class Roll:
    """Everybody the files name with her presence: what decisions are made from."""

    event: Event
    people: Mapping[PersonKey, Person]
    ledgers: Mapping[frozenset[Role], presence.Ledger]
    evidence: Mapping[PersonKey, Sequence[ExtraEvidence]]
    ruler: Ruler
    """What everybody is measured with."""

    def decide(self, held: Collection[PersonKey] = (), rulings: Rulings = _NONE) -> list[Decision]:
        """Decide every kind for everybody, by kind, then by address; *rulings* by person and kind go before the rule.

        Whoever is *held* by a question stays so, whatever anybody ruled.
        """
        ruler = self.ruler
        everybody = sorted(self.people)
        decisions = []
        for kind in self.event.kinds:
            tallies = self.ledgers[kind.roles].tallies()
            share = attended_share(kind.rule)
            for key in everybody:
                attendance = Attendance(ruler, tallies.get(key, _NOTHING))
                decision = _decision(kind, share, key, self.people[key], attendance, key in held)
                if key in self.evidence and (counted := evidenced.counted(self.evidence[key], kind, decision.tallies)):
                    reason = evidenced.told(decision.reason, counted, ruler.labels)
                    decision = replace(decision, reason=reason, evidence=counted)
                if (ruling := rulings.get((key, kind.name))) and key not in held:
                    decision = ruled.applied(decision, ruling, canonical(self.event, kind))
                decisions.append(decision)
        return decisions

    def times(self) -> "Mapping[SessionId, array[int]]":
        """Return the times, in seconds since 1970, of every join that any kind counts: start, end and so on."""
        return self._widest.joined()

    def at_once(self) -> Iterator[tuple[SessionId, SessionId, PersonKey, int]]:
        """Yield who was in two sessions at the same time, and for how many seconds."""
        return self._widest.at_once()

    def present(self) -> Mapping[SessionId, int]:
        """Return how many people were in each session."""
        return self._widest.present()

    def came(self) -> frozenset[PersonKey]:
        """Return who was in any session for any second."""
        return self._widest.people()

    @property
    def _widest(self) -> presence.Ledger:
        """The ledger of the kind that counts most roles."""
        return self.ledgers[max(self.ledgers, key=len)]

    def earned_together(self, people: Collection[PersonKey], joins: Collection[Join] = ()) -> list[str]:
        """Return the kinds that *people* would earn by the rule if they were one person and *joins* were hers."""
        return self.outlook(people, joins)[1]

    def outlook(self, people: Collection[PersonKey], joins: Collection[Join] = ()) -> tuple[int, list[str]]:
        """Return how many sessions would count for the first kind, and the kinds earned; see `earned_together`."""
        earned: list[str] = []
        attended = 0
        for place, kind in enumerate(self.event.kinds):
            mine = [join for join in joins if join.role in kind.roles]
            attendance = Attendance(self.ruler, self.ledgers[kind.roles].united(people, mine))
            if not place:
                attended = len(attendance.attended(attended_share(kind.rule)))
            if examine(kind.rule, attendance).holds:
                earned.append(kind.name)
        return attended, earned

    def together(self, one: PersonKey, other: PersonKey) -> bool:
        """Say whether two people were present in one session at one moment."""
        return any(ledger.together(one, other) for ledger in self.ledgers.values())


def call_roll(
    event: Event,
    records: Iterable[Join | Registration | Mark],
    evidence: Iterable[ExtraEvidence] | Evidence = (),
    given: Mapping[PersonKey, str] = _UNNAMED,
) -> Roll:
    """Gather everybody and her presence; *records* are gone through once, and none is kept.

    *evidence* may be by person already, where the records are of some people only. *given* are names that somebody said
    to print, whatever the records say.

    Raises:
        ValueError: a join names a session that the event does not have.
    """
    ledgers = {kind.roles: presence.Ledger(event.sessions) for kind in event.kinds}
    windows = {session.id: session.window_seconds for session in event.sessions}
    people: dict[PersonKey, Person] = {}
    for record in seen(records, people):
        if isinstance(record, Join):
            _enter(record, ledgers)
        elif isinstance(record, Mark):
            for ledger in ledgers.values():
                ledger.mark(record, windows)
    for key in people.keys() & given.keys():
        people[key].given = given[key]
    pieces = evidence if isinstance(evidence, Mapping) else by_person(evidence)
    return Roll(event, people, ledgers, _evidenced(pieces, people, ledgers), Ruler(event))


def by_person(evidence: Iterable[ExtraEvidence]) -> Evidence:
    """Return *evidence* by whom it is about."""
    found: defaultdict[PersonKey, list[ExtraEvidence]] = defaultdict(list)
    for one in evidence:
        found[one.person].append(one)
    return found


def _evidenced(
    evidence: Evidence, people: Mapping[PersonKey, Person], ledgers: Mapping[frozenset[Role], presence.Ledger]
) -> Evidence:
    """Enter *evidence* on known people in the ledgers of the kinds that count its role; return that.

    Somebody is not known when the file that named her was taken back.
    """
    found = {key: evidence[key] for key in evidence.keys() & people.keys()}
    for one in chain.from_iterable(found.values()):
        for roles, ledger in ledgers.items():
            if one.role in roles:
                ledger.vouch(one)
    return found


def _enter(join: Join, ledgers: Mapping[frozenset[Role], presence.Ledger]) -> None:
    """Enter *join* in the ledgers of the kinds that count its role."""
    for roles, ledger in ledgers.items():
        if roles is ALL_ROLES or join.role in roles:
            ledger.add(join)


def _decision(
    kind: Kind, share: Fraction, key: PersonKey, person: Person, attendance: Attendance, held: bool
) -> Decision:
    """Apply the rule of *kind*, under which a session counts from *share* of its window, to one person."""
    name, certain = person.name()
    finding = Finding(False, False, _HELD) if held else examine(kind.rule, attendance)
    return Decision(
        person=key,
        name=name,
        eligible=finding.holds,
        reason=finding.text,
        near_miss=finding.near and not finding.holds,
        tallies=attendance.tallies,
        attended=attendance.attended(share),
        roles=person.roles,
        kind=kind.name,
        name_certain=certain,
        by_rule=finding.holds,
    )
