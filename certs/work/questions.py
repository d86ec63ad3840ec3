"""Questions about people across all files of an event: asked, answered, and what the answers do to the records.

Only people whom an open question names are held back; everybody else goes on. An answer is remembered, so the same
doubt in a later import needs no second one. What an answer may be is in `answers`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from certs import attendance, eligibility, eventfile
from certs.attendance import Question, QuestionKind
from certs.errors import InputError, NotFoundError
from certs.ground import names
from certs.model import (
    Act,
    AskedQuestion,
    ExtraEvidence,
    Join,
    Mark,
    PersonKey,
    Registration,
    Ruled,
    Ruling,
    UnusableRow,
)
from certs.ports import Store
from certs.wording import hint, say
from certs.work.answers import DIFFERENT, NOBODY, ONE, SEVERAL, checked_answer, tells_a_name

Record = Join | Registration | Mark
Files = Iterable[tuple[str, Record]]
"""Records, each with the name of its file."""
_MOST_LOOKED_THROUGH_BYTES = 32 << 20
"""Longer exports are not looked through for telephones."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What was read for an event, as the organiser's answers make it; *records* are gone through once."""

    records: Iterable[Record]
    evidence: Sequence[ExtraEvidence]
    rulings: eligibility.Rulings
    held: Collection[PersonKey]
    alone: Collection[PersonKey]
    """Addresses that several people use, of which only evidence counts."""
    names: Mapping[PersonKey, str]
    """What to print for whom, whatever the files say."""


def ask(store: Store, slug: str) -> Sequence[AskedQuestion]:
    """Look for doubts in everything that was imported; return the questions that are open now.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    _, as_of = store.questions.imports_seen(slug)
    lost = [(file, record) for file, record in store.imports.records(slug, ()) if isinstance(record, Join)]
    telephones = _telephones(store, slug) if lost else attendance.Telephones()
    numbers = {telephones.of_row(file, row.line, row.name) for file, row in lost}
    called = store.imports.rows_of({person for number in numbers for person in telephones.owners(number)})
    doubtful = attendance.doubtful_people(store.imports.called(slug), {row.name for _, row in lost}) | called
    answers = answers_of(store.questions.all(slug))
    raised = _raised(store, slug, lambda: store.imports.records(slug, doubtful), answers, telephones)
    store.questions.ask(slug, raised, as_of)
    return unanswered(store, slug)


def known(store: Store, slug: str) -> Sequence[AskedQuestion]:
    """Return every question of an event, asked now where an import was stored and then interrupted.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    before, newest = store.questions.imports_seen(slug)
    if before < newest:
        ask(store, slug)
    return store.questions.all(slug)


def _telephones(store: Store, slug: str) -> attendance.Telephones:
    """Return the telephone numbers of the files that count; a file that is too long or no table any more has none."""
    found = attendance.Telephones()
    for name, data in store.imports.contents(slug, _MOST_LOOKED_THROUGH_BYTES):
        with suppress(InputError):
            attendance.look_through(found, name, data)
    return found


def _raised(
    store: Store,
    slug: str,
    files: Callable[[], Files],
    answers: attendance.Answers,
    telephones: attendance.Telephones | None = None,
) -> list[AskedQuestion]:
    """Return what is doubtful in the records that *files* gives; by *answers* only whose they are is known."""
    people = attendance.People(_apart(answers), telephones or attendance.Telephones())

    def seen() -> Iterator[Record]:
        for file, record in files():
            people.see(record, file)
            yield record

    counted = (one for one in attendance.settled(seen(), answers) if not isinstance(one, UnusableRow) and one.person)
    called = eligibility.named(counted)
    presence = _Presence(store, slug, files)
    found = people.questions(attendance.Answers(), presence.together)
    return [_asked(one) for one in (*found, *name_questions(called, people))]


def _apart(answers: attendance.Answers) -> frozenset[attendance.RowsKey]:
    """Return the rows of one session that somebody spoke of, apart from others of that name."""
    return frozenset(key for key in answers.whose if key[0] is not None)


def name_questions(called: Mapping[PersonKey, eligibility.Person], people: attendance.People) -> Iterator[Question]:
    """Yield a question for everybody *called* something that looks like no person's name."""
    for key, person in called.items():
        name, _ = person.name()
        if why := names.why_doubtful(name) if name else "":
            evidence = people.called(key)
            others = [one.name for one in evidence if one.name != name and not names.doubtful(one.name)]
            yield Question(
                QuestionKind.NAME,
                key,
                say("“{name}” ({key}) {why}: what is the person's name?", name=name, key=key, why=why),
                candidates=(name, *dict.fromkeys([*others, *names.suggestions(name)])),
                evidence=evidence,
                people=frozenset({key}),
            )


class _Presence:
    """Who was there at the same time; looked up only if two addresses have one name."""

    def __init__(self, store: Store, slug: str, files: Callable[[], Files]) -> None:
        self._store, self._slug, self._files = store, slug, files

    def together(self, one: PersonKey, other: PersonKey) -> bool:
        """Say whether two people were present in one session at one moment."""
        return self._roll.together(one, other)

    @cached_property
    def _roll(self) -> eligibility.Roll:
        event = eventfile.stored(self._store.events.definition(self._slug), self._slug)
        return eligibility.call_roll(event, (one for _, one in self._files() if isinstance(one, Join) and one.person))


def unanswered(store: Store, slug: str) -> list[AskedQuestion]:
    """Return the open questions without an answer.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    return [one for one in known(store, slug) if one.open and not one.answer]


def answer(store: Store, slug: str, question: str, given: str, act: Act) -> None:
    """Remember the answer to a question.

    Raises:
        InputError: that question cannot be answered so; says how.
        NotFoundError: no such event or question.
        StorageError: the database fails.
    """
    asked = next((one for one in known(store, slug) if one.id == question), None)
    if asked is None:
        raise NotFoundError(
            say("There is no question {question}. See: {place}", question=question, place=hint("questions", event=slug))
        )
    store.questions.answer(slug, question, checked_answer(asked, given.strip()), act)
    if tells_a_name(asked):
        ask(store, slug)


@dataclass(frozen=True, slots=True)
class Standing:
    """What answers and evidence say of people, without anything that was read of files."""

    answers: attendance.Answers
    evidence: Sequence[ExtraEvidence]
    alone: Collection[PersonKey]
    """Addresses that several people use, of which only evidence counts."""
    held: Collection[PersonKey]
    """Who gets no certificate before a question is answered."""
    answered: int
    """How many questions have an answer."""


def standing(store: Store, slug: str) -> Standing:
    """Return what answers and evidence say of an event's people.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    questions = store.questions.all(slug)
    answers = answers_of(questions)
    evidence = _in_force(store, slug, answers)
    alone = _several(questions) & {one.person for one in evidence}
    answered = sum(bool(one.answer) for one in questions)
    return Standing(answers, evidence, alone, _waiting(questions, alone), answered)


def settled(store: Store, slug: str, files: Files | None = None) -> Settled:
    """Return what was read, with rows claimed and addresses merged as answered, and who is held back.

    With *files*, which are gone through more than once, say so as if they were all that is imported.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    questions = known(store, slug)
    if files is not None:
        questions = _asked_anew(questions, _raised(store, slug, lambda: files, answers_of(questions)))
    answers = answers_of(questions)
    evidence = _in_force(store, slug, answers)
    alone = _several(questions) & {one.person for one in evidence}
    records = _counted(store.imports.records(slug) if files is None else files, answers, alone)
    return Settled(records, evidence, _rulings(store, slug, answers), _waiting(questions, alone), alone, answers.names)


def settled_for(store: Store, slug: str, people: Collection[PersonKey]) -> Settled:
    """Return what `settled` does, with the records of *people*, and of whoever is one of them, alone.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    questions = known(store, slug)
    answers = answers_of(questions)
    wanted = {*people, *(gone for gone, stays in answers.merged.items() if stays in people)}
    evidence = [one for one in _in_force(store, slug, answers) if one.person in wanted]
    alone = _several(questions) & {one.person for one in evidence}
    files = store.imports.records(slug, store.imports.rows_of(wanted))
    records = _counted(files, answers, alone)
    return Settled(records, evidence, _rulings(store, slug, answers), _waiting(questions, alone), alone, answers.names)


def by_people(store: Store, slug: str) -> tuple[Settled, Iterator[Iterable[Record]]]:
    """Return what `settled` does without records, and these in parts of which each has all of some people.

    So an event may have more people than there is memory for. Whoever an answer makes another person's is in the first.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    whole = settled(store, slug, files=None)
    answers = answers_of(store.questions.all(slug))
    apart = {*answers.merged, *answers.merged.values(), *answers.whose.values()} - {PersonKey("")}
    parts = store.imports.by_people(slug, apart)
    return replace(whole, records=()), (_counted((("", one) for one in part), answers, whole.alone) for part in parts)


def of_person(store: Store, slug: str, person: PersonKey) -> tuple[Settled, Collection[int]]:
    """Return what `settled` does with the records of *person* alone, and the rows that stand for her in the register.

    What others did is not read, however many there are; rows that answers make hers are among the records.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    whole, answers = settled(store, slug), answers_of(store.questions.all(slug))
    rows = store.imports.rows_of({person, *(one for one, kept in answers.merged.items() if kept == person)})
    evidence = [one for one in whole.evidence if one.person == person]
    records = _counted(store.imports.records(slug, rows), answers, whole.alone)
    hers = (one for one in records if one.person == person)
    return replace(whole, records=hers, evidence=evidence), rows


def _counted(files: Files, answers: attendance.Answers, alone: Collection[PersonKey]) -> Iterator[Record]:
    """Yield what counts for somebody; of people who are *alone* with their evidence, only that they are known."""
    for record in attendance.settled((record for _, record in files), answers):
        if isinstance(record, Join | Mark) and record.person in alone:
            yield Registration(record.person, "", record.line, listed=False)
        elif isinstance(record, Join | Registration | Mark) and record.person:
            yield record


def _asked_anew(known: Sequence[AskedQuestion], raised: Sequence[AskedQuestion]) -> list[AskedQuestion]:
    """Return the questions as asking *raised* would leave them: answers are kept, and what is not raised is closed."""
    before = {one.id: one for one in known}
    now = {one.id: one for one in raised}
    closed = [replace(one, open=False) for id_, one in before.items() if id_ not in now]
    return closed + [replace(one, answer=before[id_].answer) if id_ in before else one for id_, one in now.items()]


def _in_force(store: Store, slug: str, answers: attendance.Answers) -> list[ExtraEvidence]:
    """Return the evidence that was not withdrawn, under the addresses that merged people go by."""
    found = [one for one in store.evidence.all(slug) if one.in_force]
    return [replace(one, person=answers.merged.get(one.person, one.person)) for one in found]


def _rulings(store: Store, slug: str, answers: attendance.Answers) -> eligibility.Rulings:
    """Return the newest ruling on each person and kind, under the addresses that merged people go by."""
    newest: dict[tuple[PersonKey, str], Ruling] = {}
    for one in store.rulings.all(slug):
        newest[answers.merged.get(one.person, one.person), one.kind] = one
    return {key: one for key, one in newest.items() if one.ruled is not Ruled.LIFTED}


def _several(questions: Iterable[AskedQuestion]) -> frozenset[PersonKey]:
    """Return the addresses that several people use: only evidence counts, for nobody knows whose the joins are."""
    return frozenset(person for one in questions if one.open and one.answer and _holds(one) for person in one.people)


def countries(store: Store, slug: str, people: Collection[PersonKey] | None = None) -> Mapping[PersonKey, str]:
    """Return which country registrations name for whom, under every address of hers; of *people* alone where given.

    What stands beside the address that was kept counts first; then what was said last.

    Raises:
        NotFoundError: no such event.
        StorageError: the database fails.
    """
    merged = answers_of(known(store, slug)).merged
    hers = None if people is None else {*people, *(gone for gone, stays in merged.items() if stays in people)}
    said = store.imports.countries(slug, hers)
    others = {merged[person]: country for person, country in said if person in merged}
    kept = others | {person: country for person, country in said if person not in merged}
    return kept | {gone: kept[stays] for gone, stays in merged.items() if stays in kept}


def answers_of(questions: Iterable[AskedQuestion]) -> attendance.Answers:
    """Return what the organisers have said so far."""
    answered = [one for one in questions if one.answer]
    whose = {
        (one.session, one.subject, one.rows): PersonKey("" if one.answer == NOBODY else one.answer)
        for one in answered
        if one.kind == QuestionKind.NO_EMAIL
    }
    merged = {
        PersonKey(address): PersonKey(one.answer)
        for one in answered
        if one.kind == QuestionKind.SAME_PERSON and one.answer != DIFFERENT
        for address in one.candidates
        if address != one.answer
    }
    one_person = frozenset(
        PersonKey(one.subject) for one in answered if one.kind == QuestionKind.SHARED_EMAIL and one.answer == ONE
    )
    given = {PersonKey(one.subject): one.answer for one in answered if one.kind == QuestionKind.NAME}
    called = {merged.get(person, person): name for person, name in given.items()} | given
    return attendance.Answers(whose=whose, merged=merged, one_person=one_person, names=called)


def _waiting(questions: Iterable[AskedQuestion], alone: Collection[PersonKey]) -> frozenset[PersonKey]:
    """Return whom open questions keep from a certificate; evidence speaks for those *alone* with it, not for a name."""
    holding = [one for one in questions if one.open and _holds(one)]
    unnamed = frozenset(person for one in holding if one.kind == QuestionKind.NAME for person in one.people)
    return unnamed | (frozenset(person for one in holding for person in one.people) - frozenset(alone))


def _holds(asked: AskedQuestion) -> bool:
    """Say whether *asked* holds back whom it is about: it has no answer, or `several`."""
    return not asked.answer or (asked.kind == QuestionKind.SHARED_EMAIL and asked.answer == SEVERAL)


def _asked(question: attendance.Question) -> AskedQuestion:
    return AskedQuestion(
        id=question.id,
        kind=question.kind.value,
        subject=question.subject,
        text=question.text,
        session=question.session,
        candidates=question.candidates,
        assumed=question.assumed,
        evidence=tuple(_sentence(one) for one in question.evidence),
        people=question.people,
        rows=question.rows,
        whom=question.whom,
        suggestion=question.suggestion,
    )


def _sentence(evidence: attendance.Evidence) -> str:
    minutes = "" if evidence.seconds is None else f", {evidence.seconds // 60} min"
    return f"{evidence.file}:{evidence.line}: {evidence.name}{minutes}"
