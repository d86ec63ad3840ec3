"""What the exports leave open, worst first: each question with what follows from every answer.

    found = doubts(store, "cgmp-2026")
    for doubt in found.open: doubt.weight, doubt.answers

What follows is counted from the presence of just the people whom the questions name, so it takes as long as there are
doubts, however many people the event has.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from certs import eligibility
from certs.attendance import QuestionKind, rows_keys
from certs.errors import NotFoundError
from certs.model import Act, AskedQuestion, Join, PersonKey
from certs.ports import Store
from certs.wording import listing, say, say_n
from certs.work import answers, imports, questions, settle

MOST_WORKED_OUT = 200
"""Doubts whose answers a page works out: a millisecond each."""


class Weight(StrEnum):
    """What hangs on an answer."""

    DECIDES = "decides"
    """A certificate."""
    UNKNOWN = "unknown"
    """Not worked out yet, where doubts are many."""
    MINUTES = "minutes"
    """Minutes alone."""
    HARMLESS = "harmless"
    """Nothing for anybody known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A possible answer: its *word*, what it *says*, what follows *then*, and the kinds *earned*, None if unknown."""

    word: str
    says: str
    then: str
    earned: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """An open question with its answers."""

    asked: AskedQuestion
    answers: Sequence[Answer]
    weight: Weight


@dataclass(frozen=True, slots=True)
class Doubts:
    """Everything that is, or was, in doubt about the people of an event."""

    open: Sequence[Doubt]
    """Worst first."""
    answered: Sequence[AskedQuestion]
    are_many: bool = False
    """Whether they are too many for a page: then `worked_out` has the answers of those that are shown."""

    def of(self, weight: Weight) -> Sequence[Doubt]:
        """Return the open doubts on which that hangs."""
        return [one for one in self.open if one.weight is weight]

    @property
    def held(self) -> Collection[PersonKey]:
        """Who waits for an answer."""
        return {person for one in self.open for person in one.asked.people}

    @property
    def nobodys(self) -> Sequence[Doubt]:
        """The doubts about rows of nobody known, which may all be left as they are."""
        harmless = self.of(Weight.HARMLESS)
        return [one for one in harmless if one.asked.kind == QuestionKind.NO_EMAIL and not one.asked.whom]

    @property
    def suggested(self) -> Sequence[Doubt]:
        """The doubts of which the files leave one answer."""
        return [one for one in self.open if one.asked.suggestion]


def doubts(store: Store, slug: str, weights: Callable[[], Mapping[str, str]] = dict) -> Doubts:
    """Return what is in doubt about the people of an event.

    Of more than `MOST_WORKED_OUT` no answers are worked out here: their weights are those of *weights*, by question, as
    a worker found them.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    known = questions.known(store, slug)
    asked = [one for one in known if one.open and not one.answer]
    are_many = len(asked) > MOST_WORKED_OUT
    found = _weighed(asked, weights()) if are_many else worked_out(store, slug, asked)
    order = list(Weight)
    answered = [one for one in known if one.answer]
    return Doubts(sorted(found, key=lambda one: order.index(one.weight)), answered, are_many)


def worked_out(store: Store, slug: str, asked: Sequence[AskedQuestion]) -> list[Doubt]:
    """Return each of *asked* with what follows from every answer.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    if not asked:
        return []
    outlook = _Outlook.of(store, slug, asked)
    return [_doubt(one, outlook) for one in asked]


def weights(store: Store, slug: str) -> Mapping[str, str]:
    """Return what hangs on each open question, where these are too many for a page to work that out; else nothing.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    asked = questions.unanswered(store, slug)
    if len(asked) <= MOST_WORKED_OUT:
        return {}
    return {one.asked.id: one.weight.value for one in worked_out(store, slug, asked)}


def _weighed(asked: Sequence[AskedQuestion], weights: Mapping[str, str]) -> list[Doubt]:
    """Return *asked* without answers; rows of nobody known are harmless, whatever else there is."""
    return [
        Doubt(one, (), Weight.HARMLESS if _is_nobodys(one) else Weight(weights.get(one.id, Weight.UNKNOWN)))
        for one in asked
    ]


def _is_nobodys(asked: AskedQuestion) -> bool:
    return asked.kind == QuestionKind.NO_EMAIL and not asked.whom


def leave_all(store: Store, slug: str, act: Act) -> Sequence[AskedQuestion]:
    """Let every row of nobody known count for nobody; return the questions that this answers.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    left = [one.asked for one in doubts(store, slug).nobodys]
    settle.keep(store, slug, [settle.Settled(one, answers.NOBODY) for one in left], act)
    return left


def take_back(store: Store, slug: str, ids: Collection[str], act: Act) -> int:
    """Let questions be open again: their answers count no longer; return how many there were.

    Raises:
        NotFoundError: no such event, or none of the questions has an answer.
        StorageError: the database fails.
    """
    found = [one for one in questions.known(store, slug) if one.id in ids and one.answer]
    if not found:
        raise NotFoundError(say("This question has no answer any more."))
    settle.keep(store, slug, [settle.Settled(one, "") for one in found], act)
    return len(found)


def take_suggested(store: Store, slug: str, ids: Collection[str], act: Act) -> Sequence[AskedQuestion]:
    """Answer the questions *ids* as the files suggest; return those that were open and had a suggestion.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    chosen = [one for one in settle.suggested(store, slug) if one.asked.id in ids]
    settle.keep(store, slug, chosen, act)
    return [one.asked for one in chosen]


@dataclass(frozen=True, slots=True)
class _Outlook:
    """The presence of everybody whom open questions name, and the rows of nobody by question."""

    roll: eligibility.Roll
    rows: Mapping[str, Sequence[Join]]

    @classmethod
    def of(cls, store: Store, slug: str, asked: Sequence[AskedQuestion]) -> "_Outlook":
        """Gather the presence of everybody named in *asked*."""
        people = {PersonKey(one) for asked_ in asked for one in _named(asked_)}
        settled = questions.settled_for(store, slug, people)
        about = {(one.session, one.subject, one.rows): one.id for one in asked if one.kind == QuestionKind.NO_EMAIL}
        rows: defaultdict[str, list[Join]] = defaultdict(list)
        for _, join in store.imports.records(slug, ()) if about else ():
            if isinstance(join, Join) and (id_ := next((about[key] for key in rows_keys(join) if key in about), "")):
                rows[id_].append(join)
        event = imports.event_of(store, slug)
        return cls(eligibility.call_roll(event, settled.records, settled.evidence, settled.names), rows)

    def then(self, word: str, people: Collection[PersonKey], joins: Collection[Join], says: str) -> Answer:
        """Return an answer after which *people* are one person, whose *joins* are as well."""
        attended, earned = self.roll.outlook(people, joins)
        all_ = len(self.roll.event.sessions)
        sessions = say_n("{attended} of {n} session", "{attended} of {n} sessions", all_, attended=attended)
        if earned:
            then = say("Then {sessions} count, and that earns a certificate.", sessions=sessions)
        else:
            then = say("Then {sessions} count, and that earns none.", sessions=sessions)
        return Answer(word, says, then, earned)

    def apart(self, people: Sequence[PersonKey], says: str) -> Answer:
        """Return the answer after which *people* stay different."""
        alone = [self.roll.outlook([one]) for one in people]
        earned = [kind for _, kinds in alone for kind in kinds]
        counts = listing([say_n("{n} session", "{n} sessions", attended) for attended, _ in alone])
        then = say("Each stays alone, with {counts}.", counts=counts)
        return Answer(answers.DIFFERENT, says, then, earned)


def _named(asked: AskedQuestion) -> Sequence[str]:
    """Return the addresses that a question names."""
    whom = [str(one.person) for one in asked.whom]
    subject = [asked.subject] if asked.kind in (QuestionKind.SHARED_EMAIL, QuestionKind.NAME) else []
    candidates = asked.candidates if asked.kind == QuestionKind.SAME_PERSON else ()
    return [*whom, *candidates, *subject, *asked.people]


def _doubt(asked: AskedQuestion, outlook: _Outlook) -> Doubt:
    known = list(_answers(asked, outlook))
    gains = {tuple(one.earned) for one in known if one.earned is not None}
    if _is_nobodys(asked):
        return Doubt(asked, known, Weight.HARMLESS)
    return Doubt(asked, known, Weight.DECIDES if len(gains) > 1 or (asked.people and any(gains)) else Weight.MINUTES)


def _answers(asked: AskedQuestion, outlook: _Outlook) -> Sequence[Answer]:
    """Return the answers to *asked*, each with what follows."""
    subject = PersonKey(asked.subject)
    if asked.kind == QuestionKind.SAME_PERSON:
        people = [PersonKey(one) for one in asked.candidates]
        keep = [str(say("One person: keep {address}", address=one)) for one in asked.candidates]
        one_person = [outlook.then(one, people, (), says) for one, says in zip(asked.candidates, keep, strict=True)]
        return [*one_person, outlook.apart(people, str(say("Different people")))]
    if asked.kind == QuestionKind.SHARED_EMAIL:
        one = outlook.then(answers.ONE, [subject], (), str(say("One person uses this address")))
        then = say("She is held back: only evidence that somebody adds by hand counts for it.")
        return [one, Answer(answers.SEVERAL, str(say("Several people use it")), then, ())]
    if asked.kind == QuestionKind.NAME:
        return [outlook.then(word, [subject], (), _name(asked, word)) for word in answers.answers_to(asked)]
    mine = outlook.rows.get(asked.id, ())
    whom = [outlook.then(str(one.person), [one.person], mine, f"{one.name} <{one.person}>") for one in asked.whom]
    return [*whom, Answer(answers.NOBODY, str(say("Nobody known")), say("The row counts for nobody, as now."), ())]


def _name(asked: AskedQuestion, word: str) -> str:
    return str(say("Print “{name}”", name=asked.candidates[0] if word == answers.KEEP else word))
